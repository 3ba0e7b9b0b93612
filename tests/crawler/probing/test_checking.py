"""A check says ok only of a source that a crawl can rely on, and names what is wrong with any other."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from crawler.entries import SourceEntry
from crawler.options import CrawlOptions
from crawler.probing.checked import SourceCheck
from crawler.probing.checking import check
from crawler.probing.session import Job, run_job
from crawler.readers.generic import GenericReader

Site = Any
OPTIONS = CrawlOptions(allow_loopback=True, delay=0.0)
PATHS = [f"/news/2026/story-{n}-of-june/" for n in range(1, 6)]


def story(n: int, *, date: str | None = None, more: str = "") -> str:
    day = f"{n:02} June 2026" if date is None else date
    return (
        f'<!doctype html><html lang="en"><head><title>Story {n} about a van</title></head><body><main><h1>Story {n} about a van</h1><p>{day}</p>'
        f"<p>Officers want to hear from anybody who saw van {n} in Quay Street on that night.</p><p>Call 101 and quote log {n} of {n} June, please.</p>{more}</main></body></html>"
    )


def listing(paths: list[str], *, shift: int = 0) -> str:
    cards = "".join(
        f'<li><h3><a href="{path}">Story {n} about a van</a></h3><p>{n + shift:02} June 2026</p></li>'
        for n, path in enumerate(paths, 1)
    )
    return f"<!doctype html><html><head><title>News</title></head><body><main><h1>News</h1><ul>{cards}</ul></main></body></html>"


@pytest.fixture
def answer(site: Site) -> Callable[..., Any]:
    return type(site.pages["/robots.txt"])


@pytest.fixture
def well(site: Site, answer: Callable[..., Any]) -> None:
    site.pages["/news/"] = answer(listing(PATHS))
    for n, path in enumerate(PATHS, 1):
        site.pages[path] = answer(story(n))


Check = Callable[..., SourceCheck]


@pytest.fixture
def checked(make_entry: Callable[..., SourceEntry]) -> Check:
    def run(**more: Any) -> SourceCheck:
        values: dict[str, Any] = {
            "reader": "generic",
            "assertions": {"min": {"links": 3}, "fill": {"published_at": 0.9}},
        }
        entry = make_entry(**values | more)
        return run_job(Job(entry, lambda session: check(session, lambda _: None)), OPTIONS)

    return run


@pytest.mark.usefixtures("well")
def test_a_well_source_is_ok_and_read_twice(site: Site, checked: Check) -> None:
    found = checked()
    assert (found.verdict, found.wrong, found.notes) == ("ok", [], [])
    assert [(one.kind, one.links, one.dated, one.used) for one in found.listings] == [("html", 5, 5, True)]
    asked = [path for path in site.paths() if path != "/robots.txt"]
    assert asked == [each for path in ("/news/", PATHS[0], PATHS[2], PATHS[4]) for each in [path]] * 2
    assert found.requests == 9


@pytest.mark.usefixtures("well")
def test_a_token_in_the_body_is_found_and_named(site: Site, answer: Callable[..., Any], checked: Check) -> None:
    count = itertools.count(31337)
    site.pages[PATHS[0]] = lambda asked: answer(story(1, more=f"<p>Your visit has the number {next(count)} today.</p>"))
    found = checked()
    assert found.verdict == "wrong"
    assert [line for line in found.wrong if "31337" in line and "31338" in line and "body" in line]


@pytest.mark.usefixtures("well")
def test_a_date_that_moves_with_each_visit_is_found(site: Site, answer: Callable[..., Any], checked: Check) -> None:
    count = itertools.count(1)
    site.pages[PATHS[0]] = lambda asked: answer(story(1, date=f"Published: 10:{next(count):02} 01/06/2026"))
    assert any("published_at" in line for line in checked().wrong)


@pytest.mark.usefixtures("well")
def test_what_only_machines_see_may_differ(site: Site, answer: Callable[..., Any], checked: Check) -> None:
    count = itertools.count(1)
    site.pages[PATHS[0]] = lambda asked: answer(
        story(1).replace("<head>", f'<head><meta name="csrf-token" content="t{next(count)}">')
    )
    found = checked()
    assert found.verdict == "ok"
    assert any("csrf-token" in note for note in found.articles[0].notes)


@pytest.mark.usefixtures("well")
def test_a_listing_that_fails_is_reported_and_the_next_one_used(site: Site, checked: Check) -> None:
    found = checked(listing=[{"kind": "rss", "url": f"{site.base}/rss"}, {"kind": "html", "url": f"{site.base}/news/"}])
    assert found.verdict == "ok"
    assert [one.used for one in found.listings] == [False, True]
    assert found.notes == [f"listing rss: HTTP 404, it is not there: {site.base}/rss"]


@pytest.mark.usefixtures("well")
def test_a_later_listing_that_fails_is_reported_though_it_is_not_in_use(
    site: Site, answer: Callable[..., Any], checked: Check
) -> None:
    site.pages["/old/"] = answer(
        "<html><body><h1>Old</h1><p>Nothing here any more, see the new pages.</p></body></html>"
    )
    found = checked(
        listing=[{"kind": "html", "url": f"{site.base}/news/"}, {"kind": "html", "url": f"{site.base}/old/"}]
    )
    assert found.verdict == "ok"
    assert "no links to stories" in found.notes[0]


def test_no_listing_at_all_is_wrong(checked: Check) -> None:
    found = checked()
    assert found.verdict == "wrong"
    assert "HTTP 404" in found.wrong[0]


@pytest.mark.usefixtures("well")
def test_a_block_is_named(site: Site, answer: Callable[..., Any], checked: Check) -> None:
    site.pages["/news/"] = answer("<h1>No</h1>", status=403)
    assert "blocked: HTTP 403" in checked().wrong[0]


@pytest.mark.usefixtures("well")
def test_robots_txt_is_obeyed(site: Site, answer: Callable[..., Any], checked: Check) -> None:
    site.pages["/robots.txt"] = answer("User-agent: *\nDisallow: /news/", headers={"Content-Type": "text/plain"})
    found = checked()
    assert "robots.txt forbids it" in found.wrong[0]
    assert site.paths() == ["/robots.txt"]


@pytest.mark.usefixtures("well")
def test_a_listing_that_robots_txt_forbids_leaves_the_next_one(
    site: Site, answer: Callable[..., Any], checked: Check
) -> None:
    site.pages["/robots.txt"] = answer("User-agent: *\nDisallow: /rss", headers={"Content-Type": "text/plain"})
    found = checked(listing=[{"kind": "rss", "url": f"{site.base}/rss"}, {"kind": "html", "url": f"{site.base}/news/"}])
    assert found.verdict == "ok"
    assert "robots.txt forbids it" in found.notes[0]


def test_a_dead_host_is_asked_once(site: Site, checked: Check) -> None:
    site.close()
    found = checked(listing=[{"kind": "rss", "url": f"{site.base}/rss"}, {"kind": "html", "url": f"{site.base}/news/"}])
    assert "no connection" in found.wrong[0]
    assert "not asked for" in found.wrong[1]


@pytest.mark.usefixtures("well")
def test_articles_that_robots_txt_forbids_are_wrong(site: Site, answer: Callable[..., Any], checked: Check) -> None:
    site.pages["/robots.txt"] = answer("User-agent: *\nDisallow: /news/2026/", headers={"Content-Type": "text/plain"})
    assert "robots.txt forbids it" in checked().wrong[0]


@pytest.mark.usefixtures("well")
def test_another_day_on_the_listing_than_on_the_page_is_wrong(
    site: Site, answer: Callable[..., Any], checked: Check
) -> None:
    site.pages["/news/"] = answer(listing(PATHS, shift=1))
    found = checked()
    assert any("the listing says 2026-06-02, the page 2026-06-01" in line for line in found.wrong)


@pytest.mark.usefixtures("well")
def test_too_few_links_are_wrong(checked: Check) -> None:
    found = checked(assertions={"min": {"links": 9}, "fill": {}})
    assert found.wrong == ["5 links on the listing where at least 9 are expected"]


@pytest.mark.usefixtures("well")
def test_articles_without_what_the_entry_expects_are_wrong(
    site: Site, answer: Callable[..., Any], checked: Check
) -> None:
    for n, path in enumerate(PATHS, 1):
        site.pages[path] = answer(story(n, date=""))
    site.pages["/news/"] = answer(listing(PATHS).replace(" June 2026", ""))
    found = checked()
    assert "0 of 3 articles have published_at where 90% are expected" in found.wrong


@pytest.mark.usefixtures("well")
def test_a_link_to_a_page_that_is_no_news_is_wrong(site: Site, answer: Callable[..., Any], checked: Check) -> None:
    path = "/who-we-are-and-what-we-do/"
    items = "".join(f"<item><title>Story</title><link>{site.base}{each}</link></item>" for each in (path, *PATHS))
    site.pages["/rss"] = answer(
        f'<rss version="2.0"><channel>{items}</channel></rss>', headers={"Content-Type": "text/xml"}
    )
    site.pages[path] = answer(story(1, date="").replace("Story 1 about a van", "Who we are and what we do"))
    found = checked(listing=[{"kind": "rss", "url": f"{site.base}/rss"}])
    assert any("not news" in line and path in line for line in found.wrong)


@pytest.mark.usefixtures("well")
def test_a_listed_story_that_is_gone_is_a_note_and_another_is_read(
    site: Site, answer: Callable[..., Any], checked: Check
) -> None:
    site.pages[PATHS[0]] = answer("gone", status=410)
    found = checked()
    assert found.verdict == "ok"
    assert len(found.articles) == 3
    assert "HTTP 410" in found.notes[0]


@pytest.mark.usefixtures("well")
def test_all_stories_gone_is_wrong(site: Site, answer: Callable[..., Any], checked: Check) -> None:
    for path in PATHS:
        site.pages[path] = answer("gone", status=404)
    assert "none of the listed articles is there" in checked().wrong


@pytest.mark.usefixtures("well")
def test_a_story_that_came_in_between_is_no_fault(site: Site, answer: Callable[..., Any], checked: Check) -> None:
    site.pages["/news/new-story-of-july/"] = answer(story(9))
    site.pages["/news/"] = [answer(listing(PATHS)), answer(listing(["/news/new-story-of-july/", *PATHS[:4]]))]
    found = checked()
    assert found.verdict == "ok"
    assert found.notes == ["1 new on the listing between the two reads"]


@pytest.mark.usefixtures("well")
def test_a_listing_that_shows_other_stories_each_time_is_wrong(
    site: Site, answer: Callable[..., Any], checked: Check
) -> None:
    site.pages["/news/"] = [
        answer(listing(PATHS)),
        answer(listing([PATHS[1], PATHS[3], "/news/another-story-of-may/"])),
    ]
    assert any("two reads of the listing differ" in line for line in checked().wrong)


@pytest.mark.usefixtures("well")
def test_lines_that_stand_in_every_story_are_pointed_at(site: Site, answer: Callable[..., Any], checked: Check) -> None:
    for n, path in enumerate(PATHS, 1):
        site.pages[path] = answer(story(n, more="<p>This press office line is the same on every page of ours.</p>"))
    found = checked()
    assert found.verdict == "ok"
    assert any("press office line" in note for note in found.notes)


@pytest.mark.usefixtures("well")
def test_an_api_that_asks_to_be_left_alone_is_told_with_all_that_was_found(
    site: Site, answer: Callable[..., Any], checked: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GenericReader, "request_url", lambda self, url: url.replace("/news/", "/api/news/"))
    wait = answer("later", status=429, headers={"Retry-After": "9999"})
    site.pages[PATHS[2].replace("/news/", "/api/news/")] = wait
    found = checked()
    assert [one.links for one in found.listings] == [5]
    assert [(each.title, "left alone" in "".join(each.wrong)) for each in found.articles] == [
        ("Story 1 about a van", False), (None, True), (None, True),
    ]  # fmt: skip
    assert found.requests == len(site.asked)


def test_an_index_is_checked_by_its_sitemap_of_stories_whatever_the_others_hold(
    site: Site, well: None, answer: Callable[..., Any], checked: Check
) -> None:
    def sitemap(*paths: str, kind: str = "url") -> Any:
        inner = "".join(f"<{kind}><loc>{site.base}{path}</loc></{kind}>" for path in paths)
        root = "urlset" if kind == "url" else "sitemapindex"
        body = f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</{root}>'
        return answer(body, headers={"Content-Type": "text/xml"})

    site.pages["/map.xml"] = sitemap("/a.xml", "/b.xml", "/c.xml", kind="sitemap")
    site.pages["/a.xml"] = site.pages["/b.xml"] = sitemap("/contact/", "/about/")
    site.pages["/c.xml"] = sitemap(*PATHS)
    found = checked(listing=[{"kind": "sitemap", "url": f"{site.base}/map.xml"}], articles=["^/news/"])
    assert (found.verdict, found.wrong) == ("ok", [])
