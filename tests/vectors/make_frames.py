"""Writes frames.json: bundles with their fields, and bytes that are no bundle.

Both languages read the same file: `tests/counsel/test_framing.py`, `tests/client/framing.test.ts`.
`python -m tests.vectors.make_frames` writes it; a test demands that it is fresh.
"""

from __future__ import annotations

import hashlib
import json
import random
from pathlib import Path
from typing import Any, Final

from counsel import limits
from counsel.framing import (
    Blob,
    Codec,
    Fixed,
    Many,
    Number,
    Record,
    Said,
    Text,
    layout,
    pack,
    pack_record,
)
from counsel.management.typescript import VOCABULARIES, camel, frames
from triage.queue.wire import Request, Standing

FILE: Final = Path(__file__).with_name("frames.json")
WORDS: Final = ("", "zh", "waiting", "你好", "🙂", "\ufeff", "é")


def sample(codec: Codec, draw: random.Random, *, full: bool) -> Any:
    """A value for this codec; `full` takes the largest it allows."""
    match codec:
        case Number(width=width):
            return 256**width - 1 if full else draw.randrange(256**width)
        case Fixed(length=length):
            return draw.randbytes(length)
        case Blob(longest=longest):
            # Largest ones repeat one byte, so that this file stays small.
            return (
                draw.randbytes(1) * longest
                if full
                else draw.randbytes(draw.randrange(min(longest, 40)))
            )
        case Text(longest=longest):
            return (
                "x" * longest
                if full
                else draw.choice([w for w in WORDS if len(w.encode()) <= longest])
            )
        case Many(item=item, most=most):
            count = most if full else draw.randrange(min(most, 2) + 1)
            return tuple(sample(item, draw, full=full) for _ in range(count))
        case Record(shape=shape):
            return fill(shape, draw, full=full)
    raise TypeError(codec.label)


def fill(shape: type, draw: random.Random, *, full: bool) -> Any:
    """A frame or record of this shape."""
    return shape(**{name: sample(codec, draw, full=full) for name, codec in layout(shape)})


def plain(codec: Codec, value: Any) -> Any:
    """The value as JSON: bytes become {"hex": …, "times": n}."""
    match codec:
        case Fixed() | Blob():
            once = value[:1] if len(set(value)) == 1 else value
            return {"hex": once.hex(), "times": len(value) // len(once) if once else 1}
        case Many(item=item):
            return [plain(item, one) for one in value]
        case Record(shape=shape):
            return {camel(name): plain(part, getattr(value, name)) for name, part in layout(shape)}
    return value


def described(said: Said) -> dict[str, Any]:
    """One frame as both languages name it."""
    shape = type(said.frame)
    values = {camel(name): plain(c, getattr(said.frame, name)) for name, c in layout(shape)}
    return {"correlation": said.correlation, "frame": {"kind": shape.__name__, **values}}


def good() -> list[dict[str, Any]]:
    """Each frame small and as large as it goes, and one bundle of several."""
    draw = random.Random(1)
    found = []
    for shape in frames():
        vocabulary = next(name for name, v in VOCABULARIES.items() if shape in v.frames)
        for full in (False, True):
            said = [Said(fill(shape, draw, full=full), draw.randrange(65536))]
            found.append(
                _case(f"{shape.__name__}, {'full' if full else 'small'}", vocabulary, said)
            )
    several = [Said(fill(shape, draw, full=False), n) for n, shape in enumerate(frames()[:5])]
    found.append(_case("several in one bundle", "Chat", several))
    found.append(_case("nothing", "Chat", []))
    return found


def _case(name: str, vocabulary: str, said: list[Said]) -> dict[str, Any]:
    bundle = pack(said)
    return {
        "name": name,
        "vocabulary": vocabulary,
        "said": [described(one) for one in said],
        "size": len(bundle),
        "sha256": hashlib.sha256(bundle).hexdigest(),
    }


def packed() -> list[dict[str, Any]]:
    """Records that are packed by themselves, small and as large as they go."""
    draw = random.Random(4)
    rows = []
    for shape, length in ((Request, limits.REQUEST), (Standing, limits.MAX_STANDING)):
        for full in (False, True):
            record = fill(shape, draw, full=full)
            values = {camel(n): plain(c, getattr(record, n)) for n, c in layout(shape)}
            data = pack_record(record, length)
            rows.append({"shape": shape.__name__, "record": values, "hex": data.hex()})
    return rows


def bad() -> list[dict[str, Any]]:
    """Bytes that both languages refuse, with the code."""
    small = limits.SIZES[0]
    end = "0b0001"  # a whole `End` with correlation 1
    long_word = "x" * 33
    rows = [
        ("empty", 0, "", "bad-size"),
        ("one byte short of a size", small - 1, "", "bad-size"),
        ("larger than the largest", limits.SIZES[-1] + 1, "", "bad-size"),
        ("unknown kind", small, "0003ff0000", "bad-frame"),
        ("a frame of another vocabulary", small, "0003210000", "bad-frame"),
        ("frame without a correlation", small, "00020b00", "bad-frame"),
        ("frame longer than the bundle", small, f"ffff{end}", "bad-frame"),
        ("bytes after the last field", small, f"0004{end}00", "bad-frame"),
        ("padding is not zero", small, f"0003{end}0000{'00' * 8}01", "bad-frame"),
        ("text is not UTF-8", small, "00060900010001ff", "bad-frame"),
        (
            "text longer than allowed",
            small,
            f"0026090001{33:04x}{long_word.encode().hex()}",
            "bad-frame",
        ),
        ("too many frames", small, f"0003{end}" * (limits.MAX_FRAMES + 1), "bad-frame"),
    ]
    return [
        {"name": name, "vocabulary": "Chat", "size": size, "hex": data, "code": code}
        for name, size, data, code in rows
    ]


def text() -> str:
    """The whole file."""
    return (
        json.dumps({"good": good(), "packed": packed(), "bad": bad()}, ensure_ascii=False, indent=1)
        + "\n"
    )


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
