"""Somebody owns the database: the log of what was issued is rolled back, or another. Real pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone
from tests.scenario.site import Site

ROLLED_BACK = {
    "核对工作证用的名单不全，有一段没给到这里。",
    # A demo's issuer lies on the server and may have put her on duty by the old log meanwhile.
    "对方的工作证不在我们公开的名单里。",
}
ANOTHER = {"核对工作证用的名单，两边看到的不一样。"}


@contextmanager
def database(site: Site) -> Iterator[sqlite3.Connection]:
    """What its owner can do, while the service runs."""
    with (
        closing(sqlite3.connect(site.data / "counsel.sqlite3", timeout=20)) as connection,
        connection,
    ):
        yield connection


class Log:
    """Both tables of the log, as they were at some moment."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with database(site) as db:
            self.top = db.execute("SELECT size, head, headed_at FROM counsel_stafflog").fetchall()
            self.rows = db.execute("SELECT place, row FROM counsel_logrow").fetchall()

    def restore(self) -> None:
        """As if nothing had been issued since."""
        with database(self.site) as db:
            db.execute("UPDATE counsel_stafflog SET size = ?, head = ?, headed_at = ?", self.top[0])
            db.execute("DELETE FROM counsel_logrow")
            db.executemany("INSERT INTO counsel_logrow (place, row) VALUES (?, ?)", self.rows)


def refused(phone: Phone, sentences: set[str]) -> None:
    """The seeker reads why, what they wrote is still there, and the numbers are."""
    phone.page.wait_for_selector("main.screen .attention")
    assert phone.page.inner_text("main.screen .attention") in sentences
    assert phone.page.locator("a[href^='tel:']").count() > 0


@pytest.mark.soak
def test_a_log_rolled_back_and_a_log_forged_stop_the_phone_and_a_true_one_lets_it_in(
    browsers: Chromiums, site: Site
) -> None:
    first_day = Log(site)
    lin = Desk(browsers.launch("lin", DESK), site.origin)
    lin.sign_in(site.data, "lin")
    today = Log(site)
    assert len(today.rows) > len(first_day.rows)

    first_day.restore()
    phone = Phone(browsers.launch("sana", PHONE), site.origin)
    phone.start(first_line="别发出去")
    lin.take()
    refused(phone, ROLLED_BACK)
    lin.end()

    today.restore()
    with database(site) as db:
        stranger = len(today.rows), b"\1" + bytes(32)
        db.execute("INSERT INTO counsel_logrow (place, row) VALUES (?, ?)", stranger)
        db.execute("UPDATE counsel_stafflog SET size = size + 1")
    phone.press("重新开始一次")
    phone.start()
    lin.take()
    refused(phone, ANOTHER)

    today.restore()
    phone.press("重新开始一次")
    phone.start()
    chen = Desk(browsers.launch("chen", DESK), site.origin)
    chen.sign_in(site.data, "chen")
    chen.take()
    phone.talks()
    phone.say("在吗？")
    chen.until(lambda: chen.heard == ["在吗？"])
