"""The questions of the staff door: who signs in, and by what.

Not for seekers, who never sign in and never get a cookie. How a question is asked is in
`counsel/questions.py`; the layout of bodies in `counsel/answers.py` and `counsel/docs/protocol.md`.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.views.decorators.csrf import csrf_exempt

from counsel import moment, passkeys, signin, unsafe_bench
from counsel.models import Staff
from counsel.questions import Answer, Said, open_question
from counsel.statements import MINUTE


@csrf_exempt
@open_question
def csrf(request: HttpRequest, said: Said) -> Answer:
    """The token every other question brings along as `x-csrf-token`."""
    return {"csrf": get_token(request)}


@open_question
def sign_in(request: HttpRequest, said: Said) -> Answer:
    """Name, password and code, of the app or of the paper, for a login."""
    staff = signin.sign_in(
        request,
        name=said.text("name"),
        password=said.text("password"),
        code=said.text("code"),
        now=moment.now(),
    )
    return {"me": present(staff)}


@open_question
def ask_passkey(request: HttpRequest, said: Said) -> Answer:
    """What any passkey of this person's device is asked to sign."""
    return {"options": passkeys.ask_sign_in(request, now=moment.now())}


@open_question
def sign_in_by_passkey(request: HttpRequest, said: Said) -> Answer:
    """What it signed, for a login."""
    staff = passkeys.sign_in(request, said.object("credential"), now=moment.now())
    return {"me": present(staff)}


@open_question
def unsafe_bench_sign_in(request: HttpRequest, said: Said) -> Answer:
    """Key and name for a login: measurements only, see `unsafe_bench.py`."""
    key, name = said.text("key"), said.text("name")
    return {"me": present(unsafe_bench.sign_in(request, key=key, name=name, now=moment.now()))}


@open_question
def sign_out(request: HttpRequest, said: Said) -> Answer:
    """The login of this browser ends, if there is one; its open sockets close within two seconds."""
    signin.sign_out(request, now=moment.now())
    return {}


def present(staff: Staff) -> dict[str, str]:
    """A colleague as any client may see them."""
    return {
        "working_name": staff.working_name,
        "role": staff.role,
        "person": staff.person,
        **({"desk": staff.desk} if staff.desk else {}),
    }


def spell(instant: datetime | None) -> str | None:
    """An instant to the minute, as every answer spells it; null where there is none."""
    return None if instant is None else instant.strftime(MINUTE)
