"""When to look again, as pure functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage.revisits import (
    Habit,
    Plan,
    Rhythm,
    expected_changes,
    habit_of,
    interval,
    news_at,
    next_crawl_at,
    next_look,
    rhythm_of,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_interval_is_minutes_while_fresh_and_days_when_old_and_never_shrinks_with_age() -> None:
    ages = [0 * DAY, HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY, 90 * DAY, 5000 * DAY]
    found = [interval(age) for age in ages]
    assert found == sorted(found)
    assert found[0] == 12 * MINUTE
    assert found[1] < 30 * MINUTE
    assert 3 * HOUR < found[3] < 4 * HOUR
    assert DAY < found[5] < 3 * DAY
    assert found[-1] == 7 * DAY
    assert interval(-DAY) == 12 * MINUTE, "an article of tomorrow is fresh"


def test_an_article_of_ninety_days_costs_some_seventy_looks() -> None:
    looks, at = 0, NOW
    while (following := next_look(NOW, NOW, at, Plan())) is not None:
        looks, at = looks + 1, following
    assert 60 <= looks <= 90
    assert at - NOW > 80 * DAY


def test_what_is_watched_for_good_is_looked_at_once_a_week_in_the_end() -> None:
    old = NOW - 3000 * DAY
    assert next_look(old, old, NOW, Plan(watch=None)) == NOW + 7 * DAY
    assert next_look(old, old, NOW, Plan()) is None


def test_a_source_that_changes_often_is_looked_at_more_often_at_the_ages_when_it_does() -> None:
    often_at_first = Habit(fresh=3.0, later=0.5)
    assert interval(HOUR, often_at_first) < interval(HOUR) / 2
    assert interval(3 * DAY, often_at_first) > interval(3 * DAY)
    assert interval(timedelta(0), Habit(fresh=4.0)) >= 5 * MINUTE


def test_news_is_the_publication_or_a_later_change() -> None:
    assert news_at(NOW - DAY, NOW, NOW) == NOW - DAY
    assert news_at(NOW + DAY, NOW, NOW) == NOW, "a date in the future makes nothing younger"
    assert news_at(None, NOW, NOW) == NOW
    assert news_at(NOW - DAY, NOW, NOW + HOUR) == NOW + HOUR


def test_habit_of_a_source_without_history_is_the_usual_one() -> None:
    assert habit_of([], []) == Habit()
    assert habit_of([HOUR], [(timedelta(0), 90 * DAY)]).fresh == pytest.approx(1.25, abs=0.05), "one edit proves little"


def test_habit_tells_how_often_and_how_late_a_source_edits() -> None:
    watched = [(timedelta(0), 90 * DAY)] * 400
    usual = round(400 * expected_changes(DAY))
    early = habit_of([HOUR] * 3 * usual, watched)
    assert early.fresh > 2 > 1 > early.later
    late = habit_of([5 * DAY] * 3 * usual, watched)
    assert late.later > 1.5 > 1 > late.fresh
    assert habit_of([HOUR] * 10_000, watched).fresh == 4.0


def test_old_stories_of_a_first_crawl_say_nothing_of_a_habit() -> None:
    assert habit_of([], [(2000 * DAY, 2090 * DAY)] * 300).later > 0.9


def test_a_crawl_follows_the_rhythm_of_its_source_by_london_time() -> None:
    noon = [NOW - n * DAY for n in range(1, 29)] * 2
    rhythm = rhythm_of(noon, 28)
    assert next_crawl_at(rhythm, NOW) - NOW == 15 * MINUTE
    assert next_crawl_at(rhythm, NOW.replace(hour=3)) - NOW.replace(hour=3) == 2 * HOUR
    summer = datetime(2026, 7, 1, 11, 0, tzinfo=UTC)  # noon in London
    assert next_crawl_at(rhythm, summer) - summer == 15 * MINUTE


def test_a_crawl_comes_when_an_article_is_due_but_never_twice_in_a_quarter_of_an_hour() -> None:
    quiet = Rhythm((0.0,) * 24)
    assert next_crawl_at(quiet, NOW, NOW + 40 * MINUTE) == NOW + 40 * MINUTE
    assert next_crawl_at(quiet, NOW, NOW - DAY) == NOW + 15 * MINUTE
    assert next_crawl_at(quiet, NOW, NOW + DAY) == NOW + 2 * HOUR
