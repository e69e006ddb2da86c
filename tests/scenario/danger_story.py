"""The red path and the orange path as people walk them, from the first tap to what was learned.

Told once for tests, which look at what is true, and for contact sheets, which look at the screens: at
each moment worth a look `camera` is told who sees something new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.scenario.alarmed import (
    LEAD,
    NAMES,
    TELEPHONES,
    Alarmed,
    Words,
    answers,
    ask,
    end_talk,
    presses_danger,
    row,
    says,
    speaks,
    stands,
    tap_risk,
)
from tests.scenario.evening import away, back
from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Person, Phone

Camera = Callable[[str, dict[str, Person]], None]
RED_TAPS: Final = {
    "plan": "thought", "means": "reach", "time": "days", "alone": "yes", "place": "safe",
}  # fmt: skip
ORANGE_TAPS: Final = {
    "plan": "none", "means": "none", "time": "none", "alone": "near", "place": "safe",
}  # fmt: skip
_STATE: Final = """
import json
from triage.escalation.rows import Escalation
print(json.dumps(Escalation.objects.get().state))
"""
SPOKEN: Final = {
    "zh": ("我是林，我在。你现在一个人吗？", "一个人。手在抖。", "我是周，也在。先把那样东西放到门外，好吗？",
           "放出去了。", "好。叫一个人来陪，我们等着。", "老乡来了。"),
    "en": ("I am Lin, I am here. Are you alone?", "Alone. My hands shake.",
           "I am Zhou, here too. Could you put it outside the door first?", "It is outside.",
           "Good. Call somebody to sit with you; we wait.", "My friend is here."),
}  # fmt: skip
RED_TIMELINE: Final = ("raise", "show", "act", "assess", "propose", "confirm", "close")
ORANGE_TIMELINE: Final = ("raise", "show", "act", "assess", "close")
SECONDS: Final = (30.0, 60.0)
"""When duty and when the supervisor are called about a red nobody took: `timers.json`."""


def nobody_looks(_caption: str, _people: dict[str, Person]) -> None:
    """A story without a camera."""


@dataclass(frozen=True)
class Cast:
    """Whoever comes, who listens, who supervises, and the second person."""

    sana: Phone
    lin: Desk
    zhou: Desk
    wu: Desk | None

    @property
    def second(self) -> Desk:
        """Of the red path."""
        assert self.wu is not None
        return self.wu

    @property
    def everybody(self) -> tuple[Person, ...]:
        """All who have a browser."""
        return (self.sana, self.lin, self.zhou) + (() if self.wu is None else (self.wu,))


def gather(browsers: Chromiums, there: Alarmed, language: str, *, second: bool) -> Cast:
    """Staff signed in and on; a phone that has not asked for anything yet."""
    desks = {}
    for name in ("lin", "zhou", *(("wu",) if second else ())):
        desks[name] = Desk(browsers.launch(name, DESK), there.origin, language)
        desks[name].sign_in(there.data, name, on=name != "wu")
    phone = Phone(browsers.launch("sana", PHONE), there.origin, language)
    return Cast(phone, desks["lin"], desks["zhou"], desks.get("wu"))


def red(cast: Cast, there: Alarmed, camera: Camera = nobody_looks, *, scale: float = 1.0) -> None:
    """Pressed, called, nobody; called again; taken; two beside her; asked, lowered, ended, learned."""
    sana, lin, zhou = cast.sana, cast.lin, cast.zhou
    words, said = Words(sana.language), SPOKEN[sana.language]
    presses_danger(sana)
    camera("pressed", {"sana": sana})
    sana.press(words("intake.danger.taps.afraid"))
    sana.until(lambda: sana.told() == words("waiting.red_title"))
    stands(zhou, "raised")
    camera("raised", {"sana": sana, "lin": lin, "zhou": zhou})

    rings(there, zhou, {"lin": 1, "zhou": 1}, SECONDS[0] * scale)
    assert not there.rung(LEAD)
    rings(there, zhou, {"lin": 1, "zhou": 2}, (SECONDS[1] - SECONDS[0]) * scale)
    sana.sees(words("waiting.red_supervisor"))
    assert sana.page.locator("a[href='tel:120']").count(), "the numbers stay on the screen"
    camera("paged twice, and nobody yet", {"sana": sana, "lin": lin, "zhou": zhou})

    lin.take()
    sana.talks()
    away(sana)
    lin.say(said[0])
    lin.until(lin.delivered)
    sana.until(lambda: said[0] in sana.heard)
    assert ask(there.site, _STATE) == "raised", "taken, said, come: and nobody has seen it yet"
    back(sana)
    stands(zhou, "attended")
    rings(there, zhou, {"zhou": 3}, 1)
    answers(sana, lin, said[1])
    camera("a person's words", {"sana": sana, "lin": lin, "zhou": zhou})

    come_beside(cast, words, camera)
    speaks(zhou, sana, said[2])
    answers(sana, zhou, said[3])
    says(zhou, "act", what="joined")
    stands(lin, "led")
    camera("two beside her", {"sana": sana, "lin": lin, "zhou": zhou})
    settle_red(cast, there, camera)


def come_beside(cast: Cast, words: Words, camera: Camera) -> None:
    """Zhou asks, Lin lets her in, Sana sees it before the next word."""
    cast.zhou.page.click(".ask-in")
    cast.lin.sees(words("beside.wants", name=NAMES["zhou"]))
    camera("she asks to come in", {"lin": cast.lin, "zhou": cast.zhou})
    cast.lin.press(words("beside.admit", name=NAMES["zhou"]))
    cast.zhou.page.wait_for_selector(".pane .members-now")
    cast.zhou.until(lambda: NAMES["lin"] in cast.zhou.members())
    cast.sana.until(lambda: NAMES["zhou"] in cast.sana.members())


def settle_red(cast: Cast, there: Alarmed, camera: Camera) -> None:
    """Five taps, less urgent by two, an outcome, a quarter-hour, a review."""
    sana, lin, zhou, wu = cast.sana, cast.lin, cast.zhou, cast.second
    words, said = Words(sana.language), SPOKEN[sana.language]
    tap_risk(lin, **RED_TAPS)
    stands(zhou, "assessed")
    camera("five taps", {"lin": lin})
    speaks(lin, sana, said[4])
    answers(sana, lin, said[5])
    says(lin, "propose", tier="orange", reason="safe")
    stands(wu, "proposed")
    assert words("danger.steps.confirm") not in row(lin), "nobody is their own second person"
    assert NAMES["lin"] in row(wu), "who thinks so is named to whoever has to judge"
    assert not wu.page.locator(".ask-in").count() or words("danger.steps.confirm") in row(wu)
    camera("a second person is asked", {"wu": wu, "lin": lin})
    says(wu, "confirm")
    stands(zhou, "lowered")
    says(zhou, "settle", outcome="accompanied")
    zhou.page.wait_for_selector(".danger-row", state="detached")
    camera("ended by a person, with an outcome", {"zhou": zhou, "lin": lin})

    zhou.page.click("#step-out")
    sana.until(lambda: NAMES["zhou"] not in sana.members())
    there.check_pages()
    end_talk(lin)
    lin.until(lambda: words.begin("duty.debrief") in lin.page.inner_text(".duty"))
    lin.sees(words("console.hands.debrief"))
    camera("a quarter-hour for Lin", {"sana": sana, "lin": lin})
    review(cast, "wu", camera, RED_TIMELINE)
    assert there.calls() == [], "who was called is forgotten with the talk"


def review(cast: Cast, name: str, camera: Camera, happened: tuple[str, ...]) -> None:
    """A supervisor looks back and keeps what there is to learn, in codes."""
    desk: Desk = getattr(cast, name)
    words = Words(desk.language)
    desk.page.click("#tab-review")
    desk.page.click(".past .person")
    desk.page.wait_for_selector(".timeline li")
    told = [one.get_attribute("data-event") for one in desk.page.locator(".timeline li").all()]
    assert tuple(one for one in told if one != "page") == happened, told
    assert "page" in told, "nobody learns from a page they do not see"
    desk.page.check("input[value=late]", force=True)
    desk.press(words("review.keep"))
    desk.sees(words("review.kept_by", who=NAMES[name]))
    camera("the review", {name: desk})


def orange(cast: Cast, there: Alarmed, camera: Camera = nobody_looks, *, scale: float) -> None:
    """Said in an answer; nobody comes for ten minutes; called; taken; asked; ended by whoever asked."""
    sana, lin, zhou = cast.sana, cast.lin, cast.zhou
    words, said = Words(sana.language), SPOKEN[sana.language]
    sana.arrive()
    for answer in ("safe.unsure", "wish.today"):
        sana.answer(words(f"intake.q.{answer}"))
    camera("asked at the door", {"sana": sana})
    sana.page.click(".chip >> nth=0")
    sana.page.click(".choice >> nth=0")
    sana.page.wait_for_selector(".waiting, .asks")
    for answer in ("plan.thought", "tried.none"):
        sana.answer(words(f"intake.q.{answer}"))
    sana.page.wait_for_selector(".waiting h1")
    stands(zhou, "raised")
    camera("waits; told to whoever is on", {"sana": sana, "lin": lin, "zhou": zhou})

    rings(there, zhou, {"zhou": 1}, 600 * scale)
    assert not there.rung(TELEPHONES["lin"])
    assert not there.rung(LEAD)
    lin.take()
    sana.talks()
    sana.release()
    speaks(lin, sana, said[0])
    answers(sana, lin, said[1])
    stands(lin, "attended")
    says(zhou, "act", what="watches")
    camera("taken, and the supervisor knows", {"sana": sana, "lin": lin, "zhou": zhou})
    tap_risk(lin, **ORANGE_TAPS)
    stands(lin, "assessed")
    camera("five taps", {"lin": lin})
    says(lin, "settle", outcome="safe")
    lin.page.wait_for_selector(".danger-row", state="detached")
    camera("ended by whoever asked", {"sana": sana, "lin": lin, "zhou": zhou})
    there.check_pages()
    end_talk(lin)
    review(cast, "zhou", camera, ORANGE_TIMELINE)
    assert there.calls() == [], "who was called is forgotten with the talk"


def rings(there: Alarmed, waits: Person, times: dict[str, int], seconds: float) -> None:
    """Within so many seconds and a margin each of these telephones has rung so often."""
    due = {name: there.rung(TELEPHONES[name]) for name in times}
    waits.until(
        lambda: all(len(there.rung(TELEPHONES[name])) >= most for name, most in times.items()),
        patience=seconds + 15,
    )
    for name, most in times.items():
        ids = there.rung(TELEPHONES[name])
        assert len(set(ids)) == most, (name, due, ids)
