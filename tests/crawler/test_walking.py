"""A walk through a listing's pages that did not reach its end goes on with the next crawl."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from scrapy.http import Response

from crawler.readers.base import Listing
from tests.crawler.conftest import TinyReader
from tests.crawler.test_crawl import articles, rows


def answer(site: Any, *values: Any, **more: Any) -> Any:
    return type(site.pages["/robots.txt"])(*values, **more)


def walk_is_open(database: str) -> bool:
    return rows(database, "select walk_open from source") == [(1,)]


def paged(site: Any, pages: int, each: int = 3) -> None:
    """Puts up a listing of so many pages, the first of which answers 304 when it is asked for conditionally."""
    for page in range(1, pages + 1):
        paths = [site.story(page * 10 + n) for n in range(each)]
        following = f"/news/{page + 1}/" if page < pages else None
        site.listing(*paths, path="/news/" if page == 1 else f"/news/{page}/", next_path=following)
    first = site.pages["/news/"]
    first.headers["ETag"] = '"first"'
    same = answer(site, "", 304, {"ETag": '"first"'})
    site.pages["/news/"] = lambda asked: same if asked.headers.get("if-none-match") == '"first"' else first


@pytest.mark.parametrize("broken", [{"status": 403}, {"status": 500}, {"body": "<html></html>"}])
def test_stories_behind_a_page_that_failed_are_found_by_the_next_crawl(
    site: Any, crawl: Any, database: str, broken: dict[str, Any]
) -> None:
    paged(site, 3)
    second, site.pages["/news/2/"] = site.pages["/news/2/"], answer(site, **broken)
    summary = crawl()
    assert (summary.verdict, summary.counts.new) == ("degraded", 3)
    assert walk_is_open(database)
    site.pages["/news/2/"] = second
    assert crawl().counts.new == 6
    assert not walk_is_open(database)


def test_stories_behind_max_pages_are_found_when_it_is_raised(
    site: Any, crawl: Any, database: str, make_entry: Any
) -> None:
    paged(site, 4)
    cut = [f"paging: stopped after max_pages = 2 pages of {site.base}/news/"]
    for verdict, new, issues, asked in (("degraded", 6, cut, 2), ("ok", 0, [], 1), ("ok", 0, [], 1)):
        before = len(site.paths())
        summary = crawl(make_entry(max_pages=2))
        assert (summary.verdict, summary.counts.new, summary.issues) == (verdict, new, issues)
        listings = [path for path in site.paths()[before:] if path == "/news/" or path.startswith("/news/2/")]
        assert len(listings) == asked, "the same bound is not walked to again"
        assert not walk_is_open(database)
    assert crawl(make_entry(max_pages=3)).counts.new == 3
    assert crawl(make_entry(max_pages=3)).verdict == "ok"
    assert crawl(make_entry(max_pages=5)).counts.new == 3
    before = len(site.paths())
    assert crawl(make_entry(max_pages=9)).verdict == "ok"
    assert not set(site.paths()[before:]) & {"/news/2/", "/news/3/", "/news/4/"}
    assert len(articles(database)) == 12


def test_a_new_story_while_older_ones_lie_behind_max_pages_is_found_and_they_are_not_forgotten(
    site: Any, crawl: Any, make_entry: Any
) -> None:
    paged(site, 4)
    crawl(make_entry(max_pages=2))
    site.listing(site.story(1), site.story(10), site.story(11), path="/news/", next_path="/news/2/")
    summary = crawl(make_entry(max_pages=2))
    assert (summary.verdict, summary.counts.new) == ("ok", 1)
    assert crawl(make_entry(max_pages=9)).counts.new == 6


def test_walk_stays_open_while_the_listing_behind_the_end_of_a_feed_fails(
    site: Any, crawl: Any, database: str, make_entry: Any
) -> None:
    site.listing(site.story(1), site.story(2), path="/feed/")
    site.pages["/news/"] = answer(site, "", 403)
    entry = make_entry(
        listing=[{"kind": "rss", "url": f"{site.base}/feed/"}, {"kind": "html", "url": f"{site.base}/news/"}]
    )
    assert crawl(entry).verdict == "degraded"
    assert walk_is_open(database)
    paged(site, 2)
    assert crawl(entry).counts.new == 6
    assert not walk_is_open(database)


def test_listing_that_fails_at_once_keeps_no_walk_open_that_another_one_ended(
    site: Any, crawl: Any, database: str, make_entry: Any
) -> None:
    paged(site, 2)
    entry = make_entry(
        listing=[{"kind": "rss", "url": f"{site.base}/feed/"}, {"kind": "html", "url": f"{site.base}/news/"}]
    )
    assert (crawl(entry).verdict, walk_is_open(database)) == ("degraded", False)


def guessing(monkeypatch: pytest.MonkeyPatch, *, fault: bool) -> list[str]:
    """Has the reader guess a second page, and fail there by a fault of its own; returns what it was asked to read."""
    read = TinyReader.listing
    asked: list[str] = []

    def listing(self: TinyReader, response: Response, kind: str) -> Listing:
        asked.append(response.url)
        if len(asked) > 1:
            if fault:
                raise ZeroDivisionError("a fault of the reader")
            return read(self, response, kind)
        return replace(read(self, response, kind), next_url=response.urljoin("/news/2/"), guessed=True)

    monkeypatch.setattr("tiny_reader_of_the_tests.TinyReader.listing", listing)
    return asked


def test_fault_of_a_reader_on_a_page_that_nobody_announced_does_not_end_the_crawl(
    site: Any, crawl: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    paged(site, 2)
    guessing(monkeypatch, fault=True)
    summary = crawl()
    assert (summary.verdict, summary.counts.new) == ("degraded", 3)
    assert [issue for issue in summary.issues if "ZeroDivisionError in the reader" in issue]


def test_page_that_nobody_announced_is_read_once(site: Any, crawl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    paged(site, 2)
    asked = guessing(monkeypatch, fault=False)
    assert crawl().counts.new == 6
    assert asked == [f"{site.base}/news/", f"{site.base}/news/2/"]
