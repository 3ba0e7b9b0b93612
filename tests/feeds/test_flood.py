"""Flood control: what is merely new to us comes into the feeds by its date, and never as hundreds of new entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.records import Precision, Record

FIRST = datetime(2024, 5, 1, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YEAR = 365 * DAY

Shown = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def _sources(store: Any) -> None:
    store.source("Northmarch")
    store.source("Sedge and Tarn")


def stories(name: str, dates: Sequence[datetime | None], source: str = "northmarch", version: int = 1) -> list[Record]:
    """Stories as a listing shows them, `name` and a number for a headline."""
    return [
        Record(
            source=source,
            area="",
            url=f"https://www.{source}.example/news/{name}-{n}",
            title=f"{name} {n}",
            body=f"What {name} {n} is about.\n",
            published_at=date,
            published_precision=Precision.MINUTE if date else Precision.UNKNOWN,
            reader="generic",
            reader_version=version,
        )
        for n, date in enumerate(dates)
    ]


def back(count: int, start: datetime, step: timedelta) -> list[datetime | None]:
    return [start - n * step for n in range(count)]


@pytest.fixture
def shown(served: Any) -> Callable[..., list[str]]:
    """The ids of entries that a subscriber gets now and did not get at the last look, as the headlines' words."""
    seen: dict[str, set[str]] = {}

    def look(feed: str = "northmarch") -> list[str]:
        new = []
        for entry in served.read(f"{feed}.atom").entries:
            if entry.id not in seen.setdefault(feed, set()):
                seen[feed].add(entry.id)
                new.append(entry.title)
        return new

    return look


def test_a_first_crawl_of_800_stories_gives_the_newest_hundred_at_their_dates(
    store: Any, served: Any, shown: Shown
) -> None:
    store.save(stories("old", back(800, FIRST, DAY)), FIRST + HOUR)
    assert shown() == [f"old {n}" for n in range(100)]
    dates = [entry.published for entry in served.read("northmarch.atom").entries]
    assert (dates[0], dates[-1]) == ("2024-05-01T08:00:00+00:00", "2024-01-23T08:00:00+00:00")
    store.save(stories("new", [FIRST + DAY]), FIRST + DAY + HOUR)
    assert shown() == ["new 0"]


def test_a_new_source_comes_into_the_feed_of_all_by_its_dates(store: Any, shown: Shown) -> None:
    store.save(stories("news", back(120, FIRST, HOUR), "sedge-and-tarn"), FIRST + HOUR)
    assert len(shown("all")) == 100
    store.save(stories("old", back(800, FIRST, DAY)), FIRST + 2 * HOUR)
    assert shown("all") == [f"old {n}" for n in range(4)]


def test_a_back_fill_of_years_is_no_news_in_the_feed_of_a_force_that_publishes_little(store: Any, shown: Shown) -> None:
    store.save(stories("news", back(30, FIRST, DAY)), FIRST + HOUR)
    assert len(shown()) == 30
    for n in range(4):
        dates = back(500, FIRST - (n + 1) * YEAR, HOUR)
        store.save(stories(f"years{n}", dates), FIRST + 10 * DAY + n * HOUR)
    assert len(shown()) == 25
    assert shown() == []


def test_the_backlog_after_three_weeks_comes_in_by_date_and_bounded_and_what_is_new_comes_whole(
    store: Any, served: Any, shown: Shown
) -> None:
    store.save(stories("news", back(100, FIRST, HOUR)), FIRST + HOUR)
    assert len(shown()) == 100
    repaired = FIRST + 21 * DAY
    store.save(stories("backlog", back(273, repaired, 2 * HOUR)), repaired + HOUR)
    new = shown()
    # Those of the last two days, and of the older ones so many as a source may give in a day.
    assert new == [f"backlog {n}" for n in range(24 + 25)]
    dates = [entry.published for entry in served.read("northmarch.atom").entries]
    assert dates == sorted(dates, reverse=True)
    store.save(stories("more", back(300, repaired - 2 * DAY, HOUR)), repaired + 2 * HOUR)
    assert shown() == []
    store.save(stories("fresh", [repaired + 3 * HOUR] * 40), repaired + 4 * HOUR)
    assert len(shown()) == 40


def test_undated_stories_of_a_first_crawl_do_not_all_appear_as_of_now(store: Any, shown: Shown) -> None:
    store.save(stories("undated", [None] * 300), FIRST + HOUR)
    assert sorted(shown()) == sorted(f"undated {n}" for n in range(10))
    store.save(stories("rest", [None] * 300), FIRST + 3 * HOUR)
    assert shown() == []


def test_undated_stories_of_later_days_are_news(store: Any, shown: Shown) -> None:
    store.save(stories("undated", [None] * 50), FIRST + HOUR)
    shown()
    for day in range(2, 5):
        for n in range(13):
            store.save(stories(f"day{day}-{n}", [None]), FIRST + day * DAY + n * HOUR)
        assert len(shown()) == 13
    store.save(stories("flood", [None] * 300), FIRST + 9 * DAY)
    assert len(shown()) == 25


def test_a_date_ahead_of_its_time_is_none(store: Any, shown: Shown) -> None:
    store.save(stories("ahead", [FIRST + YEAR] * 300), FIRST + HOUR)
    assert len(shown()) == 10


def test_stories_seen_late_never_push_out_what_is_in_a_feed_by_right(store: Any, shown: Shown) -> None:
    store.save(stories("undated", [None] * 300), FIRST + HOUR)
    store.save(stories("news", back(90, FIRST, HOUR)), FIRST + HOUR)
    assert len(shown()) == 100


def test_another_reader_version_that_finds_dates_brings_no_entry_back(store: Any, shown: Shown) -> None:
    store.save(stories("undated", [None] * 30), FIRST + HOUR)
    assert len(shown()) == 10
    store.save(stories("undated", back(30, FIRST - YEAR, DAY), version=2), FIRST + 2 * DAY)
    assert shown() == []
    store.save(stories("undated", back(30, FIRST - YEAR, DAY), version=3), FIRST + 3 * DAY)
    assert shown() == []


def test_restored_and_edited_stories_are_the_same_entries(store: Any, shown: Shown) -> None:
    records = stories("news", back(60, FIRST, HOUR))
    store.save(records, FIRST + HOUR)
    assert len(shown()) == 60
    for article in range(1, 61):
        store.change(article, removed_at=FIRST + DAY)
    assert shown() == []
    for record in records:
        record.body = f"Edited: {record.body}"
    store.save(records, FIRST + 30 * DAY)
    assert shown() == []


def test_an_edit_moves_updated_and_a_minor_change_does_not(store: Any, served: Any) -> None:
    (record,) = stories("news", [FIRST])
    store.save([record], FIRST + HOUR)
    record.image_url = "https://i.example/a.jpg"
    store.save([record], FIRST + DAY)
    (entry,) = served.read("northmarch.atom").entries
    assert (entry.published, entry.updated[:19]) == ("2024-05-01T08:00:00+00:00", "2024-05-01T09:00:00")
    record.body = "Other words.\n"
    store.save([record], FIRST + 2 * DAY)
    (edited,) = served.read("northmarch.atom").entries
    assert (edited.id, edited.published) == (entry.id, entry.published)
    assert edited.updated[:19] == "2024-05-03T08:00:00"


def test_edits_found_at_once_after_an_outage_are_bounded(store: Any, served: Any, shown: Shown) -> None:
    records = stories("news", back(200, FIRST, DAY))
    store.save(records, FIRST + HOUR)
    for record in records:
        record.body = f"Edited: {record.body}"
    store.save(records, FIRST + 60 * DAY)
    assert sorted(shown("northmarch/changes")) == sorted(f"Edited: news {n}" for n in range(25))
    records[150].body = "Edited by itself.\n"
    store.save(records[150:151], FIRST + 61 * DAY)
    assert shown("northmarch/changes") == ["Edited: news 150"]
    other = stories("news", back(200, FIRST, DAY), "sedge-and-tarn")
    store.save(other, FIRST + HOUR)
    assert len(shown("all/changes")) == 26


def test_a_feed_of_changes_has_the_latest_hundred(store: Any, shown: Shown) -> None:
    (record,) = stories("news", [FIRST])
    store.save([record], FIRST + HOUR)
    for n in range(120):
        record.body = f"Text number {n}, quite another.\n"
        store.save([record], FIRST + DAY + n * 2 * HOUR)
    assert len(shown("northmarch/changes")) == 100
