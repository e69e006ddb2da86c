"""The story of the service: somebody comes, somebody takes them, they talk, it ends, it is gone."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any, Final

from counsel.limits import SIZES
from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone, mirrored
from tests.scenario.site import Site

FIRST: Final = "老板三个月没发工资了，睡不着 😔"
TALK: Final = (
    ("phone", "你好，有人在吗？"),
    ("desk", "在的，我是林。慢慢说 🙂"),
    ("phone", "I don't know where to begin… 👨‍👩‍👧‍👦 𠮷野家 ñ"),
    ("desk", "Wherever you like. 没有对错。"),
    ("phone", "一行\n两行"),
    ("desk", "<b>不是</b> &amp; 一行 🇨🇳👍🏽"),
)
OF_A_TALK: Final = (
    "chat_counselsession", "chat_seat", "chat_envelope", "chat_keypackage", "chat_step",
)  # fmt: skip
Rows = dict[str, list[tuple[Any, ...]]]


def every_row(database: Path) -> Rows:
    """Every row of every table, the database's own included."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        return {
            name: connection.execute(f'SELECT * FROM "{name}"').fetchall()
            for (name,) in names.fetchall()
        }


def test_two_people_talk(browsers: Chromiums, site: Site) -> None:
    phone = Phone(browsers.launch("sana", PHONE), site.origin)
    desk = Desk(browsers.launch("lin", DESK), site.origin)
    desk.sign_in(site.data, "lin")
    before = every_row(site.data / "counsel.sqlite3")

    phone.start(first_line=FIRST)
    desk.take()
    phone.talks()
    assert "林 Lin（倾听员）" in phone.members()
    assert desk.spoken == [], "what was written before goes by a tap only"
    phone.release()
    desk.until(lambda: desk.heard == [FIRST])

    people: dict[str, Phone | Desk] = {"phone": phone, "desk": desk}
    said = [("mine", FIRST)]
    for number, (who, text) in enumerate(TALK):
        people[who].say(text)
        said.append(("mine" if who == "phone" else "theirs", text))
        phone.until(lambda: phone.spoken == said)
        desk.until(lambda: desk.spoken == mirrored(said))
        if number == 2:
            phone.reload()
            desk.reload()
    for text in ("一起", "说话", "也不乱"):
        phone.say(text)
        desk.say(text + "。")
    phone.until(lambda: len(phone.spoken) == len(said) + 6 and phone.delivered())
    desk.until(lambda: desk.spoken == mirrored(phone.spoken) and desk.delivered())

    phone.reload()
    desk.reload()
    phone.until(lambda: len(phone.spoken) == len(said) + 6)
    desk.until(lambda: desk.spoken == mirrored(phone.spoken))
    assert phone.spoken[: len(said)] == said
    assert phone.heard[-3:] == ["一起。", "说话。", "也不乱。"]

    during = every_row(site.data / "counsel.sqlite3")
    phone.end()
    desk.sees("这次谈话结束了")
    phone.erase()
    desk.until(lambda: not desk.spoken)
    assert FIRST not in desk.page.inner_text("body")
    assert_one_tombstone(before, during, every_row(site.data / "counsel.sqlite3"))
    assert_nothing_on_disk(during, site.data)
    for person in (phone, desk):
        assert person.sent
        assert person.sent | person.received <= set(SIZES)
        assert not person.trouble


def assert_one_tombstone(before: Rows, during: Rows, after: Rows) -> None:
    """Of the talk one row stays; it says the month and refers to nothing."""
    fresh = {name: [row for row in after[name] if row not in before[name]] for name in after}
    fresh = {name: rows for name, rows in fresh.items() if rows}
    for name, rows in fresh.items():
        print(f"{name}: {rows}")
    ((number, month),) = fresh.pop("chat_tombstone")
    assert re.fullmatch(r"[0-9a-f]{32}", number)
    assert re.fullmatch(r"\d{4}-\d\d-01", month)
    # Beside it: that Lin was on duty just now, and how many rows SQLite has numbered so far.
    assert fresh.keys() <= {"counsel_staff", "counsel_login", "sqlite_sequence"}
    assert all(after[name] == before[name] == [] for name in OF_A_TALK)
    everything = {value for rows in after.values() for row in rows for value in row}
    assert not everything & traces(during)
    assert not {number} & {value for rows in during.values() for row in rows for value in row}


def assert_nothing_on_disk(during: Rows, data: Path) -> None:
    """Not in a freed page, and not in the write-ahead log."""
    for path in data.glob("counsel.sqlite3*"):
        written = path.read_bytes()
        assert not [value for value in traces(during) if _raw(value) in written], path


def traces(during: Rows) -> set[str | bytes]:
    """Everything of the talk that is unlike anything else: ids, hashes, sealed words, its code."""
    values = [value for name in OF_A_TALK for row in during[name] for value in row]
    found = {value for value in values if isinstance(value, bytes) and len(value) >= 16}
    assert len(found) > 20
    column = next(row for row in during["chat_counselsession"])
    return found | {value for value in column if isinstance(value, str) and len(value) == 4}


def _raw(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value
