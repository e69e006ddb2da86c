"""The staff door: small JSON questions by POST, from our own pages only.

Not for seekers, who never sign in and never get a cookie. Every body is one of the five sizes in
both directions; the layout is in `counsel/answers.py` and `counsel/docs/protocol.md`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from counsel import demo, signin, unsafe_bench
from counsel.answers import answer, read_json, refusal
from counsel.errors import CounselError, FrameSizeError, OriginError, WireError
from counsel.models import Staff
from counsel.statements import decode, encode

_log = logging.getLogger(__name__)

View = Callable[[HttpRequest], HttpResponse]
Handler = Callable[[HttpRequest, dict[str, Any]], dict[str, Any]]


def _api(handler: Handler) -> View:
    """A question with a padded JSON body in, a padded JSON answer or a coded refusal out."""

    @wraps(handler)
    def view(request: HttpRequest) -> HttpResponse:
        try:
            if request.method != "POST":
                raise WireError(f"{request.method} where only POST is")
            if request.headers.get("origin") != settings.ORIGIN:
                raise OriginError("another site, or none")
            return answer(handler(request, _read(request)))
        except CounselError as error:
            return refusal(error)
        except Exception:
            _log.exception("%s failed", handler.__name__)
            return refusal(CounselError())

    return view


@csrf_exempt
@_api
def csrf(request: HttpRequest, said: dict[str, Any]) -> dict[str, Any]:
    """The token every other question brings along as `x-csrf-token`."""
    return {"csrf": get_token(request)}


@_api
def sign_in(request: HttpRequest, said: dict[str, Any]) -> dict[str, Any]:
    """Name, password and code for a login."""
    staff = signin.sign_in(
        request,
        name=_text(said, "name"),
        password=_text(said, "password"),
        code=_text(said, "code"),
        now=timezone.now(),
    )
    return {"me": _present(staff)}


@_api
def unsafe_bench_sign_in(request: HttpRequest, said: dict[str, Any]) -> dict[str, Any]:
    """Key and name for a login: measurements only, see `unsafe_bench.py`."""
    key, name = _text(said, "key"), _text(said, "name")
    return {"me": _present(unsafe_bench.sign_in(request, key=key, name=name, now=timezone.now()))}


@_api
def sign_out(request: HttpRequest, said: dict[str, Any]) -> dict[str, Any]:
    """The login of this browser ends; its open sockets close within two seconds."""
    signin.sign_out(request)
    return {}


@_api
def me(request: HttpRequest, said: dict[str, Any]) -> dict[str, Any]:
    """Who is signed in on this browser."""
    staff = signin.signed_in(request, now=timezone.now())
    return {"me": _present(staff), "mode": settings.MODE}


@_api
def certify(request: HttpRequest, said: dict[str, Any]) -> dict[str, Any]:
    """A certificate for this browser's key. Only a demo root signs on a server."""
    now = timezone.now()
    staff = signin.signed_in(request, now=now)
    try:
        key = decode(_text(said, "key"))
    except ValueError as error:
        raise WireError("key is no base64url") from error
    if len(key) != 32:
        raise WireError(f"a key of {len(key)} bytes")
    identity, statement = demo.certify(staff, key, now=now)
    return {"identity": encode(identity), "statement": encode(statement)}


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


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or len(value) > 256:
        raise WireError(f"{name} is no text")
    try:
        value.encode()
    except UnicodeEncodeError as error:  # JSON can spell halves of a character
        raise WireError(f"{name} is no Unicode") from error
    return value


def _present(staff: Staff) -> dict[str, str]:
    return {
        "working_name": staff.working_name,
        "role": staff.role,
        "person": staff.person,
    }
