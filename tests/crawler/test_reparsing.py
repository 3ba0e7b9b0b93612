"""Kept pages are read again by today's reader as the crawl read them, and nothing is asked of the site."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.entries import SourceEntry
from crawler.readers import make_reader
from crawler.readers.base import Reader
from crawler.reparsing import Reparsed, reparse_source
from crawler.selectors import NotNews
from storage.crawls import CrawlRunning, start_crawl
from storage.database import open_store, writing
from storage.records import Record

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
Sql = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def sql(database: str) -> Sql:
    def query(text: str) -> list[tuple[Any, ...]]:
        raw = sqlite3.connect(database.removeprefix("sqlite:///"))
        try:
            return raw.execute(text).fetchall()
        finally:
            raw.close()

    return query


@pytest.fixture
def reparse(database: str, make_entry: Any) -> Callable[..., list[Reparsed]]:
    def run(entry: SourceEntry | None = None, **more: Any) -> list[Reparsed]:
        store = open_store(database)
        try:
            return list(reparse_source(store, entry or make_entry(), now=NOW + DAY, host="desk", **more))
        finally:
            store.dispose()

    return run


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Record], Record]], None]:
    """From now on the source's reader does this to what it read."""

    def change(made: Callable[[Record], Record]) -> None:
        def changed(entry: SourceEntry) -> Reader:
            reader = make_reader(entry)
            article = reader.article
            reader.article = lambda response, link=None: made(article(response, link))  # type: ignore[method-assign]
            return reader

        monkeypatch.setattr("crawler.reparsing.make_reader", changed)

    return change


def better(record: Record) -> Record:
    record.body += "\n\nCall 101."
    return record


def refusing(record: Record) -> Record:
    raise NotNews("no story in it", record.url)


def failing(record: Record) -> Record:
    raise ValueError("a fault of ours")


def test_todays_reader_reads_all_kept_pages_and_asks_the_site_nothing(
    site: Any, crawl: Any, reparse: Any, reads: Any, sql: Sql
) -> None:
    site.stories(45)
    crawl(clock=lambda: NOW)
    asked = len(site.asked)
    reads(better)
    found = reparse()
    assert [(page.outcome, page.fields) for page in found] == [("reparsed", ["body"])] * 45
    assert len(site.asked) == asked
    assert sql("SELECT DISTINCT change, version, count(*) FROM change GROUP BY 1, 2") == [
        ("new", 1, 45),
        ("reparsed", 1, 45),
    ]
    assert sql("SELECT count(*) FROM version WHERE body LIKE '%Call 101.' AND number = 1") == [(45,)]
    assert {page.outcome for page in reparse()} == {"unchanged"}


def test_the_same_reader_finds_every_page_as_it_was(site: Any, crawl: Any, reparse: Any, sql: Sql) -> None:
    paths = site.stories(3)
    answer = type(site.pages["/news/"])
    site.pages[paths[0]] = answer(
        "<html><body><h1>Caf\u00e9 closed</h1><p>\u00a33 were taken.</p></body></html>".encode("latin-1"),
        headers={"Content-Type": "text/html; charset=iso-8859-1"},
    )
    site.pages[paths[1]] = answer("", 302, {"Location": "/news/moved-here/"})
    site.pages["/news/moved-here/"] = answer("<html><body><h1>Moved</h1><p>It was moved.</p></body></html>")
    crawl()
    before = [sql(f"SELECT * FROM {table}") for table in ("article", "version", "page", "kept_page", "change")]
    assert [page.outcome for page in reparse()] == ["unchanged"] * 3
    assert [sql(f"SELECT * FROM {table}") for table in ("article", "version", "page", "kept_page", "change")] == before


def test_a_dry_run_writes_nothing(site: Any, crawl: Any, reparse: Any, reads: Any, sql: Sql) -> None:
    site.stories(2)
    crawl()
    before = sql("SELECT * FROM version"), sql("SELECT * FROM change"), sql("SELECT * FROM kept_page")
    reads(better)
    found = reparse(dry_run=True)
    assert [(page.outcome, page.fields) for page in found] == [("reparsed", ["body"])] * 2
    assert found[0].after.body == found[0].before.body + "\n\nCall 101."
    assert (sql("SELECT * FROM version"), sql("SELECT * FROM change"), sql("SELECT * FROM kept_page")) == before


def test_an_edit_after_a_reparse_is_an_edit_and_a_page_that_stayed_is_none(
    site: Any, crawl: Any, reparse: Any, reads: Any, sql: Sql
) -> None:
    site.stories(3)
    crawl(clock=lambda: NOW)
    reads(lambda record: record)
    reparse()
    site.story(2, "A boat was taken.")
    crawl(clock=lambda: NOW + 2 * DAY)
    assert sql("SELECT article_id, change, fields FROM change WHERE change != 'new'") == [(2, "edited", '["body"]')]


@pytest.mark.parametrize("fault", [refusing, failing])
def test_a_page_that_cannot_be_read_any_more_is_an_issue_and_loses_nothing(
    site: Any, crawl: Any, reparse: Any, reads: Any, sql: Sql, fault: Any
) -> None:
    site.stories(2)
    crawl()
    before = [sql(f"SELECT * FROM {table}") for table in ("article", "version", "page", "kept_page", "change")]
    reads(fault)
    assert [(page.outcome, page.lost) for page in reparse(dry_run=True)] == [("unreadable", True)] * 2
    assert sql("SELECT count(*) FROM issue") == [(0,)]
    found = reparse()
    assert all(page.error for page in found)
    assert [sql(f"SELECT * FROM {table}") for table in ("article", "version", "page", "kept_page", "change")] == before
    assert sql("SELECT kind, crawl_id, url LIKE '%/story-_/' FROM issue") == [("reparse", None, 1)] * 2


def test_issues_of_a_reader_that_fails_at_all_pages_are_bounded(
    site: Any, crawl: Any, reparse: Any, reads: Any, sql: Sql
) -> None:
    site.stories(65)
    crawl()
    reads(failing)
    assert sum(page.lost for page in reparse()) == 65
    assert sql("SELECT count(*) FROM issue") == [(50,)]


def test_a_page_that_could_not_be_read_becomes_an_article_when_it_can(
    site: Any, crawl: Any, reparse: Any, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = site.stories(3)
    broken = site.pages[paths[1]](type("Asked", (), {"headers": {}})).body.replace("h1>", "h2>")
    site.pages[paths[1]] = type(site.pages["/news/"])(broken)
    assert crawl(clock=lambda: NOW).counts.new == 2
    assert [page.outcome for page in reparse()] == ["unchanged", "unchanged", "unreadable"]
    assert sql("SELECT count(*) FROM issue WHERE kind = 'reparse'") == [(0,)], "it was told when it was met"

    def made(entry: SourceEntry) -> Reader:
        reader = make_reader(entry)
        article = reader.article
        reader.article = lambda response, link=None: article(  # type: ignore[method-assign]
            response.replace(body=response.body.replace(b"h2>", b"h1>")), link
        )
        return reader

    monkeypatch.setattr("crawler.reparsing.make_reader", made)
    assert [page.outcome for page in reparse()] == ["unchanged", "unchanged", "new"]
    ((seen_at, change, url),) = sql(
        "SELECT a.first_seen_at, c.change, a.url FROM article a JOIN change c ON c.article_id = a.id WHERE a.id = 3"
    )
    assert (seen_at, change) == ("2026-03-01 12:00:00.000000", "new")
    assert url.endswith("/news/story-2/")
    assert [page.outcome for page in reparse()] == ["unchanged"] * 3
    crawl(clock=lambda: NOW + 2 * DAY)
    assert sql("SELECT count(*) FROM article") == [(3,)]


def test_a_reparse_is_refused_while_a_crawl_runs(
    site: Any, crawl: Any, reparse: Any, database: str, make_entry: Any
) -> None:
    site.stories(1)
    crawl()
    store = open_store(database)
    with writing(store) as conn:
        start_crawl(conn, make_entry().id, reader="tiny", reader_version=1, now=NOW + DAY, pid=1, host="elsewhere")
    store.dispose()
    with pytest.raises(CrawlRunning, match="still running"):
        reparse()


def test_of_what_is_withheld_no_address_and_no_word_is_given(
    site: Any, crawl: Any, reparse: Any, reads: Any, database: str, sql: Sql
) -> None:
    site.stories(1)
    crawl()
    raw = sqlite3.connect(database.removeprefix("sqlite:///"))
    raw.execute("UPDATE article SET suppressed_at = '2026-03-01 12:00:00.000000'")
    raw.commit()
    raw.close()
    reads(better)
    (page,) = reparse(dry_run=True)
    assert (page.outcome, page.fields, page.url, page.before, page.after) == ("reparsed", ["body"], "", None, None)
    reads(failing)
    (page,) = reparse()
    assert (page.outcome, page.url, page.error) == ("unreadable", "", None)
    ((message, url),) = sql("SELECT message, url FROM issue WHERE kind = 'reparse'")
    assert "story" not in message
    assert url is None
