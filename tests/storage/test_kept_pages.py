"""The page behind each version is kept, and the last of each that could not be read; nothing for a page that is as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from storage.articles import save_articles
from storage.database import writing
from storage.kept_pages import Saved, keep, keep_unread, prune, unpacked
from storage.records import Fetched, Record, Served

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URL = "https://www.norchester.example/news/story-1"
Item = tuple[Record, Fetched]


@pytest.fixture
def read(engine: Engine, crawl: int) -> Callable[..., list[str]]:
    """Saves articles with the pages they were read from; gives the outcomes."""

    def saved(*items: tuple[Item, bytes]) -> list[str]:
        with writing(engine) as conn:
            outcomes = save_articles(conn, crawl, [item for item, _ in items])
            keep(
                conn,
                "norchester",
                [
                    Saved(record, fetched, outcome, Served(url=fetched.url, content_type="text/html", body=body))
                    for ((record, fetched), body), outcome in zip(items, outcomes, strict=True)
                ],
            )
        return [str(outcome) for outcome in outcomes]

    return saved


@pytest.fixture
def unread(engine: Engine, crawl: int, now: datetime) -> Callable[..., None]:
    def kept(body: bytes = b"<html>?", error: str = "no headline", at: datetime = now, url: str = URL) -> None:
        with writing(engine) as conn:
            keep_unread(conn, "norchester", url, Served(url=url, status=200, body=body), error, at)

    return kept


@pytest.fixture
def kept(rows: Callable[[str], list[tuple[Any, ...]]]) -> Callable[[], list[tuple[Any, ...]]]:
    """Of each kept page, in order: article, version, body, error."""

    def pages() -> list[tuple[Any, ...]]:
        found = rows("SELECT article_id, version, body, error FROM kept_page ORDER BY id")
        return [(article, version, unpacked(body), error) for article, version, body, error in found]

    return pages


def test_each_version_has_its_page_and_an_unchanged_one_keeps_nothing(page: Any, read: Any, kept: Any) -> None:
    first, second = page(), page(body="A lamp and a chair were taken from Mill Lane.\n")
    assert read((first, b"one")) == ["new"]
    assert read((first, b"one, another advert")) == ["unchanged"]
    assert read((second, b"two")) == ["edited"]
    assert kept() == [(1, 1, b"one", None), (1, 2, b"two", None)]


def test_a_page_is_kept_with_how_it_was_served(page: Any, read: Any, rows: Any, now: datetime) -> None:
    read((page(asked="https://www.norchester.example/old-1"), b"<html>\xa3"))
    assert rows("SELECT source_id, url, served_url, status, content_type, fetched_at FROM kept_page") == [
        ("norchester", "https://www.norchester.example/old-1", "https://www.norchester.example/old-1", 200, "text/html",
         f"{now:%Y-%m-%d %H:%M:%S}.000000")
    ]  # fmt: skip
    assert rows("SELECT k.record_hash = v.record_hash FROM kept_page k, version v") == [(1,)]


def test_a_text_that_goes_back_to_an_older_version_keeps_nothing(page: Any, read: Any, kept: Any) -> None:
    one, two = page(), page(title="Appeal after a lamp was taken")
    assert [read((item, body))[0] for item, body in ((one, b"1"), (two, b"2"), (one, b"3"))] == [
        "new",
        "edited",
        "flip",
    ]
    assert kept() == [(1, 1, b"1", None), (1, 2, b"2", None)]


def test_what_our_reader_made_different_takes_the_page_before_its_place(page: Any, read: Any, kept: Any) -> None:
    read((page(), b"one"))
    assert read((page(body="Read better.\n", reader_version=2), b"two")) == ["reparsed"]
    assert kept() == [(1, 1, b"two", None)]


def test_a_page_that_led_to_another_article_is_kept_for_that_one(page: Any, read: Any, kept: Any) -> None:
    boat = {"title": "Boat found on the canal", "body": "A boat was found on the Wexholt canal.\n"}
    read((page(1), b"one"), (page(2, **boat), b"two"))
    assert read((page(2, asked=URL, **boat | {"title": "Owner of the boat found"}), b"three")) == ["edited"]
    assert kept() == [(1, 1, b"one", None), (2, 1, b"two", None), (2, 2, b"three", None)]


def test_a_story_at_an_address_that_was_used_before_is_kept_for_itself(page: Any, read: Any, kept: Any) -> None:
    read((page(), b"one"))
    again = page(
        title="Road closed at Eastmere bridge",
        description=None,
        body="The bridge at Eastmere will be closed on Sunday for repairs to its railings; drivers are asked to go by Wexholt "
        "and to leave twenty minutes more for the way.\n",
        published_at=datetime.fromisoformat("2026-09-01T09:00:00+00:00"),
    )
    assert read((again, b"two")) == ["new"]
    assert kept() == [(1, 1, b"one", None), (2, 1, b"two", None)]


def test_of_a_page_that_cannot_be_read_the_last_is_kept_once(unread: Any, kept: Any, rows: Any, now: datetime) -> None:
    unread(b"one")
    unread(b"one", at=now + HOUR)
    assert rows("SELECT fetched_at FROM kept_page") == [(f"{now:%Y-%m-%d %H:%M:%S}.000000",)]
    unread(b"two", at=now + DAY)
    assert kept() == [(None, None, b"two", "no headline")]


def test_a_page_that_can_be_read_at_last_is_forgotten_as_one_that_cannot(
    unread: Any, page: Any, read: Any, kept: Any
) -> None:
    unread(b"one")
    unread(b"other", url="https://www.norchester.example/news/story-9")
    read((page(), b"two"))
    assert kept() == [(None, None, b"other", "no headline"), (1, 1, b"two", None)]


@pytest.mark.parametrize(
    ("keep_for", "left"), [(None, 2), (2 * DAY, 2), (DAY, 1), (timedelta(0), 0)], ids=["never", "2d", "1d", "0d"]
)
def test_pages_go_by_age_alone(
    engine: Engine, page: Any, read: Any, kept: Any, now: datetime, keep_for: timedelta | None, left: int
) -> None:
    read((page(1), b"one"))
    read((page(2, at=now + HOUR), b"two"))
    with writing(engine) as conn:
        prune(conn, keep_for=keep_for, now=now + DAY)
    assert len(kept()) == left


def test_a_page_of_many_sources_is_found_by_its_own(engine: Engine, page: Any, crawl: int, rows: Any) -> None:
    items = [page(1), page(1, source="eastmere", area="Eastmere")]
    for record, fetched in items:
        with writing(engine) as conn:
            (outcome,) = save_articles(conn, crawl, [(record, fetched)])
            served = Served(url=fetched.url, body=record.source.encode())
            keep(conn, record.source, [Saved(record, replace(fetched), outcome, served)])
    found = rows(
        "SELECT a.source_id, k.source_id, k.body FROM kept_page k JOIN article a ON a.id = k.article_id ORDER BY k.id"
    )
    assert [(one, two, unpacked(body)) for one, two, body in found] == [
        ("norchester", "norchester", b"norchester"),
        ("eastmere", "eastmere", b"eastmere"),
    ]
