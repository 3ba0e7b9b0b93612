"""What a crawl keeps of the pages it read, and of those it could not read."""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storage.rules import RetentionRule, Rules

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
Row = tuple[Any, ...]


@pytest.fixture
def kept(database: str) -> Callable[[], list[Row]]:
    """Of each kept page: the last part of its URL, the version, the body, whether there is an error."""

    def pages() -> list[Row]:
        raw = sqlite3.connect(database.removeprefix("sqlite:///"))
        try:
            found = raw.execute("SELECT url, version, body, error FROM kept_page ORDER BY url, version, id").fetchall()
        finally:
            raw.close()
        return [(url.split("/")[-2], version, zlib.decompress(body), error) for url, version, body, error in found]

    return pages


def body_of(site: Any, path: str) -> bytes:
    text: str = site.pages[path](type("Asked", (), {"headers": {}})).body
    return text.encode()


def keeping(keep_pages: timedelta) -> Rules:
    return Rules(retention=RetentionRule(keep_pages=keep_pages))


def test_the_page_behind_a_new_article_and_behind_an_edit_is_kept_as_served(site: Any, crawl: Any, kept: Any) -> None:
    paths = site.stories(2)
    one, two = (body_of(site, path) for path in paths)
    crawl()
    assert kept() == [("story-1", 1, one, None), ("story-2", 1, two, None)]
    site.story(2, "A van and a boat were taken.")
    assert crawl().counts.edited == 1
    assert kept() == [
        ("story-1", 1, one, None),
        ("story-2", 1, two, None),
        ("story-2", 2, body_of(site, paths[1]), None),
    ]


def test_a_page_is_kept_without_the_compression_it_travelled_in(site: Any, crawl: Any, kept: Any) -> None:
    site.stories(1)
    body = "<html><body><h1>Caf\u00e9</h1><p>A van was taken.</p></body></html>".encode()
    answer = type(site.pages["/news/"])
    site.pages["/news/story-1/"] = answer(gzip.compress(body), headers={"Content-Encoding": "gzip"})
    crawl()
    assert kept() == [("story-1", 1, body, None)]


def test_a_page_that_is_as_it_was_keeps_nothing_more(site: Any, crawl: Any, kept: Any) -> None:
    site.stories(1)
    crawl()
    before = kept()
    answer = type(site.pages["/news/"])
    site.pages["/news/story-1/"] = answer(
        "<html><head><!-- 2 --></head><body><h1>Story 1</h1><p>A van was taken.</p></body></html>"
    )
    assert crawl().counts.unchanged == 1
    assert kept() == before


def test_a_page_that_could_not_be_read_is_kept_once_and_goes_when_it_can(site: Any, crawl: Any, kept: Any) -> None:
    paths = site.stories(2)
    whole = site.pages[paths[1]]
    answer = type(site.pages["/news/"])
    site.pages[paths[1]] = answer("<html><body><p>No headline.</p></body></html>")
    crawl(clock=lambda: NOW)
    crawl(clock=lambda: NOW + timedelta(hours=1))
    ((one, *_), (url, version, body, error)) = kept()
    assert (one, url, version, body) == ("story-1", "story-2", None, b"<html><body><p>No headline.</p></body></html>")
    assert "headline" in error
    site.pages[paths[1]] = whole
    crawl(clock=lambda: NOW + timedelta(hours=2))
    assert [row[:2] for row in kept()] == [("story-1", 1), ("story-2", 1)]


@pytest.mark.parametrize(
    "page", ["<form class='contact'></form>", "<h1>Story 2</h1><b class='bomb'></b>"], ids=["no article", "our fault"]
)
def test_so_are_pages_that_are_no_article_and_that_our_reader_fails_at(
    site: Any, crawl: Any, kept: Any, page: str
) -> None:
    paths = site.stories(2)
    body = f"<html><body>{page}</body></html>"
    site.pages[paths[1]] = type(site.pages["/news/"])(body)
    crawl()
    assert [row[:3] for row in kept()][1:] == [("story-2", None, body.encode())]


def test_what_is_no_text_is_not_kept(site: Any, crawl: Any, kept: Any) -> None:
    paths = site.stories(2)
    site.pages[paths[1]] = type(site.pages["/news/"])(b"%PDF-1.4 \0", headers={"Content-Type": "application/pdf"})
    crawl()
    assert [row[0] for row in kept()] == ["story-1"]


def test_pages_are_pruned_at_the_end_of_a_crawl_by_the_setting(site: Any, crawl: Any, kept: Any) -> None:
    site.stories(1)
    crawl(clock=lambda: NOW)
    two = timedelta(days=2)
    crawl(clock=lambda: NOW + timedelta(days=1), rules=keeping(keep_pages=two))
    assert len(kept()) == 1
    crawl(clock=lambda: NOW + two, rules=keeping(keep_pages=two))
    assert kept() == []


def test_a_setting_of_nothing_keeps_nothing(site: Any, crawl: Any, kept: Any) -> None:
    paths = site.stories(2)
    site.pages[paths[1]] = type(site.pages["/news/"])("<html><body><p>No headline.</p></body></html>")
    crawl(rules=keeping(keep_pages=timedelta(0)))
    assert kept() == []
