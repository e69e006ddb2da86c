"""The first questions of the staff door: who signs in, who is signed in, and a certificate.

Not for seekers, who never sign in and never get a cookie. How a question is asked is in
`counsel/questions.py`; the layout of bodies in `counsel/answers.py` and `counsel/docs/protocol.md`.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from counsel import demo, signin, unsafe_bench
from counsel.errors import WireError
from counsel.models import Staff
from counsel.questions import Answer, Said, open_question, question
from counsel.rights import Right
from counsel.statements import encode


@csrf_exempt
@open_question
def csrf(request: HttpRequest, said: Said) -> Answer:
    """The token every other question brings along as `x-csrf-token`."""
    return {"csrf": get_token(request)}


@open_question
def sign_in(request: HttpRequest, said: Said) -> Answer:
    """Name, password and code for a login."""
    staff = signin.sign_in(
        request,
        name=said.text("name"),
        password=said.text("password"),
        code=said.text("code"),
        now=timezone.now(),
    )
    return {"me": present(staff)}


@open_question
def unsafe_bench_sign_in(request: HttpRequest, said: Said) -> Answer:
    """Key and name for a login: measurements only, see `unsafe_bench.py`."""
    key, name = said.text("key"), said.text("name")
    return {"me": present(unsafe_bench.sign_in(request, key=key, name=name, now=timezone.now()))}


@open_question
def sign_out(request: HttpRequest, said: Said) -> Answer:
    """The login of this browser ends, if there is one; its open sockets close within two seconds."""
    signin.sign_out(request)
    return {}


@question(Right.OWN)
def me(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """Who is signed in on this browser."""
    return {"me": present(staff), "mode": settings.MODE}


@question(Right.OWN)
def certify(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """A certificate for this browser's key. Only a demo root signs on a server."""
    key = said.octets("key")
    if len(key) != 32:
        raise WireError(f"a key of {len(key)} bytes")
    identity, statement = demo.certify(staff, key, now=timezone.now())
    return {"identity": encode(identity), "statement": encode(statement)}


def present(staff: Staff) -> dict[str, str]:
    """A colleague as any client may see them."""
    return {
        "working_name": staff.working_name,
        "role": staff.role,
        "person": staff.person,
    }
