"""The gate: live opens with everything on its list, and with nothing less."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from django.conf import LazySettings

from counsel import limits
from counsel.audit import checkpoints, guards, sealing
from counsel.audit.kinds import Kind
from counsel.audit.models import AuditLink
from counsel.audit.trail import record
from counsel.errors import ClosedDoorError
from counsel.keys.models import DeviceCard, DutyCard, IssuerCard
from counsel.lifecycle import Role
from counsel.models import Hotline, Signature, Staff, home
from tests.counsel.keys.office import Office
from tests.people import hire
from tests.triage.test_door import GONE, HOUR, NOW, be_there
from triage import door, gate
from triage.escalation.rows import Call, Receiver
from triage.judge import LIVE
from triage.models import Shift

LOCALE: Final = Path(__file__).parents[2] / "counsel/locale"


class Live:
    """A service on which everything live needs is there, but for what a test takes away."""

    def __init__(self, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
        self.office = Office(settings, now=NOW)
        settings.MODE = LIVE
        self.sam = hire("sam", Role.SUPERVISOR).staff
        self.carol = hire("carol").staff
        be_there(self.sam, self.carol)
        Shift.objects.filter(staff=self.sam).update(page_seen_at=NOW)
        for number in gate.national_numbers():
            Hotline.objects.create(
                organisation=home(), number=number, national=True, called_at=NOW - HOUR,
                called_by=self.sam,
            )  # fmt: skip
        for what in (Signature.TEXTS, Signature.TIMERS):
            gate.sign(self.sam, what=what, signer="Dr. Zhao", now=NOW)
        self._vouch(settings, monkeypatch)
        self.put_on_duty(self.sam)
        self.put_on_duty(self.carol)
        self._can_be_called()

    def put_on_duty(self, staff: Staff) -> None:
        """A card and a statement of this shift."""
        card = self.office.give(self.sam, staff)
        duty = {"statement": self.office.duty(card), "from_at": NOW - HOUR, "until_at": NOW + HOUR}
        DutyCard.objects.create(card=card, **duty)

    def _vouch(self, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
        """The trail is vouched for, another machine has that, and this role rewrites nothing."""
        self.audit = settings.DATA / secrets.token_hex(4)
        settings.AUDIT_KEY_FILE = self.audit / "key"
        settings.AUDIT_CHECKPOINTS = self.audit / "checkpoints"
        settings.AUDIT_HOOK = Path(shutil.which("true") or "")
        monkeypatch.setattr(guards, "what_we_may", lambda _: [])
        checkpoints.draw_key(settings.AUDIT_KEY_FILE)
        record(Kind.TOLD, by=self.sam, now=NOW)
        sealing.Sealer().link()
        assert sealing.keep(*sealing.head(), NOW)
        assert sealing.hand_over()

    def _can_be_called(self) -> None:
        """The supervisor's test page arrived, and the lead has a number."""
        shift = Shift.objects.get(staff=self.sam)
        for who in (None, self.sam):
            receiver = Receiver.objects.create(
                organisation=home(), staff=who, channel="sms", address="10001", added_at=NOW
            )
            Call.objects.create(shift=shift, receiver=receiver, page="1", next_at=NOW, sent_at=NOW)


def _no_page(live: Live) -> None:
    Shift.objects.filter(staff=live.sam).update(page_seen_at=None)


def _old_call(live: Live) -> None:
    called = NOW - limits.HOTLINE_CALLED_WITHIN
    Hotline.objects.filter(number="12356").update(called_at=called)


def _own_number(live: Live) -> None:
    Hotline.objects.create(organisation=home(), number="12345", name="市里", hours="9-17")


def _no_number(live: Live) -> None:
    Hotline.objects.filter(number="110").delete()


def _demo_person(live: Live) -> None:
    Staff.objects.filter(pk=live.carol.pk).update(demo=True)


def _no_checkpoints(live: Live) -> None:
    (live.audit / "checkpoints").unlink()


def _not_handed_over(live: Live) -> None:
    (live.audit / "checkpoints.handed").unlink()


def _no_key(live: Live) -> None:
    (live.audit / "key").unlink()


def _brought_back(live: Live) -> None:
    AuditLink.objects.order_by("-seq")[:1].get().delete()


def _gone(live: Live) -> None:
    Staff.objects.update(board_seen_at=NOW - GONE)


def _alone(live: Live) -> None:
    Shift.objects.filter(staff=live.carol).delete()


MISSING: list[tuple[Callable[[Live], object], str]] = [
    (_gone, "supervisor"),
    (_alone, "two-staff"),
    (_no_page, "page"),
    (_old_call, "hotlines"),
    (_own_number, "hotlines"),
    (_no_number, "hotlines"),
    (lambda _: Signature.objects.filter(what="texts").delete(), "texts"),
    (lambda _: Signature.objects.filter(what="timers").delete(), "timers"),
    (_demo_person, "demo"),
    (lambda _: IssuerCard.objects.update(revoked_place=9), "keys"),
    (lambda live: DutyCard.objects.filter(card__staff=live.sam).delete(), "keys"),
    (lambda live: DutyCard.objects.filter(card__staff=live.carol).update(until_at=NOW), "keys"),
    (lambda live: DeviceCard.objects.filter(staff=live.carol).update(lost_at=NOW), "keys"),
    (_no_checkpoints, "audit"),
    (_not_handed_over, "audit"),
    (_no_key, "audit"),
    (_brought_back, "audit"),
    (lambda _: Receiver.objects.filter(staff=None).delete(), "paging"),
    (lambda _: Call.objects.update(sent_at=None), "paging"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("taken_away", "code"), MISSING)
def test_live_opens_with_everything_and_with_nothing_less(
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
    taken_away: Callable[[Live], object],
    code: str,
) -> None:
    live = Live(settings, monkeypatch)
    monkeypatch.setattr(gate, "_is_drawn", lambda: False)
    assert door.look(NOW).open
    assert all(item.met for item in gate.items(home(), door.read_standing(home()), NOW))
    taken_away(live)
    found = door.look(NOW)
    assert not found.open
    assert code in found.unmet
    unmet = {
        item.code for item in gate.items(home(), door.read_standing(home()), NOW) if not item.met
    }
    assert unmet == set(found.unmet)
    with pytest.raises(ClosedDoorError):
        door.check(NOW)


@pytest.mark.django_db
def test_a_third_who_waits_to_be_put_on_duty_shuts_the_door_on_nobody(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    Live(settings, monkeypatch)
    monkeypatch.setattr(gate, "_is_drawn", lambda: False)
    be_there(hire("dora").staff)
    assert door.look(NOW).open


@pytest.mark.django_db
def test_whatever_stands_on_the_list_shuts_live_by_itself(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing on it is for show, and nothing that is not there yet is promised."""
    Live(settings, monkeypatch)
    monkeypatch.setattr(gate, "_is_drawn", lambda: False)
    listed = [item.code for item in gate.items(home(), door.read_standing(home()), NOW)]
    assert {code for _, code in MISSING} == set(listed)
    assert len(set(listed)) == len(listed)
    for language in ("zh", "en"):
        words = json.loads((LOCALE / f"{language}.json").read_text(encoding="utf-8"))["gate"]
        for section in ("items", "next"):
            assert set(words[section]) == {*listed, "unknown"}, (language, section)


@pytest.mark.django_db
@pytest.mark.parametrize("root", ["drawn", "none"])
def test_a_demo_root_alone_shuts_live(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, root: str
) -> None:
    Live(settings, monkeypatch)
    monkeypatch.setattr(gate, "_is_drawn", lambda: root == "drawn")
    if root == "none":
        settings.ORG_ROOT = ""
    assert gate.DEMO in door.look(NOW).unmet
