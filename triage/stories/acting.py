"""Who writes a story, who reads it before anybody else does, and which ones are anybody's to read."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from unicodedata import category

from django.db.models import QuerySet

from counsel.errors import AccessError, NeedsTwoError, ValueRefusedError
from counsel.lifecycle import Role
from counsel.models import Staff, home
from counsel.stories import StoryEvent, StoryState
from triage.followup.steps import today
from triage.stories.moving import begin, move
from triage.stories.rows import LANGUAGES, SHOWN, TITLE_AT_MOST, WORDS_AT_MOST, Story

_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that let a line be read in another order than it was written in."""
_GAP: Final = re.compile(r"\n\s*\n")


def write(staff: Staff, language: str, title: str, words: str) -> Story:
    """One more, for a second person to read.

    Raises `ValueRefusedError`: another language, nothing said, too long, or signs no text has.
    """
    title, words = title.strip(), tidy(words)
    if language not in LANGUAGES:
        raise ValueRefusedError("no such language")
    if not 0 < len(title) <= TITLE_AT_MOST or not 0 < len(words) <= WORDS_AT_MOST:
        raise ValueRefusedError("nothing, or too much")
    if not (_is_plain(title) and _is_plain(words.replace("\n", ""))):
        raise ValueRefusedError("signs no text has")
    return begin(staff, language, title, words)


def tidy(words: str) -> str:
    """Paragraphs apart by one empty line, and no white space around any of them."""
    lines = words.replace("\r\n", "\n").strip()
    return "\n\n".join(part.strip() for part in _GAP.split(lines))


def listed(staff: Staff) -> QuerySet[Story]:
    """One's own; a supervisor sees all of the organisation. What waits to be read comes first."""
    # By the state's own name, backwards: written, sent back, published.
    return _seen_by(staff).select_related("writer").order_by("-state", "-pk")


def find(staff: Staff, number: int) -> Story:
    """One they may see. Raises `AccessError`."""
    found = _seen_by(staff).select_related("writer").filter(pk=number).first()
    if found is None:
        raise AccessError("no story of theirs")
    return found


def judge(staff: Staff, number: int, event: StoryEvent, now: datetime) -> Story:
    """A second person read it: it is published, or sent back.

    Raises `AccessError`, `NeedsTwoError` for whoever wrote it, `IllegalTransitionError`, `LostRaceError`.
    """
    one = find(staff, number)
    if one.writer_id == staff.pk:
        raise NeedsTwoError("they wrote it")
    move(one, event, role=Role(staff.role), day=today(now))
    return one


def withdraw(staff: Staff, number: int, now: datetime) -> Story:
    """It goes, and its words with it. Raises `AccessError`, `LostRaceError`."""
    one = find(staff, number)
    move(one, StoryEvent.WITHDRAW, role=Role(staff.role), day=today(now))
    return one


def published(language: str) -> QuerySet[Story]:
    """What anybody may read, the latest month first; within one month as they were written."""
    there = Story.objects.filter(
        organisation=home(), language=language, state=StoryState.PUBLISHED.value
    )
    return there.order_by("-month", "-pk")[:SHOWN]


def _seen_by(staff: Staff) -> QuerySet[Story]:
    there = Story.objects.filter(organisation=staff.organisation)
    return there if staff.role == Role.SUPERVISOR else there.filter(writer=staff)


def _is_plain(words: str) -> bool:
    return all(category(sign) not in {"Cc", "Zl", "Zp"} and sign not in _TURNING for sign in words)
