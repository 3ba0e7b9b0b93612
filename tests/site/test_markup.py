"""Hostile texts in every field of a story: none of them is anything but text in a feed, a page, an answer of the API or a diff."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from feeds.build import Press, document, document_names
from feeds.identity import DEFAULT_TAGGING_ENTITY
from feeds.site.app import create_app
from feeds.site.context import Site
from storage.articles import save_articles
from storage.crawls import Counts, finish_crawl, register_source, start_crawl
from storage.database import open_store, reading, writing
from storage.models import Article, Version
from storage.records import Fetched, Precision, Record
from tests.site.markup import faults_of_feed, faults_of_html, faults_of_json
from tests.site.payloads import payloads

BASE = "https://news.example.org"
FIRST = datetime(2024, 5, 1, 8, tzinfo=UTC)
EACH = 23  # of the fast test: every so many-th text
TOGETHER = 6  # of the slow one: so many in one field
KINDS = ("appeal", "court", "incident")


def hostile(texts: list[str], path: Path) -> sa.Engine:
    """A store with a story a text, which has others in its other fields, and an edit of each that swaps them."""
    engine = open_store(f"sqlite:///{path}")
    with writing(engine) as conn:
        values = {"name": texts[0], "force": texts[1], "area": "Northmarch", "language": "en", "reader": "generic"}
        register_source(conn, id="northmarch", home_url="https://www.northmarch.example/news/", now=FIRST, **values)
    for turn in (0, 1):
        at = FIRST + timedelta(days=turn)
        with writing(engine) as conn:
            crawl = start_crawl(conn, "northmarch", reader="generic", reader_version=1, now=at, pid=1, host="test")
            items = []
            for n in range(len(texts)):
                title, description, body, more = (texts[(n + step + turn) % len(texts)] for step in (0, 1, 2, 3))
                record = Record(
                    source="northmarch", area="", reader="generic", reader_version=1, url=f"https://www.northmarch.example/news/{n}",
                    title=title, description=description, body=f"Words before.\n\n{body}\n\n{more} and words after.\n",
                    published_at=FIRST - timedelta(minutes=n), published_precision=Precision.MINUTE, kind=KINDS[n % 3],
                    tags=(more,), references=(body,), operations=(title,), image_url=more, meta={more: body}, published_raw=body,
                )  # fmt: skip
                items.append((record, Fetched(url=record.url, at=at, reader="generic", reader_version=1)))
            save_articles(conn, crawl, items)
            finish_crawl(conn, crawl, verdict="degraded", reason=texts[2], counts=Counts(), now=at)
    with writing(engine) as conn:
        # No crawl lets such an address in; a store that was made by hand may hold one.
        rows = conn.execute(sa.select(Article.id).order_by(Article.id)).scalars().all()
        for n, article in enumerate(rows[: len(texts)]):
            scheme = (
                "javascript:alert(1)//",
                "https://www.northmarch.example/\"'><script>alert(1)</script>",
                texts[n],
            )[n % 3]
            conn.execute(sa.update(Article).where(Article.id == article).values(address=f"{scheme}#{n}"))
            conn.execute(sa.update(Version).where(Version.article_id == article).values(image_url=f"{scheme}.jpg"))
    return engine


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    engine = hostile(payloads()[::EACH], tmp_path_factory.mktemp("hostile") / "news.db")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def client(store: sa.Engine) -> Iterator[TestClient]:
    site = Site(engine=store, press=Press(base_url=BASE, tagging_entity=DEFAULT_TAGGING_ENTITY))
    with TestClient(create_app(site), base_url=BASE) as client:
        yield client


def articles(engine: sa.Engine) -> list[int]:
    with reading(engine) as conn:
        return list(conn.scalars(sa.select(Article.id)))


def test_no_feed_carries_one(store: sa.Engine) -> None:
    press = Press(base_url=BASE, tagging_entity=DEFAULT_TAGGING_ENTITY)
    entries = 0
    with reading(store) as conn:
        for name in document_names(conn):
            data = document(conn, press, name).data
            entries += data.count(b"<entry>") + data.count(b"<item>") + data.count(b'"content_html"')
            found = (
                faults_of_json(data) if name.endswith(".json") else faults_of_feed(data) if "opml" not in name else []
            )
            assert not found, (name, found[:5])
    assert entries > 3 * len(articles(store))


def paths(engine: sa.Engine) -> Iterator[str]:
    yield from (
        "/",
        "/areas/northmarch",
        "/changes",
        "/status",
        "/subscribe",
        "/about",
        "/search?q=alert",
        "/search?q=words",
    )
    for article in articles(engine):
        yield f"/articles/{article}"
        yield f"/articles/{article}/diff/1/2"


def test_no_page_carries_one(store: sa.Engine, client: TestClient) -> None:
    for path in paths(store):
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.text[:300])
        found = faults_of_html(answer.text, own=BASE)
        assert not found, (path, found[:5])


def test_no_page_repeats_what_it_was_asked_with_as_markup(client: TestClient) -> None:
    for text in payloads()[:: EACH * 3]:
        for path, name in (
            ("/search", "q"),
            ("/search", "since"),
            ("/search", "area"),
            ("/changes", "kind"),
            ("/feeds/all.atom", "since"),
        ):
            answer = client.get(path, params={name: text})
            assert answer.status_code < 500, (path, name, text)
            if "html" in answer.headers["content-type"]:
                assert not faults_of_html(answer.text, own=BASE), (path, name, text)
            else:
                assert "nosniff" in answer.headers["x-content-type-options"]
                assert answer.headers["content-type"].startswith(("text/plain", "application/"))


def test_no_answer_of_the_api_carries_one(store: sa.Engine, client: TestClient) -> None:
    for path in (
        "articles?limit=500",
        "changes?limit=500",
        "sources",
        "areas",
        "search?q=alert",
        *(f"articles/{n}" for n in articles(store)),
        *(f"articles/{n}/versions" for n in articles(store)),
        *(f"articles/{n}/diff?from=1&to=2" for n in articles(store)),
    ):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 200, (path, answer.text[:300])
        found = faults_of_json(answer.content)
        assert not found, (path, found[:5])


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_none_of_them_all_survives(tmp_path: Path) -> None:
    texts = payloads()
    engine = hostile(
        ["\n\n".join(texts[n : n + TOGETHER]) for n in range(0, len(texts), TOGETHER)], tmp_path / "news.db"
    )
    test_no_feed_carries_one(engine)
    site = Site(engine=engine, press=Press(base_url=BASE, tagging_entity=DEFAULT_TAGGING_ENTITY))
    with TestClient(create_app(site), base_url=BASE) as client:
        test_no_page_carries_one(engine, client)
        test_no_answer_of_the_api_carries_one(engine, client)
    engine.dispose()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='java\tscript:alert(1)'>x</a>",
        "<p style='width:expression(alert(1))'>x</p>",
        "<form><button formaction='javascript:alert(1)'>x</button></form>",
        "<iframe srcdoc='x'></iframe>",
        "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
        "<base href='https://evil.example/'>",
        "<img src='//evil.example/x'>",
        "<!-- x -->",
    ],
)
def test_one_that_nobody_escaped_is_noticed(text: str) -> None:
    assert faults_of_html(f"<html><head></head><body><p>{text}</p></body></html>", own=BASE)
    assert faults_of_html(text) or text.startswith("<img src='//")
    assert faults_of_json(json.dumps({"content_html": f"<p>{text}</p>"}).encode()) or text.startswith("<img src='//")
