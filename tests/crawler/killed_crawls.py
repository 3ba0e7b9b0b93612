"""Crawls a site again and again from one state of the store, and kills the crawl at each of its commits in turn. Run by a test.

Arguments: a folder with the store, before.db, and the entry, entry.pickle. Leaves N.db for each commit N, in which two more crawls came
to their end after the killed one; in the last nothing was killed. Prints how many there are. One thread, so that it may fork.
"""

from __future__ import annotations

import itertools
import os
import pickle
import shutil
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crawler.entries import SourceEntry
from crawler.options import CrawlOptions
from crawler.readers import READERS
from crawler.run import crawl_sources


def _options(file: Path) -> CrawlOptions:
    return CrawlOptions(database_url=f"sqlite:///{file}", allow_loopback=True, delay=0.0)


def crawl(entry: SourceEntry, file: Path, die_at: int | None = None) -> bool:
    """Whether a crawl in a process of its own was killed, which is done in the moment before so many transactions are committed."""
    process = os.fork()
    if process == 0:
        if die_at is not None:
            _die_at(die_at)
        crawl_sources([entry], _options(file))
        os._exit(0)
    _, status = os.waitpid(process, 0)
    return os.WIFSIGNALED(status)


def _die_at(commit: int) -> None:
    left = itertools.count(commit - 1, -1)

    def on_commit(conn: Any) -> None:
        if not conn.get_execution_options().get("readonly") and next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(sa.engine.Engine, "commit", on_commit)


def _warm(entry: SourceEntry, before: Path) -> None:
    """A crawl in this process: imports, patterns and statements are four fifths of what a small one costs in a new process."""
    store = before.with_name("0.db")
    shutil.copy(before, store)
    crawl_sources([entry], _options(store))
    assert threading.active_count() == 1, "no process may fork that has threads"


def main(folder: Path) -> None:
    READERS["tiny"] = ("tests.crawler.conftest", "TinyReader")
    entry: SourceEntry = pickle.loads((folder / "entry.pickle").read_bytes())
    _warm(entry, folder / "before.db")
    for point in itertools.count(1):
        file = folder / f"{point}.db"
        shutil.copy(folder / "before.db", file)
        killed = crawl(entry, file, die_at=point)
        assert not any(crawl(entry, file) for _ in range(2))
        if not killed:
            print(point)
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
