"""Writes `statements.json`: good and forged chains, read by the Python and the TypeScript tests.

    python tests/vectors/make_statements.py          writes the file
    python tests/vectors/make_statements.py --check  says whether it is fresh

Keys come from fixed seeds (SHA-256 of a name) and Ed25519 is deterministic, so the file is a
function of this script. The private seeds are in the file: tests may sign with them, nobody else.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from counsel.certificates import is_local
from counsel.keys.issuing import make_root
from counsel.keys.log import chain_over, issued, revoked
from counsel.statements import Refusal, encode
from tests.vectors import log_cases
from tests.vectors.chains import (
    ACTORS,
    DEMO_ROOT,
    DESK,
    DUTY,
    EVERY,
    ISSUER,
    LIN,
    ROOT,
    ROWS,
    SHIFT,
    YEAR,
    ZHOU,
    Case,
    device,
    duty,
    flip,
    issuer,
    log_file,
    private,
    public,
    seed,
)

FILE = Path(__file__).with_name("statements.json")

GOOD = Case("good: Lin, certified and on duty")


def good_cases() -> list[Case]:
    """Chains that hold."""
    zhou = replace(
        GOOD,
        identity=ISSUER + ZHOU,
        leaf_key=public("zhou"),
        person="BBBBBBBBBBBBBBBBBBBBBA",
        role="supervisor",
        called="周",
        duty=None,
    )
    demo_issuer = issuer("demo-root")
    demo_rows = issued(demo_issuer) + issued(LIN)
    demo_log = chain_over(public("demo-root"), demo_rows)
    return [
        GOOD,
        replace(GOOD, name="good: no duty statement, reading only", duty=None),
        replace(zhou, name="good: Zhou, a supervisor"),
        replace(GOOD, name="good: the last minute of the shift", now="2026-03-11T00:14Z"),
        replace(GOOD, name="good: the first minute of the shift", now="2026-03-10T19:45Z"),
        replace(GOOD, name="good: the first day", now="2026-02-01T00:00Z", duty=None),
        replace(GOOD, name="good: the last day", now="2026-05-02T23:59Z", duty=None),
        replace(GOOD, name="good: long over, but nobody asks for the date", now=None),
        replace(
            GOOD,
            name="good: exactly 90 days",
            identity=ISSUER + device("issuer", first="2026-03-01", last="2026-05-30"),
            duty=None,
        ),
        replace(
            GOOD,
            name="good: fields nobody knows yet",
            identity=ISSUER + device("issuer", serial=7),
            duty=None,
        ),
        replace(
            GOOD,
            name="good: a counsellor of the desk that certifies counsellors only",
            identity=DESK + device("desk"),
            duty=None,
        ),
        replace(
            GOOD,
            name="good: put on duty by a supervisor's browser, not by who certified",
            duty=DESK + duty("desk", *SHIFT),
        ),
        replace(
            GOOD,
            name="good: an administrator, who is in no talk",
            identity=ISSUER + device("issuer", role="administrator"),
            role="administrator",
            duty=None,
        ),
        replace(
            GOOD,
            name="good: somebody else was revoked",
            log=log_file(ROWS + revoked(3)),
        ),
        replace(
            GOOD,
            name="good: demo root on the reader's own machine",
            root=DEMO_ROOT,
            host="localhost",
            identity=demo_issuer + LIN,
            duty=demo_issuer + duty("issuer", *SHIFT, size=2, head=encode(demo_log[-1])),
            log=log_file(demo_rows, by=demo_issuer, root="demo-root"),
        ),
    ]


def forged_links() -> list[Case]:
    """Somebody signed who may not, or something was changed after signing."""
    forged, role, key = Refusal.FORGED.value, Refusal.ROLE.value, Refusal.KEY.value
    supervisor = device("desk", role="supervisor")
    swapped = LIN.replace("林".encode(), "周".encode())
    own_chain = issuer("mallory", key=encode(public("mallory"))) + device("mallory")
    return [
        Case("stranger certifies herself", forged, identity=ISSUER + device("mallory")),
        Case("stranger brings her own root and issuer", forged, identity=own_chain),
        Case(
            "stranger signs but names our issuer",
            forged,
            identity=ISSUER + device("mallory", issuer=encode(public("issuer"))),
        ),
        Case(
            "stranger signs an issuer that names our root",
            forged,
            identity=issuer("mallory", root=encode(public("root"))) + LIN,
        ),
        Case("issuer of the demo root", forged, identity=issuer("demo-root") + LIN),
        Case("issuer names another root", forged, identity=_other_root() + LIN),
        Case(
            "device names another issuer",
            forged,
            identity=ISSUER + device("issuer", issuer=encode(public("desk"))),
        ),
        Case("device of another issuer", forged, identity=DESK + LIN),
        Case("name changed after signing", forged, identity=ISSUER + swapped),
        Case("last bit of the signature", forged, identity=ISSUER + flip(LIN, len(LIN) - 1)),
        Case("first bit of the issuer's payload", forged, identity=flip(ISSUER, 2) + LIN),
        Case("an issuer on line for supervisors", role, identity=_on_line(roles=["supervisor"])),
        Case(
            "an issuer on line for administrators' duty",
            role,
            identity=_on_line(duties=list(EVERY)),
        ),
        Case("a duty statement in place of a device", forged, identity=ISSUER + DUTY),
        Case("a root in place of an issuer", forged, identity=ROOT + LIN),
        Case("the desk certifies a supervisor", role, identity=DESK + supervisor),
        Case("a role nobody has", role, identity=ISSUER + device("issuer", role="clock")),
        Case("the seeker's role", role, identity=ISSUER + device("issuer", role="seeker")),
        Case("Lin's certificate on another key", key, leaf_key=public("mallory")),
        Case("root with a signature of another", forged, root=flip(ROOT, len(ROOT) - 1)),
        Case("root renamed after signing", forged, root=ROOT.replace(b"false", b"true ")),
    ]


def _other_root() -> bytes:
    return issuer("root", root=encode(public("demo-root")))


def _on_line(**powers: list[str]) -> bytes:
    fields = {"roles": ["counsellor"], "offline": False, **powers}
    return issuer("root", **fields) + LIN


def bad_dates() -> list[Case]:
    """Signed, but not for now, or for longer than allowed."""
    dates, long = Refusal.DATES.value, Refusal.TOO_LONG.value
    old_issuer = issuer("root", last="2026-03-09")
    old_root = make_root(
        private("root"), name="工会", demo=False, first=YEAR[0], last=date(2026, 3, 9)
    )
    off, other = Refusal.OFF_DUTY.value, Refusal.OTHER_DUTY.value
    role, forged = Refusal.ROLE.value, Refusal.FORGED.value
    idle = issuer("root", duties=["supervisor"])
    zhous = encode(hashlib.sha256(ZHOU).digest())
    return [
        Case("device certified from tomorrow", dates, now="2026-01-31T23:59Z", duty=None),
        Case("device certified until yesterday", dates, now="2026-05-03T00:00Z", duty=None),
        Case("issuer until yesterday", dates, identity=old_issuer + LIN),
        Case("root until yesterday", dates, root=old_root),
        Case(
            "device certified for 91 days",
            long,
            identity=ISSUER + device("issuer", first="2026-03-01", last="2026-05-31"),
        ),
        Case("too long, though nobody asks for the date", long, now=None, identity=_long()),
        Case("duty over", off, now="2026-03-11T00:15Z"),
        Case("duty of a whole day", long, duty=_duty(SHIFT[0], "2026-03-11T00:16Z")),
        Case("duty of Zhou shown by Lin", other, duty=_duty(*SHIFT, certificate=zhous)),
        Case("duty signed by a stranger", forged, duty=ISSUER + duty("mallory", *SHIFT)),
        Case("duty by another issuer than it comes with", forged, duty=DESK + DUTY),
        Case("duty by an issuer for supervisors' only", role, duty=idle + DUTY),
        Case("duty by an issuer until yesterday", off, duty=old_issuer + DUTY),
        Case(
            "duty naming another issuer",
            forged,
            duty=_duty(*SHIFT, issuer=encode(public("desk"))),
        ),
        Case("device in place of duty", forged, duty=ISSUER + LIN),
        Case("demo root on a public name", Refusal.DEMO.value, root=DEMO_ROOT),
        Case(
            "demo root on a name that only looks local",
            Refusal.DEMO.value,
            root=DEMO_ROOT,
            host="localhost.example.org",
        ),
    ]


def _duty(first: str, last: str, **changed: object) -> bytes:
    return ISSUER + duty("issuer", first, last, **changed)


def _long() -> bytes:
    return ISSUER + device("issuer", first="2026-01-01", last="2026-12-31")


def unreadable() -> list[Case]:
    """Signed by the right one, and still nothing one can read."""
    code = Refusal.UNREADABLE.value
    short = encode(public("lin")[:31])
    return [
        Case("nothing", code, identity=b""),
        Case("one byte", code, identity=b"\0"),
        Case("issuer alone", code, identity=ISSUER),
        Case("device cut short", code, identity=ISSUER + LIN[:-1]),
        Case("bytes after the device", code, identity=ISSUER + LIN + b"\0"),
        Case("two devices", code, identity=ISSUER + LIN + ZHOU),
        Case("key of 31 bytes", code, identity=ISSUER + device("issuer", key=short)),
        Case(
            "key with padding",
            code,
            identity=ISSUER + device("issuer", key=encode(public("lin")) + "="),
        ),
        Case("name is a number", code, identity=ISSUER + device("issuer", name=1)),
        Case("name is empty", code, identity=ISSUER + device("issuer", name="")),
        Case("another version", code, identity=ISSUER + device("issuer", v=2)),
        Case("kind inside is another", code, identity=ISSUER + device("issuer", kind="duty")),
        Case("roles is a word", code, identity=issuer("root", roles="counsellor") + LIN),
        Case("30 February", code, identity=ISSUER + device("issuer", last="2026-02-30")),
        Case("a day with a time", code, identity=ISSUER + device("issuer", last="2026-05-02Z")),
        Case("a day without zeros", code, identity=ISSUER + device("issuer", last="2026-5-2")),
        Case(
            "ends before it begins",
            code,
            identity=ISSUER + device("issuer", first="2026-03-02", last="2026-03-01"),
        ),
        Case("daily is a text", code, identity=issuer("root", daily="40") + LIN),
        Case("offline is a text", code, identity=issuer("root", offline="no") + LIN),
        Case("duties are missing", code, identity=issuer("root", duties=None) + LIN),
        Case("duty by day", code, duty=_duty("2026-03-10", "2026-03-10")),
        Case("duty that ends as it begins", code, duty=_duty(SHIFT[0], SHIFT[0])),
        Case("duty cut short", code, duty=ISSUER + DUTY[:-1]),
        Case("duty without its issuer", code, duty=DUTY),
        Case("duty with a size below nothing", code, duty=_duty(*SHIFT, size=-1)),
        Case("duty with half a hash", code, duty=_duty(*SHIFT, head=encode(bytes(16)))),
    ]


HOSTS = (
    "localhost", "127.0.0.1", "[::1]", "demo.localhost", "localhost.", "localhost.example.org",
    "notlocalhost", "127.0.0.1.example.org", "127.0.0.2", "talk.example.org", "",
)  # fmt: skip


def render() -> str:
    """The whole file."""
    cases = [*good_cases(), *forged_links(), *bad_dates(), *unreadable(), *log_cases.logs()]
    whole = {
        "about": "Made by make_statements.py; verdict is ok or a code of counsel/statements.py.",
        "actors": {
            name: {"seed": encode(seed(name)), "key": encode(public(name))} for name in ACTORS
        },
        "hosts": {host: is_local(host) for host in HOSTS},
        "log": encode(log_file(ROWS)),
        "cases": [case.as_json() for case in cases],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    """Write the file, or compare it."""
    if "--check" in sys.argv[1:]:
        fresh = FILE.read_text() == render()
        print("fresh" if fresh else "stale: run python tests/vectors/make_statements.py")
        return 0 if fresh else 1
    FILE.write_text(render())
    return 0


if __name__ == "__main__":
    sys.exit(main())
