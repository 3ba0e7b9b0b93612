"""kill -9 of the service at random moments, again and again: what it had begun ends, and the next one goes on where it was.

    python -m tests.faults.service_kills [--times 100] [--seed 1]

The newsroom and the service run by a clock that runs fast, as in `make soak`. Exits 1 where a record is lost, doubled or half-written, a
feed does not parse, or a process outlives its service.
"""

from __future__ import annotations

import argparse
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from crawler.clock import FastClock
from forcewire.demo.fleet import START
from storage.processes import process_began
from tests.faults.whole import torn_feeds, torn_rows
from tests.soak.run import crawls_by_verdict, free_port, python

_HOURS_A_SECOND = 1
_LONGEST_LIFE = 4.0  # seconds, from the moment on at which it serves
_CRADLE, _AT_WORK = (
    0.1,
    0.6,
)  # of the services: killed before they may have come so far; killed while a child is at work
_WORKS_WITHIN = 20.0  # seconds until a crawl or a publication is under way
_ENDS_WITHIN = 20.0  # seconds for what the service left behind


@dataclass
class Killed:
    """What came of it. `left`: processes that outlived their service; `torn`: what was broken after a kill."""

    kills: int = 0
    with_children: int = 0
    left: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    crawls: dict[str, int] = field(default_factory=dict)
    judged: dict[str, object] = field(default_factory=dict)

    @property
    def unharmed(self) -> bool:
        return not self.left and not self.torn and bool(self.judged.get("faultless"))

    def __str__(self) -> str:
        lines = [
            f"{self.kills} kills of the service, {self.with_children} while children were at work; crawls: {self.crawls}"
        ]
        lines += [f"outlived its service: {line}" for line in self.left] + [f"torn: {line}" for line in self.torn]
        return "\n".join([*lines, str(self.judged.get("report"))])


def kill_the_service(
    times: int, seed: int, folder: Path, on_kill: Callable[[int], None] = lambda number: None
) -> Killed:
    """Starts it so many times and once more, until the fleet's time is over."""
    random, killed = Random(seed), Killed()
    days = 10 + int(times * 2 * _LONGEST_LIFE * _HOURS_A_SECOND / 24)
    clock = FastClock(datetime.now(UTC), START, _HOURS_A_SECOND * 3600)
    told, port = json.dumps(clock.out()), free_port()
    newsroom = [folder, 3, days, seed, "2h", told]
    with python("tests.soak.newsroom", *newsroom, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as room:
        assert room.stdout is not None
        assert room.stdin is not None
        assert room.stdout.readline() == b"ready\n"
        with (folder / "log").open("wb") as log:
            for number in range(1, times + 1):
                with python("tests.soak.service", folder, 4, port, told, stderr=log) as service:
                    _let_live(service, port, random)
                    family = _descendants(service.pid)
                    assert service.poll() is None, f"the service ended itself: {(folder / 'log').read_text()[-2000:]}"
                    service.kill()
                    service.wait()
                killed.kills += 1
                killed.with_children += len(family) > 1
                killed.left += [f"kill {number}: {each}" for each in _outlive(family)]
                killed.torn += [f"kill {number}: {line}" for line in _torn(folder)]
                on_kill(number)
            with python("tests.soak.service", folder, 4, port, told, stderr=log) as service:
                _until_all_is_read(folder / "news.db")
                service.send_signal(signal.SIGTERM)
                service.wait(30)
        room.stdin.write(f"{folder / 'news.db'}\n".encode())
        room.stdin.flush()
        killed.judged = json.loads(room.stdout.readline())
    killed.crawls = crawls_by_verdict(folder / "news.db")
    killed.torn += _torn(folder)
    return killed


def _let_live(service: subprocess.Popen[bytes], port: int, random: Random) -> None:
    how = random.random()
    if how < _CRADLE:
        time.sleep(random.uniform(0, 1))
        return
    _until_it_serves(port, service)
    if how < _CRADLE + _AT_WORK:
        until = time.monotonic() + _WORKS_WITHIN
        while len(_descendants(service.pid)) < 2 and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(random.uniform(0, 1))
    else:
        time.sleep(random.uniform(0, _LONGEST_LIFE))


def _until_it_serves(port: int, service: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and service.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)


def _until_all_is_read(store: Path) -> None:
    """Until each source was crawled to a good end as often as a withdrawal takes to be told, or for a few minutes."""
    until = time.monotonic() + 240
    conn = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    last = conn.execute("SELECT coalesce(max(id), 0) FROM crawl").fetchone()
    good = "SELECT count(*) FROM crawl c WHERE c.source_id = s.id AND c.id > ? AND c.verdict = 'ok'"
    try:
        while conn.execute(f"SELECT min(({good})) FROM source s", last).fetchone()[0] < 4 and time.monotonic() < until:
            time.sleep(0.5)
    finally:
        conn.close()


def _torn(folder: Path) -> list[str]:
    return [*torn_rows(folder / "news.db"), *torn_feeds(folder / "public")]


def _descendants(pid: int) -> dict[int, str | None]:
    """Its children and theirs, with when each began: a number may be given out again."""
    found: dict[int, str | None] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found[child] = process_began(child)
            found |= _descendants(child)
    return found


def _outlive(family: dict[int, str | None]) -> list[str]:
    until = time.monotonic() + _ENDS_WITHIN
    while (
        living := [pid for pid, began in family.items() if began is not None and process_began(pid) == began]
    ) and time.monotonic() < until:
        time.sleep(0.1)
    return [f"process {pid}" for pid in living]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    def said(number: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{number} of {args.times} ", end="", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        killed = kill_the_service(args.times, args.seed, Path(folder), said)
    print(killed)
    return 0 if killed.unharmed else 1


if __name__ == "__main__":
    sys.exit(main())
