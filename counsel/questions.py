"""How a question of staff is asked: POST from our own page, JSON in one of five sizes, both ways.

A handler is a function of what was said and, unless it is open to strangers, of who says it. What
right it takes stands on it, so that all of them can be listed and tested.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Final, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException

from counsel import moment, signin
from counsel.answers import answer, read_json, refusal
from counsel.audit.kinds import Kind
from counsel.audit.trail import listening, record, record_look
from counsel.errors import AccessError, CounselError, FrameSizeError, OriginError, WireError
from counsel.models import Staff
from counsel.rights import Right, may
from counsel.statements import decode

_log = logging.getLogger(__name__)

_LONGEST: Final = 256
"""Characters of one value, unless a question says otherwise."""

_ONES_OWN: Final = frozenset({Right.OWN, Right.CARRY, Right.SEE_ROTA})
"""Rights over what is one's own: what is changed in it the handler records, looking at it is nothing."""

View = Callable[[HttpRequest], HttpResponse]
Answer = Mapping[str, Any]


class Said:
    """What a body says, read field by field; anything else than expected is a `WireError`."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    def text(self, name: str, *, longest: int = _LONGEST, unsaid: str | None = None) -> str:
        """A string of so many characters at the most, in Unicode that can be stored: without a zero.

        A field that may be left out has `unsaid` for its value then.
        """
        value = self._fields.get(name, unsaid)
        if not isinstance(value, str) or len(value) > longest or "\0" in value:
            raise WireError(f"{name} is no text")
        try:
            value.encode()
        except UnicodeEncodeError as error:  # JSON can spell halves of a character
            raise WireError(f"{name} is no Unicode") from error
        return value

    def number(self, name: str, *, least: int = 0, most: int = 2**31 - 1) -> int:
        """A whole number between these."""
        value = self._fields.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise WireError(f"{name} is no number from {least} to {most}")
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self._fields.get(name)
        if not isinstance(value, bool):
            raise WireError(f"{name} is neither true nor false")
        return value

    def instant(self, name: str) -> datetime:
        """ISO 8601 with a zone, to the minute."""
        try:
            value = datetime.fromisoformat(self.text(name, longest=40))
        except ValueError as error:
            raise WireError(f"{name} is no instant") from error
        if value.tzinfo is None:
            raise WireError(f"{name} has no zone")
        return value.astimezone(UTC).replace(second=0, microsecond=0)

    def octets(self, name: str, *, longest: int = 4096) -> bytes:
        """Base64url without padding."""
        try:
            return decode(self.text(name, longest=longest))
        except ValueError as error:
            raise WireError(f"{name} is no base64url") from error

    def rows(self, name: str, *, most: int) -> list[Said]:
        """A list of objects."""
        value = self._fields.get(name)
        if not isinstance(value, list) or len(value) > most:
            raise WireError(f"{name} is no list of at most {most}")
        if not all(isinstance(row, dict) for row in value):
            raise WireError(f"{name} lists something else than objects")
        return [Said(row) for row in value]

    def words(self, name: str, *, most: int) -> list[str]:
        """A list of short strings."""
        value = self._fields.get(name)
        if not isinstance(value, list) or len(value) > most:
            raise WireError(f"{name} is no list of at most {most}")
        return [Said({"word": word}).text("word", longest=64) for word in value]

    def object(self, name: str) -> dict[str, Any]:
        """Whatever object this is, for a library that reads it."""
        value = self._fields.get(name)
        if not isinstance(value, dict):
            raise WireError(f"{name} is no object")
        return cast(dict[str, Any], value)


def open_question(handler: Callable[[HttpRequest, Said], Answer]) -> View:
    """A question strangers may ask: signing in, and what comes before."""
    return _question(handler, None)


def question(
    right: Right, *, looks: bool = False, reads: Kind | None = None
) -> Callable[[Callable[[HttpRequest, Staff, Said], Answer]], View]:
    """A question for staff with this right. Without it: as if there were no such question.

    `looks`: an open page asks it by itself every now and then, so it keeps nobody signed in. `reads`:
    what the trail says of a question that only reads.
    """

    def with_staff(handler: Callable[[HttpRequest, Staff, Said], Answer]) -> View:
        @wraps(handler)
        def asked(request: HttpRequest, said: Said) -> Answer:
            staff = signin.signed_in(request, now=moment.now(), looks=looks)
            if not may(staff.role, right):
                raise AccessError(f"{staff.role} has no right to {right}")
            if right in _ONES_OWN or (looks and right is Right.STAND):
                return handler(request, staff, said)
            if reads is not None:
                answered = handler(request, staff, said)
                record_look(reads, by=staff, now=moment.now())
                return answered
            with transaction.atomic(), listening() as heard:
                answered = handler(request, staff, said)
                if not heard:  # nothing more exact was said of it, and no question is forgotten
                    tell = record_look if looks else record
                    tell(Kind.RIGHT_USED, by=staff, thing=right.value, now=moment.now())
            return answered

        return _question(asked, right)

    return with_staff


def right_of(view: Callable[..., Any]) -> Right | None:
    """The right a question takes; None when strangers may ask it. Raises `LookupError` for others."""
    try:
        return cast("Right | None", view.right)  # type: ignore[attr-defined]
    except AttributeError as error:
        raise LookupError(f"{view} is no question of staff") from error


def _question(handler: Callable[[HttpRequest, Said], Answer], right: Right | None) -> View:
    @wraps(handler)
    def view(request: HttpRequest) -> HttpResponse:
        try:
            if request.method != "POST":
                raise WireError(f"{request.method} where only POST is")
            if request.headers.get("origin") != settings.ORIGIN:
                raise OriginError("another site, or none")
            return answer(handler(request, Said(_read(request))))
        except CounselError as error:
            return refusal(error)
        except Exception:
            _log.exception("%s failed", handler.__name__)
            return refusal(CounselError())

    view.right = right  # type: ignore[attr-defined]
    return view


def refuse_strange_origin(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django's check against forged requests answers (`CSRF_FAILURE_VIEW`)."""
    return refusal(OriginError(reason))


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        return read_json(request.body)
    except RequestDataTooBig as error:
        raise FrameSizeError("past the largest size") from error
    except RawPostDataException as error:  # a form: Django has read it already
        raise WireError("a form where JSON belongs") from error
