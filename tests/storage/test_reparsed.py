"""Pages that were kept are read again: what differs is recorded as our doing, and nothing else of an article moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.articles import save_articles
from storage.database import reading, writing
from storage.furniture import remember_furniture
from storage.kept_pages import Kept, Saved, keep, keep_unread, pages_to_read, to_read
from storage.pieces import Piece
from storage.records import Fetched, Record, Served
from storage.reparsed import Difference, Reread, reparse
from storage.tables import ARTICLE

URL = "https://www.norchester.example/news/story-1"
DAY = timedelta(days=1)
Item = tuple[Record, Fetched]


@pytest.fixture
def read(engine: Engine, crawl: int) -> Callable[..., list[str]]:
    """Saves articles and keeps their pages."""

    def saved(*items: Item) -> list[str]:
        with writing(engine) as conn:
            outcomes = save_articles(conn, crawl, items)
            pages = [
                Saved(r, f, o, Served(url=f.url, body=b"<html>")) for (r, f), o in zip(items, outcomes, strict=True)
            ]
            keep(conn, "norchester", pages)
        return [str(outcome) for outcome in outcomes]

    return saved


@pytest.fixture
def to_reread(engine: Engine) -> Callable[[], list[Kept]]:
    def pages() -> list[Kept]:
        with reading(engine) as conn:
            return pages_to_read(conn, to_read(conn, "norchester"))

    return pages


@pytest.fixture
def again(engine: Engine, to_reread: Any, now: datetime) -> Callable[..., list[Difference]]:
    """Reads the kept pages again as these records, in the order of the pages."""

    def reread(*items: Item, dry_run: bool = False, pages: list[Kept] | None = None) -> list[Difference]:
        kept = to_reread() if pages is None else pages
        rereads = [Reread(page, record, fetched.entry) for page, (record, fetched) in zip(kept, items, strict=True)]
        with writing(engine) as conn:
            return reparse(conn, rereads, at=now + DAY, dry_run=dry_run)

    return reread


def told(rows: Any) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = rows("SELECT change, version, minor, fields FROM change ORDER BY id")
    return found


BETTER = "A lamp was taken from **Mill Lane** on Monday.\n\nCall 101 with crime number 55/1234/26.\n"


def test_a_better_reading_takes_the_place_of_the_text_and_is_told_as_ours(
    page: Any, read: Any, again: Any, rows: Any
) -> None:
    read(page())
    (found,) = again(page(body=BETTER, reader_version=2))
    assert (found.outcome, found.fields) == ("reparsed", ["body"])
    assert found.before is not None
    assert found.after is not None
    assert (found.before.body, found.after.body) == (page()[0].body, BETTER)
    assert told(rows) == [("new", 1, 0, "[]"), ("reparsed", 1, 0, '["body"]')]
    assert rows("SELECT number, body, reader_version FROM version") == [(1, BETTER, 2)]
    assert rows("SELECT crawl_id FROM change WHERE change = 'reparsed'") == [(None,)]


def test_it_is_ours_also_when_no_number_rose(page: Any, read: Any, again: Any, rows: Any) -> None:
    read(page())
    assert again(page(body=BETTER))[0].outcome == "reparsed"
    assert told(rows)[1:] == [("reparsed", 1, 0, '["body"]')]


def test_a_dry_run_says_the_same_and_writes_nothing(page: Any, read: Any, again: Any, rows: Any) -> None:
    read(page())
    tables = ("article", "version", "change", "page", "kept_page")
    before = [rows(f"SELECT * FROM {table}") for table in tables]
    told_before = again(page(body=BETTER, reader_version=2), dry_run=True)
    assert [rows(f"SELECT * FROM {table}") for table in tables] == before
    assert told_before == again(page(body=BETTER, reader_version=2))
    assert [rows(f"SELECT * FROM {table}") for table in tables] != before


def test_the_same_reading_changes_nothing_at_all(page: Any, read: Any, again: Any, rows: Any) -> None:
    read(page())
    before = rows("SELECT * FROM version"), rows("SELECT * FROM article"), rows("SELECT * FROM kept_page")
    assert [found.outcome for found in again(page())] == ["unchanged"]
    assert before == (rows("SELECT * FROM version"), rows("SELECT * FROM article"), rows("SELECT * FROM kept_page"))


def test_a_second_reparse_finds_nothing(page: Any, read: Any, again: Any, rows: Any) -> None:
    read(page())
    again(page(body=BETTER, reader_version=2))
    assert [found.outcome for found in again(page(body=BETTER, reader_version=2))] == ["unchanged"]
    assert len(told(rows)) == 2


def test_when_it_was_seen_and_that_it_is_removed_stay(
    engine: Engine, page: Any, read: Any, again: Any, rows: Any, now: datetime
) -> None:
    read(page())
    with writing(engine) as conn:
        conn.execute(ARTICLE.update().values(removed_at=now + timedelta(hours=1)))
    before = rows("SELECT first_seen_at, last_seen_at, changed_at, removed_at, version FROM article")
    pages = rows("SELECT * FROM page")
    assert again(page(body=BETTER, reader_version=2))[0].outcome == "reparsed"
    assert rows("SELECT first_seen_at, last_seen_at, changed_at, removed_at, version FROM article") == before
    assert rows("SELECT * FROM page") == pages
    assert [row[0] for row in told(rows)] == ["new", "reparsed"]


def test_only_the_page_behind_the_current_version_is_read(
    page: Any, read: Any, again: Any, to_reread: Any, rows: Any
) -> None:
    read(page())
    read(page(title="Appeal after two lamps are taken"))
    (kept,) = to_reread()
    assert kept.version == 2
    again(page(title="Appeal after two lamps are taken", body=BETTER))
    assert rows("SELECT number, title, body FROM version ORDER BY number") == [
        (1, "Appeal 1 after lamp is taken", page()[0].body),
        (2, "Appeal after two lamps are taken", BETTER),
    ]


def test_details_of_a_later_look_stay_and_are_no_difference(page: Any, read: Any, again: Any, rows: Any) -> None:
    read(page())
    later = {"image_url": "https://www.norchester.example/chair.jpg", "meta": {"og:type": "video"}}
    assert read(page(**later)) == ["minor"]
    assert again(page())[0].outcome == "unchanged"
    (found,) = again(page(body=BETTER, reader_version=2))
    assert found.fields == ["body"]
    assert rows("SELECT image_url, meta, body FROM version") == [(later["image_url"], '{"og:type": "video"}', BETTER)]


def test_a_picture_that_is_found_at_last_is_taken(page: Any, read: Any, again: Any, rows: Any) -> None:
    read(page(image_url=None))
    assert again(page(reader_version=2))[0].fields == ["image_url"]
    assert rows("SELECT image_url FROM version") == [(page()[0].image_url,)]


def test_a_banner_that_went_from_the_text_meanwhile_does_not_come_back(
    engine: Engine, page: Any, read: Any, again: Any, rows: Any, now: datetime
) -> None:
    banner = "Our phones are out of order."
    read(page(body=f"{banner}\n\n{page()[0].body}"))
    with writing(engine) as conn:
        remember_furniture(conn, "norchester", [Piece("body", banner)], now)
    assert read(page()) == ["unchanged"]
    assert again(page(body=f"{banner}\n\n{page()[0].body}", kind="missing"))[0].fields == ["kind"]
    assert rows("SELECT body FROM version") == [(page()[0].body,)]


def test_an_article_that_changed_meanwhile_is_left_alone(
    page: Any, read: Any, again: Any, to_reread: Any, rows: Any
) -> None:
    read(page())
    pages = to_reread()
    read(page(title="Appeal after two lamps are taken"))
    assert [found.outcome for found in again(page(body=BETTER), pages=pages)] == [None]
    assert [row[0] for row in told(rows)] == ["new", "edited"]


def test_a_page_that_could_not_be_read_becomes_an_article_of_its_day(
    engine: Engine, page: Any, again: Any, to_reread: Any, rows: Any, save: Any, now: datetime
) -> None:
    save(page(2))
    with writing(engine) as conn:
        conn.execute(sa.text("INSERT INTO page (source_id, url, role, found_at, listed, failures, rejections, gone_answers, wavering)"
                             f" VALUES ('norchester', '{URL}', 'article', '2026-03-01 11:00:00.000000', 0, 1, 0, 0, 0)"))  # fmt: skip
        keep_unread(conn, "norchester", URL, Served(url=URL, body=b"<html>"), "no headline", now - DAY)
    assert [found.outcome for found in again(page(), dry_run=True)] == ["new"]
    assert rows("SELECT count(*) FROM article") == [(1,)]
    assert [found.outcome for found in again(page())] == ["new"]
    moment = f"{now - DAY:%Y-%m-%d %H:%M:%S}.000000"
    assert rows(f"SELECT first_seen_at, published_at FROM article WHERE url = '{URL}'") == [
        (moment, "2026-02-27 09:30:00.000000")
    ]
    assert rows(f"SELECT article_id, failures, etag FROM page WHERE url = '{URL}'") == [(2, 0, None)]
    assert rows("SELECT article_id, version, error FROM kept_page") == [(2, 1, None)]


def test_what_could_not_be_read_at_a_known_articles_address_makes_nothing(
    engine: Engine, page: Any, read: Any, to_reread: Any, now: datetime
) -> None:
    read(page())
    with writing(engine) as conn:
        keep_unread(conn, "norchester", URL, Served(url=URL, body=b"old"), "no headline", now)
    assert [kept.version for kept in to_reread()] == [1]


def test_a_page_of_an_erased_article_is_not_read(
    engine: Engine, page: Any, read: Any, to_reread: Any, now: datetime
) -> None:
    read(page())
    kept = to_reread()
    with writing(engine) as conn:
        conn.execute(ARTICLE.update().values(erased_at=now))
    assert to_reread() == []
    with writing(engine) as conn:
        (found,) = reparse(conn, [Reread(kept[0], page(body=BETTER)[0], "")], at=now)
    assert found.outcome is None


def test_what_may_not_be_shown_is_marked(engine: Engine, page: Any, read: Any, to_reread: Any, now: datetime) -> None:
    read(page(1), page(2))
    with writing(engine) as conn:
        conn.execute(ARTICLE.update().where(ARTICLE.c.id == 2).values(suppressed_at=now))
    assert [kept.withheld for kept in to_reread()] == [False, True]
