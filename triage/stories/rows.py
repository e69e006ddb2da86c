"""What the server keeps of stories: words that are public or are meant to be, and no talk they came from.

A row says the month it was published and no other time; a day would lie beside the talks of that day.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from counsel.models import Organisation
from counsel.stories import StoryState

LANGUAGES: Final = ("zh", "en")
TITLE_AT_MOST: Final = 40
"""Characters of a title: one or two lines on a phone."""
WORDS_AT_MOST: Final = 1500
"""Characters of a story: read in three minutes, and no room for what would tell who it was."""
SHOWN: Final = 20
"""Stories of each language anybody is given, the newest: what one reads while waiting."""


class Story(models.Model):
    """One story in one language: plain text, paragraphs apart by an empty line."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="stories")
    writer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="stories"
    )
    """Whoever may not publish it. Never said outside the console."""
    language = models.CharField(max_length=2, choices=[(name, name) for name in LANGUAGES])
    title = models.CharField(max_length=TITLE_AT_MOST)
    words = models.CharField(max_length=WORDS_AT_MOST)
    state = models.CharField(
        max_length=9,
        choices=[(s.value, s.value) for s in StoryState if s is not StoryState.WITHDRAWN],
    )
    month = models.DateField(null=True)
    """The first day of the month it was published in."""

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="published_story_has_a_month",
                condition=Q(state=StoryState.PUBLISHED.value, month__isnull=False)
                | (~Q(state=StoryState.PUBLISHED.value) & Q(month=None)),
            ),
        )
