"""A page says that somebody is needed and nothing else, and reaches somebody: real mail, real HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_string

import pytest
from django.conf import settings

from counsel import environment
from counsel.environment import SettingError
from counsel.errors import AccessError, NameTakenError, ThrottledError, ValueRefusedError
from counsel.lifecycle import DangerEvent, Role
from counsel.models import Staff, home
from tests.chat.test_lifecycle import NOW, start
from tests.people import APPS, hire
from tests.triage.escalation.receivers import Heard, http, smtp
from triage import door, gate, shifts
from triage.escalation import channels, paging, reach, steps, sweep
from triage.escalation.rows import Call, Escalation, EscalationStep, Receiver
from triage.models import Shift
from triage.queue.tiers import Tier

pytestmark = pytest.mark.django_db(transaction=True, available_apps=APPS)
ADDRESS = {
    "mail": "zhou@example.org",
    "sms": "+8613800000000",
    "voice": "075588889999",
    "wecom": "0123456789abcdef",
    "dingtalk": "abcdef0123456789",
}


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    """The site's gateway for telephones."""
    with http() as heard:
        monkeypatch.setattr(settings, "PAGE_GATEWAY", f"http://127.0.0.1:{heard.port}/page")
        yield heard


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    """The site's mail server."""
    with smtp() as heard:
        where = f"mailto://127.0.0.1:{heard.port}?from=pages@example.org&mode=insecure"
        monkeypatch.setattr(settings, "PAGE_MAIL", where)
        yield heard


def receiver(channel: str, staff: Staff | None = None) -> Receiver:
    """The lead, or this person, can be reached like this."""
    return Receiver.objects.create(
        organisation=home(), staff=staff, channel=channel, address=ADDRESS[channel], added_at=NOW
    )


def danger() -> Call:
    """Somebody is in danger, nobody is there, and the lead has been called."""
    start(tier=Tier.RED)
    sweep.sweep(NOW)
    return Call.objects.select_related("step__escalation__session").get()


def is_bare(text: str, call: Call) -> None:
    """It names nobody, no case, no danger and no word of what this is."""
    assert call.step is not None
    case = call.step.escalation.session
    assert case is not None
    assert case.case_code not in text
    for word in ("Red", "red", "now", "suicide", "心理", "危险", "自杀", "crisis", "Escalation"):
        assert word not in re.sub(r"https?://\S+|Please look now\.", "", text), word


# --- what is said, and how it gets there ---------------------------------------------------------


@pytest.mark.parametrize("channel", ["sms", "voice"])
def test_a_telephone_is_reached_by_the_sites_gateway(gateway: Heard, channel: str) -> None:
    receiver(channel)
    call = danger()
    assert paging.send_due(NOW) == 1
    (said,) = gateway.said
    assert (said["to"], said["by"], said["page"]) == (ADDRESS[channel], channel, call.page)
    assert said["title"] == "在线服务"
    assert said["message"].split("\n") == [
        "有人需要你，请现在打开看看。",
        "Somebody needs you. Please look now.",
        f"编号 {call.page}",
        f"{settings.ORIGIN}/zh/staff/#page",
    ]
    is_bare(said["message"], call)


def test_a_letter_goes_out_by_the_sites_mail_server(mail: Heard) -> None:
    receiver("mail")
    call = danger()
    assert paging.send_due(NOW) == 1
    letter = message_from_string(mail.mails[0])
    assert letter["to"] == "zhou@example.org"
    assert "pages@example.org" in letter["from"]
    payload = letter.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert call.page in payload.decode()
    is_bare(payload.decode(), call)


@pytest.mark.parametrize(
    ("channel", "plugin"),
    [
        ("wecom", "apprise.plugins.wecombot.NotifyWeComBot"),
        ("dingtalk", "apprise.plugins.dingtalk.NotifyDingTalk"),
    ],
)
def test_a_chat_robot_is_told(channel: str, plugin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place = {"wecom": "?key={key}", "dingtalk": "?access_token={token}"}[channel]
    with http() as heard:
        url = f"http://127.0.0.1:{heard.port}/send{place}"
        monkeypatch.setattr(f"{plugin}.notify_url", url)
        receiver(channel)
        call = danger()
        assert paging.send_due(NOW) == 1
        assert ADDRESS[channel] in heard.said[0]["path"]
        assert call.page in str(heard.said[0])


def test_a_page_that_arrived_is_not_sent_again(gateway: Heard) -> None:
    receiver("sms")
    danger()
    for seconds in (0, 1, 60, 3600):
        paging.send_due(NOW + timedelta(seconds=seconds))
    assert len(gateway.said) == 1


def test_whoever_died_while_sending_leaves_the_same_page_to_the_next(gateway: Heard) -> None:
    receiver("sms")
    call = danger()
    assert paging._lease(call, NOW)
    assert paging.send_due(NOW + timedelta(seconds=29)) == 0, "somebody may still be at it"
    assert paging.send_due(NOW + timedelta(seconds=30)) == 1
    assert gateway.pages == [call.page]


def test_a_page_nobody_takes_is_tried_again_and_then_the_next_are_called(gateway: Heard) -> None:
    receiver("sms")
    danger()
    gateway.answer = 500
    at = NOW
    for seconds in (0, 5, 10):
        at += timedelta(seconds=seconds)
        assert paging.send_due(at) == 0
    assert Call.objects.get().failed
    assert len(set(gateway.pages)) == 1
    assert sweep.sweep(at) == 1, "nobody waits for the next rung"
    assert EscalationStep.objects.filter(event="page").count() == 2


def test_what_somebody_notes_meanwhile_keeps_a_failed_page_from_nobody(gateway: Heard) -> None:
    receiver("sms")
    one = danger().step.escalation  # type: ignore[union-attr]
    Escalation.objects.filter(pk=one.pk).update(state="attended")
    gateway.answer = 500
    for seconds in (0, 5, 15):
        at = NOW + timedelta(seconds=seconds)
        paging.send_due(at)
        one.refresh_from_db()
        steps.advance(one, DangerEvent.ASSESS, role=Role.SUPERVISOR, now=at)
    assert Call.objects.get().failed
    one.refresh_from_db()
    assert one.due_at == at, "the next people are called now"


def test_a_page_of_which_one_call_arrived_waits_for_its_time(gateway: Heard, mail: Heard) -> None:
    receiver("sms")
    receiver("mail")
    start(tier=Tier.RED)
    sweep.sweep(NOW)
    due = Escalation.objects.get().due_at
    gateway.answer = 500
    for number in range(paging.TRIES):
        paging.send_due(NOW + timedelta(seconds=30 * number))
    assert len(mail.mails) == 1
    assert Escalation.objects.get().due_at == due


# --- who can be reached --------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ADDRESS)
def test_an_address_is_kept_and_never_told_again(channel: str, gateway: Heard, mail: Heard) -> None:
    lin = hire("lin").staff
    reach.add(lin.organisation, lin, channel=channel, address=f" {ADDRESS[channel]} ", now=NOW)
    (kept,) = reach.of(lin.organisation, lin)
    assert kept.address == ADDRESS[channel]
    shown = channels.hint(kept.channel, kept.address)
    assert ADDRESS[channel] not in shown
    assert len(shown) < 20


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("mail", "http://169.254.169.254/"),
        ("mail", "a@b"),
        ("mail", "a@example.org?to=other@example.org"),
        ("sms", "110&:to=112"),
        ("wecom", "../../key"),
        ("dingtalk", "token/other"),
        ("json", "http://localhost/"),
        ("", ""),
    ],
)
def test_nothing_is_taken_that_leads_elsewhere(
    channel: str, address: str, gateway: Heard, mail: Heard
) -> None:
    with pytest.raises(ValueRefusedError):
        reach.add(home(), None, channel=channel, address=address, now=NOW)


def test_what_the_site_has_not_set_up_is_not_offered() -> None:
    assert channels.usable() == ["wecom", "dingtalk"]
    with pytest.raises(ValueRefusedError):
        reach.add(home(), None, channel="sms", address="10001", now=NOW)


def test_one_place_is_named_once_and_only_so_many_are(gateway: Heard) -> None:
    reach.add(home(), None, channel="sms", address="10001", now=NOW)
    with pytest.raises(NameTakenError):
        reach.add(home(), None, channel="sms", address="10001", now=NOW)
    for last in range(2, 7):
        reach.add(home(), None, channel="sms", address=f"1000{last}", now=NOW)
    with pytest.raises(ThrottledError):
        reach.add(home(), None, channel="sms", address="10009", now=NOW)


def test_nobody_removes_a_colleagues(gateway: Heard) -> None:
    lin, sam = hire("lin").staff, hire("sam", Role.SUPERVISOR).staff
    theirs = receiver("sms", lin)
    with pytest.raises(AccessError):
        reach.remove(sam.organisation, sam, theirs.pk)
    with pytest.raises(AccessError):
        reach.remove(sam.organisation, None, theirs.pk)
    reach.remove(lin.organisation, lin, theirs.pk)
    assert not Receiver.objects.exists()


# --- the test page, and the gate -----------------------------------------------------------------


def lacks() -> str:
    ours = home()
    items = gate.items(ours, door.read_standing(ours), NOW)
    (item,) = [item for item in items if item.code == gate.PAGING]
    assert item.met is (item.detail == "")
    return item.detail


def test_checking_in_rings_once_and_the_gate_sees_that_it_arrived(gateway: Heard) -> None:
    sam = hire("sam", Role.SUPERVISOR, on_shift=False).staff
    receiver("sms", sam)
    assert lacks() == "lead supervisor"
    shifts.check_in(sam, 0, NOW)
    shifts.check_in(sam, 0, NOW)
    Staff.objects.filter(pk=sam.pk).update(board_seen_at=NOW)
    receiver("voice")
    assert lacks() == "supervisor", "it was written, and did not arrive yet"
    assert paging.send_due(NOW) == 1
    assert "试呼" in gateway.said[0]["message"]
    assert lacks() == ""
    shift = Shift.objects.get()
    shifts.check_out(sam, NOW)
    assert lacks() == "supervisor", "what arrived last shift says nothing of this one"
    assert shift.calls.count() == 1


# --- settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAGE_MAIL", "mailtos://u:secret@mail.example.org:465?from=a@example.org"),
        ("PAGE_MAIL", "mailto://127.0.0.1:25?from=a@example.org"),
        ("PAGE_GATEWAY", "https://u:secret@gateway.example.org/page"),
        ("PAGE_GATEWAY", "http://localhost:9000/page"),
    ],
)
def test_a_site_says_where_pages_leave(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    read = environment.mail if name == "PAGE_MAIL" else environment.gateway
    assert read(name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAGE_MAIL", "mailtos://u:secret@mail.example.org"),
        ("PAGE_MAIL", "mailto://u:secret@mail.example.org?from=a@example.org"),
        ("PAGE_MAIL", "mailtos://u:secret@mail.example.org?from=a@b.org&to=x@y.org"),
        ("PAGE_MAIL", "smtp://u:secret@mail.example.org"),
        ("PAGE_GATEWAY", "http://u:secret@gateway.example.org/page"),
        ("PAGE_GATEWAY", "secret"),
    ],
)
def test_an_unsafe_way_out_stops_the_start_and_repeats_no_secret(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    read = environment.mail if name == "PAGE_MAIL" else environment.gateway
    with pytest.raises(SettingError, match=r"counsel\.E11[78]") as refused:
        read(name)
    assert "secret" not in str(refused.value)
