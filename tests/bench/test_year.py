"""The simulated year, played small: what it proves there, and that it can fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.fixed_polling import FixedPolling
from bench.year import Year, figures, play
from forcewire.demo.states import lives
from storage.revisits import Plan

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return play(3, 10, 4, tmp_path_factory.mktemp("year"), busy=6.0)


def test_every_event_is_found_none_twice_and_none_is_false(year: Year) -> None:
    assert year.report.faultless, str(year.report)
    assert year.report.found["edited"] >= 10
    assert year.report.found["removed"] >= 2


def test_edits_are_noticed_in_half_the_time_that_fixed_polling_takes(year: Year) -> None:
    assert abs(year.fixed.requests / year.traffic.requests - 1) < 0.02
    assert len([event for event in year.common if event[0] == "edited"]) >= 10
    assert [row.name for row in figures(year) if not row.passed] == []


def test_most_crawls_wrote_nothing_and_were_not_run(year: Year) -> None:
    assert year.traffic.run < year.traffic.crawls / 2


@pytest.mark.slow
def test_a_watch_that_looks_at_one_interval_alone_does_not_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fixed(_: datetime, changed_at: datetime, checked_at: datetime, plan: Plan) -> datetime | None:
        return checked_at + 9 * HOUR

    for module in ("storage.answers", "storage.plans", "bench.simulated_crawl"):
        monkeypatch.setattr(f"{module}.next_look", fixed)
    bad = play(3, 10, 4, tmp_path, busy=6.0)
    assert bad.report.faultless, str(bad.report)
    assert [row.name for row in figures(bad) if not row.passed] == ["edited: median, share of fixed-interval polling's"]


def test_an_event_that_is_told_twice_or_not_at_all_fails(year: Year) -> None:
    for name in ("missed", "doubled", "false", "wrong_fields"):
        broken = replace(year.report, **{name: ["a case"]})
        assert [row.passed for row in figures(replace(year, report=broken))].count(False) == 1


def test_fixed_polling_notices_at_the_next_look_and_a_withdrawal_an_hour_later(year: Year) -> None:
    stories = lives(year.fleet.events)
    polling = FixedPolling(stories, {}, year.fleet.start, year.fleet.end, 30 * timedelta(minutes=1), 90 * DAY)
    found = polling.notice(2 * HOUR)
    most = {"new": timedelta(minutes=30), "edited": 2 * HOUR, "removed": 3 * HOUR}
    delays: dict[str, Sequence[Any]] = {
        what: found.delays(what, [event for event in found.at if event[3] >= year.fleet.start]) for what in most
    }
    for what, bound in most.items():
        assert delays[what]
        assert timedelta(0) <= delays[what][0] <= delays[what][-1] <= bound
    assert delays["removed"][0] >= HOUR
    assert polling.notice(HOUR).requests > 1.8 * found.requests - len(stories)
