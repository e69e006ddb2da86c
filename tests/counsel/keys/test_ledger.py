"""The log the server serves is one every client takes, and only grows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from counsel.errors import LostRaceError, ValueRefusedError
from counsel.keys import ledger
from counsel.keys.issuing import make_head
from counsel.keys.log import issued, open_log, read_rows, revoked
from counsel.keys.root import trusted_root
from tests.counsel.keys.office import ON_A_DEVICE, Office

pytestmark = pytest.mark.django_db
ROW = issued(b"somebody's statement")


@pytest.fixture
def office(settings: LazySettings) -> Office:
    return Office(settings)


def test_what_is_served_is_the_whole_log_under_its_newest_head(office: Office) -> None:
    size, head = office.head_over(ROW)
    ledger.append([ROW], size=size, head=head, now=office.now)
    served = Client().get("/staff-log.bin", headers={"host": "localhost"})
    log = open_log(served.content, root=trusted_root())
    assert (log.rows.size, log.rows.places[ROW[1:]]) == (2, 1)
    assert log.signed_at == office.now.replace(second=0, microsecond=0)


def test_before_the_first_issuer_nothing_is_served(settings: LazySettings) -> None:
    assert Client().get("/staff-log.bin", headers={"host": "localhost"}).status_code == 404


def test_of_two_who_append_behind_the_same_rows_one_is_told_to_look_again(office: Office) -> None:
    first, second = office.head_over(ROW), office.head_over(issued(b"another"))
    ledger.append([ROW], size=first[0], head=first[1], now=office.now)
    with pytest.raises(LostRaceError):
        ledger.append([issued(b"another")], size=second[0], head=second[1], now=office.now)
    assert ledger.rows().size == 2


def test_a_head_over_other_rows_appends_nothing(office: Office) -> None:
    size, head = office.head_over(issued(b"shown"))
    with pytest.raises(ValueRefusedError, match="log-split"):
        ledger.append([issued(b"sent")], size=size, head=head, now=office.now)
    assert ledger.rows().size == 1


def test_only_an_issuer_who_is_in_the_log_signs_heads(office: Office) -> None:
    stranger = office.draw(ON_A_DEVICE)
    size, head = office.head_over(ROW, by=stranger)
    with pytest.raises(ValueRefusedError, match="certificate-unlogged"):
        ledger.append([ROW], size=size, head=head, now=office.now)
    office.admit(stranger)
    size, head = office.head_over(ROW, by=stranger)
    assert ledger.append([ROW], size=size, head=head, now=office.now).rows.size == 3


def test_an_issuer_that_was_taken_back_signs_no_head(office: Office) -> None:
    desk = office.draw(ON_A_DEVICE)
    place = office.admit(desk).place
    size, head = office.head_over(revoked(place))
    ledger.append([revoked(place)], size=size, head=head, now=office.now)
    size, head = office.head_over(ROW, by=desk)
    with pytest.raises(ValueRefusedError, match="certificate-revoked"):
        ledger.append([ROW], size=size, head=head, now=office.now)


def test_a_head_gets_a_newer_date_and_never_an_older_one(office: Office) -> None:
    later = office.now + timedelta(minutes=10)
    size, head = office.head_over(at=later)
    ledger.append([], size=size, head=head, now=later)
    assert ledger.headed_at() == later.replace(second=0, microsecond=0)
    size, head = office.head_over(at=office.now)
    with pytest.raises(LostRaceError):
        ledger.append([], size=size, head=head, now=later)


def test_no_head_is_from_tomorrow(office: Office) -> None:
    size, head = office.head_over(at=office.now + timedelta(days=1))
    with pytest.raises(ValueRefusedError, match="future"):
        ledger.append([], size=size, head=head, now=office.now)


def test_a_log_taken_along_comes_back_longer_unless_somebody_appended(office: Office) -> None:
    taken = ledger.whole()
    rows = taken[-33:] + ROW
    signed = make_head(office.safe.private, size=2, head=_chain(rows), at=office.now)
    longer = office.safe.statement + signed + rows
    assert ledger.extend(longer, now=office.now).rows.size == 2
    assert ledger.extend(longer, now=office.now).rows.size == 2, "twice is once"
    size, head = office.head_over(issued(b"meanwhile"))
    ledger.append([issued(b"meanwhile")], size=size, head=head, now=office.now)
    with pytest.raises(LostRaceError):
        ledger.extend(longer, now=office.now)


def _chain(rows: bytes) -> bytes:
    return read_rows(trusted_root().key, rows).head
