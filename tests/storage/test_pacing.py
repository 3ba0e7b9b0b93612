"""The rule of when a source is due again, case by case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.busy_hours import QuietHours
from storage.hours import windows
from storage.pacing import STRETCH, Ended, due_after, first_due, share_of, within

START = datetime(2026, 6, 16, 10, 0, tzinfo=UTC)
NEVER_QUIET = QuietHours(frozenset())
ALWAYS_QUIET = QuietHours(frozenset((weekend, hour) for weekend in (False, True) for hour in range(24)))
M, H = timedelta(minutes=1), timedelta(hours=1)


def due(
    ending: Any = "ok", *, interval: timedelta = 15 * M, lasted: timedelta = M, share: float = 0.0, **how: Any
) -> timedelta:
    """The time from the beginning of a crawl until its source is due again."""
    rule = {name: how.pop(name) for name in ("hours", "quiet", "wait_until") if name in how}
    ended = Ended(ending=ending, started_at=START, at=START + lasted, **how)
    return due_after(ended, interval, share=share, **rule) - START


@pytest.mark.parametrize(
    ("wait", "how"),
    [
        (15 * M, {}),
        (16.5 * M, {"share": 1.0}),
        (24 * H, {"interval": 24 * H, "lasted": H}),
        # A crawl that takes longer than the interval leaves the site in peace for a quarter of it.
        (43.75 * M, {"lasted": 40 * M}),
        # Looked for by a cron job that runs once an interval: it must be due at its next run.
        (13.5 * M, {"late": 10 * M}),
        (14 * M, {"late": M}),
        (13.5 * M, {"first": True}),
        # All of them at once, after an outage: they part again.
        (15 * M, {"late": 16 * M}),
        (30 * M, {"late": 16 * M, "share": 1.0}),
        (30 * M, {"late": timedelta(days=365), "share": 1.0}),
        # Crawled by hand before it was due.
        (15 * M, {"late": -10 * M}),
        (5 * M, {"ending": "degraded"}),
        (H + M, {"ending": "degraded", "interval": 4 * H}),
        (15 * M, {"ending": "degraded", "in_a_row": 2}),
        (2 * M, {"ending": "degraded", "interval": 2 * M}),
        (15 * M, {"ending": "failed"}),
        (30 * M, {"ending": "failed", "in_a_row": 2}),
        (4 * H, {"ending": "failed", "in_a_row": 5}),
        (6 * H, {"ending": "failed", "in_a_row": 6}),
        (6 * H, {"ending": "failed", "in_a_row": 10**6}),
        (24 * H, {"ending": "failed", "interval": 24 * H, "in_a_row": 3}),
        (H, {"ending": "blocked"}),
        (2 * H, {"ending": "blocked", "in_a_row": 2}),
        (24 * H, {"ending": "blocked", "in_a_row": 9}),
        (6 * H, {"ending": "blocked", "interval": 6 * H}),
        (M, {"ending": "cut off"}),
        (2 * M, {"ending": "cut off", "in_a_row": 2}),
        (3 * M, {"ending": "cut off", "in_a_row": 3}),
        (61 * M, {"ending": "cut off", "in_a_row": 9}),
        (61 * M, {"ending": "cut off", "in_a_row": 10**6}),
        (4 * H + M, {"ending": "cut off", "interval": 4 * H, "in_a_row": 20}),
        # What the host asked for.
        (50 * M, {"wait_until": START + 50 * M}),
        (15 * M, {"wait_until": START + 5 * M}),
        (50 * M, {"ending": "cut off", "wait_until": START + 50 * M}),
    ],
)
def test_how_long_a_source_waits(wait: timedelta, how: dict[str, Any]) -> None:
    assert due(**how) == wait


@pytest.mark.parametrize(
    ("wait", "how"),
    [
        (STRETCH * 15 * M, {"quiet": ALWAYS_QUIET}),
        (STRETCH * 24 * H, {"quiet": ALWAYS_QUIET, "interval": 24 * H}),
        # In London it is 11:00 at the start: an hour later the source begins to publish.
        (H, {"quiet": QuietHours(frozenset({(False, 11)}))}),
        (H, {"quiet": QuietHours(frozenset({(False, 11)})), "share": 1.0}),
        (45 * M, {"quiet": QuietHours(frozenset({(False, 11)})), "interval": 11.25 * M}),
        (30 * M, {"quiet": QuietHours(frozenset({(False, 12)})), "interval": 30 * M}),
        (6 * H, {"quiet": ALWAYS_QUIET, "ending": "failed", "in_a_row": 9}),
        (M, {"quiet": ALWAYS_QUIET, "ending": "cut off"}),
    ],
)
def test_hours_in_which_it_never_publishes(wait: timedelta, how: dict[str, Any]) -> None:
    assert due(**how) == wait


def test_a_source_that_is_never_quiet_in_the_day_parts_from_others_in_the_morning() -> None:
    quiet = QuietHours(frozenset({(False, 11), (False, 12)}))
    long = {"quiet": quiet, "interval": 30 * M}
    assert [due(share=share, **long) for share in (0.0, 0.5, 0.9)] == [2 * H, 2 * H, 2 * H], "four intervals at most"
    long["interval"] = 40 * M
    assert [due(share=share, **long) for share in (0.0, 0.5, 0.9)] == [2 * H, 2 * H + 20 * M, 2 * H + 36 * M]


@pytest.mark.parametrize(
    ("hours", "at", "share", "found"),
    [
        (["11:00-12:00"], "11:30", 0.7, "11:30"),
        (["11:00-12:00"], "10:00", 0.0, "11:00"),
        (["11:00-12:00"], "10:00", 1.0, "11:15"),
        (["11:00-12:00", "13:00-13:30"], "10:00", 1.0, "11:15"),
    ],
)
def test_a_window_is_entered_in_its_first_half(hours: list[str], at: str, share: float, found: str) -> None:
    london = datetime.fromisoformat(f"2026-01-05 {at}").replace(tzinfo=UTC)
    assert f"{within(windows(hours), london, 15 * M, share):%H:%M}" == found


def test_new_sources_are_spread_over_their_interval_or_an_hour() -> None:
    assert [first_due(START, 15 * M, place / 3) - START for place in range(3)] == [0 * M, 5 * M, 10 * M]
    assert first_due(START, 24 * H, 0.5) - START == 30 * M


def test_shares_are_even_and_the_same_each_time() -> None:
    shares = sorted(share_of(f"source-{n}", START) for n in range(500))
    assert shares == sorted(share_of(f"source-{n}", START) for n in range(500))
    assert all(abs(share - n / 500) < 0.08 for n, share in enumerate(shares))
    assert share_of("source-1", START) != share_of("source-1", START + M)


INTERVALS = st.sampled_from([timedelta(seconds=1), 5 * M, 15 * M, H, 24 * H, 31 * 24 * H])
ENDED = st.builds(
    Ended,
    ending=st.sampled_from(["ok", "degraded", "failed", "blocked", "cut off"]),
    started_at=st.just(START),
    at=st.timedeltas(timedelta(0), 2 * H).map(lambda lasted: START + lasted),
    in_a_row=st.integers(1, 5000),
    late=st.timedeltas(timedelta(days=-800), timedelta(days=800)),
    first=st.booleans(),
)
HOURS = st.sampled_from([(), ("06:00-23:00",), ("22:00-02:00",), ("Sun 03:00-03:30",)])


@given(
    ended=ENDED,
    interval=INTERVALS,
    hours=HOURS,
    quiet=st.sampled_from([NEVER_QUIET, ALWAYS_QUIET]),
    share=st.floats(0, 0.999),
)
@settings(max_examples=80, deadline=None)
def test_it_is_never_too_soon_and_never_for_ever(
    ended: Ended, interval: timedelta, hours: tuple[str, ...], quiet: QuietHours, share: float
) -> None:
    open_hours = windows(hours) if hours else ()
    due = due_after(ended, interval, hours=open_hours, quiet=quiet, share=share)
    assert due >= ended.at
    assert not open_hours or any(window.holds(due) for window in open_hours)
    if ended.ending == "ok":
        assert due - ended.started_at >= 0.9 * interval
    longest = {"failed": 6 * H, "blocked": 24 * H, "cut off": H}.get(ended.ending, timedelta(0))
    most = max(ended.at - ended.started_at, timedelta(0)) + 1.1 * max(longest, STRETCH * interval)
    assert due - ended.started_at <= most + (timedelta(days=8) if hours else timedelta(0))
