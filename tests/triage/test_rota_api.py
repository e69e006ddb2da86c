"""Rota, duty and gate as pages ask them: over HTTP, in JSON, each by those who may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings, settings
from django.utils import timezone

from counsel import limits
from counsel.lifecycle import Role
from counsel.models import Organisation, Signature, Staff, home
from tests.counsel.staff_room import Browser
from tests.people import Colleague, hire
from tests.triage.week import BERLIN
from triage import demo_rota, gate, rota, shifts
from triage.judge import REHEARSAL
from triage.models import Shift
from triage.rota import Span

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


class Desk(Browser):
    """A browser somebody is signed in on."""

    def __init__(self, who: Colleague) -> None:
        super().__init__()
        self.client.cookies[settings.SESSION_COOKIE_NAME] = who.cookie
        self.staff = who.staff

    def hear(self, path: str, **said: object) -> dict[str, Any]:
        """The answer of a question that is answered."""
        status, answer = self.ask(path, **said)
        assert status == 200, answer
        return answer

    def refused(self, path: str, **said: object) -> str:
        """The code of one that is not."""
        status, answer = self.ask(path, **said)
        assert status != 200, answer
        code: str = answer["code"]
        return code


def desk(name: str, role: Role = Role.COUNSELLOR) -> Desk:
    """Somebody who is not on yet, at their desk."""
    return Desk(hire(name, role, on_shift=False))


def today() -> datetime:
    """This hour on the organisation's wall."""
    return timezone.now().astimezone(ZoneInfo(home().zone)).replace(tzinfo=None, minute=0)


def on_wall(at: datetime) -> str:
    """As a page says it."""
    return at.strftime("%Y-%m-%dT%H:%M")


def test_an_evening_from_the_plan_to_the_check_out() -> None:
    sam, lin = desk("sam", Role.SUPERVISOR), desk("lin")
    said = {"role": "counsellor", "places": 2, "weeks": 3}
    begins = today()
    ids = sam.hear("rota/plan", starts=on_wall(begins), ends=on_wall(begins + 3 * HOUR), **said)
    assert len(ids["shifts"]) == 6
    shown = lin.hear("rota", **{"from": on_wall(begins)[:10], "days": 14})
    assert (shown["zone"], shown["today"], shown["days"]) == (
        home().zone,
        on_wall(today())[:10],
        14,
    )
    assert [one["id"] for one in shown["shifts"]] == ids["shifts"][:4]
    assert shown["shifts"][0] == {
        "id": ids["shifts"][0], "role": "counsellor", "state": "open", "who": None, "mine": False,
        "cover": False, "walk_in": False,
        "starts": _utc(begins), "ends": _utc(begins + 3 * HOUR),
    }  # fmt: skip
    first = ids["shifts"][0]
    mine = lin.hear("rota/sign-up", shift=first)["shift"]
    assert (mine["state"], mine["mine"], mine["who"]["working_name"]) == ("taken", True, "Lin")
    assert lin.hear("duty")["next"] == mine
    Shift.objects.filter(pk=first).update(starts_at=timezone.now())  # whatever minute it is
    duty = lin.hear("duty/check-in", shift=first)
    assert (duty["shift"]["id"], duty["shift"]["state"], duty["page"]) == (first, "on", "due")
    assert lin.hear("duty/page-seen")["page"] == "seen"
    assert lin.hear("duty/pause")["shift"]["state"] == "pause"
    assert lin.hear("duty/resume")["shift"]["state"] == "on"
    duty = lin.hear("duty/debrief")
    assert duty["resumes"] is not None
    assert lin.refused("duty/resume") == "not-now"
    duty = lin.hear("duty/check-out")
    assert (duty["shift"], duty["page"], duty["talks"]) == (None, "", 0)
    assert lin.refused("duty/pause") == "off-duty"
    assert sam.refused("rota/cancel", shift=first) == "not-now"
    assert sam.hear("rota/cancel", shift=ids["shifts"][1]) == {}
    assert lin.refused("rota/sign-up", shift=ids["shifts"][1]) == "no-seat"


def _utc(wall: datetime) -> str:
    return rota.instant(wall, ZoneInfo(home().zone)).strftime("%Y-%m-%dT%H:%MZ")


def test_cover_is_asked_for_given_and_given_back() -> None:
    lin, carol, sam = desk("lin"), desk("carol"), desk("sam", Role.SUPERVISOR)
    span = Span(timezone.now() + HOUR, timezone.now() + 2 * HOUR)
    (pk,) = shifts.plan(sam.staff, role=Role.COUNSELLOR, spans=[span], places=1)
    lin.hear("rota/sign-up", shift=pk)
    assert carol.refused("rota/sign-up", shift=pk) == "too-late"
    assert carol.refused("rota/cover", shift=pk) == "no-seat"
    assert lin.hear("rota/ask-cover", shift=pk)["shift"]["cover"] is True
    assert carol.hear("rota/cover", shift=pk)["shift"]["mine"] is True
    assert lin.refused("rota/give-back", shift=pk) == "no-seat"
    assert carol.hear("rota/give-back", shift=pk)["shift"]["state"] == "open"
    assert sam.refused("rota/sign-up", shift=pk) == "no-seat"  # a counsellor's place


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"role": "auditor"}, "bad-value"),
        ({"ends": "2030-01-01T20:00"}, "bad-value"),
        ({"ends": "2030-01-02T00:01"}, "shift-too-long"),
        ({"starts": "2020-01-01T20:00", "ends": "2020-01-01T21:00"}, "bad-value"),
        ({"starts": "2030-01-01T20:00Z"}, "bad-frame"),
        ({"starts": "soon"}, "bad-frame"),
        ({"starts": "9999-12-31T20:00", "ends": "9999-12-31T23:00", "weeks": 2}, "bad-frame"),
        ({"starts": "0001-01-01T00:00", "ends": "0001-01-01T02:00"}, "bad-frame"),
        ({"places": 10}, "bad-frame"),
        ({"places": 0}, "bad-frame"),
        ({"weeks": 13}, "bad-frame"),
    ],
)
def test_a_plan_that_is_none_is_refused(changed: dict[str, object], code: str) -> None:
    sam = desk("sam", Role.SUPERVISOR)
    said = {
        "role": "counsellor", "places": 1, "weeks": 1, "starts": "2030-01-01T20:00",
        "ends": "2030-01-01T23:00",
    }  # fmt: skip
    assert sam.refused("rota/plan", **said | changed) == code
    assert not Shift.objects.exists()


def test_days_of_the_rota_are_those_of_the_zone_and_as_many_as_fit() -> None:
    Organisation.objects.update(zone=str(BERLIN))
    sam = desk("sam", Role.SUPERVISOR)
    midnight = rota.instant(datetime(2026, 10, 25), BERLIN)  # noqa: DTZ001 (a day of 25 hours)
    over, last = (
        Span(midnight - HOUR, midnight + HOUR),
        Span(midnight + 24 * HOUR, midnight + 25 * HOUR),
    )
    for span in (over, last):
        shifts.plan(sam.staff, role=Role.COUNSELLOR, spans=[span], places=1)
    for first, days, count in (("2026-10-24", 1, 1), ("2026-10-25", 1, 2), ("2026-10-26", 1, 0)):
        assert len(sam.hear("rota", **{"from": first, "days": days})["shifts"]) == count
    shifts.plan(sam.staff, role=Role.COUNSELLOR, spans=[last], places=300)
    told = sam.hear("rota", **{"from": "2026-10-24", "days": 3})
    assert (told["days"], len(told["shifts"])) == (1, 1)
    told = sam.hear("rota", **{"from": "2026-10-25", "days": 2})
    assert told["days"] == 1  # more than an answer holds: as many as it does
    assert len(told["shifts"]) > 100
    assert sam.refused("rota", **{"from": "today", "days": 1}) == "bad-frame"
    for edge in ("0001-01-01", "9999-12-31", "1999-12-31", "3000-01-01"):
        assert sam.refused("rota", **{"from": edge, "days": 14}) == "bad-frame"


# --- the gate -----------------------------------------------------------------------------------


def test_the_gate_is_shown_item_by_item_with_who_signed_what() -> None:
    sam = desk("sam", Role.SUPERVISOR)
    shown = sam.hear("gate")
    assert (shown["mode"], shown["open"]) == ("demo", True)
    codes = [item["code"] for item in shown["items"]]
    assert codes == [
        "supervisor", "two-staff", "page", "hotlines", "texts", "timers", "demo", "keys", "audit",
        "paging",
    ]  # fmt: skip
    assert not any(item["met"] for item in shown["items"] if item["code"] != "demo")
    sam.hear("gate/sign", what="texts", signer=" Dr.  Zhao ")
    sam.hear("duty/check-in", shift=0)
    Staff.objects.update(board_seen_at=timezone.now())
    sam.hear("duty/page-seen")
    items = {item["code"]: item for item in sam.hear("gate")["items"]}
    assert (items["texts"]["met"], items["texts"]["who"]) == (True, "Dr. Zhao")
    assert items["texts"]["when"] is not None
    assert (items["supervisor"]["met"], items["supervisor"]["who"]) == (True, "Sam")
    assert items["page"]["met"]
    assert items["hotlines"]["detail"] == " ".join(sorted(gate.national_numbers()))


@pytest.mark.parametrize(
    ("what", "signer"),
    [("rules", "Zhao"), ("texts", " "), ("texts", "a\x07b"), ("texts", "x" * 65)],
)
def test_nothing_is_signed_by_nobody(what: str, signer: str) -> None:
    assert (
        desk("sam", Role.SUPERVISOR).refused("gate/sign", what=what, signer=signer) == "bad-value"
    )
    assert not Signature.objects.exists()


# --- the hour at the door ---------------------------------------------------------------------------


def test_the_sign_at_the_door_names_day_and_hour_on_the_organisations_wall(
    settings: LazySettings,
) -> None:
    from triage import views

    settings.MODE = REHEARSAL
    lin, sam = hire("lin", on_shift=False).staff, hire("sam", Role.SUPERVISOR, on_shift=False).staff
    tuesday = datetime(2026, 11, 24, 12, tzinfo=UTC)
    for staff in (lin, sam):
        (pk,) = shifts.plan(
            sam, role=Role(staff.role), spans=[Span(tuesday, tuesday + HOUR)], places=1
        )
        shifts.sign_up(staff, pk, tuesday - HOUR)
    sign = views.write(tuesday - 20 * HOUR)
    assert (sign["open"], sign["opens"], sign["weekday"]) == (False, "2026-11-24T20:00", 2)
    for staff in (lin, sam):
        shifts.check_in(staff, 0, tuesday)
    Staff.objects.update(board_seen_at=tuesday)
    sign = views.write(tuesday)
    assert (sign["open"], sign["opens"], sign["weekday"], sign["listeners"]) == (True, "", 0, 1)


# --- the demo's rota -----------------------------------------------------------------------------


def test_a_demo_has_evenings_for_two_weeks_and_never_twice() -> None:
    for name, role in (
        ("lin", Role.COUNSELLOR),
        ("zhou", Role.SUPERVISOR),
        ("chen", Role.COUNSELLOR),
    ):
        hire(name, role, on_shift=False)
    Staff.objects.update(demo=True)
    morning = datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert demo_rota.draw(morning) == 3 * limits.ROTA_DAYS
    assert demo_rota.draw(morning) == 0
    assert demo_rota.draw(morning + timedelta(days=1)) == 3
    states = set(Shift.objects.values_list("state", flat=True))
    assert states == {"open", "taken"}
    hours = {rota.on_the_wall(at, ZoneInfo(home().zone))[11:] for at in _all("starts_at")}
    assert hours == {"20:00"}


def _all(field: str) -> list[datetime]:
    return list(Shift.objects.values_list(field, flat=True))
