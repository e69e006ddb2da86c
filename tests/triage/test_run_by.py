"""Who runs this service is said to everybody at the door, as its people have set it up."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from counsel import limits, organisations
from counsel.models import home
from triage.views import SIGN

pytestmark = pytest.mark.django_db


def by() -> str:
    """What a phone is told; always one of the five sizes."""
    SIGN.wipe()
    answer = Client().get("/now.json", headers={"host": "localhost"})
    assert len(answer.content) in limits.SIZES
    return str(json.loads(answer.content)["by"])


def set_up(name: str, level: str) -> None:
    organisations.change(home(), name=name, level=level, zone="Asia/Shanghai", languages=["zh"])


def test_as_long_as_nobody_has_said_it_is_empty() -> None:
    assert by() == ""


def test_level_and_name_are_said_in_this_order_and_each_alone() -> None:
    set_up("暖心热线", "市总工会")
    assert by() == "市总工会 暖心热线"
    set_up("", "市总工会")
    assert by() == "市总工会"
    set_up("暖心热线", "")
    assert by() == "暖心热线"


def test_the_longest_names_still_fit() -> None:
    set_up("名" * 64, "级" * 64)
    assert by() == "级" * 64 + " " + "名" * 64
