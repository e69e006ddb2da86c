"""Square codes that a phone's camera reads (ISO/IEC 18004), as rows of `0` and `1` that a page draws."""

from __future__ import annotations

import segno


def square(text: str) -> list[str]:
    """One text of `0` (light) and `1` (dark) for each row, without the quiet zone around it."""
    matrix = segno.make(text, micro=False).matrix
    return ["".join("1" if dark else "0" for dark in row) for row in matrix]
