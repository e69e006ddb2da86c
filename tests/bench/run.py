"""`make bench`: our server beside a Daphne that only echoes and one that only relays, in one run.

    make bench ARGS='[--json] [--postgres] [--redis] [--rooms 100] [--seconds 30] [--window 4]'

Each server on one core, load and databases on the other, in turns. Absolute figures move with the
machine and its neighbours; the ratios of one run are what counts, and CPU per message most of all.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final, cast

from tests.bench import servers
from tests.bench.bare import Voices
from tests.bench.peer import Load, Talks, has_faults, new_loop
from tests.bench.servers import Server
from tests.bench.websocket import Site, Socket

_ROUNDS: Final = 3
_SHARE: Final = 0.3
"""Of its own saturation: where lateness is measured."""
_PACED: Final = 3
"""Turns that this measurement is as long as."""
_AUDITED: Final = 10
"""Logs that are read once more at the end."""
_IDLE: Final = 400
"""Sockets that say nothing, to weigh one."""


@dataclass(slots=True)
class Turns:
    """One server, its load, and what each of its turns came to."""

    server: Server
    load: Load
    throughputs: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    loads: list[float] = field(default_factory=list)
    idle: float = 0.0
    connects: float = 0.0

    async def take(self, window: int, seconds: float) -> None:
        """One turn at saturation: messages a second, microseconds of CPU for each, and how busy
        the load itself was (near 1 it is the load that was measured)."""
        tally = self.load.tally
        shown, used, own, began = tally.shown, self.server.seconds(), time.process_time(), _now()
        measured = await self.load.saturate(window, seconds)
        self.throughputs.append(measured["throughput"])
        self.costs.append((self.server.seconds() - used) / max(1, tally.shown - shown) * 1e6)
        self.loads.append((time.process_time() - own) / (_now() - began))

    async def weigh(self, hellos: Sequence[tuple[str, bytes]]) -> None:
        """Open sockets that then say nothing: bytes for each, and how many a second."""
        before, began = self.server.memory(), _now()
        sockets = [await self._connect(*hellos[n % len(hellos)]) for n in range(_IDLE)]
        self.connects = _IDLE / (_now() - began)
        await asyncio.sleep(0.2)
        self.idle = (self.server.memory() - before) / _IDLE
        for socket in sockets:
            socket.close()

    async def _connect(self, path: str, hello: bytes) -> Socket:
        answered = asyncio.Event()
        socket = await Site(self.server.origin).connect(path, lambda _: answered.set())
        if hello:
            socket.send(hello)
            await answered.wait()
        return socket


_now = time.monotonic


async def compare(
    counsel: Turns, echo: Turns, relay: Turns, arguments: argparse.Namespace
) -> dict[str, Any]:
    """All turns, and what they come to."""
    talks = cast(Talks, counsel.load)
    for one in (counsel, echo, relay):
        await one.load.open(arguments.rooms)
    turn = arguments.seconds / (_ROUNDS * 3 + _PACED)
    for _ in range(_ROUNDS):
        for one in (echo, relay, counsel):
            await one.take(arguments.window, turn)
    share = median(counsel.throughputs) * _SHARE
    late = await talks.pace(share, turn * _PACED)
    await echo.weigh([("/idle", b"")])
    await counsel.weigh([("/chat", room.seeker.resume()) for room in talks.rooms])
    await talks.close(_AUDITED)
    return summarize(counsel, echo, relay, late) | talks.tally.faults()


def summarize(counsel: Turns, echo: Turns, relay: Turns, late: dict[str, float]) -> dict[str, Any]:
    """The numbers, by the names that are kept."""

    def ratio(bare: Turns) -> float:
        rounds = zip(counsel.throughputs, bare.throughputs, strict=True)
        return round(median(ours / theirs for ours, theirs in rounds), 3)

    def cheaper(bare: Turns) -> float:
        return round(median(bare.costs) / median(counsel.costs), 3)

    return {
        "ratio_to_bare_daphne_echo": ratio(echo),
        "ratio_to_bare_daphne_relay": ratio(relay),
        "cpu_ratio_to_bare_daphne_echo": cheaper(echo),
        "cpu_ratio_to_bare_daphne_relay": cheaper(relay),
        "throughput": median(counsel.throughputs),
        "echo_throughput": median(echo.throughputs),
        "relay_throughput": median(relay.throughputs),
        "cpu_us_per_message": round(median(counsel.costs), 1),
        "echo_cpu_us_per_message": round(median(echo.costs), 1),
        "relay_cpu_us_per_message": round(median(relay.costs), 1),
        "paced_at": late["throughput"],
        "p50_ms": late["p50_ms"],
        "p95_ms": late["p95_ms"],
        "p99_ms": late["p99_ms"],
        "idle_socket_kib": round(counsel.idle / 1024, 1),
        "idle_socket_ratio": round(counsel.idle / max(1.0, echo.idle), 2),
        "connects_ratio": round(counsel.connects / echo.connects, 2),
        "load_busy": round(max(max(one.loads) for one in (counsel, echo, relay)), 2),
        "sent": counsel.load.tally.sent,
    }


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Start the three servers, measure, end them."""
    with ExitStack() as stack:
        stack.enter_context(servers.on_core(servers.LOAD))
        payload = {"payload": arguments.payload}
        ours = stack.enter_context(
            servers.counsel(postgres=arguments.postgres, redis=arguments.redis)
        )
        echo, relay = (stack.enter_context(servers.bare(f"bare_{n}")) for n in ("echo", "relay"))
        with asyncio.Runner(loop_factory=new_loop) as runner:
            return runner.run(
                compare(
                    Turns(ours, Talks(ours.origin, ours.key, **payload)),
                    Turns(echo, Voices(echo.origin, relayed=False, **payload)),
                    Turns(relay, Voices(relay.origin, relayed=True, **payload)),
                    arguments,
                )
            )


def show(found: dict[str, Any], arguments: argparse.Namespace) -> str:
    """The same for people."""
    database = "PostgreSQL" if arguments.postgres else "SQLite"
    lines = [
        f"{arguments.rooms} rooms of two, {arguments.payload} bytes, {arguments.window} under way"
        f" each, {database}, {'Redis' if arguments.redis else 'no Redis'}",
        "",
        f"{'':<12}{'messages/s':>11}{'CPU us/msg':>12}",
        f"{'bare echo':<12}{found['echo_throughput']:>11.0f}{found['echo_cpu_us_per_message']:>12}",
        f"{'bare relay':<12}{found['relay_throughput']:>11.0f}{found['relay_cpu_us_per_message']:>12}",
        f"{'counsel':<12}{found['throughput']:>11.0f}{found['cpu_us_per_message']:>12}",
        "",
    ]
    told = ("throughput", "cpu_us_per_message")
    lines += [f"{name:<32}{value}" for name, value in found.items() if not name.endswith(told)]
    load = os.getloadavg()[0]
    lines += ["", f"load of the machine {load:.1f}: what else runs here moves every figure"]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """0 when nothing was lost, doubled or out of order."""
    parser = argparse.ArgumentParser(prog="make bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    parser.add_argument("--postgres", action="store_true", help="instead of SQLite")
    parser.add_argument("--redis", action="store_true", help="with the doorbell in Redis")
    parser.add_argument("--rooms", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=30.0, help="of measuring in all")
    parser.add_argument("--window", type=int, default=4, help="messages under way for each side")
    parser.add_argument("--payload", type=int, default=600, help="bytes of a sealed message")
    chosen = parser.parse_args(arguments)
    found = run(chosen)
    print(json.dumps(found) if chosen.json else show(found, chosen))
    return 1 if has_faults(found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
