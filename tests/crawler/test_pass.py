"""One pass over several sources: at the same time where hosts differ, with events and a verdict for each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawler.entries import load_entry
from crawler.run import CrawlEvent, CrawlOptions, crawl_sources
from forcewire.demo.newsroom import Newsroom


@pytest.mark.parametrize("processes", [1, 2])
def test_newsroom_of_six_kinds_is_read_whole(tmp_path: Path, database: str, processes: int) -> None:
    events: list[CrawlEvent] = []
    with Newsroom() as newsroom:
        entries = [load_entry(path) for path in newsroom.write_entries(tmp_path)]
        options = CrawlOptions(database_url=database, allow_loopback=True, delay=0.0, processes=processes)
        summaries = crawl_sources(entries, options, events.append)
        stories = {site.id: len(newsroom.articles(site.id)) for site in newsroom.sites}
        again = crawl_sources(entries, options)
    assert [summary.source for summary in summaries] == [entry.id for entry in entries]
    assert {summary.source: summary.counts.new for summary in summaries} == stories
    assert {summary.verdict for summary in [*summaries, *again]} == {"ok"}
    assert sum(summary.counts.new for summary in again) == 0
    for entry in entries:
        told = [event for event in events if event.source == entry.id]
        assert (told[0].what, told[-1].what, told[-1].message) == ("start", "done", "ok")
        assert sum(event.what == "page" for event in told) == told[-1].expected


def test_source_that_fails_leaves_the_others_alone(site: Any, make_entry: Any, database: str) -> None:
    site.stories(2)
    port = site.host.split(":")[1]
    lost = make_entry(
        id="lost", hosts=[f"localhost:{port}"], listing=[{"kind": "html", "url": f"http://localhost:{port}/nothing/"}]
    )
    options = CrawlOptions(database_url=database, allow_loopback=True, delay=0.0)
    verdicts = {s.source: s.verdict for s in crawl_sources([lost, make_entry()], options)}
    assert verdicts == {"lost": "failed", "fenwold": "ok"}


def test_time_that_is_over_leaves_the_rest_for_the_next_crawl(
    site: Any, crawl: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.stories(10)
    monkeypatch.setattr("crawler.settings.CLOSESPIDER_TIMEOUT", 0.5)
    first = crawl(delay=0.15)
    assert 0 < first.counts.new < 10
    assert (first.verdict, [issue.split(":")[0] for issue in first.issues]) == ("ok", ["time"])
    monkeypatch.setattr("crawler.settings.CLOSESPIDER_TIMEOUT", 60)
    assert first.counts.new + crawl().counts.new == 10
