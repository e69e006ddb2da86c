"""Where and in what trade somebody works, as coarse as keeps two people apart who must not meet.

Codes only, and never a site: a region is a province (GB/T 2260, first two digits), an industry one
of a dozen. Who finds themselves in none says nothing. The names people read are `places.<code>` of
the language files.
"""

from typing import Final

REGIONS: Final = (
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41",
    "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71",
    "81", "82",
)  # fmt: skip
"""Provinces, regions and cities of that rank."""

INDUSTRIES: Final = (
    "electronics", "clothing", "machinery", "vehicles", "chemicals", "food", "construction",
    "mining", "transport", "delivery", "hospitality", "cleaning", "care", "offices",
)  # fmt: skip
"""Trades as workers name them. None is called "other": two people there have nothing in common."""

DESKS: Final = (
    "legal-aid", "hardship", "labour-inspection", "clinic", "station", "joining",
)  # fmt: skip
"""Back offices somebody may be referred to (clinical notes 6.1); their names are `referral.desks.<code>`."""


def is_region(code: str) -> bool:
    """Whether this is a region, or that none was named."""
    return code == "" or code in REGIONS
