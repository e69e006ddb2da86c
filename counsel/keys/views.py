"""What staff ask about cards: for this browser, about a lost one, and as an issuer about everybody's.

Who may issue is decided by the root and by every client that checks; the right here only says who is
shown what waits.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from counsel import moment, signin
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.errors import AccessError, WireError
from counsel.keys import cards, demo_issuer, ledger
from counsel.keys.models import KEY, DeviceCard, IssuerCard
from counsel.models import Staff
from counsel.questions import Answer, Said, question
from counsel.rights import Right, may
from counsel.statements import DAY, encode
from counsel.views import present, spell

_MOST: Final = 50
"""Cards or requests of one answer: so many that they fit one body."""

_MOST_DUE: Final = 12
"""Cards to revoke of one answer: their statements go along, so that an issuer sees whose they are."""

_NOTHING: Final[Answer] = {"state": "waiting", "identity": "", "statement": "", "until": ""}


def staff_log(request: HttpRequest) -> HttpResponse:
    """The log of everything issued, whole; the same for everybody."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    file = ledger.whole()
    if not file:
        return HttpResponse(status=404)
    return HttpResponse(file, content_type="application/octet-stream")


# --- one's own browsers -------------------------------------------------------------------------


@question(Right.CARRY, looks=True)
def certify(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{key}` → `{state, identity, statement, until}`: this browser's card, asked for if there is none.

    `state`: `certified`, `waiting` or `revoked`. A demo root certifies by itself and says in
    `statement` that they are on duty; elsewhere it is empty.
    """
    key, now = _key(said, "key"), moment.now()
    card = cards.held(staff, key, now)
    if card is not None and not cards.counts(card):
        return {**_NOTHING, "state": "revoked"}
    if demo_issuer.certifies():
        card, statement = demo_issuer.certify(staff, key, now=now)
        return {**_card_of(card), "statement": encode(statement)}
    if card is None or cards.is_due(card, now):
        cards.ask(staff, key, now=now)
    return _NOTHING if card is None else _card_of(card)


@question(Right.CARRY, looks=True)
def own_cards(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → `{cards}`: one's own browsers, the newest first."""
    now = moment.now()
    mine = cards.listed(staff.organisation, now).filter(staff=staff).order_by("-place")
    return {"cards": [_listed(card) for card in mine[:_MOST]]}


@question(Right.CARRY)
def lose(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{card}` → `{}`: this browser is lost. One's own; who issues or runs the people says it of anybody's.

    Its person is signed out everywhere but here: whoever has that browser may sit in front of it.
    """
    card = cards.find(staff, _key(said, "card"))
    own = card.staff_id == staff.pk
    if not own and not (may(staff.role, Right.ISSUE) or may(staff.role, Right.RUN_PEOPLE)):
        raise AccessError("somebody else's")
    with transaction.atomic():
        cards.lose(staff, card, now=moment.now())
        signin.end_logins(card.staff, but=signin.key_of(request.session) if own else "")
    return {}


# --- an issuer's page ---------------------------------------------------------------------------


@question(Right.ISSUE)
def issuer(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{key}` → `{statement}`: the root's word about this issuing key; empty as long as there is none.

    A demo's root gives it at once.
    """
    key = _key(said, "key")
    found = IssuerCard.objects.filter(key=key).first()
    if found is None and demo_issuer.certifies():
        found = demo_issuer.admit_issuer(staff, key, now=moment.now())
    if found is not None and found.revoked_place is not None:
        found = None
    return {"statement": "" if found is None else encode(bytes(found.statement))}


@question(Right.SEE_PEOPLE, looks=True, reads=Kind.KEYS_READ)
def overview(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → `{waiting, cards, more, size}`: who waits for a card, all there are, those to revoke first.

    `size`: rows of the log, so that a page knows when to fetch it.
    """
    now, ours = moment.now(), staff.organisation
    due = set(cards.to_revoke(ours, now).values_list("pk", flat=True))
    there = list(cards.listed(ours, now))
    there.sort(key=lambda card: card.pk not in due)
    due = {card.pk for card in there[:_MOST_DUE] if card.pk in due}
    return {
        "waiting": [
            {"id": row.pk, "who": present(row.staff), "key": encode(bytes(row.key)),
             "asked": spell(row.asked_at)}
            for row in cards.waiting(ours)[:_MOST]
        ],
        "cards": [_for_issuer(card, due=card.pk in due) for card in there[:_MOST]],
        "more": max(0, len(there) - _MOST),
        "size": ledger.size(),
    }  # fmt: skip


@question(Right.ISSUE)
def give(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{id, identity, size, head}` → `{}`: the card for a browser that waits, and the log with it."""
    cards.certify(
        staff, said.number("id"), identity=said.octets("identity"), size=said.number("size"),
        head=said.octets("head"), now=moment.now(),
    )  # fmt: skip
    return {}


@question(Right.ISSUE)
def refuse(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{id}` → `{}`: this browser gets none."""
    cards.refuse(staff, said.number("id"), now=moment.now())
    return {}


@question(Right.ISSUE)
def revoke(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{card, size, head}` → `{}`: this card counts nowhere any more, and the log says so."""
    card, head = _key(said, "card"), said.octets("head")
    cards.revoke(staff, [card], size=said.number("size"), head=head, now=moment.now())
    return {}


@question(Right.ISSUE)
def date(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{size, head}` → `{}`: the log as it is, under today's date."""
    head = said.octets("head")
    size, now = said.number("size"), moment.now()
    ledger.append([], size=size, head=head, now=now)
    record(Kind.LOG_EXTENDED, by=staff, thing=str(size), now=now)
    return {}


def _key(said: Said, name: str) -> bytes:
    key = said.octets(name)
    if len(key) != KEY:
        raise WireError(f"{name} of {len(key)} bytes")
    return key


def _card_of(card: DeviceCard) -> dict[str, Any]:
    identity = encode(bytes(card.identity))
    return {
        **_NOTHING,
        "state": "certified",
        "identity": identity,
        "until": card.until.strftime(DAY),
    }


def _for_issuer(card: DeviceCard, *, due: bool) -> dict[str, Any]:
    identity = encode(bytes(card.identity)) if due else ""
    return {**_listed(card), "due": due, "identity": identity}


def _listed(card: DeviceCard) -> dict[str, Any]:
    return {
        "card": encode(bytes(card.fingerprint)),
        "key": encode(bytes(card.key)),
        "who": present(card.staff),
        "issued": card.issued_at.strftime(DAY),
        "until": card.until.strftime(DAY),
        "lost": card.lost_at is not None,
        "revoked": card.revoked_place is not None,
    }
