"""A platform that breaks is one incident and no removal, however few pages each of its sources loses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.options import CrawlOptions
from crawler.run import crawl_sources
from storage.rules import RemovalRule
from tests.crawler.conftest import Answer, Site
from tests.crawler.test_confirming import text
from tests.crawler.test_crawl import rows

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
COUNT, STORIES = 6, 16


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    with ExitStack() as stack:
        found = []
        for _ in range(COUNT):
            found.append(site := Site())
            stack.callback(site.close)
            for n in range(1, STORIES + 1):
                site.pages[f"/news/story-{n}/"] = Answer(f"<body><h1>Story {n}</h1><p>{text(n)}</p></body>")
            site.listing(*(f"/news/story-{n}/" for n in range(1, STORIES + 1)))
        yield found


@pytest.fixture
def crawl_all(sites: list[Site], make_entry: Any, database: str) -> Any:
    entries = [
        make_entry(id=f"force-{n}", hosts=[site.host], listing=[{"kind": "html", "url": f"{site.base}/news/"}])
        for n, site in enumerate(sites)
    ]

    def run(at: datetime, revisit: Any = "all") -> list[str]:
        options = CrawlOptions(
            database_url=database,
            allow_loopback=True,
            delay=0.0,
            revisit=revisit,
            clock=lambda: at,
            removal=RemovalRule(),
        )
        return [summary.verdict for summary in crawl_sources(entries, options)]

    return run


def told(database: str) -> list[tuple[str]]:
    return rows(database, "select change from change where change != 'new'")


def broken(site: Site, how: str) -> None:
    for path in [path for path in site.pages if path.startswith("/news/story")]:
        site.pages[path] = {
            "404": Answer("gone", 404),
            "403": Answer("no", 403),
            "empty": Answer("<html><body><div id='app'></div></body></html>"),
            "soft": Answer("<html><body><h1>Page not found</h1><p>Try the search.</p></body></html>"),
            "other": Answer("<html><body><h1>News</h1><p>We are working on this service just now.</p></body></html>"),
        }[how]


@pytest.mark.parametrize("how", ["404", "403", "empty", "soft", "other"])
@pytest.mark.parametrize("revisit", [pytest.param("all", marks=pytest.mark.slow), "due"])
def test_day_on_which_a_platform_breaks_is_one_incident(
    sites: list[Site], crawl_all: Any, database: str, how: str, revisit: str
) -> None:
    assert set(crawl_all(NOON)) == {"ok"}
    good = [dict(site.pages) for site in sites]
    for site in sites:
        broken(site, how)
    for hours in range(2, 26, 6):
        crawl_all(NOON + timedelta(hours=hours), revisit)
    for site, pages in zip(sites, good, strict=True):
        site.pages = pages
    for hours in range(30, 60, 6):
        verdicts = crawl_all(NOON + timedelta(hours=hours), revisit)
    assert told(database) == []
    found = rows(database, "select sources, ended_at is not null from incident")
    assert [(len(json.loads(sources)), ended) for sources, ended in found] == [(COUNT, 1)]
    assert set(verdicts) == {"ok"}


def test_few_pages_gone_on_most_sources_of_a_platform_are_no_removals(
    sites: list[Site], crawl_all: Any, database: str
) -> None:
    crawl_all(NOON)
    for site in sites:
        for n in (3, 4):
            del site.pages[f"/news/story-{n}/"]
    crawl_all(NOON + timedelta(hours=2))
    verdicts = crawl_all(NOON + timedelta(hours=4))
    assert set(verdicts) == {"failed"}
    assert told(database) == []
    assert len(rows(database, "select id from incident")) == 1


def test_a_page_gone_on_two_sources_is_removed_on_both(sites: list[Site], crawl_all: Any, database: str) -> None:
    crawl_all(NOON)
    for site in sites[:2]:
        del site.pages["/news/story-5/"]
    crawl_all(NOON + timedelta(hours=2))
    assert set(crawl_all(NOON + timedelta(hours=4))) == {"ok"}
    assert told(database) == [("removed",), ("removed",)]
