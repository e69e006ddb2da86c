"""Every number of raised hands and their rooms that is no clinical one, each with its reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

BOARD_HANDS: Final = 6
"""Raised hands a board lists, the longest first: each carries a key package and duty statements of
5,100 bytes at the most, and all of them fit one message."""

LARGEST: Final = 9_000
"""Bytes of one sealed row of a room: what one field takes (8,000); its Welcome has about 2,500."""

ROWS_AT_ONCE: Final = 2
"""Rows of a room one answer gives: they fit one message, and whoever wants more asks again."""

ROWS_KEPT: Final = 400
"""Rows a room may have before it is closed and a new one begun: hours of writing."""

SHOWN_FOR: Final = timedelta(minutes=2)
"""How long a board still says of a hand that it is over, and how; then its row goes."""
