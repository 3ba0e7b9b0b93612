"""The archive's edits through reader and store: each text drawn as a page of its area's site, or imported as it stands, read, and
saved after the one before it; then what the store tells of each step is held against `edits`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import sqlalchemy as sa
import yaml
from scrapy.http import HtmlResponse
from sqlalchemy.engine import Connection

from crawler.archived import archived_record
from crawler.entries import SourceEntry, load_entries
from crawler.meaning import describe
from crawler.readers import make_reader
from storage.articles import save_articles
from storage.crawls import register_source
from storage.database import open_store, writing
from storage.records import Fetched, Record
from storage.replays import articles_at
from storage.tables import CHANGE
from tests.archive.drawing import TEMPLATES, foreign_page, furnished_page, own_page
from tests.archive.edits import Edit
from tests.archive.records import ArchiveRecord
from tests.archive.stated import Stated, stated

Reading = Callable[[ArchiveRecord, SourceEntry], Record]
Change = tuple[str, tuple[str, ...], bool]  # what, fields, minor
Steps = Mapping[str, Sequence[Edit]]
_START = datetime(2021, 1, 1, 8, 0, tzinfo=UTC)
_STEP = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Told:
    """One step of a record: what was wanted, and the changes that the store tells of it: (change, fields, minor)."""

    edit: Edit
    changes: tuple[Change, ...]

    @property
    def verdict(self) -> str:
        """right, fields, missed, twice or other for an edit; none, minor or false for anything else."""
        major = [each for each in self.changes if not each[2]]
        if not self.edit.wanted:
            return "false" if major else "minor" if self.changes else "none"
        if not major:
            return "missed"
        if len(major) > 1:
            return "twice"
        change, fields, _ = major[0]
        if change != self.edit.change:
            return "other"
        return "right" if change == "new" or fields == self.edit.wanted else "fields"


@dataclass(slots=True)
class Replay:
    """All steps of one way of reading."""

    told: list[Told] = field(default_factory=list)

    def counts(self) -> Counter[tuple[bool, str]]:
        """How many steps by (an edit is wanted, verdict)."""
        return Counter((bool(each.edit.wanted), each.verdict) for each in self.told)

    def bad(self) -> list[Told]:
        return [each for each in self.told if each.verdict not in ("right", "none", "minor")]


def as_served(drawn: Callable[[ArchiveRecord, Stated], bytes]) -> Reading:
    """By the reader of the area's bundled entry, from a drawn page."""

    def read(record: ArchiveRecord, entry: SourceEntry) -> Record:
        answer = stated(record)
        url = answer.url.partition("#")[0]
        response = HtmlResponse(url, body=drawn(record, answer), encoding="utf-8")
        return describe(make_reader(entry).article(response))

    return read


def _as_foreign(record: ArchiveRecord, entry: SourceEntry) -> Record:
    """By the generic reader, from one of the templates: always the same one for an address."""
    answer = stated(record)
    url = answer.url.partition("#")[0]
    page = foreign_page(record, answer, TEMPLATES[crc32(url.encode()) % len(TEMPLATES)])
    return describe(make_reader(entry, "generic").article(HtmlResponse(url, body=page, encoding="utf-8")))


def as_imported(record: ArchiveRecord, entry: SourceEntry) -> Record:
    """As `forcewire import archive` reads the text itself."""
    head = yaml.dump(record.block, default_flow_style=False, width=2**30)
    return archived_record(f"```yaml\n{head}```\n\n{record.body}", entry)


WAYS: dict[str, Reading] = {
    "in its site's page": as_served(own_page),
    "with the furniture among the story": as_served(furnished_page),
    "in a template without a reader": _as_foreign,
    "imported": as_imported,
}


def replay(steps: Steps, reading: Reading, store: Path) -> Replay:
    """Saves the first text of every record, then every second one, and so on, each round three days after the one before.
    A text that comes back is not read again: the same bytes give the same record.
    """
    entries = {entry.area: entry for entry in load_entries().values()}
    found = Replay()
    read: dict[int, Record] = {}
    engine = open_store(f"sqlite:///{store}")
    for n in range(1 + max(map(len, steps.values()))):
        at = _START + n * _STEP
        now = {path: of[max(n - 1, 0)] for path, of in steps.items() if n <= len(of)}
        texts = {path: edit.after if n else edit.before for path, edit in now.items()}
        for of in texts.values():
            if id(of) not in read:
                read[id(of)] = reading(of, entries[of.area])
        items = {path: _item(replace(read[id(of)]), entries[of.area], at) for path, of in texts.items()}
        with writing(engine) as conn:
            if n == 0:
                _register(conn, entries.values())
            save_articles(conn, None, list(items.values()))
            changes = _changes(conn, items, at)
        if n:
            found.told += [Told(edit, changes[path]) for path, edit in now.items()]
    engine.dispose()
    return found


def _item(read: Record, entry: SourceEntry, at: datetime) -> tuple[Record, Fetched]:
    return read, Fetched(
        url=read.url, at=at, reader=read.reader, reader_version=read.reader_version, entry=entry.digest
    )


def _register(conn: Connection, entries: Iterable[SourceEntry]) -> None:
    for entry in entries:
        register_source(
            conn,
            id=entry.id,
            name=entry.name,
            force=entry.force,
            area=entry.area,
            language=entry.language,
            reader=entry.reader,
            home_url=f"https://{entry.hosts[0]}/",
            now=_START,
        )


def _changes(conn: Connection, items: Mapping[str, tuple[Record, Fetched]], at: datetime) -> dict[str, tuple[Any, ...]]:
    """What the store tells of this moment, by path."""
    ids = dict(zip(items, (article for article, _ in articles_at(conn, list(items.values()))), strict=True))
    of: dict[int, list[Change]] = {}
    for row in conn.execute(sa.select(CHANGE).where(CHANGE.c.at == at).order_by(CHANGE.c.id)):
        of.setdefault(row.article_id, []).append((row.change, tuple(row.fields), row.minor))
    return {path: tuple(of.get(ids[path], ())) for path in items}
