"""The newsroom of a soak run, in a process of its own: its memory is not the service's. Run by `tests.soak.run`.

Arguments: a folder, how many forces, days, a seed, the interval of the entries, and the clock as JSON. Writes the entries into the
folder and says "ready"; then lets happen what is due by the clock. Told the path of a store, it judges what was told there, and ends.
"""

from __future__ import annotations

import json
import sys
import threading
from datetime import timedelta
from pathlib import Path

from crawler.clock import FastClock, clock_in
from forcewire.demo.fleet import Fleet
from forcewire.demo.newsroom import Newsroom
from forcewire.demo.truth import Looks, judge
from storage.database import open_store, reading
from storage.reads import changes


def main(folder: Path, forces: int, days: int, seed: int, interval: str, clock: FastClock) -> None:
    fleet = Fleet(forces, days, seed)
    with fleet.newsroom() as newsroom:
        for entry in newsroom.write_entries(folder / "sources"):
            entry.write_text(entry.read_text("utf-8").replace('interval = "15m"', f'interval = "{interval}"'), "utf-8")
        print("ready", flush=True)
        over = threading.Event()
        ticking = threading.Thread(target=_tick, args=(newsroom, fleet, clock, over))
        ticking.start()
        store = sys.stdin.readline().strip()
        over.set()
        ticking.join()
        if store:
            _judge(fleet, newsroom, store)


def _tick(newsroom: Newsroom, fleet: Fleet, clock: FastClock, over: threading.Event) -> None:
    while not over.wait(0.1):
        newsroom.advance(min(clock(), fleet.end))


def _judge(fleet: Fleet, newsroom: Newsroom, store: str) -> None:
    engine = open_store(f"sqlite:///{store}")
    with reading(engine) as conn:
        told = changes(conn, after_id=0)
    until = newsroom.now + timedelta(seconds=1)
    report = judge(fleet.events, told, until=until, looks=Looks.of_log(newsroom.log, fleet.events))
    report.late.clear()  # by a clock that runs a thousand times as fast, what is written a second later is
    print(
        json.dumps({"faultless": report.faultless, "report": str(report), "requests": newsroom.log.total}), flush=True
    )


if __name__ == "__main__":
    folder, forces, days, seed, interval, clock = sys.argv[1:]
    given = clock_in(json.loads(clock))
    assert given is not None
    main(Path(folder), int(forces), int(days), int(seed), interval, given)
