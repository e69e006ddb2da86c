"""Half an hour without a person ends a login, however busily the page that was left open asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from counsel import limits
from counsel.models import Login
from tests.counsel.staff_room import Browser, hire

pytestmark = pytest.mark.django_db


def _left_alone_for(browser: Browser, minutes: int) -> None:
    Login.objects.update(seen_at=timezone.now() - timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("path", "said"),
    [("duty", {}), ("rota", {"from": "2026-11-23", "days": 7}), ("gate", {})],
)
def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(
    path: str, said: dict[str, object]
) -> None:
    zhou, browser = hire("zhou", "周", role="supervisor"), Browser()
    assert browser.sign_in(zhou)[0] == 200
    _left_alone_for(browser, 29)
    before = Login.objects.get().seen_at
    assert browser.ask(path, **said)[0] == 200
    assert Login.objects.get().seen_at == before
    _left_alone_for(browser, limits.STAFF_IDLE_AFTER // timedelta(minutes=1))
    assert browser.ask(path, **said) == (401, {"code": "signed-out"})


def test_what_a_person_does_begins_the_half_hour_anew() -> None:
    zhou, browser = hire("zhou", "周", role="supervisor"), Browser()
    browser.sign_in(zhou)
    _left_alone_for(browser, 29)
    assert browser.ask("me")[0] == 200
    assert timezone.now() - Login.objects.get().seen_at < timedelta(minutes=1)
