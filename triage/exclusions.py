"""Who must not meet whom, because they may know each other. Pure.

A seeker has to be sure that nobody from their own place reads them (people.md 10), and only region
and industry are ever known, from those who named them. So one of the two in common is reason enough:
what is asked is as coarse as it is to tell nothing, and so it cannot tell one plant from the next.
Who works in a plant is excluded by default: they meet only somebody known to be elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What a member of staff named: codes of `counsel/places.py` or empty."""

    region: str = ""
    industry: str = ""
    in_plant: bool = False

    def may_meet(self, region: str, industry: str, *, plants: bool = True) -> bool:
        """Whether they may be given a seeker who named these; empty says nothing.

        `plants`: whether somebody who works in a plant may be given to them at all.
        """
        if self.in_plant and not plants:
            return False
        if region != "" and region == self.region:
            return False
        if industry != "" and industry == self.industry:
            return False
        return not self.in_plant or self._is_elsewhere(region, industry)

    def _is_elsewhere(self, region: str, industry: str) -> bool:
        """Whether both sides named it, and it is another."""
        return bool((region and self.region) or (industry and self.industry))
