"""Articles that the store knows already: reading twenty thousand pages takes minutes, and says nothing of the round after it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.entries import SourceEntry, load_entry
from crawler.meaning import describe
from crawler.readers import make_reader
from crawler.readers.base import Reader
from storage.articles import save_articles
from storage.crawls import Counts, finish_crawl, register_source, start_crawl
from storage.database import open_store, writing
from storage.records import Fetched, Precision, Record

_TAG = re.compile(r"<[^>]*>")


def store_known(database: Path, entries: Path, told: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Stores what the newsroom tells of its articles, by source, as a crawl would store it: with the validators of the answers.
    The texts come from the newsroom's own stories and not through a reader; nobody compares them while nothing changes.
    """
    store = open_store(f"sqlite:///{database}")
    for path in sorted(entries.glob("*.toml")):
        entry = load_entry(path)
        reader, now = make_reader(entry), datetime.now(UTC)
        about: dict[str, Any] = {
            name: getattr(entry, name) for name in ("id", "name", "force", "area", "language", "reader")
        }
        as_read: dict[str, Any] = {"reader": reader.name, "reader_version": reader.version, "entry": entry.digest}
        with writing(store) as conn:
            register_source(conn, **about, home_url=entry.listing[0].url, now=now)
            crawl = start_crawl(conn, entry.id, **as_read, now=now, pid=1, host="bench")
            save_articles(conn, crawl, [_item(story, entry, reader, now) for story in told[entry.id]])
            finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(), now=now)
    store.dispose()


def _item(story: Mapping[str, Any], entry: SourceEntry, reader: Reader, now: datetime) -> tuple[Record, Fetched]:
    read: dict[str, Any] = {"reader": reader.name, "reader_version": reader.version}
    record = Record(
        source=entry.id,
        area=entry.area,
        url=story["url"],
        title=story["title"],
        body=_TAG.sub(" ", story["html"]).strip(),
        published_at=datetime.fromisoformat(story["published_at"]),
        published_precision=Precision.MINUTE,
        **read,
    )
    fetched = Fetched(
        url=story["url"], at=now, etag=story["etag"], last_modified=story["modified"], entry=entry.digest, **read
    )
    return describe(record), fetched
