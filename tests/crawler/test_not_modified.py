"""A 304 answers a conditional request; to any other one it says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.crawler.test_crawl import rows


def answer(site: Any, *values: Any, **more: Any) -> Any:
    return type(site.pages["/robots.txt"])(*values, **more)


@pytest.mark.parametrize("known", [False, True])
def test_304_that_nobody_asked_for_is_a_failure_and_no_answer(
    site: Any, crawl: Any, database: str, known: bool
) -> None:
    paths = site.stories(6)
    if known:
        site.pages[paths[0]] = answer(site, "<html><body><h1>Story 1</h1><p>A van was taken.</p></body></html>")
        crawl()
    site.pages[paths[0]] = answer(site, "", 304)
    summary = crawl()
    assert (summary.verdict, summary.counts.failed) == ("degraded", 1)
    assert rows(database, "select kind, url from issue") == [("http", site.base + paths[0])]
    assert rows(database, "select failures from page where failures > 0") == [(1,)]


def test_listing_that_answers_304_unasked_is_no_listing(site: Any, crawl: Any) -> None:
    site.pages["/news/"] = answer(site, "", 304)
    summary = crawl()
    assert summary.verdict == "failed"
    assert "304 to a request without validators" in summary.reason
