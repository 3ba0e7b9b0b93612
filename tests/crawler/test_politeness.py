"""Each rule of politeness, as a site on loopback sees it."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from crawler.options import CrawlOptions, CrawlRefused, delay_for, user_agent
from crawler.politeness import Gates, HostGate, retry_after
from crawler.run import crawl_sources, host_groups


def test_one_request_at_a_time_even_across_sources_of_one_host(site: Any, make_entry: Any, database: str) -> None:
    for page in site.stories(4):
        answer = site.pages[page]
        site.pages[page] = lambda asked, answer=answer: _slowly(answer(asked))
    site.pages["/news/"].wait = 0.05
    entries = [make_entry(id=name) for name in ("fenwold", "marsh-district", "third")]
    summaries = crawl_sources(entries, CrawlOptions(database_url=database, allow_loopback=True, delay=0.0))
    assert [summary.verdict for summary in summaries] == ["ok"] * 3
    assert site.most_at_once == 1


def _slowly(answer: Any) -> Any:
    answer.wait = 0.05
    return answer


def test_gate_lets_one_through_at_a_time_whoever_asks() -> None:
    now, most = 0, 0

    async def ask(gate: HostGate) -> None:
        nonlocal now, most
        async with gate:
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.01)
            now -= 1

    async def main() -> None:
        gates = Gates()
        await asyncio.gather(*(ask(gates.gate("a.example", delay=0, jitter=0)) for _ in range(5)))

    asyncio.run(main())
    assert most == 1


def test_delay_is_never_shorter_than_asked_for(site: Any, crawl: Any) -> None:
    site.stories(3)
    crawl(delay=0.3)
    assert min(site.gaps()) >= 0.3


def test_delay_option_raises_a_live_delay_and_lowers_only_loopback(make_entry: Any) -> None:
    live = make_entry(hosts=["www.fenwold.example"], listing=[{"kind": "rss", "url": "https://www.fenwold.example/"}])
    here = make_entry()
    assert delay_for(live, CrawlOptions(delay=0.0), 1.0) == 1.0
    assert delay_for(live, CrawlOptions(delay=5.0), 1.0) == 5.0
    assert delay_for(live, CrawlOptions(), 1.0) == 1.0
    assert delay_for(here, CrawlOptions(delay=0.0), 1.0) == 0.0


def test_crawl_delay_of_robots_txt_is_kept(site: Any, crawl: Any) -> None:
    site.stories(2)
    site.pages["/robots.txt"].body = "User-agent: *\nCrawl-delay: 0.4\n"
    assert crawl().verdict == "ok"
    assert min(site.gaps()) >= 0.4


def test_crawl_delay_beyond_measure_ends_the_crawl(site: Any, crawl: Any) -> None:
    site.stories(2)
    site.pages["/robots.txt"].body = "User-agent: *\nCrawl-delay: 600\n"
    summary = crawl()
    assert summary.verdict == "failed"
    assert "600 s" in summary.reason
    assert site.paths() == ["/robots.txt"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_robots_txt_that_fails_stops_the_crawl(site: Any, crawl: Any, status: int) -> None:
    site.stories(2)
    site.pages["/robots.txt"].status = status
    summary = crawl()
    assert summary.verdict == "failed"
    assert summary.issues[0].startswith("robots: ")
    assert set(site.paths()) == {"/robots.txt"}


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_robots_txt_that_is_not_there_allows(site: Any, crawl: Any, status: int) -> None:
    site.stories(2)
    site.pages["/robots.txt"].status = status
    assert crawl().verdict == "ok"


def test_disallowed_page_is_an_issue_and_never_asked_for(site: Any, crawl: Any) -> None:
    paths = site.stories(3)
    site.pages["/robots.txt"].body = f"User-agent: *\nDisallow: {paths[0]}\n"
    summary = crawl()
    assert paths[0] not in site.paths()
    assert [issue.split(":")[0] for issue in summary.issues] == ["robots"]
    assert summary.counts.new == 2


def test_disallowed_listing_fails_the_crawl(site: Any, crawl: Any) -> None:
    site.stories(3)
    site.pages["/robots.txt"].body = "User-agent: *\nDisallow: /news*\n"
    assert crawl().verdict == "failed"
    assert site.paths() == ["/robots.txt"]


def test_rules_for_this_crawler_win_over_those_for_all(site: Any, crawl: Any) -> None:
    site.stories(2)
    site.pages["/robots.txt"].body = "User-agent: *\nAllow: /\n\nUser-agent: forcewire\nDisallow: /\n"
    assert crawl().verdict == "failed"


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_pauses_the_host(site: Any, crawl: Any, status: int) -> None:
    paths = site.stories(3)
    busy = type(site.pages["/news/"])("", status, {"Retry-After": "1"})
    site.pages[paths[0]] = [busy, type(busy)("<html><body><h1>Late</h1><p>Text.</p></body></html>")]
    summary = crawl()
    assert (summary.verdict, summary.counts.new) == ("ok", 3)
    place = site.paths().index(paths[0])
    assert site.asked[place + 1].at - site.asked[place].at >= 1


def test_retry_after_as_a_date_pauses_the_host(site: Any, crawl: Any) -> None:
    site.stories(1)
    answers = site.pages["/news/"]
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    site.pages["/news/"] = [type(answers)("", 503, {"Retry-After": at}), answers]
    started = time.monotonic()
    assert crawl().verdict == "ok"
    assert time.monotonic() - started >= 1


def test_host_that_asks_for_too_long_a_pause_is_left_alone(site: Any, crawl: Any) -> None:
    paths = site.stories(5)
    site.pages[paths[1]] = type(site.pages["/news/"])("", 429, {"Retry-After": "3600"})
    summary = crawl()
    assert summary.verdict == "degraded"
    assert any("asks to be left alone" in issue for issue in summary.issues)
    assert paths[3] not in site.paths()
    assert site.paths().count(paths[1]) == 1


def test_page_is_asked_for_three_times_at_most(site: Any, crawl: Any) -> None:
    paths = site.stories(3)
    site.pages[paths[0]] = type(site.pages["/news/"])("", 500)
    assert crawl().verdict == "degraded"
    assert site.paths().count(paths[0]) == 3


def test_wall_on_the_listing_is_blocked_and_not_tried_again(site: Any, crawl: Any) -> None:
    site.pages["/news/"] = type(site.pages["/robots.txt"])("No.", 403)
    summary = crawl()
    assert summary.verdict == "failed"
    assert summary.reason.startswith("blocked")
    assert site.paths() == ["/robots.txt", "/news/"]


def test_wall_in_the_middle_ends_the_crawl(site: Any, crawl: Any) -> None:
    paths = site.stories(20)
    for path in paths[4:]:
        site.pages[path] = type(site.pages["/news/"])("No.", 403)
    summary = crawl()
    assert summary.verdict == "failed"
    assert summary.reason.startswith("blocked")
    assert len(site.asked) <= 2 + 4 + 7
    assert summary.counts.new == 4


def test_site_that_goes_down_is_not_asked_for_every_page(site: Any, crawl: Any) -> None:
    paths = site.stories(60)
    for path in paths[5:]:
        site.pages[path] = type(site.pages["/news/"])("", 500)
    assert crawl().verdict == "failed"
    assert len(set(site.paths())) <= 2 + 5 + 22


def test_every_request_says_who_asks(site: Any, crawl: Any) -> None:
    site.stories(1)
    crawl(contact="desk@fenwold.example")
    assert {asked.headers["user-agent"] for asked in site.asked} == {user_agent("desk@fenwold.example")}
    assert user_agent("desk@fenwold.example").startswith("Forcewire/")
    assert "(+desk@fenwold.example)" in user_agent("desk@fenwold.example")


@pytest.mark.parametrize("contact", [None, "", "  ", "a\nb: c", "\x00"])
def test_live_crawl_without_a_contact_refuses_to_start(make_entry: Any, database: str, contact: str | None) -> None:
    live = make_entry(hosts=["www.fenwold.example"], listing=[{"kind": "rss", "url": "https://www.fenwold.example/"}])
    with pytest.raises(CrawlRefused, match="contact"):
        crawl_sources([live], CrawlOptions(database_url=database, contact=contact))


def test_sources_that_share_a_host_are_one_group(make_entry: Any) -> None:
    def entry(name: str, *hosts: str) -> Any:
        return make_entry(id=name, hosts=hosts, listing=[{"kind": "html", "url": f"https://{hosts[0]}/"}])

    a, b, c, d = (
        entry("a", "x.example"),
        entry("b", "y.example"),
        entry("c", "z.example"),
        entry("d", "x.example", "y.example"),
    )
    groups = [[entry.id for entry in group] for group in host_groups([a, b, c, d])]
    assert sorted(map(sorted, groups)) == [["a", "b", "d"], ["c"]]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Tue, 24 Nov 2026 12:00:30 GMT", 30),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("9" * 400, 10 * 366 * 86400.0),
        ("1e308", None),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0.0),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, datetime(2026, 11, 24, 12, tzinfo=UTC)) == seconds
