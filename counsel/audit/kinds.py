"""What the trail can say, and nothing else: one code for each kind of act, and what it is about.

Each has a sentence in both languages (`audit.what` in the locale files). An entry never carries words
somebody typed, and nothing of a seeker: no reference, no token, no topic, no place.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """A kind of act, as the tables and the pages spell it."""

    # Coming in
    SIGNED_IN = "signed-in"
    SIGNED_OUT = "signed-out"
    SIGN_IN_FAILED = "sign-in-failed"
    LOGINS_ENDED = "logins-ended"
    ADDED = "added"
    JOINED = "joined"
    FACTORS_RESET = "factors-reset"
    PASSWORD_CHANGED = "password-changed"
    RECOVERY_DRAWN = "recovery-drawn"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    # People
    PEOPLE_READ = "people-read"
    INVITED = "invited"
    LINK_WITHDRAWN = "link-withdrawn"
    SUSPENDED = "suspended"
    RESTORED = "restored"
    ROLE_CHANGED = "role-changed"
    MARKED = "marked"
    CLEARED = "cleared"
    UNCLEARED = "uncleared"
    RESET_ASKED = "reset-asked"
    RESET_AGREED = "reset-agreed"
    # The organisation, its rota and its door
    ORGANISATION_CHANGED = "organisation-changed"
    HOTLINE_ADDED = "hotline-added"
    HOTLINE_REMOVED = "hotline-removed"
    HOTLINE_CALLED = "hotline-called"
    SHIFTS_PLANNED = "shifts-planned"
    SHIFT_STEP = "shift-step"
    COVER_ASKED = "cover-asked"
    PAGE_SEEN = "page-seen"
    STAFFING_ASKED = "staffing-asked"
    GATE_READ = "gate-read"
    GATE_SIGNED = "gate-signed"
    # The directory of places that help
    DIRECTORY_READ = "directory-read"
    DIRECTORY_IMPORTED = "directory-imported"
    SERVICE_SAVED = "service-saved"
    SERVICE_ASSURED = "service-assured"
    SERVICE_CALLED = "service-called"
    DIRECTORY_PACKED = "directory-packed"
    DIRECTORY_SIGNED = "directory-signed"
    # Talks
    BOARD_OPENED = "board-opened"
    CASE_TAKEN = "case-taken"
    CASE_OPENED = "case-opened"
    CASE_ENDED = "case-ended"
    CASE_PASSED = "case-passed"
    CASE_LET_GO = "case-let-go"
    CASE_TAKEN_OVER = "case-taken-over"
    CASE_LOWERED = "case-lowered"
    OFFERS_ON = "offers-on"
    OFFERS_OFF = "offers-off"
    CAP_CHANGED = "cap-changed"
    # Keys
    DEVICE_ASKED = "device-asked"
    DEVICE_CERTIFIED = "device-certified"
    DEVICE_REFUSED = "device-refused"
    DEVICE_LOST = "device-lost"
    DEVICE_REVOKED = "device-revoked"
    ISSUER_IMPORTED = "issuer-imported"
    ISSUER_REVOKED = "issuer-revoked"
    DUTY_ASKED = "duty-asked"
    DUTY_GIVEN = "duty-given"
    LOG_EXTENDED = "log-extended"
    KEYS_READ = "keys-read"
    # This trail
    TRAIL_READ = "trail-read"
    TRAIL_EXPORTED = "trail-exported"
    TOLD = "told"
    # Whatever has no word of its own
    RIGHT_USED = "right-used"
    # Somebody in danger, and how staff are called
    DANGER_RAISED = "danger-raised"
    DANGER_ANSWERED = "danger-answered"
    DANGER_ACTED = "danger-acted"
    DANGER_ASSESSED = "danger-assessed"
    DANGER_PROPOSED = "danger-proposed"
    DANGER_CONFIRMED = "danger-confirmed"
    DANGER_DECLINED = "danger-declined"
    DANGER_SETTLED = "danger-settled"
    REACH_CHANGED = "reach-changed"
    LEAD_READ = "lead-read"
    LEAD_CHANGED = "lead-changed"
    # A supervisor beside a counsellor
    VISIT_ASKED = "visit-asked"
    VISIT_REFUSED = "visit-refused"
    VISIT_ADMITTED = "visit-admitted"
    VISIT_JOINED = "visit-joined"
    VISIT_LEFT = "visit-left"
    VISIT_REMOVED = "visit-removed"
    HAND_RAISED = "hand-raised"
    HAND_ANSWERED = "hand-answered"
    HAND_MET_AGAIN = "hand-met-again"
    HAND_ENDED = "hand-ended"
    # Help that is sent to somebody
    HELP_OFFERED = "help-offered"
    HELP_AGREED = "help-agreed"
    HELP_CALLED = "help-called"
    HELP_ANSWERED = "help-answered"
    HELP_CODED = "help-coded"
    HELP_ENDED = "help-ended"
    HELP_AFTER = "help-after"
    # A talk that goes to the next person
    HANDOVER_ASKED = "handover-asked"
    HANDOVER_ACCEPTED = "handover-accepted"
    HANDOVER_DECLINED = "handover-declined"
    HANDOVER_LET_GO = "handover-let-go"
    HANDOVER_KEPT = "handover-kept"
    HANDOVER_DONE = "handover-done"
    # Learning from it
    REVIEW_READ = "review-read"
    REVIEWED = "reviewed"
    # Looking in on somebody after a hard talk
    FOLLOW_UPS_READ = "follow-ups-read"
    FOLLOW_UP_ASKED = "follow-up-asked"
    FOLLOWED_UP = "followed-up"
    FOLLOW_UP_HANDED = "follow-up-handed"
    # A desk is written to for somebody who cannot use a phone
    WROTE_FOR = "wrote-for"
    # Stories for those who read while they wait
    STORIES_READ = "stories-read"
    STORY_WRITTEN = "story-written"
    STORY_PUBLISHED = "story-published"
    STORY_SENT_BACK = "story-sent-back"
    STORY_WITHDRAWN = "story-withdrawn"


class Noun(StrEnum):
    """What the `thing` of an entry is."""

    NOTHING = ""
    CASE = "case"
    """A talk, by the name the trail has for it (`trail.name_case`)."""
    COUNT = "count"
    ROLE = "role"
    LINK = "link"
    SHIFT = "shift"
    NUMBER = "number"
    """A number people can dial."""
    SERVICE = "service"
    """A service of the directory (`triage.directory.book.name_service`)."""
    EDITION = "edition"
    """A province and the version of its directory: `44 12`."""
    SIGNED = "signed"
    """`texts` or `timers`."""
    DEVICE = "device"
    """A staff browser, by its key (`trail.name_key`)."""
    ISSUER = "issuer"
    """An issuer, by its key."""
    SIZE = "size"
    """Rows of the log of everything issued."""
    RIGHT = "right"


NOUNS: Final[Mapping[Kind, Noun]] = {
    Kind.SIGN_IN_FAILED: Noun.COUNT,
    Kind.INVITED: Noun.ROLE,
    Kind.LINK_WITHDRAWN: Noun.LINK,
    Kind.ROLE_CHANGED: Noun.ROLE,
    Kind.HOTLINE_ADDED: Noun.NUMBER,
    Kind.HOTLINE_REMOVED: Noun.NUMBER,
    Kind.HOTLINE_CALLED: Noun.NUMBER,
    Kind.SHIFTS_PLANNED: Noun.COUNT,
    Kind.SHIFT_STEP: Noun.SHIFT,
    Kind.COVER_ASKED: Noun.SHIFT,
    Kind.PAGE_SEEN: Noun.SHIFT,
    Kind.GATE_SIGNED: Noun.SIGNED,
    Kind.DIRECTORY_IMPORTED: Noun.COUNT,
    Kind.SERVICE_SAVED: Noun.SERVICE,
    Kind.SERVICE_ASSURED: Noun.SERVICE,
    Kind.SERVICE_CALLED: Noun.SERVICE,
    Kind.DIRECTORY_PACKED: Noun.EDITION,
    Kind.DIRECTORY_SIGNED: Noun.EDITION,
    Kind.CASE_TAKEN: Noun.CASE,
    Kind.CASE_OPENED: Noun.CASE,
    Kind.CASE_ENDED: Noun.CASE,
    Kind.CASE_PASSED: Noun.CASE,
    Kind.CASE_LET_GO: Noun.CASE,
    Kind.CASE_TAKEN_OVER: Noun.CASE,
    Kind.CASE_LOWERED: Noun.CASE,
    Kind.CAP_CHANGED: Noun.COUNT,
    Kind.DEVICE_ASKED: Noun.DEVICE,
    Kind.DEVICE_CERTIFIED: Noun.DEVICE,
    Kind.DEVICE_REFUSED: Noun.DEVICE,
    Kind.DEVICE_LOST: Noun.DEVICE,
    Kind.DEVICE_REVOKED: Noun.DEVICE,
    Kind.ISSUER_IMPORTED: Noun.ISSUER,
    Kind.ISSUER_REVOKED: Noun.ISSUER,
    Kind.DUTY_ASKED: Noun.DEVICE,
    Kind.DUTY_GIVEN: Noun.DEVICE,
    Kind.LOG_EXTENDED: Noun.SIZE,
    Kind.TRAIL_EXPORTED: Noun.COUNT,
    Kind.RIGHT_USED: Noun.RIGHT,
    Kind.DANGER_RAISED: Noun.CASE,
    Kind.DANGER_ANSWERED: Noun.CASE,
    Kind.DANGER_ACTED: Noun.CASE,
    Kind.DANGER_ASSESSED: Noun.CASE,
    Kind.DANGER_PROPOSED: Noun.CASE,
    Kind.DANGER_CONFIRMED: Noun.CASE,
    Kind.DANGER_DECLINED: Noun.CASE,
    Kind.DANGER_SETTLED: Noun.CASE,
    Kind.VISIT_ASKED: Noun.CASE,
    Kind.VISIT_REFUSED: Noun.CASE,
    Kind.VISIT_ADMITTED: Noun.CASE,
    Kind.VISIT_JOINED: Noun.CASE,
    Kind.VISIT_LEFT: Noun.CASE,
    Kind.VISIT_REMOVED: Noun.CASE,
    Kind.FOLLOW_UP_ASKED: Noun.CASE,
    Kind.HELP_OFFERED: Noun.CASE,
    Kind.HELP_AGREED: Noun.CASE,
    Kind.HELP_CALLED: Noun.CASE,
    Kind.HELP_ANSWERED: Noun.CASE,
    Kind.HELP_CODED: Noun.CASE,
    Kind.HELP_ENDED: Noun.CASE,
    Kind.HANDOVER_ASKED: Noun.CASE,
    Kind.HANDOVER_ACCEPTED: Noun.CASE,
    Kind.HANDOVER_DECLINED: Noun.CASE,
    Kind.HANDOVER_LET_GO: Noun.CASE,
    Kind.HANDOVER_KEPT: Noun.CASE,
    Kind.HANDOVER_DONE: Noun.CASE,
}
"""What the `thing` of each kind is; kinds that are not here have none."""


def noun_of(kind: Kind) -> Noun:
    """What the `thing` of this kind of entry is."""
    return NOUNS.get(kind, Noun.NOTHING)
