"""A crawl from listing to verdict, on loopback."""

from __future__ import annotations

import gc
from typing import Any

import pytest
import sqlalchemy as sa

from storage.database import open_store, reading


def rows(database: str, query: str) -> list[Any]:
    engine = open_store(database)
    with reading(engine) as conn:
        found = conn.execute(sa.text(query)).all()
    engine.dispose()
    return [tuple(row) for row in found]


def articles(database: str) -> list[str]:
    return [url for (url,) in rows(database, "select url from article order by id")]


def changes(database: str) -> list[str]:
    return [change for (change,) in rows(database, "select change from change order by id")]


def test_first_crawl_stores_every_article_of_the_listing(site: Any, crawl: Any, database: str) -> None:
    paths = site.stories(3)
    summary = crawl()
    assert (summary.verdict, summary.reason) == ("ok", None)
    assert articles(database) == [site.base + path for path in paths]
    assert (summary.counts.new, summary.counts.links, summary.counts.requests) == (3, 3, 5)
    assert summary.counts.bytes > 0
    assert site.paths()[:2] == ["/robots.txt", "/news/"]


def test_second_crawl_asks_conditionally_and_finds_only_what_is_new(site: Any, crawl: Any, database: str) -> None:
    paths = site.stories(3)
    crawl()
    site.listing(site.story(4), *paths)
    site.asked.clear()
    summary = crawl()
    assert (summary.counts.new, summary.counts.not_modified, summary.counts.edited) == (1, 3, 0)
    assert len(articles(database)) == 4
    asked = {a.path: a.headers for a in site.asked}
    assert all("if-none-match" in asked[path] for path in paths)


def test_unchanged_listing_costs_one_request_and_keeps_its_links(site: Any, crawl: Any, make_entry: Any) -> None:
    paths = site.stories(3)
    site.pages["/news/"] = with_etag = site.pages["/news/"]
    with_etag.headers["ETag"] = '"list"'
    entry = make_entry(assertions={"min": {"links": 3}, "fill": {}})
    crawl(entry)
    site.pages["/news/"] = type(with_etag)("", 304, {"ETag": '"list"'})
    site.asked.clear()
    summary = crawl(entry)
    assert site.asked[1].headers["if-none-match"] == '"list"'
    assert (summary.verdict, summary.counts.links, summary.counts.not_modified) == ("ok", 3, len(paths))


def test_edit_is_noticed(site: Any, crawl: Any, database: str) -> None:
    site.stories(2)
    crawl()
    site.story(1, "Two vans were taken.")
    assert crawl().counts.edited == 1
    assert changes(database) == ["new", "new", "edited"]


def test_withdrawn_article_is_removed_after_a_repeated_answer_and_restored(
    site: Any, crawl: Any, database: str
) -> None:
    paths = site.stories(4)
    crawl()
    page = site.pages.pop(paths[0])
    site.listing(*paths[1:])
    site.asked.clear()
    summary = crawl()
    assert site.paths().count(paths[0]) == 2
    assert (summary.verdict, summary.counts.removed) == ("ok", 1)
    site.pages[paths[0]] = page
    assert crawl().counts.restored == 1
    assert changes(database)[-2:] == ["removed", "restored"]


def test_article_that_is_back_at_the_end_of_the_crawl_is_not_removed(site: Any, crawl: Any, database: str) -> None:
    paths = site.stories(4)
    crawl()
    page, gone = site.pages[paths[0]], type(site.pages["/news/"])("", 404)
    site.pages[paths[0]] = lambda asked: gone if site.paths().count(paths[0]) == 1 else page(asked)
    site.asked.clear()
    assert crawl().counts.removed == 0
    assert "removed" not in changes(database)


def test_redirect_to_the_listing_counts_as_gone(site: Any, crawl: Any) -> None:
    paths = site.stories(4)
    crawl()
    site.pages[paths[0]] = type(site.pages["/news/"])("", 302, {"Location": "/news/"})
    assert crawl().counts.removed == 1


def test_many_articles_gone_at_once_fail_the_crawl_and_remove_nothing(site: Any, crawl: Any, database: str) -> None:
    paths = site.stories(8)
    crawl()
    for path in paths[:6]:
        del site.pages[path]
    site.listing(*paths[6:])
    summary = crawl()
    assert summary.verdict == "failed"
    assert summary.counts.removed == 0
    assert any(issue.startswith("mass removal") for issue in summary.issues)
    assert rows(database, "select count(*) from article where removed_at is not null") == [(0,)]


def test_next_listing_is_used_when_the_first_fails(site: Any, crawl: Any, make_entry: Any) -> None:
    site.stories(2)
    listings = [{"kind": "rss", "url": f"{site.base}/feed/"}, {"kind": "html", "url": f"{site.base}/news/"}]
    summary = crawl(make_entry(listing=listings))
    assert (summary.verdict, summary.counts.new) == ("degraded", 2)
    assert any("/feed/" in issue for issue in summary.issues)


def test_empty_listing_fails(site: Any, crawl: Any, database: str) -> None:
    site.listing()
    summary = crawl()
    assert summary.verdict == "failed"
    assert rows(database, "select kind from issue") == [("listing empty",), ("no listing",)]


def test_fewer_links_than_asserted_fail(site: Any, crawl: Any, make_entry: Any) -> None:
    site.stories(2)
    summary = crawl(make_entry(assertions={"min": {"links": 5}, "fill": {}}))
    assert (summary.verdict, summary.reason) == ("failed", "2 links on the listing where at least 5 are expected")
    assert summary.counts.new == 2


def test_missing_field_degrades(site: Any, crawl: Any, make_entry: Any) -> None:
    site.stories(3)
    summary = crawl(make_entry(assertions={"min": {"links": 1}, "fill": {"published_at": 0.9}}))
    assert summary.verdict == "degraded"
    assert "0 of 3 articles have published_at" in summary.reason


def test_walk_follows_paging_while_there_are_unknown_links(site: Any, crawl: Any, database: str) -> None:
    paths = [site.story(n) for n in range(6)]
    site.listing(*paths[:2], next_path="/news/?page=2")
    site.listing(*paths[2:4], path="/news/?page=2", next_path="/news/?page=3")
    site.listing(*paths[4:], path="/news/?page=3")
    assert crawl().counts.new == 6
    site.asked.clear()
    crawl()
    assert [path for path in site.paths() if path.startswith("/news/?")] == []
    assert articles(database) == [site.base + path for path in paths]


def test_endless_paging_ends(site: Any, crawl: Any) -> None:
    paths = [site.story(n) for n in range(2)]
    for page in range(40):
        site.listing(*paths, path=f"/news/?page={page}", next_path=f"/news/?page={page + 1}")
    site.listing(*paths, next_path="/news/?page=0")
    assert crawl().verdict == "ok"
    assert len([path for path in site.paths() if "?page" in path]) <= 2


def test_paging_that_shows_something_new_for_ever_stops_at_max_pages(
    site: Any, crawl: Any, make_entry: Any, database: str
) -> None:
    for page in range(20):
        site.listing(site.story(page), path=f"/news/?page={page}", next_path=f"/news/?page={page + 1}")
    site.listing(site.story(99), next_path="/news/?page=0")
    summary = crawl(make_entry(max_pages=5))
    assert (summary.verdict, summary.counts.new) == ("degraded", 5)
    assert rows(database, "select kind from issue") == [("paging",)]


def test_page_without_title_is_an_issue_and_stays_pending(site: Any, crawl: Any, database: str) -> None:
    paths = site.stories(4)
    site.pages[paths[0]] = type(site.pages["/news/"])("<html><body><p>No headline.</p></body></html>")
    summary = crawl()
    assert (summary.verdict, summary.counts.new, summary.counts.failed) == ("degraded", 3, 1)
    assert rows(database, "select kind, url from issue") == [("page changed", site.base + paths[0])]
    assert rows(database, "select count(*) from page where article_id is null and role = 'article'") == [(1,)]


def test_fault_of_a_reader_is_an_issue_and_never_ends_the_crawl(site: Any, crawl: Any) -> None:
    paths = site.stories(4)
    site.pages[paths[0]] = type(site.pages["/news/"])("<html><body><b class=bomb></b></body></html>")
    summary = crawl()
    assert (summary.verdict, summary.counts.new) == ("degraded", 3)
    assert any("RuntimeError" in issue for issue in summary.issues)


def test_fault_of_a_reader_on_the_listing_fails_that_listing(
    site: Any, crawl: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.stories(2)
    monkeypatch.setattr("tiny_reader_of_the_tests.TinyReader.listing", lambda *_: 1 / 0)
    summary = crawl()
    assert summary.verdict == "failed"
    assert any("ZeroDivisionError" in issue for issue in summary.issues)


def test_page_that_is_no_news_is_rejected_without_fuss(site: Any, crawl: Any) -> None:
    paths = site.stories(4)
    site.pages[paths[0]] = type(site.pages["/news/"])("<html><body><form class=contact></form></body></html>")
    assert crawl().verdict == "ok"
    site.asked.clear()
    crawl()
    assert paths[0] not in site.paths()


def test_most_pages_failing_fail_the_crawl(site: Any, crawl: Any) -> None:
    paths = site.stories(4)
    for path in paths[:3]:
        site.pages[path] = type(site.pages["/news/"])("", 500)
    summary = crawl()
    assert (summary.verdict, summary.counts.new) == ("failed", 1)


def test_two_listed_urls_of_one_article_are_one_article(site: Any, crawl: Any, database: str) -> None:
    path = site.story(1)
    site.listing(f"{path}?utm_source=home", f"{path}#comments", path, "/old-address/")
    site.pages["/old-address/"] = type(site.pages["/news/"])("", 301, {"Location": path})
    assert crawl().verdict == "ok"
    assert articles(database) == [site.base + path]
    assert rows(database, "select count(*) from page where article_id is null and role = 'article'") == [(0,)]


@pytest.mark.parametrize(
    "path", ["/news/caf%c3%a9", "/news/Caf%C3%A9", "/news/a%2Fb", "/news/a%7Eb", "/item?a=%28b%29"]
)
def test_page_is_asked_for_in_the_spelling_of_its_link(site: Any, crawl: Any, database: str, path: str) -> None:
    site.pages[path] = site.pages[site.story(1)]
    site.listing(path)
    assert crawl().verdict == "ok"
    assert site.paths()[-1] == path
    assert articles(database) == [site.base + path]


def test_links_to_other_hosts_are_never_asked_for(site: Any, crawl: Any, database: str) -> None:
    site.listing(site.story(1), "https://elsewhere.example/news/1", "mailto:desk@fenwold.example")
    crawl()
    assert articles(database) == [f"{site.base}/news/story-1/"]


def test_crawl_that_is_running_makes_another_one_leave(
    site: Any, crawl: Any, database: str, make_entry: Any, caplog: pytest.LogCaptureFixture
) -> None:
    site.stories(1)
    seen = []

    def again(asked: Any) -> Any:
        seen.append(crawl())
        return type(site.pages["/news/"])("", 404)

    site.pages["/news/"] = again
    crawl()
    assert seen[0].verdict == "failed"
    assert "running" in seen[0].reason
    gc.collect()
    assert "Unclosed" not in caplog.text
    assert rows(database, "select count(*) from crawl") == [(1,)]


@pytest.mark.parametrize("broken", ["/robots.txt", "/news/"])
def test_crawl_that_never_got_an_answer_is_failed(site: Any, crawl: Any, broken: str) -> None:
    site.pages[broken] = type(site.pages["/robots.txt"])("", 500)
    assert crawl().verdict == "failed"
