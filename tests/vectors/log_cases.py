"""Cases of `statements.json` about the log of everything issued."""

from __future__ import annotations

from counsel.keys.log import ROW, issued, revoked
from counsel.statements import Refusal, encode
from tests.vectors.chains import (
    DESK,
    ISSUER,
    LIN,
    ROWS,
    SHIFT,
    ZHOU,
    Case,
    device,
    duty,
    issuer,
    log_file,
    public,
)


def logs() -> list[Case]:
    """Chains that hold, and a log that does not bear them out."""
    gone, missing = Refusal.REVOKED.value, Refusal.UNLOGGED.value
    behind, split = Refusal.LOG_BEHIND.value, Refusal.LOG_SPLIT.value
    desk, by_desk = DESK + device("desk"), DESK + duty("desk", *SHIFT)
    old_issuer = issuer("root", last="2026-03-09")
    other = b"".join(issued(one) for one in (ISSUER, DESK, ZHOU, LIN))
    return [
        Case("Lin is not in the log", missing, log=log_file(issued(ISSUER) + issued(ZHOU))),
        Case(
            "who certified is not in the log",
            missing,
            identity=desk,
            log=log_file(issued(ISSUER) + issued(device("desk"))),
        ),
        Case(
            "the log is signed by who is not in it",
            missing,
            duty=None,
            log=log_file(issued(ISSUER) + issued(LIN), by=DESK, signer="desk"),
        ),
        Case("Lin's device is revoked", gone, log=log_file(ROWS + revoked(2))),
        Case(
            "who certified is revoked",
            gone,
            identity=desk,
            log=log_file(ROWS + issued(device("desk")) + revoked(1)),
        ),
        Case("who put Lin on duty is revoked", gone, duty=by_desk, log=log_file(ROWS + revoked(1))),
        Case(
            "the log is signed by who is revoked in it",
            gone,
            log=log_file(ROWS + revoked(1), by=DESK, signer="desk"),
        ),
        Case("the log is shorter than at check-in", behind, log=log_file(ROWS[: 3 * ROW])),
        Case("the log is another than at check-in", split, log=log_file(other)),
        Case("the log begins at another root", split, log=log_file(ROWS, root="demo-root")),
        Case("the head is of other rows", split, log=log_file(ROWS, hash=encode(bytes(32)))),
        Case("the head is of more rows", split, log=log_file(ROWS, size=5)),
        Case("a row is added after signing", split, log=log_file(ROWS) + revoked(3)),
        Case(
            "the head is a stranger's", Refusal.FORGED.value, log=log_file(ROWS, signer="mallory")
        ),
        Case(
            "the head names another issuer",
            Refusal.FORGED.value,
            log=log_file(ROWS, issuer=encode(public("desk"))),
        ),
        Case(
            "the head was signed after its issuer's days",
            Refusal.DATES.value,
            log=log_file(ROWS + issued(old_issuer), by=old_issuer),
        ),
        *(Case(name, Refusal.UNREADABLE.value, log=log) for name, log in _unreadable_logs()),
    ]


def _unreadable_logs() -> list[tuple[str, bytes]]:
    whole = log_file(ROWS)
    return [
        ("the log has no rows and no head", ISSUER),
        ("a byte after the last row", whole + b"\0"),
        ("a head that lasts", log_file(ROWS, last="2026-03-10T19:31Z")),
        ("a row of no known kind", log_file(ROWS + b"\3" + bytes(32))),
        ("a row revoked before it is there", log_file(ROWS + revoked(5))),
        ("a row that revokes itself", log_file(ROWS + revoked(4))),
        ("a revocation revoked", log_file(ROWS + revoked(3) + revoked(4))),
        ("a revocation with more in it", log_file(ROWS + revoked(3)[:-1] + b"\1")),
    ]
