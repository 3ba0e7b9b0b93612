"""Stories that went away, for a moment or for good."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
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
