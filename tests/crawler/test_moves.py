"""A page that moves on its own site."""

from __future__ import annotations

from typing import Any

from tests.crawler.conftest import Answer
from tests.crawler.test_crawl import changes, rows


def test_story_behind_a_redirect_is_one_article_and_is_still_checked(site: Any, crawl: Any, database: str) -> None:
    path, *_ = site.stories(3)
    crawl()
    site.pages["/news/moved/"] = site.pages[path]
    site.pages[path] = Answer("", 301, {"Location": "/news/moved/"})
    assert crawl().counts.new == 0
    site.story(1, "A van was taken, and found again.")
    site.pages["/news/moved/"], site.pages[path] = site.pages[path], Answer("", 301, {"Location": "/news/moved/"})
    assert crawl().counts.edited == 1
    assert changes(database) == ["new"] * 3 + ["moved", "edited"]
    assert rows(database, "select count(*) from article where url like '%/news/story-1/'") == [(1,)]
    assert rows(database, "select count(*) from article") == [(3,)]
