"""What it costs to bring published feeds up to date after one new article, beside making them all."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from unittest import mock

from sqlalchemy.engine import Engine

from bench import feeds_naive
from bench.feeds_store import add_article, area_of, fill
from bench.figures import Figure
from feeds import publishing
from feeds.build import Document, EntryMemory, document
from feeds.publishing import publish

BASE_URL = "https://news.example.org"
_EMPTY = {
    "rss": b"<rss/>",
    "atom": b'<feed xmlns="http://www.w3.org/2005/Atom"/>',
    "json": b'{"version": "https://jsonfeed.org/version/1.1", "items": []}',
}
_ROUNDS = 3
_LEAST = 20
_SAMPLE = 2  # areas that are made in the naive way; the others cost the same, and would take minutes


def one_article(folder: Path, *, areas: int, articles: int, naive: bool = True) -> tuple[list[Figure], float]:
    """The figures of a store of this size, and what bringing it up to date takes in a new process."""
    engine = fill(folder / f"{areas}-{articles}.db", areas=areas, articles=articles)
    name = f"{areas} areas, {articles} articles"
    memory = EntryMemory()
    run = _Run(engine, folder / f"out-{areas}-{articles}", areas)
    run.begin()
    run.once(memory)
    kept, fresh = [], []
    for _ in range(_ROUNDS):
        kept.append(run.once(memory))
        fresh.append(run.once(None))
    nothing = median(run.again() for _ in range(_ROUNDS))
    figures = [
        Figure(f"{name}: one new, in a new process", 1000 * median(fresh), "ms", note=f"  {run.written} files"),
        Figure(f"{name}: one new, in a process that goes on", 1000 * median(kept), "ms"),
        Figure(f"{name}: nothing new", 1000 * nothing, "ms"),
    ]
    if naive:
        made = _naive(engine, areas)
        note = f"  reckoned from all and {_SAMPLE} areas"
        figures += [
            Figure(f"{name}: all by feedgen and nh3", 1000 * made, "ms", note=note),
            Figure(f"{name}: that / one new, new process", made / median(fresh), "x", _LEAST),
            Figure(f"{name}: that / one new, goes on", made / median(kept), "x", _LEAST),
        ]
    engine.dispose()
    return figures, median(fresh)


def publish_for_nginx(engine: Engine, out: Path) -> None:
    """All files of a store, as they are."""
    with mock.patch.object(os, "fsync"):
        publish(engine, out, base_url=BASE_URL)


class _Run:
    def __init__(self, engine: Engine, out: Path, areas: int) -> None:
        self.engine, self.out, self.area = engine, out, areas // 2
        self.number = self.written = 0

    def begin(self) -> None:
        """The files of a first run, which makes everything, without what is in them: that is no part of what is measured."""

        def empty(conn: object, press: object, name: str, **given: object) -> Document:
            ending = name.rpartition(".")[2]
            if ending not in _EMPTY:
                return document(conn, press, name)  # type: ignore[arg-type]
            return Document(name, "", _EMPTY[ending], None)  # type: ignore[arg-type]

        with mock.patch.object(publishing, "document", empty), mock.patch.object(os, "fsync"):
            publish(self.engine, self.out, base_url=BASE_URL)

    def once(self, memory: EntryMemory | None) -> float:
        self.number += 1
        add_article(self.engine, self.number, self.area)
        return _cpu(lambda: self._publish(memory))

    def again(self) -> float:
        return _cpu(lambda: self._publish(None))

    def _publish(self, memory: EntryMemory | None) -> None:
        report = publish(self.engine, self.out, base_url=BASE_URL, memory=memory)
        self.written = len(report.written) or self.written


def _naive(engine: Engine, areas: int) -> float:
    of_all = _cpu(lambda: feeds_naive.build(engine, None))
    each = [_cpu(lambda n=n: feeds_naive.build(engine, area_of(n))) for n in range(_SAMPLE)]  # type: ignore[misc]
    return of_all + areas * sum(each) / len(each)


def _cpu(call: Callable[[], object]) -> float:
    """Seconds of processor time: others work on the same machine."""
    start = time.process_time()
    call()
    return time.process_time() - start
