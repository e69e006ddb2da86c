"""The one place where a story changes: look the row up, and change exactly one."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from counsel.errors import LostRaceError
from counsel.lifecycle import Role
from counsel.models import Staff
from counsel.stories import STORY, StoryEvent, StoryState
from triage.stories.rows import Story


def begin(staff: Staff, language: str, title: str, words: str) -> Story:
    """One that a second person is to read."""
    return Story.objects.create(
        organisation=staff.organisation,
        writer=staff,
        language=language,
        title=title,
        words=words,
        state=STORY.first.value,
    )


@transaction.atomic
def move(one: Story, event: StoryEvent, *, role: Role, day: date) -> None:
    """Make `event` happen to it. Raises `IllegalTransitionError`, and `LostRaceError` when somebody was
    first."""
    row = STORY.row(StoryState(one.state), event, role)
    still = Story.objects.filter(pk=one.pk, state=row.source.value)
    if row.target is StoryState.WITHDRAWN:
        changed, _ = still.delete()
    else:
        month = day.replace(day=1) if row.target is StoryState.PUBLISHED else None
        changed = still.update(state=row.target.value, month=month)
        one.month = month
    if changed != 1:
        raise LostRaceError("somebody said it first")
    one.state = row.target.value
