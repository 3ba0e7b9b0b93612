"""The simulated year of sources that break, played small: what it shows of sources that are well and of those that are not, and that it can fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bench.notice import figures
from bench.notice_sources import DAY, HOUR, START, season, sources_of
from bench.notice_year import FalseAlarm, Noticing, Year
from storage.states import State


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Noticing:
    return Year(4, 60, 5, every=6 * HOUR).play(tmp_path_factory.mktemp("notice"))


@pytest.mark.slow
def test_breakages_are_noticed_within_two_of_the_source_s_usual_gaps(year: Noticing) -> None:
    found = [row for row in figures(year) if row.bound is not None and row.name.startswith(("noticed", "an alert"))]
    assert len(year.breakages) >= 3
    assert len(found) == 2
    assert all(row.passed for row in found), [row.row() for row in found]


@pytest.mark.slow
def test_a_false_alarm_and_a_breakage_that_nobody_notices_fail(year: Noticing) -> None:
    passed = sum(row.passed for row in figures(replace(year, false=[], false_alerts=[])))
    alarm = FalseAlarm("s00", State.BROKEN, START, "so", HOUR)
    assert sum(row.passed for row in figures(replace(year, false=[alarm], false_alerts=[]))) == passed - 1
    assert sum(row.passed for row in figures(replace(year, false=[], false_alerts=["x"]))) == passed - 1
    never = [
        (source, replace(span, noticed_at=None, told_at=None, ends=span.begins + 90 * DAY))
        for source, span in year.breakages
    ]
    assert sum(row.passed for row in figures(replace(year, false=[], false_alerts=[], breakages=never))) == passed - 2


def test_sources_are_the_same_for_the_same_seed_and_differ_for_another() -> None:
    one, again, other = (sources_of(4, 120, seed) for seed in (1, 1, 2))
    assert [source.moments for source in one] == [source.moments for source in again]
    assert [source.moments for source in one] != [source.moments for source in other]
    weekly = one[3]
    days = {moment.date() for moment in weekly.moments}
    assert min(second - first for first, second in zip(sorted(days), sorted(days)[1:], strict=False)) >= timedelta(
        days=6
    )
    for source in one:
        assert source.breakages == sorted(source.breakages, key=lambda span: span.begins)
        assert all(span.begins >= START + 28 * DAY for span in source.breakages)


def test_holidays_are_quiet() -> None:
    quiet = [date(2026, 12, 25), date(2026, 12, 29), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29)]
    assert all(season(day) < 0.3 for day in quiet)
    assert season(date(2027, 3, 25)) == 1.0


def test_a_gap_is_the_mean_of_the_last_quarter() -> None:
    [source] = sources_of(1, 60, 1)
    source.moments = [datetime(2026, 6, 1, tzinfo=UTC) + n * 12 * HOUR for n in range(100)]
    assert source.gap(datetime(2026, 7, 1, tzinfo=UTC)) == 12 * HOUR
