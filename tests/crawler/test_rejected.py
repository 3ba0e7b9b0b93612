"""Pages that answer well and are no articles, or that robots.txt keeps us from: one is nothing, many are a broken site."""

from __future__ import annotations

from typing import Any

import pytest

from tests.crawler.test_crawl import rows

NO_ARTICLE = "<html><body><form class=contact></form></body></html>"


def answer(site: Any, *values: Any, **more: Any) -> Any:
    return type(site.pages["/robots.txt"])(*values, **more)


def disallow(site: Any, path: str) -> None:
    site.pages["/robots.txt"] = answer(site, f"User-agent: *\nDisallow: {path}", headers={"Content-Type": "text/plain"})


def test_site_whose_pages_all_became_no_articles_fails_and_loses_nothing(site: Any, crawl: Any, database: str) -> None:
    paths = site.stories(6)
    crawl()
    for path in paths:
        site.pages[path] = answer(site, NO_ARTICLE)
    for _ in range(3):
        summary = crawl()
        assert (summary.verdict, summary.reason) == ("failed", "6 of 6 article pages are no articles or not allowed")
    assert rows(database, "select count(*) from article where removed_at is null") == [(6,)]


@pytest.mark.parametrize("kind", ["page changed", "robots"])
def test_stored_article_that_became_something_else_is_an_issue(site: Any, crawl: Any, database: str, kind: str) -> None:
    paths = site.stories(6)
    crawl()
    if kind == "robots":
        disallow(site, paths[0])
    else:
        site.pages[paths[0]] = answer(site, NO_ARTICLE)
    for _ in range(2):
        summary = crawl()
        assert (summary.verdict, summary.counts.removed) == ("degraded", 0)
        assert summary.reason.startswith("a stored article: ")
    assert rows(database, "select kind, url from issue") == [(kind, site.base + paths[0])] * 2


@pytest.mark.parametrize("robots", [True, False])
def test_first_crawl_of_a_site_without_a_page_to_read_fails(site: Any, crawl: Any, robots: bool) -> None:
    for path in site.stories(6):
        site.pages[path] = answer(site, NO_ARTICLE)
    if robots:
        disallow(site, "/news/story")
    summary = crawl()
    assert (summary.verdict, summary.counts.new) == ("failed", 0)
    assert "6 of 6" in summary.reason


def test_links_that_never_were_articles_fail_no_crawl_when_they_are_looked_at_again(
    site: Any, crawl: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = site.stories(10)
    for path in paths[:4]:
        site.pages[path] = answer(site, NO_ARTICLE)
    assert crawl().verdict == "ok"
    monkeypatch.setattr("tiny_reader_of_the_tests.TinyReader.version", 2)  # asks for what it rejected at once
    monkeypatch.setattr("crawler.spiders.news.pages.due", lambda *_, **__: [])
    site.asked.clear()
    assert crawl().verdict == "ok"
    assert set(paths[:4]) <= set(site.paths())
