"""Figures are what a person would count by hand, on days in London, and read no more than their days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from storage import figures
from storage.database import open_store, reading, writing
from storage.days import day_of, last_days, start_of
from tests.storage.invented import CLOCKS_BACK, CLOCKS_FORWARD, LONDON, Invented, Story, invent, write

WHOSE = [None, ["wexmoor"], ["wexmoor", "wexmoor-city"], []]
Store = tuple[Engine, Invented, date]


@pytest.fixture(scope="module", params=[CLOCKS_BACK, CLOCKS_FORWARD], ids=str)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('figures') / 'store.db'}")
    made = invent(request.param, seed=5)
    with writing(engine) as conn:
        write(conn, made, datetime(2026, 1, 1, tzinfo=UTC))
    yield engine, made, request.param + timedelta(days=4)
    engine.dispose()


def ask(store: Store, figure: Callable[..., Any], days: int, sources: list[str] | None) -> Any:
    with reading(store[0]) as conn:
        return figure(conn, store[2], days, sources=sources)


def counted(store: Store, days: int, sources: list[str] | None) -> list[Story]:
    _, made, today = store
    of_days = set(last_days(today, days))
    return [story for story in made.stories if story.day in of_days and (sources is None or story.source in sources)]


@pytest.mark.parametrize("sources", WHOSE)
@pytest.mark.parametrize("days", [1, 14])
def test_stories_are_counted_on_the_day_in_london_that_they_fall_on(
    store: Store, days: int, sources: list[str] | None
) -> None:
    by_hand = Counter(story.day for story in counted(store, days, sources))
    found = ask(store, figures.stories_by_day, days, sources)
    assert [(each.day, each.stories) for each in found] == [(day, by_hand[day]) for day in last_days(store[2], days)]
    assert sources == [] or sum(by_hand.values()) > 0


def test_the_days_on_which_clocks_change_hold_all_their_hours(store: Store) -> None:
    change = store[2] - timedelta(days=4)
    length = start_of(change + timedelta(days=1)) - start_of(change)
    assert length == timedelta(hours=25 if change == CLOCKS_BACK else 23)
    moments = [story.at if story.at and story.is_dated else story.seen for story in store[1].stories]
    elsewhere = [at for at in moments if at.date() != at.astimezone(LONDON).date()]
    assert any(change in (at.date(), at.astimezone(LONDON).date()) for at in elsewhere), "UTC would be wrong here"


@pytest.mark.parametrize("sources", WHOSE)
def test_changes_are_counted_on_the_day_they_were_noticed_without_ours_and_minor_ones(
    store: Store, sources: list[str] | None
) -> None:
    told = [
        change
        for change in store[1].changes
        if not change.minor and not change.imported and (sources is None or change.source in sources)
    ]
    by_hand = Counter((change.at.astimezone(LONDON).date(), change.what) for change in told)
    for each in ask(store, figures.changes_by_day, 14, sources):
        assert (each.edited, each.removed, each.restored) == tuple(
            by_hand[each.day, what] for what in ("edited", "removed", "restored")
        )


@pytest.mark.parametrize("sources", WHOSE)
def test_of_what_is_withheld_nothing_but_the_number_is_told(store: Store, sources: list[str] | None) -> None:
    stories = counted(store, 14, sources)
    by_hand = Counter(None if story.withheld else story.kind for story in stories)
    found = ask(store, figures.kinds, 14, sources)
    assert found == dict(by_hand)
    assert list(found.values()) == sorted((n for kind, n in by_hand.items() if kind), reverse=True) + [
        n for kind, n in by_hand.items() if kind is None
    ]
    assert sources == [] or by_hand[None] > 0
    shown = [story for story in stories if story.withheld is None]
    complete = ask(store, figures.completeness, 14, sources)
    assert (complete.stories, complete.dated) == (len(shown), sum(story.at is not None for story in shown))
    assert complete.described == sum(bool(story.description) for story in shown)
    assert complete.with_body == sum(bool(story.body) for story in shown)
    assert complete.with_image == sum(bool(story.image) for story in shown)
    assert complete.with_reference == sum(bool(story.references) for story in shown)


@pytest.mark.parametrize("sources", WHOSE)
def test_hours_and_weekdays_are_those_of_london_and_only_of_what_states_them(
    store: Store, sources: list[str] | None
) -> None:
    local = [
        (story.at.astimezone(LONDON), story.precision)
        for story in counted(store, 14, sources)
        if story.at and story.is_dated
    ]
    hours = Counter(at.hour for at, precision in local if precision == "minute")
    weekdays = Counter(at.weekday() for at, _ in local)
    assert ask(store, figures.publication_hours, 14, sources) == tuple(hours[hour] for hour in range(24))
    assert ask(store, figures.publication_weekdays, 14, sources) == tuple(weekdays[day] for day in range(7))


def test_what_is_dated_after_it_was_seen_stands_where_it_was_seen(store: Store) -> None:
    engine, made, today = store
    slips = [story for story in made.stories if story.at and not story.is_dated and story.seen.date() < story.at.date()]
    assert slips
    with reading(engine) as conn:
        late = figures.stories_by_day(conn, today + timedelta(days=40), 20)
    assert sum(each.stories for each in late) == sum(story.day > today + timedelta(days=20) for story in made.stories)


def plans(conn: Connection, run: Callable[[], object]) -> list[str]:
    seen: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, given: Any, *___: Any) -> None:
        seen.append((statement, given))

    event.listen(conn, "before_cursor_execute", note)
    run()
    event.remove(conn, "before_cursor_execute", note)
    return [str(row[-1]) for sql, given in seen for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given)]


@pytest.mark.parametrize("sources", [None, ["wexmoor"]])
def test_every_figure_is_read_by_an_index_of_a_time(store: Store, sources: list[str] | None) -> None:
    of_time = ("published_at>", "first_seen_at>", "(at>", "source_id=? AND published_at>")
    of_row = ("article_id=", "rowid=")
    asked = (
        figures.stories_by_day, figures.changes_by_day, figures.kinds, figures.completeness,
        figures.publication_hours, figures.publication_weekdays,
    )  # fmt: skip
    with reading(store[0]) as conn:
        for figure in asked:
            steps = plans(conn, lambda figure=figure: figure(conn, store[2], 14, sources=sources))
            reads = [step for step in steps if step.startswith(("SCAN", "SEARCH"))]
            assert reads
            assert all(any(part in step for part in (*of_time, *of_row)) for step in reads), (figure, reads)


def test_a_store_without_anything_has_figures_of_nothing(tmp_path: Path) -> None:
    engine = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    today = day_of(datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    assert today == date(2026, 7, 2)
    with reading(engine) as conn:
        assert [each.stories for each in figures.stories_by_day(conn, today, 3)] == [0, 0, 0]
        assert figures.kinds(conn, today, 3) == {}
        assert figures.completeness(conn, today, 3).stories == 0
    engine.dispose()
