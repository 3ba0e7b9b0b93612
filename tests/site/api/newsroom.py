"""A store of invented news as crawls fill it, and the API as a client sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from starlette.testclient import TestClient

from feeds.build import Press
from feeds.site.app import create_app
from feeds.site.context import Site
from storage.articles import save_articles
from storage.crawls import Counts, finish_crawl, register_source, start_crawl
from storage.database import open_store, writing
from storage.models import Article, Change, Version
from storage.records import Fetched, Precision, Record
from storage.suppressions import articles_at, suppress

FIRST = datetime(2026, 3, 1, 8, tzinfo=UTC)
BASE_URL = "https://news.example.org"


class News:
    """Stores articles; each is published a minute after the one before it and seen an hour later."""

    def __init__(self, path: Path) -> None:
        self.engine = open_store(f"sqlite:///{path}")
        self.count = 0
        for area in ("Northmarch", "Eastmere and Wold"):
            self.source(area)

    def source(self, area: str, **given: Any) -> None:
        id = area.lower().partition(" ")[0]
        values: dict[str, Any] = {
            "id": id,
            "name": f"{area} Police",
            "force": f"{area} Police",
            "area": area,
            "language": "en",
            "reader": "generic",
            "home_url": f"https://www.{id}.example/news/",
            "now": FIRST,
        } | given
        with writing(self.engine) as conn:
            register_source(conn, **values)

    def article(self, source: str = "northmarch", *, seen_at: datetime | None = None, **given: Any) -> int:
        """Stores an article and returns its number; what is given goes to the record."""
        self.count += 1
        published = FIRST + timedelta(minutes=self.count)
        values: dict[str, Any] = {
            "url": f"https://www.{source}.example/news/{self.count}",
            "title": f"Appeal after a gate was taken, number {self.count}",
            "description": "Officers ask for witnesses.",
            "body": f"A **five-bar gate** of farm {self.count} went missing.\n\n * blue\n * heavy\n",
            "published_at": published,
            "published_precision": Precision.MINUTE,
            "kind": "appeal",
        } | given
        self._save(
            Record(source=source, area="", reader="generic", reader_version=1, **values),
            seen_at or published + timedelta(hours=1),
        )
        with self.engine.connect() as conn:
            query = sa.select(Article.id).where(Article.source_id == source, Article.url == values["url"])
            return int(conn.execute(query).scalar_one())

    def again(self, article: int, at: datetime, **given: Any) -> None:
        """The article's page is read again, with other words."""
        names = ("title", "description", "body", "kind", "sensitive", "image_url", "published_at", "references")
        columns = [getattr(Version, name) for name in names]
        with self.engine.connect() as conn:
            query = sa.select(Article.source_id.label("source"), Article.url, *columns).join(
                Version, sa.and_(Version.article_id == Article.id, Version.number == Article.version)
            )
            row = conn.execute(query.where(Article.id == article)).one()._asdict()
        values = row | {"published_precision": Precision.MINUTE} | given
        self._save(Record(area="", reader="generic", reader_version=1, **values), at)

    def _save(self, record: Record, at: datetime) -> None:
        with writing(self.engine) as conn:
            crawl = start_crawl(conn, record.source, reader="generic", reader_version=1, now=at, pid=1, host="test")
            save_articles(conn, crawl, [(record, Fetched(url=record.url, at=at, reader="generic", reader_version=1))])
            finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(), now=at)

    def remove(self, article: int, at: datetime) -> None:
        """A crawl finds that the article is withdrawn."""
        with writing(self.engine) as conn:
            row = conn.execute(sa.select(Article.source_id, Article.version).where(Article.id == article)).one()
            crawl = start_crawl(conn, row.source_id, reader="generic", reader_version=1, now=at, pid=1, host="test")
            told = {"article_id": article, "crawl_id": crawl, "change": "removed", "version": row.version, "at": at}
            conn.execute(sa.insert(Change).values(**told, minor=False, fields=[]))
            conn.execute(sa.update(Article).where(Article.id == article).values(removed_at=at))
            finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(), now=at)

    def suppress(self, article: int, at: datetime) -> None:
        """An operator takes the article out."""
        with writing(self.engine) as conn:
            url = conn.execute(sa.select(Article.url).where(Article.id == article)).scalar_one()
            suppress(conn, articles_at(conn, url), why="test", who="tester@desk", now=at)

    def change(self, article: int, **values: Any) -> None:
        """Puts values into an article's row."""
        with writing(self.engine) as conn:
            conn.execute(sa.update(Article).where(Article.id == article).values(values))

    def rewrite(self, article: int, **words: Any) -> None:
        """Puts words into the store that no crawl would have let in."""
        with writing(self.engine) as conn:
            conn.execute(sa.update(Version).where(Version.article_id == article).values(words))

    def bulk(self, count: int, **given: Any) -> None:
        """Many articles at once, quickly: rows as a crawl writes them, without its looking at each."""
        with writing(self.engine) as conn:
            for _ in range(count):
                self.count += 1
                insert_article(conn, self.count, **given)


def insert_article(conn: sa.Connection, n: int, **given: Any) -> int:
    """The rows of one article; its number."""
    at = FIRST + timedelta(minutes=n)
    values: dict[str, Any] = {
        "source_id": "northmarch",
        "published_at": at,
        "first_seen_at": at + timedelta(hours=1),
        "kind": "appeal",
    } | given
    kind = values.pop("kind")
    url = f"https://www.northmarch.example/story/{n}"
    seen = values["first_seen_at"]
    row = {"url": url, "address": url, "address_key": url, "version": 1, "published_precision": "minute"}
    row |= {"last_seen_at": seen, "changed_at": seen} | values
    article = int(conn.execute(sa.insert(Article).values(row).returning(Article.id)).scalar_one())
    words = {"title": f"Story {n}", "description": None, "body": f"Words {n}.", "kind": kind, "language": "en"}
    lists: dict[str, Any] = {"tags": [], "references": [], "operations": [], "meta": {}, "sensitive": False}
    told = {"published_at": values["published_at"], "published_precision": "minute", "reader": "generic"}
    hashes = {"entry": "", "content_hash": str(n), "record_hash": str(n), "normalisation": 2, "reader_version": 1}
    version = {"article_id": article, "number": 1, "seen_at": seen, **words, **lists, **told, **hashes}
    conn.execute(sa.insert(Version).values(version))
    change = {"article_id": article, "version": 1, "change": "new", "minor": False, "fields": [], "at": seen}
    conn.execute(sa.insert(Change).values(change))
    return article


class Api:
    """The API as a client sees it."""

    def __init__(self, engine: sa.Engine) -> None:
        self.app = create_app(Site(engine, Press(BASE_URL)))
        self.client = TestClient(self.app, raise_server_exceptions=False)

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        """The JSON at a path below the root, or at a URL that was given out."""
        url = path.removeprefix(BASE_URL) if path.startswith("http") else f"/api/v1{path}"
        response = self.client.get(url, params={name.rstrip("_"): value for name, value in query.items()} or None)
        assert response.status_code == status, (response.status_code, response.text[:500])
        wanted = "application/json" if status == 200 else "application/problem+json"
        assert response.headers["content-type"] == wanted
        return response.json()

    def walk(self, path: str, between: Callable[[], None] = lambda: None, **query: Any) -> list[Any]:
        """The items of all pages along `next`."""
        page = self.get(path, **query)
        items = list(page["items"])
        while page["next"]:
            between()
            page = self.get(page["next"])
            items += page["items"]
        return items
