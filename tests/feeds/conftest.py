"""A store with invented news, filled as a crawl fills it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
import sqlalchemy as sa

from feeds.build import Document, FeedQuery, Press, document, document_names
from feeds.publishing import publish
from storage.articles import save_articles
from storage.crawls import Counts, finish_crawl, register_source, start_crawl
from storage.database import open_store, reading, writing
from storage.models import Article, Change, Version
from storage.records import Fetched, Precision, Record

FIRST = datetime(2024, 5, 1, 8, tzinfo=UTC)
BASE_URL = "https://news.example.org"
_WORDS = tuple(
    getattr(Version, name)
    for name in (
        *("title", "description", "body", "kind", "sensitive", "image_url"),
        *("published_at", "published_precision", "published_raw"),
    )
)


class NewsStore:
    """Stores articles; each is published a minute after the one before it and seen an hour later."""

    def __init__(self, path: Path) -> None:
        self.url = f"sqlite:///{path}"
        self.engine = open_store(self.url)
        self.count = 0

    def source(self, area: str = "Northmarch", **given: Any) -> str:
        values: dict[str, Any] = {
            "id": area.lower().replace(" ", "-"),
            "name": f"{area} Police",
            "force": f"{area} Police",
            "area": area,
            "language": "en",
            "reader": "generic",
            "home_url": "https://www.northmarch.example/news/",
            "now": FIRST,
        } | given
        with writing(self.engine) as conn:
            register_source(conn, **values)
        return str(values["id"])

    def article(self, source: str = "northmarch", *, seen_at: datetime | None = None, **given: Any) -> int:
        """Stores an article and returns its row's number; what is given goes to the record."""
        self.count += 1
        published = FIRST + timedelta(minutes=self.count)
        values: dict[str, Any] = {
            "url": f"https://www.{source}.example/news/{self.count}",
            "title": f"Appeal after a gate was taken, number {self.count}",
            "description": "Officers ask for witnesses.",
            "body": "A **five-bar gate** went missing.\n\n * blue\n * heavy\n",
            "published_at": published,
            "published_precision": Precision.MINUTE,
            "kind": "appeal",
        } | given
        self.save(
            [Record(source=source, area="", reader="generic", reader_version=1, **values)],
            seen_at or published + timedelta(hours=1),
        )
        with self.engine.connect() as conn:
            return int(conn.execute(sa.select(Article.id).where(Article.url == values["url"])).scalar_one())

    def save(self, records: list[Record], at: datetime) -> None:
        with writing(self.engine) as conn:
            crawl = start_crawl(conn, records[0].source, reader="generic", reader_version=1, now=at, pid=1, host="test")
            answers = [Fetched(url=record.url, at=at, reader="generic", reader_version=1) for record in records]
            save_articles(conn, crawl, list(zip(records, answers, strict=True)))
            finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(), now=at)

    def again(self, article: int, at: datetime, **given: Any) -> None:
        """The article's page is read again, with other words."""
        with self.engine.connect() as conn:
            row = (
                conn.execute(
                    sa.select(Article.source_id, Article.url, *_WORDS)
                    .join(Version, sa.and_(Version.article_id == Article.id, Version.number == Article.version))
                    .where(Article.id == article)
                )
                .one()
                ._asdict()
            )
        row |= {"source": row.pop("source_id"), "published_precision": Precision(row["published_precision"])} | given
        self.save([Record(area="", reader="generic", reader_version=1, **row)], at)

    def remove(self, article: int, at: datetime) -> None:
        """A crawl finds that the article is withdrawn."""
        with writing(self.engine) as conn:
            row = conn.execute(sa.select(Article.source_id, Article.version).where(Article.id == article)).one()
            crawl = start_crawl(conn, row.source_id, reader="generic", reader_version=1, now=at, pid=1, host="test")
            told = {"article_id": article, "crawl_id": crawl, "change": "removed", "version": row.version, "at": at}
            conn.execute(sa.insert(Change).values(**told, minor=False, fields=[]))
            conn.execute(sa.update(Article).where(Article.id == article).values(removed_at=at))
            finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(), now=at)

    def change(self, article: int, **values: Any) -> None:
        with writing(self.engine) as conn:
            conn.execute(sa.update(Article).where(Article.id == article).values(values))

    def rewrite(self, article: int, **words: Any) -> None:
        """Puts words into the store that no crawl would have let in."""
        with writing(self.engine) as conn:
            conn.execute(sa.update(Version).where(Version.article_id == article).values(words))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[NewsStore]:
    made = NewsStore(tmp_path / "forcewire.db")
    yield made
    made.engine.dispose()


class Published:
    """The store's feeds as files, read back by feedparser."""

    def __init__(self, store: NewsStore, out: Path, **given: Any) -> None:
        self.report = publish(store.engine, out, **({"base_url": BASE_URL} | given))
        self.folder = out / "feeds"

    def data(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def read(self, name: str) -> Any:
        return feedparser.parse(self.data(name), response_headers={"content-type": "application/xml; charset=utf-8"})

    def files(self) -> dict[str, tuple[bytes, int, int]]:
        """Each document's bytes, time and inode: what a write would change."""
        stats = {path: path.stat() for path in sorted(self.folder.rglob("[!.]*")) if path.is_file()}
        return {
            path.relative_to(self.folder).as_posix(): (path.read_bytes(), stat.st_mtime_ns, stat.st_ino)
            for path, stat in stats.items()
        }


class Served:
    """Documents of the store as it stands, made one at a time."""

    def __init__(self, store: NewsStore) -> None:
        self.store = store

    def document(self, name: str, *, base_url: str = BASE_URL, hub: str | None = None, **given: Any) -> Document:
        query = FeedQuery.parse(given) if given else None
        with reading(self.store.engine) as conn:
            return document(conn, Press(base_url, hub=hub), name, query=query)

    def data(self, name: str, **given: Any) -> bytes:
        return self.document(name, **given).data

    def read(self, name: str, **given: Any) -> Any:
        """A document as feedparser reads it."""
        return feedparser.parse(
            self.data(name, **given), response_headers={"content-type": "application/xml; charset=utf-8"}
        )

    def names(self, **given: Any) -> list[str]:
        with reading(self.store.engine) as conn:
            return document_names(conn, **given)


@pytest.fixture
def served(store: NewsStore) -> Served:
    """The store's documents, without a file."""
    return Served(store)


@pytest.fixture
def published(store: NewsStore, tmp_path: Path) -> Callable[..., Published]:
    """Publishes the store as it stands."""

    def now(**given: Any) -> Published:
        return Published(store, tmp_path / "out", **given)

    return now
