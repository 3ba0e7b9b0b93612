"""A month of the service against a newsroom, in minutes: whether its memory stays flat, it leaks nothing, and no crawl comes late.

    python -m tests.soak [--forces 50] [--days 30] [--minutes 20] [--interval 6h] [--workers 4] [--seed 1]

The service runs as `forcewire watch` does, by a clock that runs fast; so does the newsroom, in a process of its own. Readers ask for
feeds, pages, /health/ready and /metrics all the while. Exits 1 where a bound is missed. Linux alone: it reads /proc.
"""

from __future__ import annotations

import argparse
import http.client
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from crawler.clock import FastClock
from forcewire.demo.fleet import START
from tests.soak.watching import Course, lateness, sample

_ROOT = Path(__file__).parents[2]
_ASKED = (
    "/health/live",
    "/feeds/all.rss",
    "/feeds/all.atom",
    "/",
    "/health/ready",
    "/changes",
    "/metrics",
    "/feeds/all/changes.json",
)
_MOST_GROWTH = 1.05
_SPARE = 12  # descriptors: of crawls under way and of readers' connections, which come and go


@dataclass
class Soaked:
    """What came of a run. `late`: the worst wait of a source, in its own intervals; `answers`: statuses that readers got."""

    courses: list[Course] = field(default_factory=list)
    late: tuple[float, str] = (0.0, "")
    answers: dict[int, int] = field(default_factory=dict)
    judged: dict[str, object] = field(default_factory=dict)
    crawls: dict[str, int] = field(default_factory=dict)
    ended_in: float = 0.0
    exit_code: int | None = None
    errors: list[str] = field(default_factory=list)

    def missed(self) -> Iterator[str]:
        """The bounds that were."""
        for course in self.courses:
            if (growth := course.growth("memory")) > _MOST_GROWTH:
                yield f"{course.name}: memory grew by {growth - 1:.1%}"
            for what in ("descriptors", "sockets", "threads"):
                before, after = course.between(0.2, 0.4, what), course.between(0.9, 1.01, what)
                if after > before + _SPARE:
                    yield f"{course.name}: from {before:.0f} to {after:.0f} {what}"
        if self.late[0] >= 1:
            yield f"{self.late[1]} waited {self.late[0]:.2f} of its intervals"
        if any(status >= 500 and status != 503 for status in self.answers):
            yield f"answers: {self.answers}"
        if not self.judged.get("faultless"):
            yield f"told wrongly: {self.judged.get('report')}"
        if self.exit_code != 0 or self.ended_in > 10:
            yield f"ended with {self.exit_code} after {self.ended_in:.1f} s"

    def __str__(self) -> str:
        lines = []
        for course in self.courses:
            mib = [course.between(start, start + 0.2, "memory") / 2**20 for start in (0.2, 0.8)]
            fds = [course.between(start, start + 0.2, "descriptors") for start in (0.2, 0.8)]
            lines.append(f"{course.name}: {mib[0]:.0f} then {mib[1]:.0f} MiB ({course.growth('memory') - 1:+.1%}), {fds[0]:.0f} then {fds[1]:.0f} descriptors, {course.between(0.8, 1.01, 'threads'):.0f} threads")  # fmt: skip
        lines += [f"latest start: {self.late[0]:.2f} intervals after it was due ({self.late[1]})"]
        lines += [f"crawls: {self.crawls}; answers to readers: {self.answers}; ended in {self.ended_in:.1f} s"]
        return "\n".join([*lines, str(self.judged.get("report")), *(f"MISSED {line}" for line in self.missed())])


def soak(folder: Path, *, forces: int, days: int, minutes: float, interval: str, workers: int, seed: int) -> Soaked:
    """Plays the days in so many minutes."""
    clock = FastClock(datetime.now(UTC), START, days * 24 * 60 / minutes)
    soaked, port, told = Soaked(), free_port(), json.dumps(clock.out())
    newsroom = [folder, forces, days, seed, interval, told]
    with python("tests.soak.newsroom", *newsroom, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as room:
        assert room.stdout is not None
        assert room.stdin is not None
        assert room.stdout.readline() == b"ready\n"
        with (
            (folder / "log").open("wb") as log,
            python("tests.soak.service", folder, workers, port, told, stderr=log) as service,
        ):
            _look_on(soaked, folder, service, port, clock, days)
            began = time.monotonic()
            service.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                soaked.exit_code = service.wait(30)
            soaked.ended_in = time.monotonic() - began
        room.stdin.write(f"{folder / 'news.db'}\n".encode())
        room.stdin.flush()
        soaked.judged = json.loads(room.stdout.readline())
    soaked.crawls = crawls_by_verdict(folder / "news.db")
    return soaked


def _look_on(
    soaked: Soaked, folder: Path, service: subprocess.Popen[bytes], port: int, clock: FastClock, days: int
) -> None:
    own, nursery = Course("service"), Course("nursery")
    soaked.courses = [own, nursery]
    turn = 0
    while (share := (clock() - START).total_seconds() / (days * 86400)) < 1 and service.poll() is None:
        with suppress(OSError):
            own.samples.append(sample(service.pid, share))
            children = Path(f"/proc/{service.pid}/task/{service.pid}/children").read_text().split()
            if children:  # not in its first second
                nursery.samples.append(sample(int(children[0]), share))
        with suppress(Exception):
            soaked.late = max(soaked.late, lateness(folder / "news.db", clock()))
        if turn or (folder / "public" / "feeds" / "all.rss").exists():  # before that it has no feed to give
            _ask(soaked, port, _ASKED[turn % len(_ASKED)])
            turn += 1
        if sys.stderr.isatty():
            print(f"\r{clock():%d %B %H:%M} ", end="", file=sys.stderr, flush=True)
        time.sleep(0.5)


def _ask(soaked: Soaked, port: int, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        status = response.status
    except (OSError, http.client.HTTPException):
        status = 0
    finally:
        connection.close()
    soaked.answers[status] = soaked.answers.get(status, 0) + 1


def crawls_by_verdict(store: Path) -> dict[str, int]:
    """How many there were of each; "open" are those without one."""
    import sqlite3

    conn = sqlite3.connect(store)
    try:
        return dict(conn.execute("SELECT coalesce(verdict, 'open'), count(*) FROM crawl GROUP BY 1").fetchall())
    finally:
        conn.close()


@contextmanager
def python(module: str, *args: object, **how: object) -> Iterator[subprocess.Popen[bytes]]:
    """A module of this project as a process, which is killed at the end of the block where it still runs."""
    process = subprocess.Popen([sys.executable, "-m", module, *map(str, args)], cwd=_ROOT, **how)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """One that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--forces", type=int, default=50)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--interval", default="6h")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="leave the store, the feeds and the log here")
    args = vars(parser.parse_args())
    keep = args.pop("keep")
    with tempfile.TemporaryDirectory() as own:
        folder = keep or Path(own)
        folder.mkdir(parents=True, exist_ok=True)
        soaked = soak(folder, **args)
    print(soaked)
    return 1 if any(soaked.missed()) else 0
