"""What the trail has of each question staff ask, and why it has nothing of some."""

from __future__ import annotations

from typing import Final

RECORDED: Final[dict[str, set[tuple[str, ...]]]] = {
    "api/sign-in": {("signed-out", "signed-in")},
    "api/sign-out": {("signed-out",), ()},
    "api/passkey/sign-in": {("signed-out", "signed-in")},
    "api/join/finish": {("joined", "signed-in"), ("joined", "signed-out", "signed-in")},
    "api/me/password": {("password-changed",)},
    "api/me/recovery": {("recovery-drawn",)},
    "api/me/passkeys/add": {("passkey-added",)},
    "api/me/passkeys/remove": {("passkey-removed",)},
    "api/me/places": {("marked",)},
    "api/me/logins/end": {("logins-ended",)},
    "api/me/told": {("told",)},
    "api/certify": {("issuer-imported", "device-certified"), ("device-certified",)},
    "api/keys": {("keys-read",)},
    "api/keys/lose": {("device-lost",)},
    "api/keys/issuer": {("issuer-imported",), ("right-used",)},
    "api/keys/give": {("device-certified",)},
    "api/keys/refuse": {("device-refused",)},
    "api/keys/revoke": {("device-revoked",)},
    "api/keys/date": {("log-extended",)},
    "api/duty/statement": {("duty-asked",), ()},
    "api/duty/waiting": {("keys-read",)},
    "api/duty/put-on": {("duty-given",)},
    "api/people": {("people-read",)},
    "api/people/invite": {("invited",)},
    "api/people/withdraw": {("link-withdrawn",)},
    "api/people/suspend": {("suspended",)},
    "api/people/restore": {("restored",)},
    "api/people/role": {("role-changed",)},
    "api/people/mark": {("marked",)},
    "api/people/clear": {("cleared",)},
    "api/people/unclear": {("uncleared",)},
    "api/people/reset/ask": {("reset-asked",)},
    "api/people/reset/agree": {("reset-agreed",)},
    "api/organisation/change": {("organisation-changed",)},
    "api/hotlines/add": {("hotline-added",)},
    "api/hotlines/remove": {("hotline-removed",)},
    "api/hotlines/called": {("hotline-called",)},
    "api/audit": {("trail-read",)},
    "api/audit/export": {("trail-exported", "trail-read")},
    "api/audit/verdict": {("trail-read",)},
    "api/rota/plan": {("shifts-planned",)},
    "api/rota/cancel": {("shift-step",)},
    "api/rota/sign-up": {("shift-step",)},
    "api/rota/give-back": {("shift-step",)},
    "api/rota/ask-cover": {("cover-asked",)},
    "api/rota/cover": {("shift-step",)},
    "api/duty/check-in": {("shift-step",)},
    "api/duty/pause": {("shift-step",)},
    "api/duty/debrief": {("shift-step",)},
    "api/duty/resume": {("shift-step",)},
    "api/duty/check-out": {("shift-step",)},
    "api/duty/page-seen": {("page-seen",)},
    "api/directory": {("directory-read",)},
    "api/directory/list": {("directory-read",)},
    "api/directory/service": {("directory-read",)},
    "api/directory/save": {("service-saved",)},
    "api/directory/assure": {("service-assured",)},
    "api/directory/called": {("service-called",)},
    "api/directory/draft": {("directory-packed",)},
    "api/directory/publish": {("directory-signed",)},
    "api/gate": {("gate-read",)},
    "api/gate/sign": {("gate-signed",)},
    "api/pages/add": {("reach-changed",)},
    "api/pages/remove": {("reach-changed",)},
    "api/reviews": {("review-read",)},
    "api/reviews/one": {("review-read",)},
    "api/reviews/learn": {("reviewed",)},
    "api/lead": {("lead-read",)},
    "api/lead/add": {("lead-changed",)},
    "api/lead/remove": {("lead-changed",)},
}
"""What the trail has of each question that was done, once. `()`: where nothing was done."""

PUBLIC: Final = "anybody's to read"
ON_THE_WAY_IN: Final = "before somebody is in; coming in is recorded"
ONES_OWN: Final = "a look at what is one's own"
FRAMES: Final = "its commands are, each by itself"
NOT_RECORDED: Final[dict[str, str]] = {
    "now.json": PUBLIC,
    "staff-log.bin": PUBLIC,
    "directory/<slug:name>.bin": PUBLIC,
    "chat/exchange": FRAMES,
    "api/csrf": ON_THE_WAY_IN,
    "api/passkey/ask": ON_THE_WAY_IN,
    "api/join/look": ON_THE_WAY_IN,
    "api/join/code": ON_THE_WAY_IN,
    "api/me": ONES_OWN,
    "api/me/passkeys": ONES_OWN,
    "api/me/passkeys/ask": ONES_OWN,
    "api/me/logins": ONES_OWN,
    "api/keys/own": ONES_OWN,
    "api/organisation": ONES_OWN,
    "api/rota": ONES_OWN,
    "api/duty": ONES_OWN,
    "api/pages": ONES_OWN,
}
"""And why it has nothing of the others."""

ON_THE_MACHINE: Final[dict[str, str]] = {
    "people invite": "invited",
    "people add": "added",
    "people list": "people-read",
    "people off": "suspended",
    "keys import": "log-extended",
    "keys show": "keys-read",
    "directory import": "directory-imported",
    "directory national": "directory-imported",
}
"""What the trail has of what is typed on the server's own machine."""

NO_STAFF: Final = "of no colleague, no talk and no key of theirs"
OFFLINE: Final = "on a machine that is on no network: its log of everything issued is the record"
OF_THE_TRAIL: Final = "looks after the trail itself, whose checkpoints say what became of it"
NOT_RECORDED_THERE: Final[dict[str, str]] = {
    "keys export": PUBLIC,
    "audit verify": OF_THE_TRAIL,
    "audit seal": OF_THE_TRAIL,
    "audit draw-key": OF_THE_TRAIL,
    "audit key": OF_THE_TRAIL,
    "audit grants": OF_THE_TRAIL,
    "ceremony root": OFFLINE,
    "ceremony issuer": OFFLINE,
    "ceremony device": OFFLINE,
    "ceremony revoke": OFFLINE,
    "ceremony head": OFFLINE,
    "ceremony log": OFFLINE,
    "ceremony show": OFFLINE,
    "demo": "refused where real talks happen; whom it adds is recorded as added",
    "demo_code": "refused where real talks happen",
    "directory export": NO_STAFF,
    "build_pages": NO_STAFF,
    "export_contract": NO_STAFF,
    "serve": NO_STAFF,
    "simulate": NO_STAFF,
    "staffing": NO_STAFF,
}
"""And why it has nothing of the others."""
