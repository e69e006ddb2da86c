"""Danger, walked through in browsers with telephones and a mail box that really ring.

Seen to fail when words ended the wait as soon as they were sent, or on a page nobody looked at; when a page
passed a level over, or never went out for an orange; when the review left the pages out, and when an orange
booked a debrief.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.scenario.alarmed import alarmed, ask, no_trouble
from tests.scenario.danger_story import ORANGE_TIMELINE, gather, orange, red
from tests.scenario.people import Chromiums
from tests.scenario.site import SERVE, Built

QUICK: Final = ("-m", "tests.scenario.hurried", "ladders=0.02")
"""Ten minutes in twelve seconds."""
_STEPS: Final = """
import json
from triage.escalation.rows import EscalationStep, Debrief, Review
steps = EscalationStep.objects.order_by("pk")
print(json.dumps({
    "steps": list(steps.values_list("event", "called", "role")),
    "learned": list(Review.objects.values_list("learned", flat=True)),
    "paged_at": [s.after for s in steps if s.event == "page"],
    "debriefs": sorted(Debrief.objects.values_list("staff__sign_in_name", flat=True)),
    "begun": list(Debrief.objects.exclude(begun_at=None).values_list("staff__sign_in_name", flat=True)),
}))
"""


@pytest.mark.soak
def test_from_the_red_button_to_what_was_learned(
    tmp_path: Path, built: Built, browsers: Chromiums
) -> None:
    """At the times a clinical lead signs: half a minute, a minute, at once."""
    with alarmed(tmp_path / "site", built, command=SERVE) as there:
        cast = gather(browsers, there, "zh", second=True)
        red(cast, there)
        found = ask(there.site, _STEPS)
        no_trouble(*cast.everybody)
    steps = [(event, called) for event, called, _ in found["steps"]]
    assert steps[:5] == [
        ("raise", ""), ("page", "duty"), ("page", "supervisor"), ("show", ""),
        ("page", "supervisor"),
    ]  # fmt: skip
    people = [event for event, _ in steps[5:] if event != "page"]
    assert people == ["act", "assess", "propose", "confirm", "close"]
    assert all(
        due <= at <= due + 10 for due, at in zip((30, 60), found["paged_at"], strict=False)
    ), found["paged_at"]
    assert found["debriefs"] == ["lin", "wu", "zhou"], "everybody who had a part in it"
    assert "lin" in found["begun"], "the quarter-hour begins by itself once the talk is over"
    assert found["learned"] == [["late"]]


@pytest.mark.soak
def test_the_orange_path_ends_with_whoever_asked(
    tmp_path: Path, built: Built, browsers: Chromiums
) -> None:
    with alarmed(tmp_path / "site", built, command=QUICK) as there:
        cast = gather(browsers, there, "en", second=False)
        orange(cast, there, scale=0.02)
        found = ask(there.site, _STEPS)
        no_trouble(*cast.everybody)
    events = tuple(event for event, _, _ in found["steps"] if event != "page")
    assert events == ORANGE_TIMELINE
    assert found["debriefs"] == [], "nobody is kept from the next person by an orange"
    assert "clock" not in {role for event, _, role in found["steps"] if event != "page"}
