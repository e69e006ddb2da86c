"""Every address, asked by every role about everything it could name: as the reviewed table says."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Final

import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from counsel import demo, limits, questions, staff_urls
from counsel.keys import demo_issuer
from counsel.management.access import ABSENT, SIGNED_OUT, addresses, table
from counsel.questions import right_of
from counsel.rights import RIGHTS
from tests.counsel.rights.bodies import NOT_JSON, SAID, body
from tests.counsel.rights.cast import MARK, SECRET, STAFF, Answer, World, gather, taken_back
from tests.counsel.rights.recorded import NOT_RECORDED, RECORDED

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
PUBLIC: Final = {
    "now.json",
    "staff-log.bin",
    "desks.json",
    "stories.json",
    "directory/<slug:name>.bin",
}
"""Addresses that are only read, by anybody."""
MD5: Final = "django.contrib.auth.hashers.MD5PasswordHasher"
QUESTIONS: Final = sorted(set(table().questions) - NOT_JSON)
NONSENSE: Final[dict[str, Any]] = {"person": 1, "shift": "x", "id": None, "after": {}}


@dataclass
class Asked:
    """One question, asked by everybody about everything."""

    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    """Fields that were sent, and fields the question looked at, where it got as far as that."""


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """One for all of them; every request is taken back."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), taken_back():
        patch.setattr(settings, "PASSWORD_HASHERS", [MD5])
        patch.setattr(settings, "DATA", tmp_path_factory.mktemp("rights"))
        demo.draw()
        demo_issuer.begin(timezone.now())
        yield gather()


@pytest.fixture(scope="module")
def ask(world: World) -> Callable[[str], Asked]:
    """Asks a question of everybody, once."""
    return cache(partial(_ask, world))


def _ask(world: World, question: str) -> Asked:
    asked = Asked()
    with pytest.MonkeyPatch.context() as patch:
        read = questions._read
        patch.setattr(questions, "_read", lambda request: Noted(read(request), asked.read))
        for role, cell in table().questions[question].cells.items():
            for standing, expected in cell.items():
                say = body(world, question, role, standing)
                if expected not in {ABSENT, SIGNED_OUT}:
                    say = _noting(asked.sent, say)
                asked.answers[role, standing] = world.ask(role, question, say)
    return asked


class Noted(dict[str, Any]):
    """What was said, and which of it the question looked at."""

    def __init__(self, said: Mapping[str, Any], read: set[str]) -> None:
        super().__init__(said)
        self.read = read

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().get(key, default)


def _noting(sent: set[str], say: Callable[[], Mapping[str, Any]]) -> Callable[[], Any]:
    def said() -> Mapping[str, Any]:
        body = say()
        sent.update(body)
        return body

    return said


# --- complete -------------------------------------------------------------------------------------


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(table().questions) == set(addresses())


def test_measuring_adds_one_address_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only in a demo on the loopback, which the settings see to (test_unsafe_bench.py)."""
    shut = {str(one.pattern) for one in staff_urls.urlpatterns}
    with monkeypatch.context() as patch:
        patch.setattr(settings, "UNSAFE_BENCH_KEY", "k" * 43)
        open_ = {str(one.pattern) for one in importlib.reload(staff_urls).urlpatterns}
    assert {str(one.pattern) for one in importlib.reload(staff_urls).urlpatterns} == shut
    assert open_ - shut == {"api/unsafe-bench-sign-in"}


def test_every_question_has_a_body_to_be_sent_with() -> None:
    assert set(QUESTIONS) == set(SAID)


def test_what_is_no_question_of_staff_has_been_thought_of() -> None:
    """A view without a right on it is a hole, unless it is one of these."""
    bare = set()
    for address, view in addresses().items():
        try:
            right_of(view)
        except LookupError:
            bare.add(address)
    assert bare == PUBLIC | {"chat/exchange"}


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_row_gives_more_than_the_right_on_the_question(question: str) -> None:
    view = addresses()[question]
    right = None if question in PUBLIC else right_of(view)
    for role, cell in table().questions[question].cells.items():
        if right is not None and role not in RIGHTS[right]:
            refused = SIGNED_OUT if role in {"stranger", "seeker"} else ABSENT
            assert set(cell.values()) == {refused}, f"{question}: {role} has no right to {right}"


# --- asked ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_role_gets_what_the_table_says(question: str, ask: Callable[[str], Asked]) -> None:
    cells, wrong = table().questions[question].cells, []
    for (role, standing), answer in ask(question).answers.items():
        expected = cells[role][standing]
        if answer.code != expected:
            wrong.append(f"{role}, {standing}: {answer.code or 'done'}, not {expected or 'done'}")
        if answer.changed:
            wrong.append(f"{role}, {standing}: refused, and something is otherwise than before")
        if answer.status == 200 and MARK.encode() in answer.raw.lower():
            wrong.append(f"{role}, {standing}: another organisation is in the answer")
        if SECRET.encode() in answer.raw:
            wrong.append(f"{role}, {standing}: a name to sign in with is in the answer")
    assert not wrong, "\n".join([question, *wrong])


def test_every_question_is_recorded_or_somebody_has_said_why_not() -> None:
    assert sorted([*RECORDED, *NOT_RECORDED]) == sorted(table().questions)


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_was_done_is_in_the_trail_once_and_what_was_refused_is_not(
    question: str, ask: Callable[[str], Asked]
) -> None:
    for (role, standing), answer in ask(question).answers.items():
        kinds = tuple(what for what, _ in answer.recorded)
        expected = RECORDED.get(question, {()}) if answer.status == 200 else {()}
        if role not in STAFF and question.startswith(("api/sign", "api/passkey")):
            expected = {kinds[-1:]}  # nobody was signed in here before
        assert kinds in expected, (role, standing, kinds)


MAILBOX = "api/referral"
"""Anybody may ask it, and every answer of it is as long as its longest (protocol-referral.md section 4)."""


@pytest.mark.parametrize("question", QUESTIONS)
def test_wrong_and_forbidden_are_the_same_bytes(
    question: str, world: World, ask: Callable[[str], Asked]
) -> None:
    """Absent, deleted, another's, another organisation's, no right at all, no such address."""
    nowhere = world.ask("administrator", "api/no-such-question", dict)
    assert (nowhere.status, nowhere.code) == (404, ABSENT)
    answers = ask(question).answers
    for role, cell in table().questions[question].cells.items():
        refused = [standing for standing, code in cell.items() if code == ABSENT]
        for standing in refused:
            answer = answers[role, standing]
            raw = answer.raw
            if question == MAILBOX:
                assert len(raw) == limits.SIZES[3]
                raw = raw[: len(nowhere.raw)] + raw[len(nowhere.raw) :].strip()
            assert (answer.status, raw) == (nowhere.status, nowhere.raw), (role, standing)
        if refused == list(cell):  # no right: then what is said makes no difference either
            answer = world.ask(role, question, partial(dict, NONSENSE))
            assert (answer.status, answer.raw) == (nowhere.status, nowhere.raw), role


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_reads_the_fields_it_was_sent_and_no_others(
    question: str, ask: Callable[[str], Asked]
) -> None:
    """A field nobody wrote a body for could name something nobody has thought of."""
    if "<" in question:
        return  # what it names stands in its address
    assert ask(question).read == ask(question).sent
