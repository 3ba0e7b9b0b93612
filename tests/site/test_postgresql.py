"""Feeds, pages, pictures, API and searches of a store in PostgreSQL: each kind of address once, and the edges of its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from feeds.build import Press, document_names
from feeds.site import watching
from feeds.site.app import create_app
from feeds.site.context import Site, only_reads
from storage.database import open_store, reading, writing
from storage.suppressions import articles_at, suppress
from tests.feeds.conftest import FIRST, NewsStore
from tests.site.conftest import BASE_URL
from tests.storage.postgresql import server

pytestmark = pytest.mark.slow
DAY = timedelta(days=1)
TOO_LARGE = ("2147483648", "9223372036854775807", "9223372036854775808", "9" * 40)


@pytest.fixture(scope="module")
def store() -> Iterator[NewsStore]:
    with server() as url:
        made = NewsStore.__new__(NewsStore)
        made.url, made.engine, made.count = url, open_store(url), 0
        for area in ("Northmarch", "Tarn"):
            made.source(area)
        kinds = ("appeal", "missing", "charge", "court", "other")
        articles = [made.article("tarn", kind=kind, references=("40/1/26",)) for kind in kinds]
        for _ in range(5):
            made.article("northmarch")
        made.again(articles[0], FIRST + DAY, body="A **six-bar gate** went missing, and was found again.\n")
        made.change(articles[1], sensitive=True)
        made.remove(articles[1], FIRST + DAY)
        made.remove(articles[2], FIRST + DAY)
        with writing(made.engine) as conn:
            found = articles_at(conn, "https://www.northmarch.example/news/6")
            suppress(conn, found, why="asked for", who="me", now=FIRST + DAY)
        yield made
        made.engine.dispose()


@pytest.fixture
def client(store: NewsStore, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(watching, "EVERY", -1.0)
    engine = open_store(store.url)
    only_reads(engine)
    return TestClient(create_app(Site(engine, Press(BASE_URL))), base_url=BASE_URL)


def statuses(client: TestClient, *paths: str) -> dict[str, int]:
    return {path: client.get(path, follow_redirects=False).status_code for path in paths}


def test_each_feed_and_search_is_answered(client, store):
    with reading(store.engine) as conn:
        names = [name for name in document_names(conn) if name != "feeds.opml"]
    asked = ("q=gate", "q=gat*+%22'%5C", "kind=appeal,missing&since=0001-01-01", "until=9998-12-31")
    paths = ["/feeds.opml", *(f"/feeds/{name}" for name in names), *(f"/feeds/all.atom?{each}" for each in asked)]
    assert set(statuses(client, *paths).values()) == {200}


def test_each_page_and_picture_is_answered(client):
    pages = ("/", "/changes", "/changes?area=tarn&kind=appeal", "/search", "/search?q=gate", "/search?q=40/1/26")
    others = ("/status", "/subscribe", "/about", "/sitemap.xml", "/sitemap/pages.xml", "/sitemap/0.xml", "/areas/tarn")
    stories = ("/articles/1", "/articles/3", "/articles/1/diff/1/2")
    pictures = [f"/pictures/{name}.svg" for name in ("area-tarn-days", "changes-days", "kinds", "coverage")]
    assert set(statuses(client, *pages, *others, *stories, *pictures).values()) == {200}
    assert set(statuses(client, "/articles/2", "/articles/6").values()) == {410}


def test_each_operation_of_the_api_is_answered(client):
    lists = ("q=gate", "reference=40-1-26", "order=changed&limit=2", "order=first_seen&limit=2", "withdrawn=true",
             "include=body,body_html,meta", "changed_since=2024-05-01&kind=appeal,missing&area=tarn")  # fmt: skip
    changes = ("after=3", "change=edited&field=body&minor=false", "minor=true", "kind=appeal&limit=2")
    paths = [*(f"articles?{each}" for each in lists), *(f"changes?{each}" for each in changes)]
    paths += ["search?q=gate&area=tarn&kind=appeal&since=2024-01-01", "sources", "sources?state=ok,stale", "areas"]
    paths += [f"articles/1{each}" for each in ("", "/versions", "/versions/1", "/diff", "/diff?from=1&to=2")]
    assert set(statuses(client, *(f"/api/v1/{path}" for path in paths)).values()) == {200}
    following = client.get("/api/v1/articles?limit=3").json()["next"]
    assert client.get(following.removeprefix(BASE_URL)).status_code == 200


def test_a_number_that_is_too_large_for_a_row_is_none(client):
    for number in TOO_LARGE:
        paths = (f"/articles/{number}", f"/articles/1/diff/1/{number}", f"/api/v1/articles/{number}",
                 f"/api/v1/articles/1/versions/{number}", f"/feeds/all/archive/2024-05-01_{number}.atom")  # fmt: skip
        asked = (f"/articles/1/diff?from=1&to={number}", f"/changes?before={number}", f"/api/v1/changes?after={number}")
        assert set(statuses(client, *paths).values()) == {404}, number
        assert set(statuses(client, *asked).values()) == {400}, number


def test_what_a_crawl_brings_shows(client, store):
    assert "A boat was found" not in client.get("/feeds/tarn.atom").text
    store.article("tarn", title="A boat was found")
    assert all("A boat was found" in client.get(path).text for path in ("/feeds/tarn.atom", "/", "/api/v1/articles"))
