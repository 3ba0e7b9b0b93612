"""What a crawl saw once is written of nowhere but on the page that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from storage.articles import save_articles
from storage.crawls import Counts, finish_crawl, start_crawl
from storage.database import reading, writing
from storage.pages import validators

Make = Callable[..., Any]
Rows = Callable[..., list[Any]]

HOST = "https://www.norchester.example"
OLD, NEW = f"{HOST}/news/appeal", f"{HOST}/news/2026/appeal"
LONG = "A lamp was taken from Mill Lane on Tuesday night by two men in dark coats who left on foot. " * 3
CYCLES = "Officers found eleven stolen cycles in a lock-up garage behind the station and want to return them all. " * 3
SORRY = {"title": "Norchester news", "body": "These pages are being worked on, please come back later today."}
CHANGES = "SELECT change FROM change WHERE change != 'new' ORDER BY id"


@pytest.fixture
def look(engine: Engine, now: datetime) -> Callable[..., list[str]]:
    """A crawl that saves items as first looks, or as confirmed."""
    crawls: list[int] = []

    def saved(*items: Any, hold: bool = True) -> list[str]:
        at = now + timedelta(hours=len(crawls))
        with writing(engine) as conn:
            for crawl in crawls:
                finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(), now=at)
            crawls.append(start_crawl(conn, "norchester", reader="generic", reader_version=1, now=at, pid=1, host="h"))
            return [str(outcome) for outcome in save_articles(conn, crawls[-1], items, hold=hold)]

    return saved


def pages_of(rows: Rows) -> list[Any]:
    return rows("SELECT url, article_id, unconfirmed_hash IS NOT NULL, gone_answers FROM page ORDER BY id")


def test_page_that_leads_to_a_notice_keeps_its_address_and_the_notice_is_nobodys(
    look: Callable[..., list[str]], page: Make, rows: Rows
) -> None:
    look(page(url=OLD, body=LONG))
    assert look(page(url=NEW, asked=OLD, **SORRY)) == ["held"]
    assert pages_of(rows) == [(OLD, 1, 1, 0)]
    assert look(page(url=NEW, asked=OLD, **SORRY), hold=False) == ["led away"]
    assert pages_of(rows) == [(OLD, 1, 1, 1)]
    assert rows("SELECT address, version FROM article") == [(OLD, 1)]
    assert rows(CHANGES) == []


@pytest.mark.parametrize("together", [True, False])
def test_page_that_two_articles_lead_to_is_where_neither_moved(
    look: Callable[..., list[str]], page: Make, rows: Rows, together: bool
) -> None:
    look(page(1, body=LONG), page(2, body=CYCLES))
    asked = [row[0] for row in rows("SELECT url FROM article ORDER BY id")]
    hub = {"title": page(1)[0].title, "body": LONG + CYCLES}
    items = [page(url=NEW, asked=url, **hub) for url in asked]
    for hold in (True, False):
        expected = ["held", "held"] if hold else ["led away", "led away"]
        assert (look(*items, hold=hold) if together or hold else [look(i, hold=hold)[0] for i in items]) == expected
    assert rows("SELECT count(*) FROM article WHERE address = url") == [(2,)]
    assert rows(CHANGES) == []


def test_move_is_written_at_once_and_the_edit_beside_it_is_hidden_by_no_validators(
    engine: Engine, look: Callable[..., list[str]], page: Make, rows: Rows
) -> None:
    look(page(url=OLD, body=LONG))
    assert look(page(url=NEW, asked=OLD, body=LONG + "A man was charged.")) == ["held"]
    assert rows("SELECT address FROM article") == [(NEW,)]
    with reading(engine) as conn:
        for url in (OLD, NEW):
            assert validators(conn, "norchester", url, reader="generic", reader_version=1) is None
    assert look(page(url=NEW, body=LONG + "A man was charged."), hold=False) == ["edited"]
    assert rows(CHANGES) == [("moved",), ("edited",)]


def test_removed_article_whose_page_leads_to_a_notice_stays_removed(
    engine: Engine, look: Callable[..., list[str]], page: Make, rows: Rows
) -> None:
    look(page(url=OLD, body=LONG))
    with writing(engine) as conn:
        conn.exec_driver_sql("UPDATE article SET removed_at = last_seen_at")
    for hold, expected in ((True, "held"), (False, "led away")):
        assert look(page(url=NEW, asked=OLD, **SORRY), hold=hold) == [expected]
    assert rows("SELECT address FROM article WHERE removed_at IS NOT NULL") == [(OLD,)]
    assert look(page(url=NEW, asked=OLD, body=LONG)) == ["restored"]
    assert rows("SELECT address, removed_at FROM article") == [(NEW, None)]


def test_import_of_a_story_at_its_first_address_moves_nothing_back(
    engine: Engine, look: Callable[..., list[str]], page: Make, rows: Rows
) -> None:
    look(page(url=OLD, body=LONG))
    look(page(url=NEW, asked=OLD, body=LONG))
    with writing(engine) as conn:
        save_articles(conn, None, [page(url=OLD, body=LONG)])
    assert rows("SELECT address FROM article") == [(NEW,)]
    look(page(url=OLD, body=LONG))
    assert rows("SELECT address FROM article") == [(OLD,)]
    assert rows(CHANGES) == [("moved",), ("moved",)]


@pytest.mark.parametrize("version", [1, 2])
def test_another_story_at_a_known_url_is_held_whoever_read_it(
    look: Callable[..., list[str]], page: Make, rows: Rows, version: int
) -> None:
    other = {"title": "Cycles found", "body": CYCLES, "published_at": datetime(2029, 3, 1, 12, 0, tzinfo=UTC)}
    look(page(url=OLD, body=LONG))
    item = page(url=OLD, reader_version=version, **other)
    assert look(item) == ["held"]
    assert rows("SELECT count(*) FROM article") == [(1,)]
    assert look(item, hold=False) == ["new"]


def test_another_story_that_is_a_stored_one_is_foreign(look: Callable[..., list[str]], page: Make, rows: Rows) -> None:
    later = datetime(2029, 3, 1, 12, 0, tzinfo=UTC)
    look(page(url=OLD, body=LONG), page(2, title="Cycles found", body=CYCLES, published_at=later))
    assert look(page(url=OLD, title="Cycles found", body=CYCLES, published_at=later)) == ["foreign"]
    assert rows(CHANGES) == []


def test_reader_that_reads_what_none_read_before_is_believed(
    look: Callable[..., list[str]], page: Make, now: datetime
) -> None:
    look(page(1, body="-"), page(2, body=LONG), page(3, body=LONG + "More."))
    again = [
        page(1, body=LONG, reader_version=2),
        page(2, body=CYCLES, reader_version=2),
        page(3, body=LONG, reader_version=2, at=now + timedelta(hours=1)),
    ]
    assert look(*again) == ["reparsed", "held", "reparsed"]
    assert look(*again, hold=False) == ["unchanged", "reparsed", "unchanged"]
