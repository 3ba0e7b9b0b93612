"""A redirect is an ordinary thing; it tells that a story went away only by where it leads, or by what stands there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.crawler.test_crawl import articles, changes, rows


def answer(site: Any, *values: Any, **more: Any) -> Any:
    return type(site.pages["/robots.txt"])(*values, **more)


def redirect(site: Any, path: str, target: str) -> None:
    site.pages[path] = answer(site, "", 301, {"Location": target})


@pytest.mark.parametrize("listed", ["/news/story-1/?source=rss", "/news/story-1/index.html", "/news/story-1"])
def test_story_is_read_where_its_tidier_address_leads(site: Any, crawl: Any, database: str, listed: str) -> None:
    others = site.stories(3)[1:]
    redirect(site, listed, "/news/story-1/")
    site.listing(listed, *others)
    assert (crawl().verdict, len(articles(database))) == ("ok", 3)


def test_stored_story_that_moves_up_a_folder_is_not_gone(site: Any, crawl: Any, database: str) -> None:
    paths = site.stories(6)
    site.pages["/news/story-1/full"] = site.pages[paths[0]]
    site.listing("/news/story-1/full", *paths[1:])
    crawl()
    redirect(site, "/news/story-1/full", "/news/story-1/")
    for _ in range(2):
        assert crawl().counts.removed == 0
    assert "removed" not in changes(database)


@pytest.mark.parametrize("content", ["<form class=contact></form>", "<p>All that we wrote in 2024.</p>"])
def test_redirect_to_a_page_that_is_no_story_counts_as_gone(site: Any, crawl: Any, content: str) -> None:
    paths = site.stories(6)
    crawl()
    site.pages["/archive/"] = answer(site, f"<html><body>{content}</body></html>")
    redirect(site, paths[0], "/archive/")
    assert crawl().counts.removed == 1


def test_tidied_address_of_a_page_that_cannot_be_read_is_a_failure_and_never_gone(
    site: Any, crawl: Any, database: str
) -> None:
    paths = [f"{path}?from=rss" for path in site.stories(6)]
    for path in paths:
        site.pages[path] = site.pages[path.partition("?")[0]]
    site.listing(*paths)
    crawl()
    redirect(site, paths[0], "/news/story-1/")
    site.pages["/news/story-1/"] = answer(site, "<html><body><p>No headline.</p></body></html>")
    summary = crawl()
    assert (summary.verdict, summary.counts.failed, summary.counts.removed) == ("degraded", 1, 0)
    assert rows(database, "select max(gone_answers) from page") == [(0,)]
