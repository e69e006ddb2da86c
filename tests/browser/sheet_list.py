"""What stands on which contact sheet: the states of both galleries, by name. Data only; the pictures are
taken and laid out by `tests/browser/sheets.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Scheme = Literal["light", "dark"]

PHONE: Final = (360, 740)
DESK: Final = (1280, 800)
ACROSS: Final = {
    "seeker": 1960, "intake": 1960, "console": 1960, "entrance": 1960, "rota": 1960, "office": 1960,
    "danger": 1960, "trust": 1960, "errands": 1960, "pages": 2240,
}  # fmt: skip
"""Pixels a sheet is wide; the pages, long and short, stand in one row."""
BY_NAME: Final = {
    "entrance": ("sign-in", "joining", "own"),
    "rota": ("rota", "gate", "duty", "off-duty", "watching"),
    "office": ("people", "organisation"),
    "danger": ("danger", "risk", "review"),
    "trust": ("keys", "trail", "directory"),
    "errands": ("desk-", "referral-", "beside-", "follow-", "story-"),
}
"""The console's gallery on sheets of their own, by how a state's name begins; the rest is the desk."""
ERRANDS: Final = ("referral-", "follow-")
"""How the seeker's states with desks and of coming back begin; at their desks staff have some too."""
INTAKE: Final = (
    "safe", "wish", "other", "start", "start-failed", "opening", "opening-failed", "pressed",
    "pressed-late", "typing-safe", "plan", "tried", "waiting", "next", "surge", "offered", "nobody",
    "waiting-closed", "waiting-unsupervised", "waiting-none", "red", "red-mistaken", "red-recent",
    "red-supervisor", "red-nobody", "calling", "worse", "company", "often", "thanks", "breathing",
    "sent", "sleep", "calm", "wages", "injury", "came-answers",
)  # fmt: skip
"""The seeker's way to a place and the waiting room; the rest of their gallery is the talk."""
INTAKE_IN_THE_DARK: Final = (
    "safe", "wish", "start", "pressed", "waiting", "red", "breathing", "sent",
)  # fmt: skip
IN_THE_DARK: Final = (
    "came", "chat", "unsent", "offline", "calls", "menu", "erase",
    "erased", "refused", "member",
)  # fmt: skip
CONSOLE_IN_THE_DARK: Final = ("board-empty", "waiting", "two-talks", "offline", "ending")
ERRANDS_IN_THE_DARK: Final = ("referral-approve", "referral-redirected", "referral-proposed")
ERRANDS_AT_DESKS_IN_THE_DARK: Final = ("desk-open", "beside-wanted", "beside-there")
OFFICE: Final = (
    "people", "people-offline", "people-150", "people-none-found", "people-opened",
    "people-suspend", "people-suspend-done", "people-suspend-offline", "people-role", "people-marked",
    "people-invite", "people-invite-taken", "people-link-scan", "people-link-away",
    "people-withdraw", "people-supervisor", "people-unclear", "people-agree", "people-agreed",
    "people-auditor", "organisation", "organisation-unsaid", "organisation-saved",
    "organisation-refused", "organisation-rang", "organisation-rang-done", "organisation-add-refused",
    "organisation-remove", "organisation-auditor",
)  # fmt: skip
OFFICE_IN_THE_DARK: Final = (
    "people", "people-opened", "people-suspend", "people-link-scan", "people-agree",
    "people-suspend-offline", "organisation", "organisation-rang-done", "organisation-refused",
)  # fmt: skip
"""What differs from another in a word only is judged by tests, not by eye."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One picture of many screens."""

    kind: Literal[
        "seeker",
        "intake",
        "console",
        "entrance",
        "rota",
        "office",
        "danger",
        "trust",
        "errands",
        "pages",
    ]
    language: str
    size: tuple[int, int]
    scheme: Scheme
    only: tuple[str, ...] = ()
    """Names of the states; none means all of them."""

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        width = {PHONE: "phone", DESK: "desk"}[self.size]
        dark = "-dark" if self.scheme == "dark" else ""
        return f"{self.kind}-{width}-{self.language}{dark}"

    @property
    def title(self) -> str:
        """What it is, in words."""
        language = {"zh": "Chinese", "en": "English"}[self.language]
        return f"{self.kind}, {self.size[0]}×{self.size[1]}, {language}, {self.scheme}"


SHEETS: Final = (
    *(Sheet("seeker", language, PHONE, "light") for language in ("zh", "en")),
    Sheet("seeker", "zh", PHONE, "dark", IN_THE_DARK),
    Sheet("seeker", "zh", DESK, "light"),
    *(Sheet("intake", language, PHONE, "light", INTAKE) for language in ("zh", "en")),
    Sheet("intake", "zh", PHONE, "dark", INTAKE_IN_THE_DARK),
    *(Sheet("console", language, DESK, "light") for language in ("zh", "en")),
    Sheet("console", "en", DESK, "dark", CONSOLE_IN_THE_DARK),
    *(Sheet("entrance", language, PHONE, "light") for language in ("zh", "en")),
    *(Sheet("rota", language, DESK, "light") for language in ("zh", "en")),
    Sheet("rota", "zh", PHONE, "dark"),
    *(Sheet("office", language, DESK, "light", OFFICE) for language in ("zh", "en")),
    Sheet("office", "zh", PHONE, "light", OFFICE),
    Sheet("office", "en", DESK, "dark", OFFICE_IN_THE_DARK),
    *(Sheet("danger", language, DESK, "light") for language in ("zh", "en")),
    Sheet("danger", "zh", PHONE, "light"),
    *(Sheet("trust", language, DESK, "light") for language in ("zh", "en")),
    *(Sheet("errands", "zh", size, "light") for size in (PHONE, DESK)),
    Sheet("errands", "zh", PHONE, "dark", ERRANDS_IN_THE_DARK),
    Sheet("errands", "en", DESK, "dark", ERRANDS_AT_DESKS_IN_THE_DARK),
    Sheet("pages", "zh", PHONE, "light"),
    *(Sheet("pages", language, DESK, "light") for language in ("zh", "en")),
    Sheet("pages", "en", PHONE, "dark"),
)
