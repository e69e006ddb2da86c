"""JSON over POST, as long as everything else: spaces behind it up to one of the five sizes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from counsel import limits
from counsel.errors import CounselError, FrameSizeError, WireError


def pad_json(data: Mapping[str, Any]) -> bytes:
    """JSON and spaces, as long as the smallest size that holds it.

    Raises `FrameSizeError` when it does not fit the largest.
    """
    body = _spell(data)
    for size in limits.SIZES:
        if len(body) <= size:
            return body.ljust(size)
    raise FrameSizeError(f"{len(body)} bytes do not fit {limits.SIZES[-1]}")


def measure(data: object) -> int:
    """How many bytes this takes inside an answer."""
    return len(_spell(data))


def _spell(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def read_json(body: bytes) -> dict[str, Any]:
    """The object in a padded body.

    Raises `FrameSizeError` before anything is parsed, `WireError` for what is no JSON object.
    """
    if len(body) not in limits.SIZES:
        raise FrameSizeError(f"{len(body)} bytes")
    try:
        data = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise WireError("not JSON") from error
    if not isinstance(data, dict):
        raise WireError("not an object")
    return data


def answer(data: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """An answer nobody keeps."""
    return HttpResponse(
        pad_json(data),
        status=status,
        headers={"content-type": "application/json", "cache-control": "no-store"},
    )


def refusal(error: CounselError) -> HttpResponse:
    """The same for a refusal: its code, and how long to wait if that is what it takes."""
    data: dict[str, Any] = {"code": error.code}
    if error.retry_after:
        data["retry_after"] = error.retry_after
    return answer(data, status=error.status)
