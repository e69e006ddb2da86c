"""A duty statement is asked for at check-in, given by an issuer's browser, and lasts one shift."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from counsel import limits
from counsel.errors import AccessError, ValueRefusedError
from counsel.keys import cards
from counsel.keys.models import DutyCard, DutyRequest
from tests.counsel.keys.office import ON_A_DEVICE, Office
from tests.counsel.staff_room import Person, hire
from triage import shifts
from triage.duty import statements
from triage.models import Shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings: LazySettings) -> Office:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return Office(settings)


@pytest.fixture
def zhou(office: Office) -> Person:
    return hire("zhou", "周", "supervisor")


@pytest.fixture
def lin(office: Office) -> Person:
    person = hire("lin", "林", "counsellor")
    person.staff.cleared_at = office.now
    person.staff.save()
    return person


def test_lin_checks_in_zhou_puts_him_on_and_he_has_it_to_the_end_of_the_shift(
    office: Office, zhou: Person, lin: Person
) -> None:
    card = office.give(zhou.staff, lin.staff)
    print_of = bytes(card.fingerprint)
    assert statements.ask(lin.staff, print_of, office.now).state == "off"
    shift = shifts.check_in(lin.staff, 0, office.now)
    assert statements.ask(lin.staff, print_of, office.now).state == "waiting"
    (request,) = statements.waiting(lin.staff.organisation, office.now)
    assert request.until_at <= shift.ends_at + limits.CHECK_OUT_AFTER
    duty = office.duty(card, until_at=request.until_at)
    assert statements.without([lin.staff.pk], office.now) == {lin.staff.pk}
    statements.put_on(zhou.staff, request.pk, statement=duty, now=office.now)
    assert statements.ask(lin.staff, print_of, office.now) == statements.Asked("on", duty)
    assert statements.without([lin.staff.pk], office.now) == set()
    assert not statements.waiting(lin.staff.organisation, office.now)


def test_a_shift_that_goes_on_asks_again_and_keeps_what_it_has(
    office: Office, zhou: Person, lin: Person
) -> None:
    card = office.give(zhou.staff, lin.staff)
    shifts.check_in(lin.staff, 0, office.now)
    duty = office.duty(card, until_at=office.now + timedelta(minutes=20))
    statements.ask(lin.staff, bytes(card.fingerprint), office.now)
    request = DutyRequest.objects.get()
    statements.put_on(zhou.staff, request.pk, statement=duty, now=office.now)
    asked = statements.ask(lin.staff, bytes(card.fingerprint), office.now)
    assert asked == statements.Asked("waiting", duty)


def test_who_checked_out_waits_for_nothing(office: Office, zhou: Person, lin: Person) -> None:
    card = office.give(zhou.staff, lin.staff)
    shifts.check_in(lin.staff, 0, office.now)
    statements.ask(lin.staff, bytes(card.fingerprint), office.now)
    shifts.check_out(lin.staff, office.now)
    assert not statements.waiting(lin.staff.organisation, office.now)
    assert statements.ask(lin.staff, bytes(card.fingerprint), office.now).state == "off"


def test_a_card_that_is_lost_or_taken_back_or_a_colleagues_gets_no_duty(
    office: Office, zhou: Person, lin: Person
) -> None:
    lost, gone, theirs = (
        office.give(zhou.staff, staff) for staff in (lin.staff, lin.staff, zhou.staff)
    )
    shifts.check_in(lin.staff, 0, office.now)
    statements.ask(lin.staff, bytes(lost.fingerprint), office.now)
    cards.lose(lost.staff, lost, now=office.now)
    office.take_back(zhou.staff, gone)
    for card in (lost, gone, theirs):
        with pytest.raises(AccessError):
            statements.ask(lin.staff, bytes(card.fingerprint), office.now)
    assert not statements.waiting(lin.staff.organisation, office.now)


@pytest.mark.parametrize("wrong", ["of another card", "by a stranger", "over another log"])
def test_what_no_phone_would_take_puts_nobody_on(
    office: Office, zhou: Person, lin: Person, wrong: str
) -> None:
    card, other = office.give(zhou.staff, lin.staff), office.give(zhou.staff, lin.staff)
    shifts.check_in(lin.staff, 0, office.now)
    statements.ask(lin.staff, bytes(card.fingerprint), office.now)
    if wrong == "of another card":
        duty = office.duty(other)
    elif wrong == "by a stranger":
        duty = office.duty(card, by=office.draw(ON_A_DEVICE))
    else:
        duty = office.forked(card)
    with pytest.raises(ValueRefusedError):
        statements.put_on(zhou.staff, DutyRequest.objects.get().pk, statement=duty, now=office.now)
    assert not DutyCard.objects.exists()


def test_revoking_a_card_ends_its_duty(office: Office, zhou: Person, lin: Person) -> None:
    card = office.give(zhou.staff, lin.staff)
    shifts.check_in(lin.staff, 0, office.now)
    statements.ask(lin.staff, bytes(card.fingerprint), office.now)
    duty = office.duty(card)
    statements.put_on(zhou.staff, DutyRequest.objects.get().pk, statement=duty, now=office.now)
    office.take_back(zhou.staff, card)
    assert statements.without([lin.staff.pk], timezone.now()) == {lin.staff.pk}
    assert Shift.objects.filter(staff=lin.staff, state="on").exists()
