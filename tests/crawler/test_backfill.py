"""Stories behind the end of a feed are found on the next listing."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.entries import load_entries
from crawler.options import CrawlOptions
from crawler.run import crawl_sources
from forcewire.demo.composer import compose
from forcewire.demo.news import demo_sites
from forcewire.demo.newsroom import CLOCK, Newsroom


@pytest.mark.parametrize("kind", ["govuk", "single_online_home"])
def test_first_crawl_goes_behind_the_end_of_a_feed_and_the_second_does_not(tmp_path: Path, kind: str) -> None:
    site = next(site for site, _ in demo_sites(CLOCK) if site.kind == kind)
    stories = compose(site, 60, now=CLOCK)
    with Newsroom([(site, stories)]) as newsroom:
        newsroom.redraw(site.id, feed_items=20, page_size=15)
        newsroom.write_entries(tmp_path, kinds=("atom" if kind == "govuk" else "rss", "html"))
        entry = load_entries(tmp_path)[site.id]
        options = CrawlOptions(
            database_url=f"sqlite:///{tmp_path}/store.db", contact=None, allow_loopback=True, delay=0.0
        )
        (first,) = crawl_sources([entry], options)
        asked = newsroom.log.total
        newsroom.log.clear()
        (second,) = crawl_sources([entry], options)
    assert (first.verdict, first.counts.new) == ("ok", 60)
    assert (second.verdict, second.counts.new) == ("ok", 0)
    assert asked > 60
    listings = [path for path in newsroom.log.by_path() if "page=" in path]
    assert not listings, "a feed that answers 304 says that there is nothing to go back for"
