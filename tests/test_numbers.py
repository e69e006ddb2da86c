"""The numbers the documents say are the numbers the service goes by.

Each row is a piece of a sentence as it stands in a document, with the number put in from the code:
whoever changes a limit is led to the sentence, and whoever changes the sentence to the limit.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

import pytest

from chat.sockets import HELLO_WITHIN
from counsel import limits
from tests.test_house import ROOT
from triage.dispatch.timers import CODE_DIGITS, TRIES_A_MINUTE
from triage.escalation.timers import SILENT_AFTER, Kind
from triage.stories import rows as stories

WORDS: Final = {
    1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 8: "eight", 9: "nine", 10: "ten",
    12: "twelve", 15: "fifteen", 16: "sixteen", 20: "twenty", 30: "thirty", 60: "sixty",
}  # fmt: skip


def client(path: str, name: str) -> int:
    """A number of the TypeScript part."""
    text = (ROOT / path).read_text(encoding="utf-8")
    found = re.search(rf"const {name} = ([\d_ *]+);", text)
    assert found, (path, name)
    product = 1
    for factor in found[1].split("*"):
        product *= int(factor)
    return product


def word(number: float) -> str:
    """As a sentence says it."""
    return WORDS[int(number)]


def seconds(span: timedelta) -> int:
    return round(span.total_seconds())


def minutes(span: timedelta) -> int:
    return seconds(span) // 60


def hours(span: timedelta) -> int:
    return seconds(span) // 3600


WIRE: Final = (
    f"384, 1,024, 2,048, 8,192 or {limits.SIZES[-1]:,} bytes",
    f"more than {limits.MAX_FRAMES} frames",
    f"must come within {word(HELLO_WITHIN)} seconds",
    f"held for up to {seconds(limits.POLL_FOR)} seconds",
    f"message over {limits.MAX_SOCKET_MESSAGE:,} bytes",
    f"make {word(limits.KEY_PACKAGES)} one-use KeyPackages",
    f"keep {word(limits.KEY_PACKAGES)} unclaimed",
    f"`Start{{version {limits.WIRE_VERSION}, token",
    f"`Resume{{version {limits.WIRE_VERSION}, token",
    f"`Attend{{version {limits.WIRE_VERSION}, ref",
    f"`Watch{{version {limits.WIRE_VERSION}}}`",
    f"zeros up to {limits.REQUEST} bytes",
    f"zeros up to {limits.MAX_STANDING} bytes",
    f"most\n   {word(limits.MAX_TOPICS)} topic bits",
    f"the clock does ({hours(limits.RETAIN_CLOSED_FOR)} hours)",
    f"be `Offered` for\n{word(seconds(limits.OFFER_FOR))} seconds",
    f"as `Visits`, for {word(seconds(limits.VISIT_ASKED_FOR))} seconds",
    f"nothing was heard for {word(minutes(limits.SILENT_COUNSELLOR_AFTER))} minutes, "
    f"{word(seconds(SILENT_AFTER[Kind.NOW]))} seconds where a red",
    f"every {seconds(limits.HEARTBEAT_EVERY)} seconds. A side that says\n"
    f"nothing for {seconds(limits.PRESENT_WITHIN)} seconds is `gone`",
    f"page was hidden, after {word(minutes(limits.CALLING_FOR))} minutes",
    f"{word(limits.SEND_BURST)} frames at once, {word(limits.SEND_PER_SECOND)} a second",
    f"`code`: {word(CODE_DIGITS)} digits",
    f"older than {word(hours(limits.PLACE_KEPT_FOR))} hours are one refusal",
)
GROUPS: Final = (
    f"A statement has {limits.MAX_STATEMENT:,} bytes at most",
    f"| {limits.DEVICE_CERTIFIED_FOR.days} days |",
    f"| {hours(limits.DUTY_AT_MOST)} h {minutes(limits.DUTY_AT_MOST) % 60} min |",
    f"text of at most {client('chat/client/plaintext.ts', 'MAX_TEXT'):,} bytes",
    f"chains of the last {client('chat/client/transcript.ts', 'WINDOW')} lines",
    f"after {client('chat/client/sealing.ts', 'RENEW_AFTER_MESSAGES')} messages or "
    f"{client('chat/client/sealing.ts', 'RENEW_AFTER') // 60_000} minutes",
    f"after {word(client('chat/client/staffSide.ts', 'STAYS_LONG') / 1000)} seconds that is said",
    f"one every {word(client('chat/client/typing.ts', 'BEAT_EVERY') / 1000)} seconds",
    f"counts for {word(client('chat/client/typing.ts', 'BEAT_LASTS') / 1000)} seconds",
    f"({client('chat/client/release.ts', 'MAX_SUMMARY'):,} characters at most",
    f"at most {client('triage/client/dispatch/words.ts', 'PLACE_AT_MOST')} characters",
    f"with its version ({client('chat/client/mls/parts.ts', 'VERSION')})",
)
STAFF: Final = (
    f"after {minutes(limits.STAFF_IDLE_AFTER)} minutes without a person, "
    f"after {hours(limits.STAFF_SIGNED_IN_AT_MOST)} hours",
    f"After {word(limits.SIGN_IN_FAILURES)} failures the name waits",
    f"for {hours(limits.INVITED_FOR)} hours (a reset: {hours(limits.RESET_FOR)})",
    f"has {limits.PASSWORD_LEAST} to 256 characters",
    f"still has {word(limits.PASSWORD_BESIDE_NAMES)} characters, {word(limits.PASSWORD_VARIETY)} of",
    f"`recovery`: {word(limits.RECOVERY_CODES)} codes",
    f"{word(limits.PASSKEYS)} at most (`bad-value`)",
    f"`days` (1 to {limits.ROTA_DAYS})",
    f"`places` (1 to {limits.SHIFT_PLACES}), `weeks` (1 to {limits.SHIFT_WEEKS})",
    f"no shift is longer than {word(hours(limits.SHIFT_AT_MOST))} hours",
    f"called within {limits.HOTLINE_CALLED_WITHIN.days} days",
    f"heard of\nwithin {word(minutes(limits.STAFF_GONE_AFTER))} minutes",
    f"titles have {stories.TITLE_AT_MOST} characters at most,\ntexts {stories.WORDS_AT_MOST:,}",
    f"for each language at most {word(stories.SHOWN)}",
)
DIRECTORY: Final = (
    f"more than {limits.MAX_DIRECTORY // 2**20} MiB",
    f"more than {limits.DIRECTORY_STALE_AFTER.days} days ago is grey",
    f"after {limits.DIRECTORY_HIDDEN_AFTER.days} days, or without",
    f"JSON of at most {client('chat/client/card.ts', 'MAX_CARD'):,} bytes",
)
REFERRAL: Final = (
    f"{limits.LETTER:,} bytes, whatever it says",
    f"letter  = {client('triage/client/referral/letter.ts', 'SLOTS')} × slot",
    f"{word(limits.DESK_DEVICES).title()} devices of a desk",
    f"`MIX_EVERY` ({word(minutes(limits.MIX_EVERY))} minutes",
    f"deleted after {word(limits.RETAIN_REFERRAL_FOR.days)} days",
    f"Below {word(limits.COUNT_FROM)} (`COUNT_FROM`)",
)
ATTACKS: Final = (
    f"leaves your phone before anybody has come, with the topics you chose: {limits.REQUEST} bytes",
    f"after {word(limits.SIGN_IN_FAILURES)} failures a minute",
    f"never more than {minutes(limits.SIGN_IN_WAIT_AT_MOST)} minutes",
    f"try digits, {word(TRIES_A_MINUTE)} a minute",
    f"({word(minutes(limits.SILENT_COUNSELLOR_AFTER))} minutes; {word(seconds(SILENT_AFTER[Kind.NOW]))} "
    "seconds where somebody is in danger)",
)
DEPLOY: Final = (f"works once, for {hours(limits.INVITED_FOR)} hours",)
SAID: Final = [
    *(("counsel/docs/protocol.md", piece) for piece in WIRE),
    *(("counsel/docs/protocol-groups.md", piece) for piece in GROUPS),
    *(("counsel/docs/protocol-staff.md", piece) for piece in STAFF),
    *(("counsel/docs/protocol-directory.md", piece) for piece in DIRECTORY),
    *(("counsel/docs/protocol-referral.md", piece) for piece in REFERRAL),
    *(("counsel/docs/attacks.md", piece) for piece in ATTACKS),
    *(("deploy/README.md", piece) for piece in DEPLOY),
]


@pytest.mark.parametrize(("document", "piece"), SAID, ids=lambda said: said[:50].replace("\n", " "))
def test_a_document_says_the_number_the_service_goes_by(document: str, piece: str) -> None:
    text = " ".join((ROOT / document).read_text(encoding="utf-8").split())
    assert " ".join(piece.split()) in text
