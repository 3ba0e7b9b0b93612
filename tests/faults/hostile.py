"""Hostile servers against crawls: `python -m tests.faults.hostile` prints a row a case, and ends with 1 where one is not as it must be.

python -m tests.faults.hostile [--only TEXT] [--from TEXT] [--markdown]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import dropwhile
from pathlib import Path
from typing import Any

from tests.faults.hostile_cases import CASES, PLACES, STORY_PATH, Case
from tests.faults.hostile_server import STORIES, HostileServer

TIMEOUT = 3.0  # seconds of one request, in place of 30
MOST_SECONDS = 240  # of a crawl, in all: three tries of a request, on a machine that is busy with other things
MOST_CPU = 30.0  # processor seconds of a crawl: what a page or two of 10 MB take to read
MOST_MB = 700  # the most memory of a crawl, whose process begins with some 90
VISITS = 5.0  # seconds of visits to stories, in place of 900
MOST_REQUESTS = 1_000  # of which a crawl of a live site makes one a second
_AT = {
    "story": lambda path: path == STORY_PATH or path.startswith("/news/hop-"),
    "listing": lambda path: path.startswith(("/news/?", "/news/hop-")) or path == "/news/",
    "robots": lambda path: path.startswith("/robots.txt"),
}


@dataclass(slots=True)
class Outcome:
    """What a crawl of a hostile source and an honest one beside it came to. `wrong`: what is not as it must be."""

    case: str
    place: str
    verdict: str = ""
    trouble: str = ""
    seconds: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    requests: int = 0
    reason: str = ""
    wrong: list[str] = field(default_factory=list)


class Ground:
    """Two sites, one of them hostile, a store in which both are known, and a process that crawls."""

    def __init__(self, folder: Path) -> None:
        self.hostile, self.honest = HostileServer(), HostileServer()
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.hostile_crawls"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE if os.environ.get("CI") else None, text=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        self._known = folder / "known.db"
        found = self._crawl(self._known)
        assert [one["verdict"] for one in found["sources"].values()] == ["ok", "ok"], found

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()
        self.hostile.close()
        self.honest.close()

    def run(self, name: str, place: str) -> Outcome:
        """A second crawl of both, in which the case is played."""
        case, store = CASES[name], self._folder / "store.db"
        for part in ("", "-wal", "-shm"):
            Path(f"{store}{part}").unlink(missing_ok=True)
        shutil.copy(self._known, store)
        next(iter(case.script(STORY_PATH, 0)), None)  # what is large is made now, and not while the sites answer
        self.honest.play(None, lambda path: False)
        self.hostile.play(case.script, _AT[place])
        found = self._crawl(store)
        outcome = _judged(name, place, case, found, self.hostile, store)
        self.hostile.play(None, lambda path: False)
        return outcome

    def _crawl(self, store: Path) -> dict[str, Any]:
        order = {
            "entries": [_entry("hostile", self.hostile.port), _entry("honest", self.honest.port)],
            "database": f"sqlite:///{store}",
            "timeout": TIMEOUT,
            "time": VISITS,
            "most_seconds": MOST_SECONDS,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        with sqlite3.connect(store) as conn:
            conn.execute("pragma wal_checkpoint(truncate)")
        return found


def _entry(name: str, port: int) -> dict[str, Any]:
    host = f"127.0.0.1:{port}"
    return {
        "id": name, "name": f"{name} of Fenwold", "force": f"{name} of Fenwold", "area": "Fenwold", "reader": "generic", "hosts": [host],
        "listing": [{"kind": "html", "url": f"http://{host}/news/"}], "interval": "15m", "assertions": {"min": {"links": 1}, "fill": {}},
    }  # fmt: skip


def _judged(name: str, place: str, case: Case, found: dict[str, Any], server: HostileServer, store: Path) -> Outcome:
    told = found["sources"].get("hostile", {})
    outcome = Outcome(
        name, place, told.get("verdict", "none"), told.get("trouble") or "", found["seconds"], found["cpu"], found["peak"],
        told.get("requests", 0), told.get("reason") or "; ".join(told.get("issues", ())),
    )  # fmt: skip
    say = outcome.wrong.append
    if found["ended"]:
        say(f"the process ended with {found['ended']}")
    if outcome.verdict != case.verdict(place):
        say(f"{outcome.verdict} where {case.verdict(place)} is right")
    if (beside := found["sources"].get("honest", {}).get("verdict")) != "ok":
        say(f"the honest source: {beside}")
    if outcome.verdict != "ok" and not told.get("trouble"):
        say("no class of trouble")
    if outcome.cpu > MOST_CPU:
        say(f"{outcome.cpu:.0f} processor seconds")
    if outcome.peak > MOST_MB:
        say(f"{outcome.peak:.0f} MB")
    if len(server.asked) > MOST_REQUESTS:
        say(f"{len(server.asked)} requests")
    with sqlite3.connect(store) as conn:
        changes = conn.execute("select change, count(*) from change where change != 'new' group by 1").fetchall()
        told_new = conn.execute("select count(*) from change where change = 'new'").fetchone()[0]
    if changes and not (case.edits and changes == [("edited", 1)]):
        say(f"false changes: {changes}")
    if told_new != 2 * STORIES:
        say(f"{told_new - 2 * STORIES} new stories of nothing")
    return outcome


@contextmanager
def ground() -> Iterator[Ground]:
    """Both sites, put up and taken down."""
    with tempfile.TemporaryDirectory() as folder:
        made = Ground(Path(folder))
        try:
            yield made
        finally:
            made.close()


def main() -> int:
    """Prints the table. Returns 1 where a case is not as it must be."""
    parser = argparse.ArgumentParser(description="Hostile servers against crawls.")
    parser.add_argument("--only", default="", help="cases whose name holds this text")
    parser.add_argument("--from", dest="first", default="", help="begin at the first case whose name holds this text")
    parser.add_argument("--markdown", action="store_true", help="a table for docs/reliability.md")
    options = parser.parse_args()
    rows: list[Outcome] = []
    names = list(dropwhile(lambda name: options.first not in name, CASES))
    with ground() as here:
        for name in names:
            case = CASES[name]
            for place in PLACES:
                if place in case.places and options.only in f"{name} {place}":
                    rows.append(one := here.run(name, place))
                    if not options.markdown:
                        print(_row(one, " "), flush=True)
                        if one.wrong:
                            print(f"    WRONG: {'; '.join(one.wrong)}: {one.reason[:300]}", flush=True)
    if options.markdown:
        print(
            "| case | at | verdict | class | seconds | CPU | peak MB | requests | MB sent |\n|---|---|---|---|---|---|---|---|---|"
        )
        print("\n".join(f"| {_row(one, '|')} |" for one in rows))
    wrong = [one for one in rows if one.wrong]
    print(
        f"\n{len(rows)} crawls, {len(wrong)} not as they must be; slowest {max(one.seconds for one in rows):.1f} s, most CPU {max(one.cpu for one in rows):.1f} s, peak {max(one.peak for one in rows):.0f} MB"
    )
    return bool(wrong)


def _row(one: Outcome, between: str) -> str:
    cells = (f"{one.case:50}", f"{one.place:8}", f"{one.verdict:8}", f"{one.trouble:16}", f"{one.seconds:6.1f}", f"{one.cpu:6.1f}", f"{one.peak:5.0f}", f"{one.requests:4}")  # fmt: skip
    return f" {between} ".join(cells)


if __name__ == "__main__":
    sys.exit(main())
