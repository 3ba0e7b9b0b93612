"""One story at several addresses of a site, as a crawl meets it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.crawler.test_crawl import changes, rows

LONG = "A van was taken from the yard behind the mill on Tuesday night, and with it the lamps of the whole street. " * 3
SECOND = "/appeals/2603/story-1/"


@pytest.mark.parametrize("second", ["/News/Story-1/", SECOND, "/news/story-1/#related", "/news/story-1"])
def test_a_story_that_is_listed_twice_is_one_article_however_often_it_is_crawled(
    site: Any, crawl: Any, database: str, second: str
) -> None:
    first = site.story(1, LONG)
    site.pages[second.partition("#")[0]] = site.pages[first]
    site.listing(first, second)
    assert [crawl().counts.new for _ in range(3)] == [1, 0, 0]
    site.listing(second, first)
    assert crawl().verdict == "ok"
    assert changes(database) == ["new"]
    assert rows(database, "select url from article") == [(site.base + first,)]


def test_a_story_whose_section_moved_without_a_redirect_is_moved_and_not_removed(
    site: Any, crawl: Any, database: str
) -> None:
    first, *others = site.stories(5)
    site.story(1, LONG)
    crawl()
    site.pages[SECOND] = site.pages.pop(first)
    site.listing(*others, SECOND)
    summaries = [crawl() for _ in range(3)]
    assert [(s.verdict, s.counts.new, s.counts.removed) for s in summaries] == [("ok", 0, 0)] * 3
    assert changes(database) == ["new"] * 5 + ["moved"]
    assert rows(database, "select address from article where url like '%/story-1/'") == [(site.base + SECOND,)]
    site.story(1, LONG + "Two men were arrested.")
    site.pages[SECOND] = site.pages.pop(first)
    assert crawl().counts.edited == 1
    del site.pages[SECOND]
    assert crawl().counts.removed == 1


def test_a_story_withdrawn_by_a_redirect_to_another_story_is_removed(site: Any, crawl: Any, database: str) -> None:
    first, second, *_ = site.stories(5)
    crawl()
    site.pages[first] = type(site.pages["/robots.txt"])("", 301, {"Location": second})
    assert sum(crawl().counts.removed for _ in range(3)) == 1
    assert rows(database, "select url from article where removed_at is not null") == [(site.base + first,)]
    site.story(1)
    assert crawl().counts.restored == 1
