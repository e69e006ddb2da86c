"""The story on one process with SQLite, as `make run` serves it."""

from __future__ import annotations

from tests.scenario import remains
from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone, mirrored
from tests.scenario.site import Site
from tests.scenario.story import assert_only_five_sizes, meet, part, talk


def test_two_people_talk_and_one_tombstone_stays(browsers: Chromiums, site: Site) -> None:
    phone = Phone(browsers.launch("sana", PHONE), site.origin)
    desk = Desk(browsers.launch("lin", DESK), site.origin)
    desk.sign_in(site.data, "lin")
    before = remains.in_sqlite(site.data)
    meet(phone, desk)
    talk(phone, desk)
    spoken = phone.spoken
    phone.reload()
    desk.reload()
    phone.until(lambda: phone.spoken == spoken)
    desk.until(lambda: desk.spoken == mirrored(spoken))
    during = remains.in_sqlite(site.data)
    part(phone, desk)
    remains.assert_one_tombstone(before, during, remains.in_sqlite(site.data))
    for path in site.data.glob("counsel.sqlite3*"):
        written = path.read_bytes()
        raw = [t if isinstance(t, bytes) else t.encode() for t in remains.traces(during)]
        assert not [trace for trace in raw if trace in written], f"not overwritten in {path.name}"
    assert_only_five_sizes(phone, desk)
