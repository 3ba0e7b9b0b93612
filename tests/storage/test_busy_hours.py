"""The hours in which a source never publishes, learned from its own stories."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.engine import Engine

from storage.articles import save_articles
from storage.busy_hours import learned, quiet_hours
from storage.crawls import start_crawl
from storage.database import writing
from storage.days import LONDON
from storage.records import Fetched, Precision, Record

NOW = datetime(2026, 6, 16, 12, tzinfo=UTC)


def working_days(weeks: int, a_day: int = 2) -> Iterator[datetime]:
    """Stories between nine and five on Mondays to Fridays, in London."""
    for day in range(weeks * 7):
        noon = (NOW - timedelta(days=day + 1)).astimezone(LONDON)
        if noon.weekday() < 5:
            for n in range(a_day):
                hour = 9 + (day * 5 + n * 3) % 9
                yield noon.replace(hour=hour, minute=(day * 7) % 60).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        ("2026-06-16 03:00", True),
        ("2026-06-16 07:30", True),
        ("2026-06-16 08:30", False),
        ("2026-06-16 12:00", False),
        ("2026-06-16 17:30", False),
        ("2026-06-16 19:30", True),
        ("2026-06-20 12:00", True),
    ],
)
def test_nights_and_weekends_of_an_office_are_quiet(at: str, quiet: bool) -> None:
    found = learned(working_days(13, a_day=4), NOW)
    assert found.holds(datetime.fromisoformat(at).replace(tzinfo=LONDON)) is quiet


def test_little_history_makes_no_hour_quiet() -> None:
    assert not learned(working_days(13, a_day=1), NOW).holds(NOW.replace(day=20)), (
        "of a weekend 65 stories tell nothing"
    )
    assert not learned(working_days(3, a_day=9), NOW).hours
    assert not learned([], NOW).hours


def test_a_backlog_of_one_night_is_one_story() -> None:
    night = [NOW.replace(day=10, hour=2, minute=n) for n in range(60)]
    assert learned([*working_days(13, a_day=4), *night], NOW).holds(NOW.replace(hour=2))


def test_stories_of_all_hours_leave_none_quiet() -> None:
    around_the_clock = [NOW - timedelta(hours=5 * n) for n in range(430)]
    assert not learned(around_the_clock, NOW).hours


def test_the_first_hour_that_is_not_quiet() -> None:
    found = learned(working_days(13, a_day=4), NOW)
    night = datetime(2026, 6, 17, 2, 20, tzinfo=UTC)
    assert found.end(night, by=night + timedelta(days=1)) == datetime(2026, 6, 17, 7, tzinfo=UTC)
    assert found.end(night, by=night + timedelta(hours=1)) == night + timedelta(hours=1)
    assert found.end(NOW, by=NOW + timedelta(days=1)) == NOW


@pytest.mark.parametrize("precision", [Precision.MINUTE, Precision.DAY])
def test_dates_without_a_time_are_told_by_when_they_were_seen(engine: Engine, precision: Precision) -> None:
    """A midnight that is no time must not make the day quiet, and stories that were imported years later say nothing."""
    seen = sorted(working_days(13, a_day=4))
    with writing(engine) as conn:
        crawl = start_crawl(conn, "norchester", reader="generic", reader_version=1, now=seen[0], pid=1, host="x")
        pages = []
        for n, at in enumerate(seen):
            day = at.astimezone(LONDON).replace(hour=0, minute=0, second=0)
            url = f"https://www.norchester.example/news/{n}"
            record = Record(
                source="norchester", area="Norchester", url=url, title=f"Appeal {n}", body=f"Lamp {n} is gone. " * 20,
                published_at=day, published_precision=precision, reader="generic", reader_version=1,
            )  # fmt: skip
            pages.append((record, Fetched(url=url, at=at, reader="generic", reader_version=1)))
        save_articles(conn, crawl, pages)
        found = quiet_hours(conn, "norchester", NOW)
        assert quiet_hours(conn, "eastmere", NOW).hours == frozenset()
    assert found.holds(datetime(2026, 6, 16, 0, 30, tzinfo=UTC))
    assert not found.holds(datetime(2026, 6, 16, 12, tzinfo=UTC))
