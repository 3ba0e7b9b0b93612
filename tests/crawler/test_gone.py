"""Stories that went away, for a moment or for good."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.crawl import removal_rule
from crawler.options import CrawlOptions
from storage.rules import RemovalRule
from tests.crawler.test_crawl import changes, rows

HOUR = timedelta(hours=1)
LIVE = RemovalRule(after=HOUR)


def answer(site: Any, *values: Any, **more: Any) -> Any:
    return type(site.pages["/robots.txt"])(*values, **more)


def an_hour_passes(database: str) -> None:
    """Everything that the store holds happened an hour and a minute earlier."""
    with sqlite3.connect(database.removeprefix("sqlite:///")) as conn:
        for table, column in (
            ("page", "gone_since"),
            ("page", "checked_at"),
            ("page", "next_at"),
            ("crawl", "started_at"),
        ):
            conn.execute(f"update {table} set {column} = strftime('%Y-%m-%d %H:%M:%f000', {column}, '-61 minutes')")


def test_rule_of_a_live_source_waits_an_hour_and_that_of_this_machine_does_not(make_entry: Any) -> None:
    live = make_entry(
        hosts=["www.fenwold.example"], listing=[{"kind": "html", "url": "https://www.fenwold.example/news/"}]
    )
    assert removal_rule(live, CrawlOptions()) == RemovalRule(answers=2, after=HOUR)
    assert removal_rule(make_entry(), CrawlOptions()) == RemovalRule(answers=2, after=timedelta(0))
    assert removal_rule(make_entry(), CrawlOptions(removal=LIVE)) == LIVE


def test_one_crawl_is_one_answer_for_a_live_source(site: Any, crawl: Any, database: str) -> None:
    paths = site.stories(8)
    crawl()
    del site.pages[paths[0]]
    site.asked.clear()
    assert crawl(removal=LIVE).counts.removed == 0
    assert site.paths().count(paths[0]) == 2
    assert rows(database, "select gone_answers from page where gone_answers > 0") == [(1,)]
    assert crawl(removal=LIVE).counts.removed == 0, "two answers, but not an hour apart"
    an_hour_passes(database)
    assert crawl(removal=LIVE).counts.removed == 1


def test_page_that_the_deciding_crawl_did_not_ask_for_is_not_removed(
    site: Any, crawl: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = site.stories(8)
    crawl()
    page = site.pages.pop(paths[0])
    for _ in range(2):
        crawl(removal=LIVE)
    an_hour_passes(database)
    site.pages[paths[0]] = page
    monkeypatch.setattr("crawler.spiders.news.pages.due", lambda *_, **__: [])
    summary = crawl(removal=LIVE)
    assert (summary.verdict, summary.counts.removed) == ("ok", 0)
    assert "removed" not in changes(database)


@pytest.mark.parametrize("removal", [None, LIVE])
def test_crawl_that_is_not_ok_removes_nothing(site: Any, crawl: Any, database: str, removal: Any) -> None:
    paths = site.stories(8)
    crawl()
    del site.pages[paths[0]]
    bad, site.pages[paths[1]] = site.pages[paths[1]], answer(site, "", 500)
    for _ in range(2):
        summary = crawl(removal=removal)
        assert (summary.verdict, summary.counts.removed) == ("degraded", 0)
        an_hour_passes(database)
    site.pages[paths[1]] = bad
    assert crawl(removal=removal).counts.removed == 1
    assert changes(database)[-1] == "removed"


def test_new_story_that_is_gone_for_a_moment_waits_ten_minutes_then_twice_as_long(
    site: Any, crawl: Any, database: str
) -> None:
    paths = site.stories(6)
    page = site.pages.pop(paths[0])
    pending = "select checked_at, next_at from page where article_id is null and role = 'article'"
    for minutes in (10, 20):
        summary = crawl()
        assert (summary.verdict, summary.counts.failed) == ("degraded", 1)
        ((checked, again),) = rows(database, pending)
        assert datetime.fromisoformat(again) - datetime.fromisoformat(checked) == timedelta(minutes=minutes)
        an_hour_passes(database)
    site.pages[paths[0]] = page
    assert crawl().counts.new == 1


@pytest.fixture
def later(crawl: Any) -> Any:
    """A crawl so many hours after the one before, by the rule of live sources."""
    now = [datetime(2026, 11, 1, 9, 0, tzinfo=UTC)]

    def crawled(hours: float) -> Any:
        now[0] += timedelta(hours=hours)
        return crawl(clock=lambda: now[0], removal=RemovalRule())

    return crawled


@pytest.mark.parametrize("bad_day", [False, True])
def test_force_that_clears_out_its_old_stories_is_believed_after_a_week(
    site: Any, later: Any, database: str, bad_day: bool
) -> None:
    paths = site.stories(12)
    later(0)
    for path in paths[:5]:
        del site.pages[path]
    site.listing(*paths[5:])
    assert {later(24).verdict for _ in range(3)} == {"failed"}
    rest = {path: site.pages.pop(path) for path in paths[5:]} if bad_day else {}
    assert later(24).verdict == "failed"
    site.pages |= rest
    assert {later(24).verdict for _ in range(3)} == {"failed"}
    summary = later(25)
    assert (summary.verdict, summary.counts.removed) == (("failed", 0) if bad_day else ("ok", 5))
    if bad_day:
        assert [later(24).counts.removed for _ in range(3)] == [0, 0, 5], (
            "a week after the day on which nothing was there"
        )
    assert rows(database, "select kind, ended_at is not null from incident") == [("mass removal", 1)]
    del site.pages[paths[7]]
    assert [later(2).counts.removed for _ in range(2)] == [0, 1]


def test_one_backend_of_two_that_is_empty_is_an_incident_however_its_pages_are_found(
    site: Any, later: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = site.stories(12)
    later(0)
    for path in paths[::2]:
        del site.pages[path]
    found: list[str] = []
    monkeypatch.setattr("crawler.spiders.news.pages.due", lambda *_, **__: found)
    verdicts = []
    for path in paths[::2]:
        found[:] = [site.base + path]
        verdicts += [later(2).verdict, later(2).verdict]
    assert verdicts == ["ok"] * 6 + ["failed"] * 6
    assert changes(database).count("removed") == 3
    assert rows(database, "select kind from incident") == [("mass removal",)]


def test_all_of_a_few_stories_are_not_removed_at_once(site: Any, later: Any, database: str) -> None:
    paths = site.stories(3)
    later(0)
    for path in paths:
        del site.pages[path]
    assert {later(2).verdict for _ in range(3)} == {"failed"}
    assert "removed" not in changes(database)


def test_page_that_is_there_and_gone_by_turns_is_told_twice(site: Any, later: Any, database: str) -> None:
    paths = site.stories(5)
    later(0)
    page = site.pages[paths[0]]
    for _ in range(4):
        del site.pages[paths[0]]
        later(2)
        later(2)
        site.pages[paths[0]] = page
        later(2)
    assert [change for change in changes(database) if change != "new"] == ["removed", "restored"] * 2
    del site.pages[paths[0]]
    assert [later(12).counts.removed for _ in range(3)] == [0, 0, 1]
