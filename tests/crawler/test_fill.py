"""A field that gets lost is noticed however few stories a day a force publishes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.crawler.conftest import TinyReader

DAY = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.fixture
def dated(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The paths of the stories that print a date."""
    paths: set[str] = set()
    read = TinyReader.article

    def article(self: Any, response: Any, link: Any = None) -> Any:
        record = read(self, response, link)
        if any(record.url.endswith(path) for path in paths):
            record.published_at = DAY
        return record

    monkeypatch.setattr(TinyReader, "article", article)
    return paths


def test_dates_lost_one_story_at_a_time_degrade(site: Any, crawl: Any, make_entry: Any, dated: set[str]) -> None:
    entry = make_entry(assertions={"min": {"links": 1}, "fill": {"published_at": 0.9}})
    paths = site.stories(30)
    dated |= set(paths)
    assert crawl(entry).verdict == "ok"
    verdicts = []
    for n in range(100, 104):
        paths.insert(0, site.story(n))
        site.listing(*paths)
        summary = crawl(entry)
        assert summary.counts.new == 1
        verdicts.append(summary.verdict)
    assert verdicts == ["ok", "degraded", "degraded", "degraded"], "two in a row are no chance, where thirty had one"
    assert summary.reason == "16 of 20 articles have published_at where 90% are expected"
    assert crawl(entry).verdict == "degraded", "a crawl that reads nothing says so too"


def test_old_stories_behind_the_latest_ones_degrade_nothing(
    site: Any, crawl: Any, make_entry: Any, dated: set[str]
) -> None:
    entry = make_entry(assertions={"min": {"links": 1}, "fill": {"published_at": 0.7}})
    paths = site.stories(40)
    dated |= set(paths[:30])
    assert crawl(entry).verdict == "ok"
    assert crawl(entry).verdict == "ok", "the last ten of the listing are the oldest"


def test_story_that_is_read_again_counts_once(site: Any, crawl: Any, make_entry: Any, dated: set[str]) -> None:
    entry = make_entry(assertions={"min": {"links": 1}, "fill": {"published_at": 1.0}})
    paths = site.stories(3)
    dated |= set(paths[:2])
    assert "2 of 3 articles" in crawl(entry).reason
    site.story(3, "Another text.")
    assert "2 of 3 articles" in crawl(entry).reason
