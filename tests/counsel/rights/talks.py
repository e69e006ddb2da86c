"""Talks of every standing, for every role, and the frames that could be said in them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chat import sessions, store, wire
from chat.models import CounselSession, Envelope, KeyPackage, Seat, Step, Visit
from counsel import limits
from counsel.framing import Fixed, Frame, Number, Record, Vocabulary, layout
from counsel.identity import Token, hash_token
from counsel.lifecycle import Event, Role
from counsel.models import Organisation, Staff
from tests.asking import request
from tests.people import Colleague, commit, hire, key_package, seal, welcome
from triage.escalation.rows import Escalation, EscalationStep
from triage.handover.rows import Handover
from triage.queue.rows import HandsOf, Place, TierStep
from triage.queue.tiers import Asked, Tier

STAFF: Final = (Role.COUNSELLOR, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR, Role.DESK)


@dataclass(frozen=True)
class Talk:
    """What names a talk from either side, and the group one would write to."""

    token: bytes
    ref: bytes
    group_id: bytes
    session_id: int = 0

    def hello(self, role: str) -> Frame:
        """How this role names it: a seeker by its token, everybody else by its reference."""
        if role == Role.SEEKER:
            return wire.Resume(version=limits.WIRE_VERSION, token=self.token, after=0)
        return wire.Attend(version=limits.WIRE_VERSION, ref=self.ref, after=0)

    def commands(self) -> dict[str, Frame]:
        """One frame of each kind, good for this talk if whoever says it may."""
        token = self.ref.ljust(32, b"\0")  # a reference is no token
        return {
            "Start": start(),
            "Resume": wire.Resume(version=limits.WIRE_VERSION, token=token, after=0),
            "Attend": wire.Attend(version=limits.WIRE_VERSION, ref=self.ref, after=0),
            "ClaimKey": wire.ClaimKey(),
            "OpenGroup": wire.OpenGroup(
                client_id=secrets.token_bytes(16), group_id=secrets.token_bytes(16),
                welcome=welcome(), statement=b"s",
            ),
            "Send": wire.Send(client_id=secrets.token_bytes(16), sealed=seal(self.group_id)),
            "Change": wire.Change(
                client_id=secrets.token_bytes(16), sealed=commit(self.group_id), visit=0,
                welcome=b"", statement=b"",
            ),
            "Read": wire.Read(after=0),
            "TopUp": wire.TopUp(key_packages=(key_package(),), last_resort=key_package()),
            "Here": wire.Here(presence="hidden"),
            "Beat": wire.Beat(sealed=b"x"),
            "End": wire.End(),
            "Erase": wire.Erase(),
            "Shown": wire.Shown(seq=1),
            "Ask": wire.Ask(request=request(event=Asked.WORSE)),
        }  # fmt: skip


def start(token: bytes = b"") -> wire.Start:
    """Somebody new, or the same again."""
    every: dict[str, Any] = {
        "version": limits.WIRE_VERSION,
        "token": token or secrets.token_bytes(32),
        "request": request(),
        "key_packages": (key_package(),),
        "last_resort": key_package(),
    }
    for name, codec in layout(wire.Start):  # what a seeker may say beside that: nothing
        every.setdefault(name, default_of(codec))
    return wire.Start(**every)


def default_of(codec: Any) -> Any:
    """The emptiest value of a field."""
    match codec:
        case Number():
            return 0
        case Fixed(length=length):
            return bytes(length)
        case Record(shape=shape):
            return emptiest(shape)
    return {"text": "", "blob": b"", "list": ()}[codec.label.partition("(")[0]]


def emptiest(frame: type) -> Any:
    """A frame of this kind with nothing in it."""
    return frame(**{name: default_of(codec) for name, codec in layout(frame)})


# --- the scene, in a database thread -----------------------------------------------------------------


def begin(staff: Staff | None, tier: Tier = Tier.YELLOW) -> Talk:
    """A talk with a group open that this person holds, or one that waits."""
    now = datetime.now(UTC)
    token = Token(secrets.token_bytes(32))
    seat = sessions.start_session(
        hash_token(token), request=request(tier), key_packages=[key_package()],
        last_resort=key_package(), now=now,
    )  # fmt: skip
    talk = Talk(token, seat.ref, secrets.token_bytes(16), seat.session_id)
    if staff is None:
        return talk
    sessions.advance(talk.session_id, Event.TAKE, role=Role.COUNSELLOR, staff_id=staff.pk, now=now)
    sits = Seat.objects.get(session_id=talk.session_id, staff=staff).pk
    opening = store.Draft(
        talk.session_id, sits, Envelope.WELCOME, secrets.token_bytes(16), welcome(), talk.group_id,
        statement=b"s",
    )  # fmt: skip
    store.append([opening])
    return talk


def begin_for(name: str, me: Staff | None, tier: Tier) -> Talk:
    """What this command of a board is said about: mostly somebody who waits."""
    if name == "GiveBack":
        return begin(me, tier)
    talk = begin(None, Tier.RED if name == "TakeOver" else tier)
    if name == "TakeOver":
        Place.objects.filter(pk=talk.session_id).update(returned=True)
    return talk


def end(talk: Talk) -> Talk:
    """It is over; its words are still there."""
    sessions.advance(talk.session_id, Event.END, role=Role.SEEKER, now=datetime.now(UTC))
    return talk


def lose(talk: Talk) -> Talk:
    """Its counsellor fell silent: it waits again."""
    later = datetime.now(UTC) + timedelta(hours=1)
    sessions.advance(
        talk.session_id, Event.RETURN, role=Role.CLOCK, now=later, silent_after=timedelta()
    )
    return talk


def erase(talk: Talk) -> Talk:
    """Nothing of it is left."""
    sessions.erase_session(talk.session_id, role=Role.SEEKER, now=datetime.now(UTC))
    return talk


def _leave(talk: Talk) -> Talk:
    """As it is."""
    return talk


def nowhere() -> Talk:
    """A token and a reference nobody drew."""
    return Talk(secrets.token_bytes(32), secrets.token_bytes(16), secrets.token_bytes(16))


@dataclass
class Scene:
    """Everybody who could say something, and their colleagues here and elsewhere."""

    colleagues: Mapping[str, Colleague]
    mate: Staff
    outsider: Staff

    def cookie(self, role: str) -> str:
        """What their browser brings along."""
        return self.colleagues[role].cookie if role in self.colleagues else ""

    def talk(self, role: str, standing: str) -> Talk:
        """A fresh talk that stands like this to whoever has this role."""
        mine = self.colleagues[role].staff if role in self.colleagues else self.mate
        if standing == "lost" and role not in self.colleagues:
            return nowhere()
        if standing in {"other", "elsewhere"}:
            talk = begin(self.mate if standing == "other" else self.outsider)
            return Talk(talk.ref.ljust(32, b"\0"), talk.ref, talk.group_id, talk.session_id)
        made = begin(mine)
        return {"over": end, "lost": lose, "deleted": erase}.get(standing, _leave)(made)


def gather() -> Scene:
    """Everybody, signed in where they can be. Who is no counsellor was one before."""
    scene = Scene(
        {role.value: hire(role.value, role) for role in STAFF},
        hire("mate").staff,
        hire("outsider").staff,
    )
    elsewhere = Organisation.objects.create(name="elsewhere")
    Staff.objects.filter(pk=scene.outsider.pk).update(organisation=elsewhere)
    return scene


_KEPT = (
    CounselSession, Seat, Step, Envelope, KeyPackage, Place, TierStep, HandsOf, Escalation,
    EscalationStep, Visit, Handover,
)  # fmt: skip


def what_is_kept() -> list[Any]:
    """Every row of every talk, but for who was seen when."""
    passing = {"seen_at", "presence", "news"}
    return [
        {name: value for name, value in row.items() if name not in passing}
        for model in _KEPT
        for row in model.objects.order_by("pk").values()
    ]


def named(vocabulary: Vocabulary) -> dict[str, type[Frame]]:
    """The frames of a vocabulary by their names."""
    return {frame.__name__: frame for frame in vocabulary.frames}
