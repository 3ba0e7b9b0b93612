"""What a host said in one crawl is known to the next: its robots.txt for a day, and how long it wants to be left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


@pytest.fixture
def asked(site: Any, crawl: Any) -> Callable[..., list[str]]:
    """The paths that a crawl at a moment asks for, looking at what is due alone, as on a live site."""

    def run(moment: datetime, **more: Any) -> list[str]:
        site.asked.clear()
        crawl(**{"revisit": "due", "clock": at(moment)} | more)
        paths: list[str] = site.paths()
        return paths

    return run


def test_robots_txt_is_asked_for_once_a_day(site: Any, asked: Any) -> None:
    site.stories(1)
    assert "/robots.txt" in asked(NOW)
    assert "/robots.txt" not in asked(NOW + HOUR)
    assert "/robots.txt" not in asked(NOW + 23 * HOUR)
    assert "/robots.txt" in asked(NOW + 24 * HOUR)
    assert "/robots.txt" not in asked(NOW + 47 * HOUR)


def test_kept_rules_are_obeyed(site: Any, asked: Any) -> None:
    path = site.story(1)
    site.listing(path)
    site.pages["/robots.txt"].body = "User-agent: *\nDisallow: /news/story-2/\n"
    asked(NOW)
    site.listing(path, site.story(2), site.story(3))
    assert asked(NOW + HOUR) == ["/news/", "/news/story-3/", path]


def test_that_there_is_no_robots_txt_is_kept_too(site: Any, asked: Any) -> None:
    site.stories(1)
    del site.pages["/robots.txt"]
    assert "/robots.txt" in asked(NOW)
    assert "/robots.txt" not in asked(NOW + HOUR)


@pytest.mark.parametrize("status", [403, 429, 500])
def test_robots_txt_that_was_refused_is_asked_for_by_the_next_crawl(site: Any, asked: Any, status: int) -> None:
    site.stories(1)
    site.pages["/robots.txt"].status = status
    assert "/robots.txt" in asked(NOW)
    assert "/robots.txt" in asked(NOW + HOUR)


def test_robots_txt_is_asked_for_again_when_the_clock_was_set_back(site: Any, asked: Any) -> None:
    site.stories(1)
    asked(NOW)
    assert "/robots.txt" in asked(NOW - HOUR)


def test_robots_txt_of_a_site_on_this_machine_is_read_each_time(site: Any, asked: Any) -> None:
    site.stories(1)
    asked(NOW)
    assert "/robots.txt" in asked(NOW, revisit="auto")


@pytest.fixture
def busy(site: Any, crawl: Any) -> None:
    """A crawl at NOW, in which the site asked to be left alone for two hours."""
    site.stories(3)
    answer = site.pages["/news/"]
    site.pages["/news/"] = [type(answer)("", 503, {"Retry-After": "7200"}), answer]
    assert crawl(clock=at(NOW)).reason.endswith("7200 s more")
    site.asked.clear()


@pytest.mark.usefixtures("busy")
def test_a_host_that_asked_for_a_long_pause_is_not_asked_by_the_next_crawl(site: Any, crawl: Any) -> None:
    summary = crawl(clock=at(NOW + HOUR))
    assert site.paths() == []
    assert summary.verdict == "degraded"
    assert [issue.partition(":")[0] for issue in summary.issues] == ["asked to wait"]
    assert "3600 s more" in summary.reason


@pytest.mark.usefixtures("busy")
def test_nor_for_another_source_on_that_host(site: Any, crawl: Any, make_entry: Any) -> None:
    assert crawl(make_entry(id="marsh-district"), clock=at(NOW + HOUR)).verdict == "degraded"
    assert site.paths() == []


@pytest.mark.usefixtures("busy")
def test_it_is_asked_once_the_pause_is_over(crawl: Any) -> None:
    summary = crawl(clock=at(NOW + 2 * HOUR))
    assert (summary.verdict, summary.counts.new) == ("ok", 3)


@pytest.mark.usefixtures("busy")
def test_a_clock_set_back_by_weeks_does_not_keep_a_host_waiting(crawl: Any) -> None:
    assert crawl(clock=at(NOW - timedelta(days=30))).counts.new == 3


def test_a_pause_without_measure_is_a_week(site: Any, crawl: Any) -> None:
    site.stories(1)
    answer = site.pages["/news/"]
    site.pages["/news/"] = [type(answer)("", 429, {"Retry-After": "9" * 400}), answer]
    assert crawl(clock=at(NOW)).verdict == "degraded"
    assert crawl(clock=at(NOW + timedelta(days=6))).verdict == "degraded"
    assert crawl(clock=at(NOW + timedelta(days=7))).verdict == "ok"
