"""Listings, pending pages, validators and what is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from storage.crawls import Counts, finish_crawl, start_crawl
from storage.database import reading, writing
from storage.known import article_validators
from storage.pages import (
    close_walk,
    due,
    failed,
    gone,
    listed,
    not_modified,
    pending,
    rejected,
    remember_listing,
    validators,
    walk_is_open,
)
from storage.records import Fetched, Link
from storage.removals import decide_removals
from storage.rules import RemovalRule

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SOURCE = "norchester"
LISTING = "https://www.norchester.example/news/"
Make = Callable[..., Any]
Save = Callable[..., list[str]]


def story(n: int) -> str:
    return f"https://www.norchester.example/news/story-{n}"


@pytest.fixture
def listing(engine: Engine, now: datetime) -> Callable[..., list[str]]:
    """Remembers a listing that shows these stories; gives the URLs not known before."""

    def remember(
        *numbers: int, more: bool = False, first: bool = True, at: datetime = now, etag: str = '"l"'
    ) -> list[str]:
        fetched = Fetched(url=LISTING, at=at, etag=etag, reader="generic", reader_version=1)
        links = [Link(url=story(n), title=f"T{n}", published_raw=f"{n} March") for n in numbers]
        with writing(engine) as conn:
            return [link.url for link in remember_listing(conn, SOURCE, links, fetched, more=more, first=first, now=at)]

    return remember


def waiting(engine: Engine, now: datetime, limit: int = 99) -> list[str]:
    with reading(engine) as conn:
        return [link.url for link in pending(conn, SOURCE, limit=limit, now=now)]


def is_due(engine: Engine, now: datetime, *, everything: bool = False, limit: int = 99) -> list[str]:
    with reading(engine) as conn:
        return due(conn, SOURCE, now=now, everything=everything, limit=limit)


def has_validators(engine: Engine, url: str, reader_version: int = 1) -> bool:
    with reading(engine) as conn:
        return validators(conn, SOURCE, url, reader="generic", reader_version=reader_version) is not None


def test_unknown_links_become_pending_once_and_in_order(
    engine: Engine, listing: Callable[..., list[str]], now: datetime
) -> None:
    assert listing(3, 2, 3) == [story(3), story(2)]
    assert listing(5, 4, 3, 2, at=now + HOUR) == [story(5), story(4)]
    assert waiting(engine, now) == [story(n) for n in (5, 4, 3, 2)]
    assert waiting(engine, now, limit=1) == [story(5)]


def test_a_pending_link_keeps_what_its_listing_showed(
    engine: Engine, listing: Callable[..., list[str]], save: Save, page: Make
) -> None:
    listing(1)
    with reading(engine) as conn:
        assert pending(conn, SOURCE, limit=1) == [Link(url=story(1), title="T1", published_raw="1 March")]
    save(page(1))
    with reading(engine) as conn:
        assert pending(conn, SOURCE, limit=1) == []
        assert listed(conn, SOURCE, [story(1), story(9)]) == {
            story(1): Link(url=story(1), title="T1", published_raw="1 March")
        }


def test_sources_do_not_share_pages(engine: Engine, listing: Callable[..., list[str]], now: datetime) -> None:
    listing(1)
    with reading(engine) as conn:
        assert pending(conn, "eastmere", limit=9, now=now) == []
        assert validators(conn, "eastmere", LISTING, reader="generic", reader_version=1) is None


def test_a_walk_stays_open_until_its_end_and_keeps_the_first_page_in_full(
    engine: Engine, listing: Callable[..., list[str]]
) -> None:
    def open_() -> bool:
        with reading(engine) as conn:
            return walk_is_open(conn, SOURCE)

    listing(1)
    assert (open_(), has_validators(engine, LISTING)) == (False, True)
    listing(2, more=True)
    assert (open_(), has_validators(engine, LISTING)) == (True, False)
    listing(2, more=True, first=False)
    assert open_()
    with writing(engine) as conn:
        close_walk(conn, SOURCE)
    assert (open_(), has_validators(engine, LISTING)) == (False, True)
    listing(2, more=True)
    assert not open_()


def test_validators_are_of_one_reader_version_and_of_stored_pages(
    engine: Engine, listing: Callable[..., list[str]], save: Save, page: Make
) -> None:
    listing(1, 2)
    save(page(1), page(2, etag=None))
    assert has_validators(engine, story(1))
    assert not has_validators(engine, story(1), reader_version=2)
    assert not has_validators(engine, story(2))
    assert not has_validators(engine, story(3))


def test_validators_are_of_one_entry(engine: Engine, listing: Callable[..., list[str]], save: Save, page: Make) -> None:
    listing(1)
    save(page(1, entry="a1"))
    with reading(engine) as conn:
        for url, entry in ((LISTING, ""), (story(1), "a1")):
            for asked in ("", "a1"):
                kept = validators(conn, SOURCE, url, reader="generic", reader_version=1, entry=asked)
                assert (kept is not None) == (asked == entry)
        for asked in ("", "a1"):
            known = article_validators(conn, SOURCE, [story(1)], reader="generic", reader_version=1, entry=asked)
            assert (story(1) in known) == (asked == "a1")


def test_a_rejected_page_waits_no_longer_when_the_entry_changed(
    engine: Engine, listing: Callable[..., list[str]], crawl: int, now: datetime
) -> None:
    listing(1)
    with writing(engine) as conn:
        rejected(conn, SOURCE, story(1), "a contact form", now)
    assert waiting(engine, now) == []
    with writing(engine) as conn:
        finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(), now=now)
        start_crawl(conn, SOURCE, reader="generic", reader_version=1, entry="a1", now=now, pid=1, host="desk")
    assert waiting(engine, now) == [story(1)]


def test_a_failing_page_waits_twice_as_long_each_time_and_a_day_at_most(
    engine: Engine, listing: Callable[..., list[str]], now: datetime
) -> None:
    listing(1)
    for n in range(1, 15):
        with writing(engine) as conn:
            failed(conn, SOURCE, story(1), "timeout", None, now)
        wait = min(2**n * 5 * MINUTE, DAY)
        assert waiting(engine, now + wait - MINUTE) == []
        assert waiting(engine, now + wait) == [story(1)]


def test_a_rejected_page_waits_a_day_then_longer_or_for_another_reader(
    engine: Engine, listing: Callable[..., list[str]], crawl: int, now: datetime
) -> None:
    listing(1)
    for wait in (DAY, 2 * DAY, 4 * DAY):
        with writing(engine) as conn:
            rejected(conn, SOURCE, story(1), "a contact form", now)
        assert waiting(engine, now + wait - MINUTE) == []
        assert waiting(engine, now + wait) == [story(1)]
    with writing(engine) as conn:
        finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(), now=now)
        start_crawl(conn, SOURCE, reader="generic", reader_version=2, now=now, pid=1, host="desk")
    assert waiting(engine, now) == [story(1)]


def test_a_page_that_was_never_stored_and_is_gone_is_asked_for_ever_more_rarely(
    engine: Engine, listing: Callable[..., list[str]], now: datetime
) -> None:
    listing(1)
    with writing(engine) as conn:
        gone(conn, SOURCE, story(1), 404, now)
    assert waiting(engine, now) == []
    assert waiting(engine, now + 10 * MINUTE) == [story(1)]


def test_a_304_means_that_page_and_article_are_there(
    engine: Engine, save: Save, page: Make, now: datetime, rows: Callable[[str], list[Any]]
) -> None:
    save(page(1))
    with writing(engine) as conn:
        failed(conn, SOURCE, story(1), "timeout", None, now)
        gone(conn, SOURCE, story(1), 404, now)
        not_modified(conn, SOURCE, [story(1), story(99)], now + HOUR)
    assert rows("SELECT failures, error, next_at, gone_since, gone_answers, status FROM page") == [
        (0, None, None, None, 0, 304)
    ]
    assert rows("SELECT last_seen_at = (SELECT checked_at FROM page) FROM article") == [(1,)]


def test_an_article_is_due_after_minutes_while_fresh_and_later_with_its_age(
    engine: Engine, save: Save, page: Make, now: datetime
) -> None:
    save(page(1, published_at=now))
    assert is_due(engine, now + 11 * MINUTE) == []
    assert is_due(engine, now + 12 * MINUTE) == [story(1)]
    with writing(engine) as conn:
        not_modified(conn, SOURCE, [story(1)], now + 10 * HOUR)
    assert is_due(engine, now + 11 * HOUR) == []
    assert is_due(engine, now + 12 * HOUR) == [story(1)]
    assert is_due(engine, now + 10 * HOUR, everything=True) == [story(1)]
    assert is_due(engine, now + 91 * DAY) == []
    assert is_due(engine, now + 91 * DAY, everything=True) == [story(1)]


def test_an_old_story_of_a_first_crawl_is_not_asked_for_like_news(
    engine: Engine, save: Save, page: Make, now: datetime
) -> None:
    save(page(1, published_at=now - 2000 * DAY))
    assert is_due(engine, now + 6 * DAY) == []
    assert is_due(engine, now + 7 * DAY) == [story(1)]


def test_those_that_seem_gone_come_first_then_the_newest(engine: Engine, save: Save, page: Make, now: datetime) -> None:
    save(page(1, published_at=now - 3 * HOUR), page(2, published_at=now - HOUR), page(3, published_at=now - 2 * HOUR))
    with writing(engine) as conn:
        gone(conn, SOURCE, story(1), 404, now)
    assert is_due(engine, now + HOUR) == [story(1), story(2), story(3)]
    assert is_due(engine, now + HOUR, limit=2) == [story(1), story(2)]
    assert is_due(engine, now + 14 * MINUTE) == []
    assert is_due(engine, now + 15 * MINUTE)[0] == story(1)


def test_a_page_that_stays_gone_is_asked_for_half_as_often_each_time_and_once_a_day_at_least(
    engine: Engine, save: Save, page: Make, now: datetime
) -> None:
    save(page(1, published_at=now - 2000 * DAY))
    asked = []
    for minutes in range(0, 5 * 24 * 60, 15):
        at = now + minutes * MINUTE
        if minutes == 0 or is_due(engine, at):
            asked.append(minutes)
            with writing(engine) as conn:
                gone(conn, SOURCE, story(1), 404, at)
    assert asked == [0, 15, 30, 60, 120, 240, 480, 960, 1920, 3360, 4800, 6240]


def test_many_that_are_gone_take_a_fifth_of_the_visits_and_each_has_its_turn(
    engine: Engine, save: Save, page: Make, crawl: int, now: datetime
) -> None:
    save(*(page(n, published_at=now) for n in range(200)))
    with writing(engine) as conn:
        for n in range(120):
            gone(conn, SOURCE, story(n), 404, now)
    away = {story(n) for n in range(120)}
    asked: set[str] = set()
    for n in range(1, 7):
        at = now + n * HOUR
        visits = is_due(engine, at, limit=100)
        assert len(visits) == 100
        assert len(away.intersection(visits[:20])) == 20
        assert not away.intersection(visits[20:])
        asked |= away.intersection(visits)
        with writing(engine) as conn:
            for url in away.intersection(visits):
                gone(conn, SOURCE, url, 404, at + 6 * HOUR)
    assert asked == away
    assert away <= set(is_due(engine, now + HOUR, everything=True, limit=1000))
    assert len(is_due(engine, now + DAY, limit=1)) == 1


def test_a_failing_article_waits(engine: Engine, save: Save, page: Make, now: datetime) -> None:
    save(page(1, published_at=now))
    with writing(engine) as conn:
        for _ in range(5):
            failed(conn, SOURCE, story(1), "timeout", None, now)
    assert is_due(engine, now + HOUR) == []
    assert is_due(engine, now + 3 * HOUR) == [story(1)]


def test_a_removed_article_is_looked_for_and_asked_for_in_full(
    engine: Engine, save: Save, page: Make, crawl: int, now: datetime, listing: Callable[..., list[str]]
) -> None:
    save(page(1), *(page(n) for n in range(2, 9)))
    with writing(engine) as conn:
        gone(conn, SOURCE, story(1), 404, now)
        gone(conn, SOURCE, story(1), 410, now + HOUR)
        assert len(decide_removals(conn, SOURCE, crawl, rule=RemovalRule(), now=now + HOUR)) == 1
    assert not has_validators(engine, story(1))
    assert story(1) not in is_due(engine, now + HOUR)
    assert story(1) in is_due(engine, now + 2 * HOUR)
    assert story(1) not in is_due(engine, now + 32 * DAY)
    assert listing(1, at=now + 32 * DAY) == []
    assert story(1) in is_due(engine, now + 32 * DAY)


def test_a_relisted_article_is_told_by_the_store_alone(
    engine: Engine, save: Save, page: Make, listing: Callable[..., list[str]], now: datetime
) -> None:
    save(page(1, published_at=now))
    assert listing(1, at=now + MINUTE) == []
    assert is_due(engine, now + MINUTE) == []


def test_a_walk_that_its_bound_cut_is_open_again_for_a_higher_bound_alone(engine: Engine) -> None:
    def open_for(max_pages: int) -> bool:
        with reading(engine) as conn:
            return walk_is_open(conn, SOURCE, max_pages=max_pages)

    def closed(**how: Any) -> None:
        with writing(engine) as conn:
            close_walk(conn, SOURCE, **how)

    assert not open_for(50)
    closed(cut_at=2)
    assert (open_for(1), open_for(2), open_for(3)) == (False, False, True)
    closed()  # a crawl that met links it knew: what lies behind page 2 is still there
    assert open_for(3)
    closed(cut_at=3, whole=True)
    assert (open_for(3), open_for(4)) == (False, True)
    closed(whole=True)
    assert not open_for(1000)
