"""An import from end to end: texts are read, told from those that are known, derived, and stored batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any

from sqlalchemy.engine import Engine

from crawler.entries import SourceEntry
from forcewire.importing.deriving import Derived, Entries, read_again
from forcewire.importing.given import Given, Refused, record_name
from forcewire.importing.workers import Made, Part, deriving, processors
from storage.crawls import register_source
from storage.database import reading, writing
from storage.imports import Import, save_originals, told_apart
from storage.originals import Original, digest_of, known_originals

_TEXTS, _BYTES = 250, 2 * 2**20  # of a part: what a process has in hand
_ENOUGH = 2 * _TEXTS  # for fewer texts no process is worth its start


@dataclass(slots=True)
class Summary:
    """What became of the texts of an import: `new` ones made an article, `joined` ones are further versions or addresses
    of one, `known` ones were stored before.
    """

    new: int = 0
    joined: int = 0
    known: int = 0
    refused: int = 0

    @property
    def texts(self) -> int:
        return self.new + self.joined + self.known + self.refused


def import_archive(
    engine: Engine,
    texts: Iterable[Given | Refused],
    entries: dict[str, SourceEntry],
    *,
    now: datetime,
    on_refused: Callable[[Refused], None],
    processes: int | None = None,
) -> Iterator[Summary]:
    """Imports texts, and says after each batch what has become of them so far. Each batch is one transaction, so that an
    import which is ended at any moment goes on when it is run again. Raises `WorkerDiedError` and `StoreError`.
    """
    by_area = {entry.area: entry for entry in entries.values()}
    summary = Summary()
    writer = _Writer(engine, by_area, now)
    parts = _unknown(engine, _parts(texts), summary)
    first = list(_some(parts))
    wanted = processes or (processors() if sum(map(len, first)) >= _ENOUGH else 1)
    with deriving(chain(first, parts), by_area, wanted) as made:
        for each in made:
            for refused in writer.store(each, summary):
                on_refused(refused)
            yield summary
    yield summary


def _some(parts: Iterator[Part]) -> Iterator[Part]:
    count = 0
    for part in parts:
        yield part
        count += len(part)
        if count >= _ENOUGH:
            return


def _parts(texts: Iterable[Given | Refused]) -> Iterator[list[Given | Refused]]:
    part: list[Given | Refused] = []
    size = 0
    for each in texts:
        part.append(each)
        size += len(each.text) if isinstance(each, Given) else 0
        if len(part) >= _TEXTS or size >= _BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


def _unknown(engine: Engine, parts: Iterable[list[Given | Refused]], summary: Summary) -> Iterator[Part]:
    """Leaves out what is stored already: an import that is run again has little to do."""
    for part in parts:
        texts = [(each, digest_of(each.text)) if isinstance(each, Given) else each for each in part]
        with reading(engine) as conn:
            known = known_originals(conn, [record_name(each.path) for each in part if isinstance(each, Given)])
        rest = [each for each in texts if isinstance(each, Refused) or not _is_known(*each, known)]
        summary.known += len(part) - len(rest)
        if rest:
            yield rest


def _is_known(text: Given, digest: str, known: dict[str, list[Original]]) -> bool:
    name = record_name(text.path)
    if name not in known:
        return False
    original = Original(name=name, path=text.path, seen_at=text.seen_at, latest=text.latest, digest=digest)
    return told_apart(original, known[name]) is Import.KNOWN


class _Writer:
    """The one that writes to the store."""

    def __init__(self, engine: Engine, entries: Entries, now: datetime) -> None:
        self._engine, self._entries, self._now = engine, entries, now
        self._registered: set[str] = set()

    def store(self, made: Made, summary: Summary) -> list[Refused]:
        """Stores what could be derived, and gives back what is refused."""
        refused = [each for each in made if isinstance(each, Refused)]
        good = [each for each in made if isinstance(each, Derived)]
        if good:
            with writing(self._engine) as conn:
                areas = {each.item[0].area for each in good} - self._registered
                for area in sorted(areas):
                    register_source(conn, now=self._now, **_described(self._entries[area]))
                verdicts = save_originals(
                    conn, [(each.original, each.item) for each in good], partial(read_again, entries=self._entries)
                )
            self._registered |= areas
            summary.new += verdicts.count(Import.NEW)
            summary.joined += verdicts.count(Import.JOINED)
            summary.known += verdicts.count(Import.KNOWN)
            refused += [
                Refused(each.where, "another text of this record, of the same moment, was imported already")
                for each, verdict in zip(good, verdicts, strict=True)
                if verdict is Import.TWICE
            ]
        summary.refused += len(refused)
        return refused


def _described(entry: SourceEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "force": entry.force,
        "area": entry.area,
        "region": entry.region,
        "language": entry.language,
        "reader": entry.reader,
        "home_url": entry.listing[0].url,
    }
