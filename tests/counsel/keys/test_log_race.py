"""Several processes append at the same moment: every row has one place, and the log stays one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.race import READY, Arena, arena

ROUNDS = 4
SET_UP = """
from django.conf import settings
settings.DATA = sys.argv[1]
from counsel import demo
demo.draw()
from tests.counsel.staff_room import hire
hire("race", "赛", "counsellor")
"""
APPENDS = (
    """
import secrets, time
from django.conf import settings
settings.DATA = sys.argv[1]
from django.utils import timezone
from counsel.keys import demo_issuer, ledger
from counsel.models import Staff
read = ledger.rows
def slowly():
    found = read()
    time.sleep(0.05)
    return found
ledger.rows = slowly
staff = Staff.objects.get(sign_in_name="race")
"""
    + READY
    + f"""
for _ in range({ROUNDS}):
    demo_issuer.certify(staff, secrets.token_bytes(32), now=timezone.now())
print(json.dumps(True))
"""
)
LOOK = """
from django.conf import settings
settings.DATA = sys.argv[1]
from counsel.keys import ledger
from counsel.keys.log import open_log
from counsel.keys.models import DeviceCard, LogRow
from counsel.keys.root import trusted_root
rows = open_log(ledger.whole(), root=trusted_root()).rows
places = set(DeviceCard.objects.values_list("place", flat=True))
print(json.dumps([rows.size, LogRow.objects.count(), len(places), len(rows.places)]))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def ground(request: pytest.FixtureRequest) -> Iterator[Arena]:
    with arena(request.param) as found:
        yield found


@pytest.mark.soak
def test_nothing_is_lost_and_nothing_lies_in_two_places(ground: Arena, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    ground.run(SET_UP, data)
    assert ground.race(APPENDS, [[data]] * 3) == [True] * 3
    cards = 3 * ROUNDS
    said = ground.run(LOOK, data).splitlines()[-1]
    assert said == f"[{cards + 1}, {cards + 1}, {cards}, {cards + 1}]"
