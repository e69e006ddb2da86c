"""Every refusal this service can give, split by whose fault it is.

The code is what travels and what tests assert; the sentence a person reads is the entry
`errors.<code>` of `counsel/locale/<language>.json`, so a new language is one new file.
`status` is the HTTP answer, `close` the WebSocket close code (0: the socket stays open).
"""

from __future__ import annotations

from typing import ClassVar, Final


class CounselError(Exception):
    """Root of everything we refuse on purpose."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    close: ClassVar[int] = 0

    def __init__(self, detail: str = "", *, retry_after: int = 0) -> None:
        """`detail` is for a developer's eyes and never leaves the process; `retry_after` is seconds."""
        super().__init__(detail or self.code)
        self.retry_after = retry_after


class WireError(CounselError):
    """The other side sent something that is no frame of ours."""

    code = "bad-frame"
    status = 400
    close = 4400


class FrameSizeError(WireError):
    """A message is not one of the five sizes."""

    code = "bad-size"
    status = 413


class VersionError(WireError):
    """The page is older or newer than this server: reload it."""

    code = "version"
    status = 409


class SealedError(WireError):
    """The sealed bytes are not the kind of MLS message this command carries."""

    code = "bad-envelope"
    close = 0


class OriginError(CounselError):
    """The request comes from another site, or from none."""

    code = "origin"
    status = 403
    close = 4403


class AccessError(CounselError):
    """No seat there. Absent, ended and forbidden look the same."""

    code = "no-seat"
    status = 404
    close = 0


class SignInError(CounselError):
    """Name, password or code do not fit. Which one is not said."""

    code = "sign-in"
    status = 403


class SignedOutError(CounselError):
    """Nobody is signed in on this browser."""

    code = "signed-out"
    status = 401
    close = 4401


class IllegalTransitionError(CounselError):
    """The lifecycle has no such row."""

    code = "not-now"
    status = 409


class OpenDangerError(IllegalTransitionError):
    """Somebody may be in danger: a person ends that first, with an outcome."""

    code = "open-danger"


class LostRaceError(CounselError):
    """Someone else changed it first. Look again."""

    code = "too-late"
    status = 409


class StaleEpochError(CounselError):
    """The envelope belongs to an epoch that is over. Read what was missed, seal again, send again."""

    code = "stale-epoch"
    status = 409


class ConflictError(CounselError):
    """The same client id was used for other bytes."""

    code = "id-reused"
    status = 409


class NobodyWaitsError(CounselError):
    """Nobody is waiting."""

    code = "nobody-waits"
    status = 404


class FullHandsError(CounselError):
    """This counsellor already holds as many talks as allowed."""

    code = "full-hands"
    status = 409


class RestError(CounselError):
    """After a red nobody new comes for a quarter-hour."""

    code = "rest"
    status = 409


class ShiftEndsError(CounselError):
    """The shift is nearly over: nobody new comes."""

    code = "shift-ends"
    status = 409


class NobodyFreeError(CounselError):
    """Nobody else who is on duty has free hands for this talk."""

    code = "nobody-free"
    status = 409


class KeptFreeError(CounselError):
    """These hands are kept free for somebody in danger."""

    code = "kept-free"
    status = 409


class NoKeyLeftError(CounselError):
    """The seeker's phone has left no key package to be admitted with."""

    code = "no-key"
    status = 409


class ClosedDoorError(CounselError):
    """Nobody can be taken in now."""

    code = "door-closed"
    status = 503


class ThrottledError(CounselError):
    """Too much at once: wait `retry_after` seconds. Nothing was lost."""

    code = "slow-down"
    status = 429


class NotReadingError(CounselError):
    """This client does not read what it is sent."""

    code = "not-reading"
    status = 503
    close = 4408


class ValueRefusedError(CounselError):
    """A value somebody typed cannot be used; nothing was changed."""

    code = "bad-value"
    status = 400


class NameTakenError(ValueRefusedError):
    """Somebody already has this name."""

    code = "name-taken"
    status = 409


class WeakPasswordError(ValueRefusedError):
    """The password is too short, too common, or the person's own name."""

    code = "weak-password"


class InvitationError(CounselError):
    """This link was used, withdrawn or is too old. Which of them is not said."""

    code = "invitation"
    status = 404


class PasskeyError(CounselError):
    """The passkey was not accepted. Why is not said."""

    code = "passkey"
    status = 403


class NeedsTwoError(CounselError):
    """This takes two people, and neither may be the one it is about."""

    code = "needs-two"
    status = 409


class NotClearedError(CounselError):
    """No supervisor has cleared this person for real talks yet."""

    code = "not-cleared"
    status = 403


class OffDutyError(CounselError):
    """Nobody who is not checked in takes a talk."""

    code = "off-duty"
    status = 409


class ShiftTooLongError(ValueRefusedError):
    """Nobody is on for more than four hours on end."""

    code = "shift-too-long"
    status = 409


class ShiftClashError(CounselError):
    """This person is on the rota at that time already."""

    code = "shift-clash"
    status = 409


def _leaves(root: type[CounselError]) -> list[type[CounselError]]:
    found = [root]
    for child in root.__subclasses__():
        found.extend(_leaves(child))
    return found


ERRORS: Final = tuple(sorted(_leaves(CounselError), key=lambda error: error.code))
"""All of them, by code: generated into the client and into `docs/errors.md`."""
