"""How long a copy of a feed may be kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from feeds.site.lifetimes import LONGEST, SHORTEST, UNKNOWN, lifetime, next_crawls
from storage.crawls import Counts, finish_crawl, start_crawl
from storage.database import reading, writing
from tests.feeds.conftest import NewsStore

NOW = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def crawls_of(**areas: tuple[int, int]) -> dict[str, list[tuple[datetime, timedelta]]]:
    """Minutes since the last crawl, and between two."""
    return {area: [(NOW - ago * MINUTE, gap * MINUTE)] for area, (ago, gap) in areas.items()}


def test_it_ends_when_the_next_crawl_is_due():
    assert lifetime(crawls_of(tarn=(3, 10)), "tarn", NOW) == 7 * 60


def test_of_all_it_ends_with_the_earliest():
    assert lifetime(crawls_of(tarn=(3, 10), esk=(0, 5), lune=(0, 60)), None, NOW) == 5 * 60


def test_it_has_bounds():
    assert lifetime(crawls_of(tarn=(0, 600)), "tarn", NOW) == LONGEST
    assert lifetime(crawls_of(tarn=(11, 10)), "tarn", NOW) == SHORTEST


def test_a_source_that_is_not_crawled_any_more_says_nothing():
    assert lifetime(crawls_of(tarn=(5000, 10)), "tarn", NOW) == UNKNOWN
    assert lifetime(crawls_of(tarn=(5000, 10), esk=(2, 10)), None, NOW) == 8 * 60


def test_nothing_is_known_of_an_area_without_crawls():
    assert lifetime({}, "tarn", NOW) == UNKNOWN


def test_the_rhythm_is_the_one_of_the_last_crawls(tmp_path):
    store = NewsStore(tmp_path / "forcewire.db")
    store.source("Tarn")
    store.source("Esk")
    with writing(store.engine) as conn:
        for minutes in (200, 45, 35, 24, 15, 5):
            at = NOW - minutes * MINUTE
            crawl = start_crawl(conn, "tarn", reader="generic", reader_version=1, now=at, pid=1, host="test")
            finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(), now=at + MINUTE)
        start_crawl(conn, "esk", reader="generic", reader_version=1, now=NOW, pid=1, host="test")
    with reading(store.engine) as conn:
        found = next_crawls(conn)
    store.engine.dispose()
    assert found == {"tarn": [(NOW - 5 * MINUTE, 10 * MINUTE)]}
