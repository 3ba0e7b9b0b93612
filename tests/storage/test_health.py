"""A source's state and why: by its crawls, and by its own rhythm of stories."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from storage.database import open_store, reading, writing
from storage.health import SourceHealth, health
from storage.incidents import note_incident
from storage.rhythm import is_few
from storage.states import State
from storage.status import status
from storage.tables import ARTICLE, CRAWL, INCIDENT, ISSUE, SOURCE, VERSION
from tests.storage.invented import Invented, Story, add_crawl, write
from tests.storage.test_figures import plans

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
Made = Callable[..., SourceHealth]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('health') / 'store.db'}")
    yield engine
    engine.dispose()


def every(step: timedelta, since: timedelta, until: timedelta = timedelta(0), **given: Any) -> list[Story]:
    """Stories at a steady pace from `since` ago until `until` ago."""
    number = int((since - until) / step)
    times = [NOW - since + n * step for n in range(number)]
    return [Story("wexmoor", at if given.get("dated", True) else None, at) for at in times]


@pytest.fixture
def made(engine: Engine) -> Made:
    """The health of a source with these stories and crawls (how long ago, verdict, reason, trouble, counts)."""

    def ask(
        stories: list[Story] | None = None, *crawls: tuple[Any, ...], added: timedelta = 100 * WEEK
    ) -> SourceHealth:
        with writing(engine) as conn:
            for table in (ISSUE, INCIDENT, VERSION, ARTICLE, CRAWL, SOURCE):
                conn.execute(table.delete())
            write(conn, Invented(stories or []), NOW - added)
            conn.execute(CRAWL.delete())
            for ago, verdict, *more in crawls:
                reason, trouble, counts = (*more, *(None, None, {})[len(more) :])
                add_crawl(conn, "wexmoor", NOW - ago, verdict, reason, trouble=trouble, **counts)
        with reading(engine) as conn:
            return next(each for each in health(conn, NOW) if each.source == "wexmoor")

    return ask


def test_what_was_never_crawled_is_stale_and_says_so(made: Made) -> None:
    assert (found := made()).state is State.STALE
    assert found.why == "Never crawled yet."
    assert (found.rhythm, found.last_good_at, found.failures, found.articles_today) == (None, None, 0, 0)


def test_what_was_only_imported_says_so(made: Made) -> None:
    found = made(every(DAY, 20 * WEEK))
    assert (found.state, found.why) == (State.STALE, "Never crawled: its stories were imported.")
    assert found.rhythm == pytest.approx(7, rel=0.02)


def test_a_first_crawl_under_way_is_no_failure(made: Made) -> None:
    found = made([], (MINUTE, None))
    assert found.state is State.STALE
    assert "first crawl is under way" in found.why


def test_a_source_that_is_read_and_writes_as_ever_is_ok(made: Made) -> None:
    found = made(every(DAY, 20 * WEEK), (2 * HOUR, "ok"), (HOUR, "ok"))
    assert (found.state, found.why) == (State.OK, "Read well 59 minutes ago.")
    assert found.last_good_at == NOW - HOUR + MINUTE
    assert found.last_story_at == NOW - DAY


def test_a_good_crawl_that_is_dated_ahead_says_nothing_good_and_the_next_one_does(made: Made) -> None:
    found = made(every(DAY, 20 * WEEK), (-30 * DAY, "ok"))
    assert (found.state, found.why[:48]) == (State.STALE, "Its last good crawl is dated 4 weeks ahead: a cl")
    found = made(every(DAY, 20 * WEEK), (-30 * DAY, "ok"), (HOUR, "ok"))
    assert found.state is State.OK


def test_a_part_that_could_not_be_read_is_said(made: Made) -> None:
    reason = "2 of 9 article pages could not be read"
    found = made(every(DAY, 20 * WEEK), (HOUR, "degraded", reason, None, {"failed": 2}))
    assert (found.state, found.page_errors, found.reason) == (State.OK, 2, reason)
    assert found.why == f"Read well 59 minutes ago, with one reservation: {reason}."


@pytest.mark.parametrize(
    ("reason", "trouble", "said"),
    [
        (
            "blocked: HTTP 403 from https://x.example/news: the site does not let us in",
            "blocked",
            "let us in (HTTP 403)",
        ),
        ("no robots.txt from https://x.example, so it is left alone: HTTP 503", "robots unread", "cannot be read"),
        ("no listing works: robots.txt does not allow https://x.example/news", "robots", "robots.txt keeps us out"),
        ("blocked: checking your browser before accessing", "blocked", "let us in"),
    ],
)
def test_a_site_that_keeps_us_out_is_blocked(made: Made, reason: str, trouble: str, said: str) -> None:
    failed = [(n * HOUR, "failed", reason, trouble) for n in (8, 1)]
    found = made(every(DAY, 20 * WEEK), (2 * DAY, "ok"), *failed)
    assert (found.state, found.failures, found.trouble) == (State.BLOCKED, 2, trouble)
    assert said in found.why
    assert "The last 2 crawls failed" in found.why
    assert "last read well 47 hours ago" in found.why
    assert "https:" not in found.why
    assert found.since == NOW - 8 * HOUR + MINUTE


@pytest.mark.parametrize(
    ("reason", "trouble", "said"),
    [
        ("no listing works: only() found none on https://x.example/news", "page changed", "built otherwise"),
        ("9 pages failed one after the other: timeout at https://x.example/1", "timeout", "does not answer in time"),
        ("7 of 8 article pages could not be read", None, "7 of 8 article pages could not be read"),
        ("12 went at once: mass", "mass removal", "likelier a fault than a withdrawal"),
        ("KeyError: 'x' <b>", "internal error", "Forcewire itself broke off"),
        ("a class of a later version", "moonlight", "a class of a later version"),
        (None, None, "no reason is known"),
    ],
)
def test_what_was_never_read_well_is_broken_at_once(
    made: Made, reason: str | None, trouble: str | None, said: str
) -> None:
    found = made(every(DAY, 20 * WEEK), (HOUR, "failed", reason, trouble))
    assert (found.state, found.failures) == (State.BROKEN, 1)
    assert said in found.why
    assert "never read well yet" in found.why


@pytest.mark.parametrize(
    ("trouble", "ago", "state"),
    [
        ("page changed", [30 * MINUTE, 15 * MINUTE], State.OK),
        ("page changed", [3 * HOUR, 15 * MINUTE], State.BROKEN),
        ("page changed", [3 * HOUR], State.OK),
        ("timeout", [3 * HOUR, 2 * HOUR, 15 * MINUTE], State.OK),
        ("timeout", [7 * HOUR, 2 * HOUR, 15 * MINUTE], State.BROKEN),
        ("blocked", [7 * HOUR, 15 * MINUTE], State.BLOCKED),
    ],
)
def test_one_bad_hour_is_no_alarm_and_what_stays_bad_is(
    made: Made, trouble: str, ago: list[timedelta], state: State
) -> None:
    good = [(ago[0] + n * 15 * MINUTE, "ok") for n in range(12, 0, -1)]
    found = made(every(DAY, 20 * WEEK), *good, *((each, "failed", "HTTP 500", trouble) for each in ago))
    assert (found.state, found.trouble, found.failures) == (state, trouble, len(ago))
    if state is State.OK:
        assert "; since then: " in found.why
    else:
        assert found.since == NOW - ago[0] + MINUTE


def test_a_lost_field_is_broken_though_the_crawl_came_to_its_end(made: Made) -> None:
    lost = [(n * HOUR, "degraded", "0 of 9 articles have a date", "date unread") for n in (3, 2, 1)]
    found = made(every(DAY, 20 * WEEK), (5 * HOUR, "ok"), (4 * HOUR, "ok"), *lost)
    assert (found.state, found.trouble, found.since) == (State.BROKEN, "date unread", NOW - 3 * HOUR + MINUTE)
    assert found.why == "Not read well: the dates of its stories cannot be read any more; last read well 3 hours ago."
    assert made([], (5 * HOUR, "ok"), *lost, (MINUTE, "ok")).since == NOW


def test_a_crawl_that_was_stopped_before_it_saw_the_listing_says_nothing(made: Made) -> None:
    stopped = (MINUTE, "degraded", "stopped before its end", "stopped", {"links": 0})
    found = made(every(DAY, 20 * WEEK), (HOUR, "ok"), stopped)
    assert (found.state, found.trouble, found.why) == (State.OK, None, "Read well 59 minutes ago.")


def test_one_good_crawl_mends_what_was_broken(made: Made) -> None:
    found = made(every(DAY, 20 * WEEK), (2 * HOUR, "failed", "HTTP 500"), (HOUR, "ok"))
    assert (found.state, found.failures, found.reason) == (State.OK, 0, None)


def test_a_crawl_that_was_cut_off_says_nothing_of_its_source(made: Made) -> None:
    found = made(every(DAY, 20 * WEEK), (2 * HOUR, "ok"), (HOUR, "failed", "interrupted", "interrupted"))
    assert found.state is State.OK


@pytest.mark.parametrize(
    ("pause", "ago", "state"),
    [
        (15 * MINUTE, 5 * HOUR, State.OK),
        (15 * MINUTE, 7 * HOUR, State.STALE),
        (DAY, 2 * DAY, State.OK),
        (DAY, 4 * DAY, State.STALE),
        (None, 20 * HOUR, State.OK),
        (None, 30 * HOUR, State.STALE),
    ],
)
def test_when_a_source_is_stale_follows_from_how_often_it_is_read(
    made: Made, pause: timedelta | None, ago: timedelta, state: State
) -> None:
    times = [ago + n * pause for n in range(15, 0, -1)] if pause else []
    found = made(every(8 * HOUR, 20 * WEEK), *((time, "ok") for time in [*times, ago]))
    assert found.state is state
    assert (found.why.startswith("No good crawl for ")) == (state is State.STALE)


def test_crawls_that_reach_nothing_do_not_keep_a_source_fresh(made: Made) -> None:
    asked = "x.example asks to be left alone for 900 s more"
    nothing = [(n * HOUR, "degraded", asked, "asked to wait", {"links": 0}) for n in range(40, 0, -1)]
    found = made(every(DAY, 20 * WEEK), (50 * HOUR, "ok"), *nothing)
    assert (found.state, found.last_good_at) == (State.BLOCKED, NOW - 50 * HOUR + MINUTE)
    assert "asks to be left alone" in found.why
    found = made([], (50 * HOUR, "ok"), nothing[-1])
    assert (found.state, found.since) == (State.STALE, NOW - 50 * HOUR + MINUTE)


GOOD = (HOUR, "ok")


@pytest.mark.parametrize(
    ("step", "silent", "state"),
    [
        (4 * HOUR, DAY, State.OK),
        (4 * HOUR, 3 * DAY, State.QUIET),
        (DAY, 5 * DAY, State.OK),
        (DAY, 14 * DAY, State.OK),
        (DAY, 29 * DAY, State.QUIET),
        (WEEK, 4 * WEEK, State.OK),
    ],
)
def test_a_source_is_quiet_by_its_own_rhythm(made: Made, step: timedelta, silent: timedelta, state: State) -> None:
    found = made(every(step, 20 * WEEK, silent), GOOD)
    assert found.state is state
    assert state is State.OK or "are usual" in found.why


def test_fewer_stories_than_usual_are_said_as_numbers(made: Made) -> None:
    stories = [*every(4 * HOUR, 20 * WEEK, WEEK), *every(2 * DAY, WEEK)]
    found = made(stories, GOOD)
    assert (found.state, found.why) == (State.QUIET, "3 stories in the last 7 days, where about 42 are usual.")


def test_a_source_that_fell_silent_long_ago_is_quiet_though_its_rhythm_is_forgotten(made: Made) -> None:
    found = made(every(DAY, 60 * WEEK, 20 * WEEK), GOOD)
    assert (found.state, found.rhythm) == (State.QUIET, None)
    assert found.why == "No story for 20 weeks."


@pytest.mark.parametrize("stories", [every(HOUR, 10 * DAY), every(30 * DAY, 89 * DAY)])
def test_a_rhythm_is_said_only_when_enough_is_known(made: Made, stories: list[Story]) -> None:
    found = made(stories, GOOD)
    assert (found.rhythm, found.state) == (None, State.OK)


def test_a_source_known_for_a_short_time_has_the_rhythm_of_that_time(made: Made) -> None:
    assert made(every(DAY, 5 * WEEK), GOOD, added=5 * WEEK).rhythm == pytest.approx(7, rel=0.05)


def test_undated_stories_count_when_they_were_first_seen_but_for_the_first_crawls(made: Made) -> None:
    undated = every(DAY, 20 * WEEK, dated=False)
    listing = [Story("wexmoor", None, NOW - 6 * WEEK) for _ in range(500)]
    assert made([*undated], GOOD).rhythm == pytest.approx(7, rel=0.02)
    found = made([*every(DAY, 5 * WEEK, dated=False), *listing], GOOD, added=6 * WEEK)
    assert found.rhythm == pytest.approx(7, rel=0.1)


def test_today_is_the_day_in_london_and_what_is_dated_after_it_was_seen_is_of_the_day_it_was_seen(made: Made) -> None:
    at = [NOW - 12 * HOUR, NOW - 12 * HOUR - MINUTE, NOW - HOUR, NOW + HOUR, NOW + 13 * HOUR]
    found = made([Story("wexmoor", each, NOW - HOUR) for each in at], GOOD)
    assert (found.articles_today, found.last_story_at) == (4, NOW - HOUR)


def test_a_thing_that_many_sources_have_is_one_incident(made: Made, engine: Engine) -> None:
    made([], (HOUR, "failed", "HTTP 500"))
    with writing(engine) as conn:
        number = note_incident(conn, "wexmoor", "site down", "wexmoor: HTTP 500", NOW)
    with reading(engine) as conn:
        assert {each.source: each.incident for each in health(conn, NOW)} == {
            "ostry": None, "wexmoor": number, "wexmoor-city": None,
        }  # fmt: skip


def test_failures_are_those_of_status(made: Made, engine: Engine) -> None:
    made([], *((n * HOUR, "failed", "interrupted" if n % 2 else "HTTP 500") for n in range(5, 0, -1)))
    with reading(engine) as conn:
        failures = {each.source: each.failures for each in status(conn, now=NOW)}
        assert {each.source: each.failures for each in health(conn, NOW)} == failures
    assert failures["wexmoor"] == 5


def test_years_of_crawls_and_stories_are_not_read(made: Made, engine: Engine) -> None:
    made(every(DAY, 4 * WEEK), *((n * HOUR, "ok") for n in range(20, 0, -1)))
    with reading(engine) as conn:
        steps = plans(conn, lambda: health(conn, NOW))
    large = [step for step in steps if "article" in step or "crawl" in step or "issue" in step]
    assert large
    assert not [step for step in large if step.startswith("SCAN")]
    assert not [
        step for step in large if "article" in step and "published_at" not in step and "first_seen_at>" not in step
    ]


@pytest.mark.parametrize(
    ("expected", "number"), [(0, 0), (0.5, 0), (7, 0), (10, 0), (12, 0), (40, 8), (2000, 1080), (1e6, 1e6)]
)
def test_few_are_few_only_where_many_are_expected(expected: float, number: int) -> None:
    # Exact sums of the Poisson distribution with a mean of 0.6 * expected, where they can be told by hand.
    by_hand = {
        (0, 0): False,
        (0.5, 0): False,
        (7, 0): False,
        (10, 0): False,
        (12, 0): True,
        (40, 8): True,
        (2000, 1080): True,
    }
    assert is_few(int(number), expected) == by_hand.get((expected, number), False)


def test_a_store_without_a_source_has_nothing_to_tell(tmp_path: Path) -> None:
    engine = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    with reading(engine) as conn:
        assert health(conn, NOW) == []
    engine.dispose()
