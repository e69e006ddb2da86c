"""The numbers of the queue that a clinical lead signs, from `tables.json`, each with its source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from triage.queue.tiers import Tier

TABLES: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("tables.json").read_text(encoding="utf-8")
)

WEIGHTS: Final[Mapping[Tier, int]] = {
    tier: TABLES["weights"][tier.name.lower()] for tier in Tier if tier is not Tier.RED
}
"""Credit of each tier for a second of waiting. A red needs none."""

TARGETS: Final[Mapping[Tier, timedelta]] = {
    tier: timedelta(seconds=TABLES["targets"][tier.name.lower()]) for tier in Tier
}
"""How long somebody of a tier should wait at the most."""

SUPERVISOR_AFTER: Final = timedelta(seconds=TABLES["red"]["supervisor_after"])
"""When a red is the supervisor's too."""

NOBODY_AFTER: Final = timedelta(seconds=TABLES["red"]["nobody_after"])
"""When a red is told that nobody has come."""

MEAN_TALK: Final = timedelta(minutes=TABLES["talk"]["mean"])
"""How long a talk lasts, in the middle."""

SURGE_FROM: Final = timedelta(minutes=TABLES["surge"]["from"])
"""A newcomer's wait from which it is said that there are many more people than usual."""
