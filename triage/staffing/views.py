"""What a supervisor asks about a rota. See `counsel/questions.py`."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from counsel import moment
from counsel.audit.kinds import Kind
from counsel.models import Staff
from counsel.questions import Answer, Said, question
from counsel.rights import Right
from triage.simulation.history import learn
from triage.staffing.runs import RUNS
from triage.staffing.wanted import MOST_COME, MOST_PEOPLE, MOST_SUPERVISORS, Line, Wanted, line

_LINES: Final = 12
"""Shifts of one evening that are named apart."""
_TENTHS: Final = 10


@question(Right.FORESEE, reads=Kind.STAFFING_ASKED)
def ask(request: HttpRequest, staff: Staff, said: Said) -> Answer:
    """`{lines, more: [{from, to, people}], tenths, each, supervisors}` → `{done, of, found}`.

    `from` and `to` are hours of a clock (`20:00`), `tenths` how many come in ten of the busiest
    hours. The same question is asked until `found` is there; until then it is null, and `done` of
    `of` evenings are simulated. `found` is what `manage.py staffing --json` prints.
    """
    wanted = Wanted(
        lines=_read(said.rows("lines", most=_LINES)),
        more=_read(said.rows("more", most=_LINES)),
        per_hour=said.number("tenths", least=1, most=MOST_COME * _TENTHS) / _TENTHS,
        each=said.number("each", least=1, most=2),
        supervisors=said.number("supervisors", most=MOST_SUPERVISORS),
    )
    run = RUNS.look(staff.pk, wanted, learn, moment.now())
    return {"done": run.done, "of": run.of, "found": run.found}


def _read(rows: list[Said]) -> tuple[Line, ...]:
    return tuple(
        line(row.text("from"), row.text("to"), row.number("people", least=1, most=MOST_PEOPLE))
        for row in rows
    )
