"""Who decides what about whom: suspending, clearing, roles, marks; and the list everybody is on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from counsel import enrolment, limits, resets, signin
from counsel.errors import AccessError, SignedOutError
from counsel.models import Invitation, Organisation, Passkey, Staff
from tests.counsel.staff_room import Browser, Person, hire

pytestmark = [pytest.mark.django_db, pytest.mark.urls("counsel.staff_urls")]
DONE: tuple[int, dict[str, str]] = (200, {})
NOBODY = (404, {"code": "no-seat"})
NEEDS_TWO = (409, {"code": "needs-two"})


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def someone(name: str, working_name: str, role: str) -> tuple[Person, Browser]:
    """Somebody, and a browser they are signed in on."""
    person, browser = hire(name, working_name, role), Browser()
    assert browser.sign_in(person)[0] == 200
    person.forget_used_codes()
    return person, browser


@pytest.fixture
def wang() -> tuple[Person, Browser]:
    """The administrator."""
    return someone("wang", "王", "administrator")


@pytest.fixture
def zhou() -> tuple[Person, Browser]:
    """The supervisor."""
    return someone("zhou", "周", "supervisor")


@pytest.fixture
def lin() -> tuple[Person, Browser]:
    """A counsellor."""
    return someone("lin", "林", "counsellor")


def row_of(browser: Browser, person: Person) -> dict[str, Any]:
    """How the list shows somebody."""
    rows = browser.ask("people")[1]["people"]
    (row,) = (row for row in rows if row["person"] == person.staff.person)
    return dict(row)


Pair = tuple[Person, Browser]


# --- suspending ---------------------------------------------------------------------------------


def test_somebody_suspended_is_out_at_once_and_may_be_let_in_again(wang: Pair, lin: Pair) -> None:
    person, browser = lin
    scope = browser.scope()
    assert wang[1].ask("people/suspend", person=person.staff.person) == DONE
    assert browser.ask("me") == (401, {"code": "signed-out"})
    with pytest.raises(SignedOutError):
        signin.staff_from_scope(scope)
    assert Browser().sign_in(person) == (403, {"code": "sign-in"})
    assert row_of(wang[1], person)["active"] is False
    assert wang[1].ask("people/suspend", person=person.staff.person) == NOBODY
    assert wang[1].ask("people/restore", person=person.staff.person) == DONE
    person.forget_used_codes()
    assert Browser().sign_in(person)[0] == 200
    assert browser.ask("me")[0] == 401  # the old login stays over
    assert wang[1].ask("people/restore", person=person.staff.person) == NOBODY


def test_a_login_of_before_stays_over_when_somebody_is_let_in_again(wang: Pair, lin: Pair) -> None:
    person, browser = lin
    for question in ("people/suspend", "people/restore"):
        assert wang[1].ask(question, person=person.staff.person) == DONE
    assert browser.ask("me") == (401, {"code": "signed-out"})


def test_nobody_suspends_themselves(wang: Pair) -> None:
    someone("ma", "马", "administrator")
    assert wang[1].ask("people/suspend", person=wang[0].staff.person) == NEEDS_TWO
    assert wang[1].ask("me")[0] == 200


def test_links_of_somebody_suspended_are_worth_nothing(wang: Pair) -> None:
    ma, browser = someone("ma", "马", "administrator")
    token = browser.ask("people/invite", working_name="陈", role="administrator")[1]["token"]
    assert wang[1].ask("people/suspend", person=ma.staff.person) == DONE
    assert Browser().ask("join/look", token=token) == (404, {"code": "invitation"})
    assert not Invitation.objects.exists()


# --- roles --------------------------------------------------------------------------------------


def test_another_role_begins_with_another_login(wang: Pair, lin: Pair) -> None:
    person, browser = lin
    said = {"person": person.staff.person, "role": "supervisor"}
    assert wang[1].ask("people/role", **said) == DONE
    assert browser.ask("me")[0] == 401
    assert browser.sign_in(person)[1]["me"]["role"] == "supervisor"
    assert wang[1].ask("people/role", **said) == DONE  # the same again ends nothing
    assert browser.ask("me")[0] == 200


def test_the_last_administrator_stays_one(wang: Pair) -> None:
    said = {"person": wang[0].staff.person, "role": "auditor"}
    assert wang[1].ask("people/role", **said) == NEEDS_TWO
    ma = hire("ma", "马", "administrator")
    Staff.objects.filter(pk=ma.staff.pk).update(is_active=False)
    assert wang[1].ask("people/role", **said) == NEEDS_TWO  # who is suspended does not count
    Staff.objects.filter(pk=ma.staff.pk).update(is_active=True)
    other = Organisation.objects.create()
    Staff.objects.filter(pk=ma.staff.pk).update(organisation=other)
    assert wang[1].ask("people/role", **said) == NEEDS_TWO  # nor who is somewhere else
    Staff.objects.filter(pk=ma.staff.pk).update(organisation=wang[0].staff.organisation)
    assert wang[1].ask("people/role", **said) == DONE


@pytest.mark.parametrize("role", ["seeker", "clock", "", "Auditor"])
def test_there_are_four_roles(wang: Pair, lin: Pair, role: str) -> None:
    said = {"person": lin[0].staff.person, "role": role}
    assert wang[1].ask("people/role", **said) == (400, {"code": "bad-value"})


# --- clearing -----------------------------------------------------------------------------------


def test_a_supervisor_clears_somebody_and_takes_it_back(zhou: Pair, lin: Pair) -> None:
    said = {"person": lin[0].staff.person}
    assert lin[1].ask("me")[1]["cleared"] is False
    assert zhou[1].ask("people/clear", **said) == DONE
    kept = Staff.objects.get(pk=lin[0].staff.pk)
    assert kept.cleared_by == zhou[0].staff
    assert lin[1].ask("me")[1]["cleared"] is True
    other = someone("li", "李", "supervisor")
    assert other[1].ask("people/clear", **said) == DONE  # who was first stays written
    assert Staff.objects.get(pk=lin[0].staff.pk).cleared_by == zhou[0].staff
    assert zhou[1].ask("people/unclear", **said) == DONE
    kept = Staff.objects.get(pk=lin[0].staff.pk)
    assert (kept.cleared_at, kept.cleared_by) == (None, None)


@pytest.mark.parametrize("question", ["people/clear", "people/unclear"])
def test_nobody_clears_themselves(zhou: Pair, question: str) -> None:
    assert zhou[1].ask(question, person=zhou[0].staff.person) == NEEDS_TWO


def test_an_administrator_clears_nobody(wang: Pair, lin: Pair) -> None:
    assert wang[1].ask("people/clear", person=lin[0].staff.person) == NOBODY


def test_a_zero_is_refused_before_any_database_sees_it(wang: Pair) -> None:
    """SQLite would keep it, PostgreSQL raises."""
    bad = (400, {"code": "bad-frame"})
    assert wang[1].ask("people/suspend", person="a\0") == bad
    assert wang[1].ask("hotlines/remove", number="\0") == bad
    assert wang[1].ask("people", after="\0") == bad


def test_a_link_is_worth_nothing_once_who_asked_for_it_has_another_role(
    wang: Pair, lin: Pair
) -> None:
    assert wang[1].ask("people/role", person=lin[0].staff.person, role="administrator") == DONE
    lin[0].forget_used_codes()
    assert lin[1].sign_in(lin[0])[0] == 200
    status, told = lin[1].ask("people/invite", working_name="何", role="administrator")
    assert status == 200
    assert wang[1].ask("people/role", person=lin[0].staff.person, role="counsellor") == DONE
    assert Browser().ask("join/look", token=told["token"]) == (404, {"code": "invitation"})


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "counsellor"}])
def test_who_is_being_sent_away_at_this_instant_decides_nothing(
    wang: Pair, lin: Pair, change: dict[str, Any]
) -> None:
    """Read before the change, asked after it: as whoever waited for the lock meanwhile."""
    stale, now = wang[0].staff, timezone.now()
    Staff.objects.filter(pk=stale.pk).update(**change)
    with pytest.raises(AccessError):
        enrolment.invite(
            stale.organisation, working_name="何", role="administrator", asked_by=stale, now=now
        )
    with pytest.raises(AccessError):
        resets.ask_reset(stale, lin[0].staff.person, now=now)
    with pytest.raises(AccessError):
        resets.agree_reset(stale, 1, now=now)
    assert not Invitation.objects.exists()


# --- marks and the list -------------------------------------------------------------------------


def test_a_mark_is_a_coarse_code(wang: Pair, lin: Pair) -> None:
    said = {
        "person": lin[0].staff.person, "region": "44", "industry": "electronics", "in_plant": True,
    }  # fmt: skip
    assert wang[1].ask("people/mark", **said) == DONE
    row = row_of(wang[1], lin[0])
    assert (row["region"], row["industry"], row["in_plant"]) == ("44", "electronics", True)
    assert wang[1].ask("people/mark", **said | {"region": "440305"}) == (400, {"code": "bad-value"})
    bare = {"region": "", "industry": "", "in_plant": False}
    assert wang[1].ask("people/mark", **said | bare) == DONE


def test_the_list_says_what_colleagues_may_know_and_no_more(
    wang: Pair, zhou: Pair, lin: Pair
) -> None:
    Passkey.objects.create(
        staff=zhou[0].staff,
        credential_id=b"x",
        public_key=b"y",
        name="n",
        created_at=timezone.now(),
    )
    told = zhou[1].ask("people")[1]
    assert [row["working_name"] for row in told["people"]] == ["王", "周", "林"]
    assert told["people"][1] == {
        "working_name": "周", "role": "supervisor", "person": zhou[0].staff.person,
        "active": True, "cleared": False, "region": "", "industry": "", "in_plant": False,
        "passkeys": 1,
    }  # fmt: skip
    for name in ("wang", "zhou", "lin"):
        assert f'"{name}"' not in str(told).replace("'", '"')


def test_open_links_are_listed_with_who_asked(wang: Pair, zhou: Pair, lin: Pair) -> None:
    Staff.objects.update(joined_at=timezone.now() - limits.TRUSTED_AFTER)
    wang[1].ask("people/invite", working_name="陈", role="counsellor")
    zhou[1].ask("people/reset/ask", person=lin[0].staff.person)
    Invitation.objects.create(
        kind="join", organisation=wang[0].staff.organisation, working_name="old", role="auditor",
        expires_at=timezone.now() - timedelta(seconds=1),
    )  # fmt: skip
    join, reset = zhou[1].ask("people")[1]["invitations"]
    assert (join["kind"], join["working_name"], join["mine"], join["agreed"]) == (
        "join", "陈", False, True,
    )  # fmt: skip
    assert join["asked_by"] == {
        "working_name": "王", "role": "administrator", "person": wang[0].staff.person,
    }  # fmt: skip
    assert (reset["kind"], reset["person"], reset["mine"], reset["agreed"]) == (
        "reset", lin[0].staff.person, True, False,
    )  # fmt: skip


def crowd(count: int, working_name: str) -> None:
    """Many people, quickly."""
    organisation = Staff.objects.get().organisation
    Staff.objects.bulk_create(
        Staff(
            organisation=organisation, sign_in_name=f"n{number}", role="administrator",
            working_name=working_name.format(number), person=str(number).rjust(22, "x"),
            region="44", industry="electronics", in_plant=True,
        )
        for number in range(count)
    )  # fmt: skip


@pytest.mark.parametrize("working_name", ["志愿者{:03}", "𠮷" * 29 + "{:03}"])
def test_everybody_is_listed_page_by_page_however_long_their_names(
    wang: Pair, working_name: str
) -> None:
    crowd(300, working_name)
    later = timezone.now() + limits.INVITED_FOR
    Invitation.objects.bulk_create(
        Invitation(
            kind="join", organisation=wang[0].staff.organisation, asked_by=wang[0].staff,
            working_name="𠮷" * 29 + f"i{number}", role="administrator", expires_at=later,
        )
        for number in range(limits.INVITATIONS)
    )  # fmt: skip
    seen, after, pages = [], "", 0
    while after or not pages:
        told = wang[1].ask("people", after=after)[1]
        assert len(told["invitations"]) == (limits.INVITATIONS if not pages else 0)
        seen += [row["person"] for row in told["people"]]
        after, pages = told["after"], pages + 1
    assert len(seen) == len(set(seen)) == 301
    assert pages < 10


def test_a_hundred_people_fit_one_page(wang: Pair) -> None:
    crowd(100, "志愿者{:03}")
    assert wang[1].ask("people")[1]["after"] == ""


def test_a_page_behind_nobody_is_refused(wang: Pair) -> None:
    assert wang[1].ask("people", after="nobody") == NOBODY


# --- somebody else's, nobody's ------------------------------------------------------------------


@pytest.mark.parametrize("which", ["another organisation's", "nobody", "suspended"])
def test_whoever_is_not_a_colleague_is_nobody(
    wang: Pair, zhou: Pair, lin: Pair, which: str
) -> None:
    person = "A" * 22 if which == "nobody" else lin[0].staff.person
    if which == "another organisation's":
        Staff.objects.filter(pk=lin[0].staff.pk).update(organisation=Organisation.objects.create())
    if which == "suspended":
        Staff.objects.filter(pk=lin[0].staff.pk).update(is_active=False)
    marks = {"region": "", "industry": "", "in_plant": False}
    assert wang[1].ask("people/suspend", person=person) == NOBODY
    assert wang[1].ask("people/role", person=person, role="auditor") == NOBODY
    assert wang[1].ask("people/mark", person=person, **marks) == NOBODY
    assert wang[1].ask("people/reset/ask", person=person) == NOBODY
    assert zhou[1].ask("people/clear", person=person) == NOBODY
    assert zhou[1].ask("people/unclear", person=person) == NOBODY
    if which != "suspended":
        assert wang[1].ask("people/restore", person=person) == NOBODY
        listed = [row["person"] for row in wang[1].ask("people")[1]["people"]]
        assert person not in listed
