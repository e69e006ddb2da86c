"""What staff ask about stories, and what anybody may read of them. See `counsel/questions.py`.

A story is `{id, language, title, state, writer, mine}`; `text` comes with one that is looked at.
"""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from counsel import moment
from counsel.audit.kinds import Kind
from counsel.audit.trail import record
from counsel.errors import WireError
from counsel.models import Staff
from counsel.questions import Answer, Said, question
from counsel.rights import Right
from counsel.stories import StoryEvent
from triage.stories import acting
from triage.stories.rows import LANGUAGES, WORDS_AT_MOST, Story

_SHOWN: Final = 30
"""Rows of one answer: with the longest titles and names they fit one body."""
_LONGEST: Final = WORDS_AT_MOST * 2
"""Characters that are read before white space goes."""
_JUDGED: Final = {
    "publish": (StoryEvent.PUBLISH, Kind.STORY_PUBLISHED),
    "send-back": (StoryEvent.SEND_BACK, Kind.STORY_SENT_BACK),
}


def stories(request: HttpRequest) -> HttpResponse:
    """`/stories.json`: for each language `[{title, text}]`; the same bytes for everybody."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    found = {
        language: [{"title": one.title, "text": one.words} for one in acting.published(language)]
        for language in LANGUAGES
    }
    return HttpResponse(
        json.dumps(found, ensure_ascii=False, separators=(",", ":")),
        content_type="application/json",
        headers={"cache-control": "no-store"},
    )


@question(Right.TELL_STORIES, reads=Kind.STORIES_READ)
def overview(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{}` → `{rows, more}`: one's own; a supervisor gets all."""
    there = acting.listed(staff)
    rows = [_row(one, staff) for one in there[:_SHOWN]]
    return {"rows": rows, "more": there.count() - len(rows)}


@question(Right.TELL_STORIES, reads=Kind.STORIES_READ)
def read(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{id}` → `{row, text}`."""
    one = acting.find(staff, said.number("id"))
    return {"row": _row(one, staff), "text": one.words}


@question(Right.TELL_STORIES)
def write(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{language, title, text}` → `{row}`: for a second person to read."""
    one = acting.write(
        staff,
        said.text("language", longest=2),
        said.text("title"),
        said.text("text", longest=_LONGEST),
    )
    record(Kind.STORY_WRITTEN, by=staff, now=moment.now())
    return {"row": _row(one, staff)}


@question(Right.JUDGE_STORIES)
def judge(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{id, event}` → `{}`: `publish` or `send-back`, never by whoever wrote it."""
    event, kind = _JUDGED.get(said.text("event", longest=10), (None, None))
    number, now = said.number("id"), moment.now()
    if event is None or kind is None:
        raise WireError("no such event")
    one = acting.judge(staff, number, event, now)
    record(kind, by=staff, about=one.writer, now=now)
    return {}


@question(Right.TELL_STORIES)
def withdraw(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{id}` → `{}`: one's own; a supervisor anybody's."""
    now = moment.now()
    one = acting.withdraw(staff, said.number("id"), now)
    other = None if one.writer_id == staff.pk else one.writer
    record(Kind.STORY_WITHDRAWN, by=staff, about=other, now=now)
    return {}


def _row(one: Story, staff: Staff) -> dict[str, Any]:
    return {
        "id": one.pk,
        "language": one.language,
        "title": one.title,
        "state": one.state,
        "writer": one.writer.working_name if one.writer else "",
        "mine": one.writer_id == staff.pk,
    }
