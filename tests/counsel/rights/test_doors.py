"""Around every question and every socket: whose page asks, by which ways in, and until when."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from chat import wire
from chat.lanes import WRITE
from counsel import colleagues, limits, signin
from counsel.framing import Said, pack
from counsel.management.access import addresses
from counsel.models import Login, Staff
from counsel.signin import begin_login
from tests.counsel.rights.said import by_post
from tests.counsel.rights.talks import begin
from tests.counsel.staff_room import pad
from tests.people import APPS, BoardBrowser, Browser, browsing, hire, seal
from triage import wire as board_wire

pytestmark = pytest.mark.one_database
ROOT: Final = Path(__file__).resolve().parents[3]
READ: Final = {
    "now.json",
    "staff-log.bin",
    "desks.json",
    "stories.json",
    "directory/<slug:name>.bin",
}
"""Addresses that are only read, by anybody."""
ASKED: Final = sorted(set(addresses()) - READ)
FOREIGN: Final = (
    "", "null", "{scheme}://{host}", "https://{host}:{port}", "{ours}/", "{ours}0", " {ours}",
    "{scheme}://evil.{host}:{port}", "{scheme}://{host}.evil.example:{port}", "{ours}@evil.example",
    "{scheme}://127.0.0.1:{port}", "HTTP://{host}:{port}", "{scheme}://{host}.:{port}",
    "{ours}, {ours}", "https://evil.example",
)  # fmt: skip
"""Origins that are not exactly ours: none may ask anything."""


def spelled(origin: str) -> str:
    """One of them, about the origin of this service."""
    scheme, _, rest = settings.ORIGIN.partition("://")
    host, _, port = rest.partition(":")
    return origin.format(ours=settings.ORIGIN, scheme=scheme, host=host, port=port or "8000")


def post(client: Client, address: str, **headers: str) -> HttpResponse:
    """A POST that would do, but for where it comes from."""
    frames = pack([Said(wire.End(), 1)])
    is_frames = address == "chat/exchange"
    kind = "application/octet-stream" if is_frames else "application/json"
    found: Any = client.post(
        f"/{address}", frames if is_frames else pad({}), content_type=kind, headers=headers
    )
    return HttpResponse(found.content, status=found.status_code)


def code_in(response: HttpResponse) -> str:
    """The code of a refusal, in JSON or in a frame."""
    if response.content.startswith(b"{"):
        return response.content.split(b'"')[3].decode()
    frame = wire.WIRE.unpack(response.content)[0].frame
    return frame.code if isinstance(frame, wire.Refused) else ""


@pytest.mark.parametrize("address", ASKED)
def test_only_our_own_page_asks_whatever_it_asks(address: str) -> None:
    for origin in FOREIGN:
        headers = {"origin": spelled(origin)} if origin else {}
        answer = post(Client(), address, **headers)  # a token would not help: none is looked at
        assert (answer.status_code, code_in(answer)) == (403, "origin"), (address, origin)
        assert len(answer.content) in limits.SIZES


@pytest.mark.parametrize("address", [name for name in ASKED if name.startswith("api/")])
def test_nothing_is_asked_without_the_token_of_our_page(address: str) -> None:
    answer = post(Client(enforce_csrf_checks=True), address, origin=settings.ORIGIN)
    if address == "api/csrf":
        assert answer.status_code == 200
    elif address in {
        "api/referral",
        "api/coming",
    }:  # no cookie counts there: nothing could be done in a name
        assert answer.status_code == 400
    else:
        assert (answer.status_code, code_in(answer)) == (403, "origin")


@pytest.mark.parametrize("address", ASKED)
def test_only_a_post_asks(address: str) -> None:
    for method in ("get", "head", "put", "patch", "delete", "options"):
        answer = getattr(Client(), method)(f"/{address}", headers={"origin": settings.ORIGIN})
        assert answer.status_code in {400, 405}, method
        assert not answer.cookies, method


# --- ways in --------------------------------------------------------------------------------------


def test_there_are_three_ways_in_and_each_has_two_factors() -> None:
    """Password and code; a passkey whose owner was verified; a link, a password and a first code."""
    found = set()
    for path in sorted((ROOT / "counsel").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) == begin_login.__name__:
                found.add(path.relative_to(ROOT).as_posix())
    measuring = {"counsel/unsafe_bench.py"}  # refuses outside a demo on the loopback
    assert found - measuring == {
        "counsel/signin.py",
        "counsel/passkeys.py",
        "counsel/views_join.py",
    }


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


# --- until when -----------------------------------------------------------------------------------


def _idle(staff: Staff) -> None:
    Login.objects.filter(staff=staff).update(seen_at=timezone.now() - limits.STAFF_IDLE_AFTER)


def _old(staff: Staff) -> None:
    long_ago = timezone.now() - limits.STAFF_SIGNED_IN_AT_MOST
    Login.objects.filter(staff=staff).update(signed_in_at=long_ago)


def _another_role(staff: Staff) -> None:
    boss = hire("boss").staff
    Staff.objects.filter(pk=boss.pk).update(role="administrator")
    boss.refresh_from_db()
    colleagues.change_role(boss, staff.person, "auditor")


WAYS: Final[dict[str, Callable[[Staff], None]]] = {
    "idle for half an hour": _idle,
    "signed in for twelve hours": _old,
    "signed out, or a factor changed": signin.end_logins,
    "suspended": colleagues.deactivate,
    "another role": _another_role,
}


@pytest.mark.django_db(transaction=True, available_apps=APPS)
@pytest.mark.parametrize("way", WAYS)
async def test_a_login_that_is_over_closes_every_socket_within_two_seconds(way: str) -> None:
    lin = await WRITE(hire, "lin")
    talk = await WRITE(begin, lin.staff)
    board, desk, phone = BoardBrowser(lin.cookie), Browser(lin.cookie), Browser()
    async with browsing(board, desk, phone):
        await board.ask(board_wire.Watch(version=limits.WIRE_VERSION))
        await desk.ask(talk.hello("counsellor"))
        await phone.ask(talk.hello("seeker"))
        await asyncio.sleep(0.1)
        await WRITE(WAYS[way], lin.staff)
        async with asyncio.timeout(2.0):
            for one in (board, desk):
                await one.until(lambda one=one: one.close_code == 4401)
        assert [one.all(wire.Refused)[-1].code for one in (board, desk)] == ["signed-out"] * 2
        assert not phone.close_code
        again = Browser(lin.cookie)
        async with browsing(again):
            refused = await again.ask(talk.hello("counsellor"))
            assert refused == wire.Refused(code="signed-out", retry_after=0)


@pytest.mark.django_db(transaction=True, available_apps=APPS)
async def test_a_held_poll_of_a_login_that_is_over_ends_and_brings_nothing_more() -> None:
    lin = await WRITE(hire, "lin")
    talk = await WRITE(begin, lin.staff)
    phone = Browser()
    async with browsing(phone):
        await phone.ask(talk.hello("seeker"))
        attend = wire.Attend(version=limits.WIRE_VERSION, ref=talk.ref, after=1)
        held = asyncio.ensure_future(by_post(lin.cookie, [attend]))
        await asyncio.sleep(0.3)
        assert not held.done()
        await WRITE(colleagues.deactivate, lin.staff)
        heard = await asyncio.wait_for(held, 2.0)
        signed_out = wire.Refused(code="signed-out", retry_after=0)
        assert [said.frame for said in heard.refusals] == [signed_out]
        await phone.ask(wire.Send(client_id=bytes(16), sealed=seal(talk.group_id)))
        assert (await by_post(lin.cookie, [attend, wire.Read(after=0)])).refused == {"signed-out"}


def test_the_limits_are_those_we_say() -> None:
    assert timedelta(minutes=30) == limits.STAFF_IDLE_AFTER
    assert timedelta(hours=12) == limits.STAFF_SIGNED_IN_AT_MOST
