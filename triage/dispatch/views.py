"""What a responder's page asks. No login, no cookie, nothing about anybody in what comes back."""

from __future__ import annotations

from django.http import HttpRequest
from django.views.decorators.csrf import csrf_exempt

from counsel import moment
from counsel.questions import Answer, Said, open_question
from triage.dispatch.responding import respond


@csrf_exempt  # nobody is signed in here, and no cookie counts: there is nothing to forge
@open_question
def coming(request: HttpRequest, said: Said) -> Answer:
    """`{code, act, minutes}` → `{shows}`. `act`: `look`, `go` (with `minutes`), `cannot`, `came` or
    `missed`; `shows`: `asked`, `going` or `done`."""
    code, act = said.text("code", longest=40), said.text("act", longest=10)
    minutes = said.number("minutes", most=60)
    return {"shows": respond(code, act, minutes, moment.now())}
