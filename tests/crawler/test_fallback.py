"""The best listing a site has is tried first, and the next one whenever it fails, however it fails."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from crawler.settings import DOWNLOAD_TIMEOUT

STORY = (
    "<!doctype html><html><head><title>{title}</title></head><body><main><h1>{title}</h1><p>Published: 09:15 04/06/2026</p>"
    "<p>Officers want to hear from anybody who saw a grey van near the old mill on Saturday night.</p>"
    "<p>It was taken from a yard in Quay Street between 9pm and midnight, and has not been seen since.</p></main></body></html>"
)
XML = {"Content-Type": "application/xml"}
WALL = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1><p>Please wait.</p></body></html>"


class Newsroom:
    """The small site of the tests with stories that the generic reader reads, a feed and a list of them."""

    def __init__(self, site: Any) -> None:
        self.site = site
        self.answer = type(site.pages["/robots.txt"])
        self.entry: dict[str, Any] = {
            "reader": "generic",
            "listing": [{"kind": "rss", "url": f"{site.base}/feed"}, {"kind": "html", "url": f"{site.base}/news/"}],
        }

    def put(self, path: str, body: str | bytes, status: int = 200, **more: Any) -> None:
        self.site.pages[path] = self.answer(body, status, **more)

    def stories(self, first: int, last: int) -> list[str]:
        paths = [f"/news/story-about-van-{n}/" for n in range(first, last + 1)]
        for n, path in zip(range(first, last + 1), paths, strict=True):
            self.put(path, STORY.format(title=f"Appeal after van {n} was taken"))
        return paths

    def list(self, path: str, paths: list[str], following: str = "") -> None:
        cards = "".join(
            f"<li><h3><a href='{p}'>Appeal after van was taken</a></h3><p>4 June 2026</p></li>" for p in paths
        )
        self.put(path, f"<html><body><main><h1>News</h1><ul>{cards}</ul>{following}</main></body></html>")

    def feed(self, path: str, paths: list[str], more: str = "", base: str | None = None) -> None:
        items = "".join(f"<item><title>Appeal</title><link>{base or self.site.base}{p}</link></item>" for p in paths)
        self.put(path, f'<?xml version="1.0"?><rss version="2.0"><channel>{more}{items}</channel></rss>', headers=XML)

    def sitemap(self, path: str, entries: list[tuple[str, str]], kind: str = "url", zipped: bool = False) -> None:
        inner = "".join(
            f"<{kind}><loc>{self.site.base}{p}</loc><lastmod>{day}</lastmod></{kind}>" for p, day in entries
        )
        root = "urlset" if kind == "url" else "sitemapindex"
        body = f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</{root}>'
        self.put(path, gzip.compress(body.encode()) if zipped else body, headers={"Content-Type": "application/x-gzip"} if zipped else XML)  # fmt: skip

    def times(self, path: str) -> int:
        return self.site.paths().count(path)


@pytest.fixture
def newsroom(site: Any) -> Newsroom:
    return Newsroom(site)


FAULTS: dict[str, dict[str, Any]] = {
    "404": {"body": "gone", "status": 404},
    "410": {"body": "gone", "status": 410},
    "403": {"body": WALL, "status": 403},
    "401": {"body": "", "status": 401},
    "500": {"body": "oops", "status": 500},
    "wall instead of a feed": {"body": WALL},
    "nothing at all": {"body": ""},
    "feed without items": {"body": '<rss version="2.0"><channel><title>News</title></channel></rss>', "headers": XML},
    "broken XML": {"body": '<?xml version="1.0"?><rss><channel><item', "headers": XML},
    "XML of another kind": {"body": "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "headers": XML},
    "links of another site": {"body": "<rss version='2.0'><channel><item><title>A</title><link>https://www.tarnbridge.example/news/a-b-c</link></item></channel></rss>", "headers": XML},
    "links to pages that are no articles": {"body": "<rss version='2.0'><channel><item><title>A</title><link>/contact-us/</link></item></channel></rss>", "headers": XML},
    "a picture": {"body": b"\x89PNG\r\n\x1a\n\x00\x00", "headers": {"Content-Type": "image/png"}},
    "JSON that is an error": {"body": '{"error": "not found"}', "headers": {"Content-Type": "application/json"}},
    "a redirect elsewhere": {"body": "", "status": 302, "headers": {"Location": "https://www.tarnbridge.example/login"}},
    "a redirect to itself": {"body": "", "status": 302, "headers": {"Location": "/feed"}},
    "cut in the middle": {"body": "<rss><channel>" + "x" * 4000, "cut": 100, "headers": XML},
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_the_next_listing_stands_in_for_one_that_fails(
    newsroom: Newsroom, crawl: Any, make_entry: Any, fault: str
) -> None:
    newsroom.list("/news/", newsroom.stories(1, 3))
    newsroom.put("/feed", **FAULTS[fault])
    summary = crawl(make_entry(**newsroom.entry))
    assert (summary.counts.new, summary.verdict) == (3, "degraded")
    assert summary.issues
    assert "/feed" in summary.issues[0] or "tarnbridge" in summary.issues[0]


def test_a_listing_that_does_not_answer_in_time_is_passed_over(
    newsroom: Newsroom, crawl: Any, make_entry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert DOWNLOAD_TIMEOUT > 1
    monkeypatch.setattr("crawler.settings.DOWNLOAD_TIMEOUT", 0.3)
    newsroom.list("/news/", newsroom.stories(1, 2))
    newsroom.put("/feed", "", wait=1.0)
    summary = crawl(make_entry(**newsroom.entry))
    assert (summary.counts.new, summary.verdict) == (2, "degraded")
    assert summary.issues[0].startswith("timeout: listing: timeout at ")


def test_a_listing_that_works_is_the_only_one_asked_for(newsroom: Newsroom, crawl: Any, make_entry: Any) -> None:
    paths = newsroom.stories(1, 3)
    newsroom.list("/news/", paths)
    newsroom.feed("/feed", paths)
    crawl(make_entry(**newsroom.entry))
    before = newsroom.times("/news/")
    assert crawl(make_entry(**newsroom.entry)).verdict == "ok"
    assert (newsroom.times("/news/"), newsroom.times("/feed")) == (before, 2)


def test_all_listings_fail_and_the_crawl_says_so(newsroom: Newsroom, crawl: Any, make_entry: Any) -> None:
    newsroom.put("/feed", WALL)
    newsroom.put("/news/", WALL)
    assert crawl(make_entry(**newsroom.entry)).verdict == "failed"


def test_a_weblogs_feed_is_read_beyond_its_end_and_its_end_is_no_fault(
    newsroom: Newsroom, crawl: Any, make_entry: Any
) -> None:
    """WordPress has older stories at ?paged=2 of any feed and announces it nowhere; behind the last one is a 404."""
    generator = "<generator>https://wordpress.org/?v=6.5</generator>"
    newsroom.feed("/feed", newsroom.stories(1, 3), generator)
    newsroom.feed("/feed?paged=2", newsroom.stories(4, 5), generator)
    entry = make_entry(**newsroom.entry | {"listing": newsroom.entry["listing"][:1]})
    summary = crawl(entry)
    assert (summary.verdict, summary.counts.new, summary.issues) == ("ok", 5, [])
    assert newsroom.times("/feed?paged=3") == 1
    crawl(entry)
    assert newsroom.times("/feed?paged=2") == 1


def test_an_index_of_sitemaps_leads_to_the_stories(newsroom: Newsroom, crawl: Any, make_entry: Any) -> None:
    pages = ["/about-the-force/", "/contact-us/"]
    newsroom.sitemap(
        "/sitemap.xml",
        [("/map/page.xml", "2026-06-02"), ("/map/news-2.xml.gz", "2026-06-01"), ("/map/image.xml", "2026-06-03")],
        "sitemap",
    )
    newsroom.sitemap("/map/news-2.xml.gz", [(p, "2026-06-01") for p in newsroom.stories(1, 3)], zipped=True)
    newsroom.sitemap("/map/page.xml", [(p, "2026-06-01") for p in pages])
    entry = make_entry(
        **newsroom.entry | {"listing": [{"kind": "sitemap", "url": f"{newsroom.site.base}/sitemap.xml"}], "articles": ["^/news/"]}
    )  # fmt: skip
    summary = crawl(entry)
    assert (summary.verdict, summary.counts.new, summary.issues) == ("ok", 3, [])
    asked = newsroom.site.paths()
    assert asked.index("/map/news-2.xml.gz") < asked.index("/map/page.xml")
    assert "/map/image.xml" not in asked


def test_an_index_none_of_whose_sitemaps_has_a_story_is_a_listing_that_fails(
    newsroom: Newsroom, crawl: Any, make_entry: Any
) -> None:
    newsroom.sitemap("/sitemap.xml", [("/map/a.xml", ""), ("/map/b.xml", "")], "sitemap")
    newsroom.sitemap("/map/a.xml", [("/about-the-force/", "")])
    newsroom.sitemap("/map/b.xml", [("/contact-us/", "")])
    entry = make_entry(
        **newsroom.entry | {"listing": [{"kind": "sitemap", "url": f"{newsroom.site.base}/sitemap.xml"}], "articles": ["^/news/"]}
    )  # fmt: skip
    summary = crawl(entry)
    assert summary.verdict == "failed"
    assert "none of 1 links has the address of an article" in summary.issues[0]
    assert (newsroom.times("/map/a.xml"), newsroom.times("/map/b.xml")) == (1, 1)


def test_a_story_is_found_though_the_index_above_its_sitemap_is_unchanged(
    newsroom: Newsroom, crawl: Any, make_entry: Any
) -> None:
    newsroom.sitemap("/sitemap.xml", [("/map/news.xml", "")], "sitemap")
    newsroom.sitemap("/map/news.xml", [(p, "2026-06-01") for p in newsroom.stories(1, 3)])
    index = newsroom.site.pages["/sitemap.xml"]
    index.headers["ETag"] = '"same"'
    same = type(index)("", 304, {"ETag": '"same"'})
    newsroom.site.pages["/sitemap.xml"] = lambda asked: same if asked.headers.get("if-none-match") else index
    entry = make_entry(
        **newsroom.entry | {"listing": [{"kind": "sitemap", "url": f"{newsroom.site.base}/sitemap.xml"}], "articles": ["^/news/"]}
    )  # fmt: skip
    assert crawl(entry).counts.new == 3
    newsroom.sitemap("/map/news.xml", [(p, "2026-06-01") for p in newsroom.stories(1, 4)])
    assert crawl(entry).counts.new == 1


def test_an_index_that_names_itself_ends(newsroom: Newsroom, crawl: Any, make_entry: Any) -> None:
    newsroom.sitemap("/a.xml", [("/a.xml", ""), ("/b.xml", "")], "sitemap")
    newsroom.sitemap("/b.xml", [("/a.xml", ""), ("/b.xml", "")], "sitemap")
    entry = make_entry(**newsroom.entry | {"listing": [{"kind": "sitemap", "url": f"{newsroom.site.base}/a.xml"}]})
    assert crawl(entry).verdict == "failed"
    assert (newsroom.times("/a.xml"), newsroom.times("/b.xml")) == (1, 1)
