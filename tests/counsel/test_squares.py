"""A link that is shown once comes with a square code of the very same link, for each language."""

from __future__ import annotations

import pytest
from django.conf import settings

from counsel.lifecycle import Role
from counsel.squares import square
from tests.counsel.staff_room import Browser, hire

FINDER = ("1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111")
"""What every such code has in three of its corners."""


def test_a_square_is_dark_and_light_in_rows_as_long_as_there_are_rows() -> None:
    rows = square("https://listen.example/zh/staff/#join=" + "a" * 43)
    assert {len(row) for row in rows} == {len(rows)}
    assert set("".join(rows)) == {"0", "1"}
    assert tuple(row[:7] for row in rows[:7]) == FINDER
    assert tuple(row[-7:] for row in rows[:7]) == FINDER
    assert tuple(row[:7] for row in rows[-7:]) == FINDER
    assert rows[-7][-7:] != FINDER[0]


@pytest.mark.django_db
def test_an_invitation_brings_the_square_of_its_own_link_in_every_language() -> None:
    browser, wang = Browser(), hire("wang", "王", Role.ADMINISTRATOR.value)
    browser.sign_in(wang)
    status, link = browser.ask("people/invite", working_name="林", role="counsellor")
    assert status == 200
    for language in ("zh", "en"):
        address = f"{settings.ORIGIN}/{language}/staff/#join={link['token']}"
        assert link["pictures"][language] == square(address)
    assert link["pictures"]["zh"] != link["pictures"]["en"]
