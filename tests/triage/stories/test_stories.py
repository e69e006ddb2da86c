"""Nobody publishes what they wrote, what anybody may read is what a second person let out, and no story
says whose it is."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import Client

from counsel.audit.models import AuditEntry
from counsel.errors import (
    AccessError,
    IllegalTransitionError,
    LostRaceError,
    NeedsTwoError,
    ValueRefusedError,
)
from counsel.lifecycle import Role
from counsel.models import Organisation, Staff
from counsel.stories import STORY, WRITERS, StoryEvent, StoryState
from tests.counsel.staff_room import hire, settle
from triage.stories import acting
from triage.stories.moving import move
from triage.stories.rows import SHOWN, TITLE_AT_MOST, WORDS_AT_MOST, Story

pytestmark = pytest.mark.django_db
NOW: Final = datetime(2026, 3, 31, 17, 0, tzinfo=UTC)
"""Past midnight in Shanghai: April there."""
CLIENT: Final = Path(__file__).resolve().parents[3] / "triage" / "client" / "stories"
SAID: Final[dict[str, Any]] = {"language": "zh", "title": "讨回来了", "text": "三个月的钱。"}


def staff(name: str, role: Role = Role.COUNSELLOR) -> Staff:
    return hire(name, name, role.value).staff


def written(writer: Staff, **said: Any) -> Story:
    what = {**SAID, **said}
    return acting.write(writer, what["language"], what["title"], what["text"])


def let_out(one: Story, reader: Staff) -> None:
    acting.judge(reader, one.pk, StoryEvent.PUBLISH, NOW)


def anybody_reads() -> dict[str, list[dict[str, str]]]:
    answer: HttpResponse = Client().get("/stories.json")  # type: ignore[assignment]
    assert answer.status_code == 200
    found: dict[str, list[dict[str, str]]] = json.loads(answer.content)
    return found


# --- the table -------------------------------------------------------------------------------------


def test_only_a_supervisor_lets_a_story_out_and_only_one_nobody_read_yet() -> None:
    judged = {row for row in STORY if row.event is not StoryEvent.WITHDRAW}
    assert {row.source for row in judged} == {StoryState.WRITTEN}
    assert {role for row in judged for role in row.by} == {Role.SUPERVISOR}
    with pytest.raises(IllegalTransitionError):
        STORY.row(StoryState.SENT_BACK, StoryEvent.PUBLISH, Role.SUPERVISOR)


def test_whoever_can_write_one_can_take_it_back_at_any_time() -> None:
    back = [row for row in STORY if row.event is StoryEvent.WITHDRAW]
    assert {row.source for row in back} == set(StoryState) - {StoryState.WITHDRAWN}
    assert all(row.by == frozenset(WRITERS) for row in back)


# --- a second person -------------------------------------------------------------------------------


@pytest.mark.parametrize("event", [StoryEvent.PUBLISH, StoryEvent.SEND_BACK])
def test_a_supervisor_does_not_judge_what_they_wrote(event: StoryEvent) -> None:
    zhou = staff("zhou", Role.SUPERVISOR)
    one = written(zhou)
    with pytest.raises(NeedsTwoError):
        acting.judge(zhou, one.pk, event, NOW)
    assert Story.objects.get().state == "written"


@pytest.mark.parametrize(
    ("when", "month"),
    [(NOW, date(2026, 4, 1)), (NOW.replace(day=14), date(2026, 3, 1))],
)
def test_another_supervisor_lets_it_out_and_the_month_is_all_that_is_kept_of_when(
    when: datetime, month: date
) -> None:
    one = written(staff("lin"))
    acting.judge(staff("zhou", Role.SUPERVISOR), one.pk, StoryEvent.PUBLISH, when)
    found = Story.objects.get()
    assert (found.state, found.month) == ("published", month)
    assert {field.name for field in Story._meta.get_fields()} == {
        "id", "organisation", "writer", "language", "title", "words", "state", "month",
    }  # fmt: skip


def test_who_is_second_finds_that_somebody_was_first() -> None:
    one, zhou = written(staff("lin")), staff("zhou", Role.SUPERVISOR)
    acting.judge(zhou, one.pk, StoryEvent.SEND_BACK, NOW)
    for event in StoryEvent:
        if event is not StoryEvent.SEND_BACK:
            with pytest.raises(LostRaceError):
                move(one, event, role=Role.SUPERVISOR, day=NOW.date())
    assert Story.objects.get().state == "sent-back"


def test_a_counsellor_sees_and_withdraws_their_own_alone() -> None:
    lin, chen = staff("lin"), staff("chen")
    one = written(lin)
    assert list(acting.listed(chen)) == []
    with pytest.raises(AccessError):
        acting.withdraw(chen, one.pk, NOW)
    let_out(one, staff("zhou", Role.SUPERVISOR))
    acting.withdraw(lin, one.pk, NOW)
    assert not Story.objects.exists(), "its words are gone"


def test_the_row_itself_refuses_a_published_story_without_a_month() -> None:
    written(staff("lin"))
    with pytest.raises(IntegrityError):
        Story.objects.update(state="published")


# --- what may be written ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        {"language": "fr"},
        {"title": " "},
        {"text": "\n \n"},
        {"title": "字" * (TITLE_AT_MOST + 1)},
        {"text": "字" * (WORDS_AT_MOST + 1)},
        {"title": "一\n二"},
        {"text": "看\u202e这里"},
        {"text": "一\x07"},
    ],
)
def test_what_is_no_short_plain_text_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(ValueRefusedError):
        written(staff("lin"), **said)
    assert not Story.objects.exists()


def test_the_longest_title_and_text_fit() -> None:
    one = written(staff("lin"), title="字" * TITLE_AT_MOST, text=f"  {'字' * WORDS_AT_MOST}\n")
    assert (len(one.title), len(one.words)) == (40, 1500)


def test_the_page_lets_as_much_be_typed_and_shows_as_many_as_the_server_takes_and_gives() -> None:
    page = (CLIENT / "storiesPage.tsx").read_text(encoding="utf-8")
    shown = (CLIENT / "shown.ts").read_text(encoding="utf-8")
    assert f"TITLE_AT_MOST = {TITLE_AT_MOST};" in page
    assert f"WORDS_AT_MOST = {WORDS_AT_MOST};" in page
    assert f"MOST = {SHOWN};" in shown


def test_paragraphs_are_apart_by_one_empty_line() -> None:
    assert acting.tidy(" 一\r\n二 \n \n\n\n 三\n") == "一\n二\n\n三"


# --- what anybody reads ----------------------------------------------------------------------------


def test_anybody_reads_what_was_let_out_and_nothing_before_or_after() -> None:
    lin, zhou = staff("lin"), staff("zhou", Role.SUPERVISOR)
    one, back = written(lin, title="<b>一</b>"), written(lin, title="二")
    acting.judge(zhou, back.pk, StoryEvent.SEND_BACK, NOW)
    assert anybody_reads() == {"zh": [], "en": []}
    let_out(one, zhou)
    assert anybody_reads() == {"zh": [{"title": "<b>一</b>", "text": SAID["text"]}], "en": []}
    acting.withdraw(zhou, one.pk, NOW)
    assert anybody_reads() == {"zh": [], "en": []}


def test_anybody_reads_the_twenty_newest_of_each_language_in_the_same_order() -> None:
    lin, zhou = staff("lin"), staff("zhou", Role.SUPERVISOR)
    for number in range(SHOWN + 2):
        let_out(written(lin, title=str(number)), zhou)
    old = written(lin, title="old", language="en")
    let_out(written(lin, title="new", language="en"), zhou)
    let_out(old, zhou)
    Story.objects.filter(pk=old.pk).update(month=date(2026, 5, 1))
    found = anybody_reads()
    assert [one["title"] for one in found["zh"]] == [str(n) for n in range(21, 1, -1)]
    assert [one["title"] for one in found["en"]] == ["old", "new"], "by the month, then as written"


def test_another_organisations_stories_are_nobodys_here() -> None:
    lin, zhou = staff("lin"), staff("zhou", Role.SUPERVISOR)
    one = written(lin)
    let_out(one, zhou)
    Story.objects.update(organisation=Organisation.objects.create(name="elsewhere"))
    assert anybody_reads() == {"zh": [], "en": []}
    with pytest.raises(AccessError):
        acting.find(zhou, one.pk)


def test_stories_are_the_same_bytes_for_whoever_asks_and_only_read() -> None:
    lin, browser = settle("lin", "林", "counsellor")
    let_out(written(lin.staff), staff("zhou", Role.SUPERVISOR))
    signed_in = browser.client.get("/stories.json").content
    assert signed_in == Client().get("/stories.json").content
    assert "林".encode() not in signed_in
    assert Client().post("/stories.json").status_code == 405


# --- what the console is told ----------------------------------------------------------------------


def test_a_supervisor_is_told_what_waits_first_and_the_trail_says_who_did_what() -> None:
    lin, writes = settle("lin", "林", "counsellor")
    zhou, reads = settle("zhou", "周", "supervisor")
    number = writes.ask("stories/write", **SAID)[1]["row"]["id"]
    let_out(written(zhou.staff, title="早的"), staff("wang", Role.SUPERVISOR))
    told = reads.ask("stories")[1]["rows"]
    assert [(row["writer"], row["state"], row["mine"]) for row in told] == [
        ("林", "written", False),
        ("周", "published", True),
    ]
    assert reads.ask("stories/one", id=number)[1]["text"] == SAID["text"]
    assert reads.ask("stories/judge", id=number, event="withdraw")[0] == 400
    assert reads.ask("stories/judge", id=number, event="publish")[0] == 200
    assert writes.ask("stories/withdraw", id=number)[0] == 200
    trail = AuditEntry.objects.filter(what__startswith="story-").order_by("pk")
    assert list(trail.values_list("what", "by", "about")) == [
        ("story-written", lin.staff.person, ""),
        ("story-published", zhou.staff.person, lin.staff.person),
        ("story-withdrawn", lin.staff.person, ""),
    ]


def test_thirty_rows_with_the_longest_titles_fit_one_answer_and_the_rest_is_counted() -> None:
    person, browser = settle("zhou", "很" * 32, "supervisor")
    for _ in range(33):
        written(person.staff, title="字" * TITLE_AT_MOST)
    code, answer = browser.ask("stories")
    assert (code, len(answer["rows"]), answer["more"]) == (200, 30, 3)


def test_the_longest_story_is_written_and_read_over_the_wire_as_it_is() -> None:
    _, browser = settle("lin", "林", "desk")
    said = {**SAID, "title": "字" * TITLE_AT_MOST, "text": "字" * WORDS_AT_MOST}
    number = browser.ask("stories/write", **said)[1]["row"]["id"]
    assert browser.ask("stories/one", id=number)[1]["text"] == said["text"]
    assert browser.ask("stories/write", **{**said, "text": "字" * (WORDS_AT_MOST + 1)})[0] == 400
