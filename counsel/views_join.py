"""What a one-time link is asked: strangers hold it, and nobody else than its holder sees these."""

from __future__ import annotations

from django.http import HttpRequest

from counsel import enrolment, limits, moment
from counsel.errors import InvitationError
from counsel.models import Login
from counsel.questions import Answer, Said, open_question
from counsel.signin import begin_login, key_of
from counsel.squares import square
from counsel.statements import decode
from counsel.views import present


@open_question
def look(request: HttpRequest, said: Said) -> Answer:
    """What this link is for."""
    link = enrolment.look(_token(said), now=moment.now())
    return {
        "kind": link.kind,
        "working_name": link.working_name,
        "role": link.staff.role if link.staff else link.role,
        "organisation": link.organisation.name,
    }


@open_question
def code(request: HttpRequest, said: Said) -> Answer:
    """The secret for an authenticator app, in words and as the rows of its picture."""
    secret, uri = enrolment.show_app(request.session, _token(said), now=moment.now())
    if not Login.objects.filter(session_key=key_of(request.session)).exists():
        request.session.set_expiry(limits.JOINING_WITHIN)
    return {"secret": secret, "uri": uri, "picture": square(uri)}


@open_question
def finish(request: HttpRequest, said: Said) -> Answer:
    """A password and the app's first code: whoever holds the link is in, on this browser."""
    now = moment.now()
    joined = enrolment.finish(
        request.session,
        _token(said),
        sign_in_name=said.text("sign_in_name"),
        password=said.text("password"),
        code=said.text("code"),
        now=now,
    )
    begin_login(request, joined.staff, now=now)
    return {"me": present(joined.staff), "recovery": joined.recovery}


def _token(said: Said) -> bytes:
    """The bytes in the link; a link somebody cut short is one that does not count."""
    try:
        return decode(said.text("token"))
    except ValueError as error:
        raise InvitationError("no token") from error
