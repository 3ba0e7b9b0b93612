"""The plan of a source takes effect on what is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from storage.crawls import Counts, finish_crawl
from storage.database import reading, writing
from storage.pages import close_walk, due, failed, gone, not_modified, pending, rejected, remember_listing
from storage.plans import make_plan, plan_is_old, plan_of
from storage.records import Fetched, Link
from storage.rules import RevisitRule
from tests.storage.test_pages import LISTING, SOURCE, story

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
Make = Callable[..., Any]
Save = Callable[..., list[str]]
USUAL, FOR_GOOD, A_WEEK = RevisitRule(), RevisitRule(watch=None), RevisitRule(watch=7 * DAY)


@pytest.fixture
def plan(engine: Engine, now: datetime) -> Callable[..., None]:
    def made(rule: RevisitRule = USUAL, at: datetime = now) -> None:
        with writing(engine) as conn:
            make_plan(conn, SOURCE, rule, at)

    return made


def is_due(engine: Engine, now: datetime, *, limit: int = 99) -> list[str]:
    with reading(engine) as conn:
        return due(conn, SOURCE, now=now, everything=False, limit=limit)


def is_old(engine: Engine, now: datetime, rule: RevisitRule = USUAL) -> bool:
    with reading(engine) as conn:
        return plan_is_old(conn, SOURCE, rule, now)


def is_there(engine: Engine, *numbers: int, at: datetime) -> None:
    with writing(engine) as conn:
        not_modified(conn, SOURCE, [story(n) for n in numbers], at)


def test_a_plan_holds_for_a_day_or_until_the_setting_is_another(
    engine: Engine, plan: Callable[..., None], now: datetime
) -> None:
    assert is_old(engine, now)
    plan()
    assert not is_old(engine, now + 23 * HOUR)
    assert is_old(engine, now + 25 * HOUR)
    assert is_old(engine, now, FOR_GOOD)
    assert is_old(engine, now - HOUR), "made in what is the future"


def test_what_was_given_up_is_watched_again_when_it_is_to_be_watched_for_longer(
    engine: Engine, save: Save, page: Make, plan: Callable[..., None], now: datetime, rows: Any
) -> None:
    save(page(1, published_at=now))
    later = now + 100 * DAY
    is_there(engine, 1, at=later)
    assert rows("SELECT due_at FROM page") == [(None,)]
    assert is_due(engine, later + 10 * DAY) == []
    plan(FOR_GOOD, later)
    assert is_due(engine, later + 10 * DAY) == [story(1)]
    is_there(engine, 1, at=later + 10 * DAY)
    assert is_due(engine, later + 11 * DAY) == []
    assert is_due(engine, later + 18 * DAY) == [story(1)], "and so on, by the setting that was kept"


def test_what_is_to_be_watched_for_a_shorter_time_is_given_up(
    engine: Engine, save: Save, page: Make, plan: Callable[..., None], now: datetime, rows: Any
) -> None:
    save(page(1, published_at=now))
    is_there(engine, 1, at=now + 8 * DAY)
    assert is_due(engine, now + 9 * DAY) == [story(1)]
    plan(A_WEEK, now + 9 * DAY)
    assert is_due(engine, now + 9 * DAY) == []
    assert rows("SELECT due_at FROM page") == [(None,)]


def test_a_habit_is_counted_from_edits_and_withdrawals_and_moves_what_is_due(
    engine: Engine, save: Save, page: Make, plan: Callable[..., None], now: datetime
) -> None:
    save(*(page(n, published_at=now) for n in range(30)))
    for n in range(20):
        save(page(n, published_at=now, at=now + HOUR, body=f"Lamp {n} was found, and is lit again.\n"))
    with reading(engine) as conn:
        usual = plan_of(conn, SOURCE)
    is_there(engine, 29, at=now + 2 * HOUR)
    after = now + 2 * HOUR + 20 * MINUTE
    assert story(29) not in is_due(engine, after)
    plan(at=now + 2 * HOUR)
    with reading(engine) as conn:
        assert plan_of(conn, SOURCE).habit.fresh > 3 > usual.habit.fresh
    assert story(29) in is_due(engine, after)


@pytest.mark.parametrize("ahead", [HOUR, DAY, 400 * DAY])
def test_a_clock_that_was_ahead_and_is_set_back_stops_no_watching(
    engine: Engine, save: Save, page: Make, plan: Callable[..., None], crawl: int, now: datetime, ahead: timedelta
) -> None:
    save(*(page(n, published_at=now) for n in range(1, 4)))
    with writing(engine) as conn:
        links = [Link(url=story(9))]
        fetched = Fetched(url=LISTING, at=now, reader="generic", reader_version=1)
        remember_listing(conn, SOURCE, links, fetched, more=False, first=True, now=now)
    wrong = now + ahead
    plan(at=wrong)
    is_there(engine, 1, at=wrong)
    with writing(engine) as conn:
        failed(conn, SOURCE, story(2), "timeout", None, wrong)
        gone(conn, SOURCE, story(3), 404, wrong)
        rejected(conn, SOURCE, story(9), "a form", wrong)
        finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(), now=wrong)
    at = now + 30 * MINUTE
    assert is_old(engine, at)
    plan(at=at)
    assert set(is_due(engine, at)) == {story(1), story(2), story(3)}
    with reading(engine) as conn:
        assert [link.url for link in pending(conn, SOURCE, limit=9, now=at)] == [story(9)]


def test_a_moment_that_nothing_waits_for_counts_as_due_without_a_plan(
    engine: Engine, save: Save, page: Make, now: datetime
) -> None:
    save(page(1, published_at=now))
    is_there(engine, 1, at=now + 66 * DAY)
    assert is_due(engine, now) == [story(1)]


def test_what_the_listing_shows_comes_first_also_after_a_304(
    engine: Engine, save: Save, page: Make, now: datetime
) -> None:
    save(*(page(n, published_at=now - n * HOUR) for n in range(1, 6)))
    with writing(engine) as conn:
        close_walk(conn, SOURCE, shown={story(4), story(5)})
        close_walk(conn, SOURCE)  # a 304: it shows what it showed before
    at = now + DAY
    assert is_due(engine, at) == [story(n) for n in (4, 5, 1, 2, 3)]
    with writing(engine) as conn:
        close_walk(conn, SOURCE, shown={story(3), story(4)})
    assert is_due(engine, at, limit=2) == [story(3), story(4)]


def test_what_is_overdue_by_most_of_its_interval_comes_first(
    engine: Engine, save: Save, page: Make, now: datetime
) -> None:
    save(page(1, published_at=now), page(2, published_at=now - 60 * DAY))
    is_there(engine, 1, at=now + 40 * DAY - HOUR)
    assert is_due(engine, now + 40 * DAY) == [story(2)]
    at = now + 43 * DAY
    assert is_due(engine, at) == [story(2), story(1)], "long overdue before a bit overdue"


@pytest.mark.parametrize(("others", "told"), [(0, True), (3, True), (9, False)])
def test_another_title_on_the_listing_makes_an_article_due_unless_all_have_others(
    engine: Engine, save: Save, page: Make, now: datetime, others: int, told: bool
) -> None:
    def shows(changed: int, at: datetime) -> None:
        links = [Link(url=story(n), title=f"T{n}, updated" if n < changed else f"T{n}") for n in range(10)]
        fetched = Fetched(url=LISTING, at=at, reader="generic", reader_version=1)
        with writing(engine) as conn:
            remember_listing(conn, SOURCE, links, fetched, more=False, first=True, now=at)

    shows(0, now)
    save(*(page(n, published_at=now - 20 * DAY) for n in range(10)))
    shows(others + 1, now + HOUR)
    assert (story(0) in is_due(engine, now + HOUR)) == told
    assert len(is_due(engine, now + HOUR)) == (others + 1 if told else 0)
    is_there(engine, *range(10), at=now + HOUR)
    shows(others + 1, now + 2 * HOUR)
    assert is_due(engine, now + 2 * HOUR) == [], "told once"


def test_of_an_erased_article_the_listings_title_is_not_kept_again(
    engine: Engine, save: Save, page: Make, now: datetime, rows: Any
) -> None:
    save(page(1, published_at=now))
    with writing(engine) as conn:
        conn.execute(
            sa.text("UPDATE article SET removed_at = :at, erased_at = :at"), {"at": "2026-03-01 12:00:00.000000"}
        )
        fetched = Fetched(url=LISTING, at=now, reader="generic", reader_version=1)
        links = [Link(url=story(1), title="Jane Doe is missing"), Link(url=story(2), title="A lamp")]
        remember_listing(conn, SOURCE, links, fetched, more=False, first=True, now=now)
    assert rows("SELECT listed_title FROM page WHERE role = 'article'") == [(None,), ("A lamp",)]


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_what_is_due_is_found_by_an_index(
    engine: Engine, save: Save, page: Make, now: datetime, statements: list[str], rows: Any
) -> None:
    save(page(1, published_at=now))
    statements.clear()
    is_due(engine, now + DAY)
    (query,) = [each for each in statements if "due_at" in each]
    found = " ".join(str(row[-1]) for row in rows("EXPLAIN QUERY PLAN " + query.replace("?", "'x'")))
    assert "ix_page_source_id_due_at" in found
    assert "SCAN" not in found
