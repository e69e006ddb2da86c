"""The story on networks that let no socket through: everything goes by POST, and means the same."""

from __future__ import annotations

from playwright.sync_api import Request, WebSocketRoute

from counsel.limits import SIZES
from tests.scenario.people import DESK, PHONE, Chromiums, Desk, Phone, mirrored
from tests.scenario.site import Site
from tests.scenario.story import FIRST, meet


def test_two_people_talk_where_sockets_are_cut(browsers: Chromiums, site: Site) -> None:
    phone = Phone(browsers.launch("sana", PHONE), site.origin)
    desk = Desk(browsers.launch("lin", DESK), site.origin)
    lengths: set[int] = set()

    def measure(request: Request) -> None:
        response = request.response()
        if request.method == "POST" and response is not None:
            lengths.update((len(request.post_data_buffer or b""), len(response.body())))

    for person in (phone, desk):
        person.page.route_web_socket("**/chat", _cut)
    desk.sign_in(site.data, "lin")
    meet(phone, desk)
    for person in (phone, desk):
        person.page.on("requestfinished", measure)
    for number in range(3):
        phone.say(f"第{number}句")
        desk.say(f"听到第{number}句了")
    phone.until(lambda: len(phone.spoken) == 7)
    desk.until(lambda: desk.spoken == mirrored(phone.spoken))
    assert desk.heard == [FIRST, "第0句", "第1句", "第2句"]
    assert phone.heard == [f"听到第{number}句了" for number in range(3)]
    assert not phone.received, "nothing came by a socket"
    assert lengths
    assert lengths <= set(SIZES)


def _cut(socket: WebSocketRoute) -> None:
    socket.close()
