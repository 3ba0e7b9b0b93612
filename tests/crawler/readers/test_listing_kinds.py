"""Feeds of any age, sitemaps and their indexes, and answers of APIs: the articles they name, and where more are."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import Any

import pytest
from scrapy.http import HtmlResponse, JsonResponse, Response, XmlResponse

from crawler.entries import SourceEntry
from crawler.readers import make_reader
from crawler.readers.base import Listing
from crawler.selectors import PageChanged
from tests.growth import does_not_grow

HOST = "https://www.ravenquay.example"
URL = HOST + "/news/feed"
STORY = HOST + "/news/van-taken-in-quay-street"
LATER = "2026-06-21T12:15:00+01:00"


def read(entry: SourceEntry, body: str | bytes, kind: str, url: str = URL, **headers: str) -> Listing:
    data = body.encode() if isinstance(body, str) else body
    cls: type[Response] = {"html": HtmlResponse, "api": JsonResponse}.get(kind, XmlResponse)
    return make_reader(entry).listing(cls(url, body=data, headers=headers), kind)


def one(listing: Listing) -> tuple[str, str | None, str | None]:
    (link,) = listing.links
    return link.url, link.title, link.published_raw


FEEDS = {
    "RSS 0.91": f"<rss version='0.91'><channel><title>N</title><item><title>A van</title><link>{STORY}</link></item></channel></rss>",
    "RSS 1.0": f"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='x'/><item rdf:about='{STORY}'><title>A van</title><link>{STORY}</link><dc:date>{LATER}</dc:date></item></rdf:RDF>",
    "RSS 2.0 with only a permanent guid": f"<rss version='2.0'><channel><item><title>A van</title><guid>{STORY}</guid></item></channel></rss>",
    "RSS 2.0 counted by a service": f"<rss version='2.0' xmlns:feedburner='http://x'><channel><item><title>A van</title><link>https://feeds.example/~r/1</link><feedburner:origLink>{STORY}</feedburner:origLink></item></channel></rss>",
    "RSS 2.0 with its own prefix and CDATA": f"<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><item><media:content url='/v.jpg'><media:title>Picture</media:title></media:content><title><![CDATA[A van]]></title><link><![CDATA[ {STORY} ]]></link></item></channel></rss>",
    "Atom 1.0": f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='html'>A &lt;b&gt;van&lt;/b&gt;</title><link href='{STORY}'/><published>{LATER}</published></entry></feed>",
    "Atom 1.0 with xml:base": "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://www.ravenquay.example/news/'><entry><title>A van</title><link rel='alternate' href='van-taken-in-quay-street'/></entry></feed>",
    "Atom 0.3": f"<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>A van</title><link rel='alternate' href='{STORY}'/><issued>{LATER}</issued><modified>2027-01-01T00:00:00Z</modified></entry></feed>",
    "Atom with a prefix": f"<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>A van</a:title><a:link href='{STORY}'/></a:entry></a:feed>",
    "a comment and a stylesheet first": f"<?xml-stylesheet href='/x.xsl'?><!-- made by hand --><rss version='2.0'><channel><item><title>A van</title><link>{STORY}</link></item></channel></rss>",
}  # fmt: skip


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_of_any_age_is_read(entry: SourceEntry, name: str) -> None:
    url, title, date = one(read(entry, FEEDS[name], "rss"))
    assert (url, title) == (STORY, "A van")
    assert date == (LATER if LATER in FEEDS[name] else None)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_a_feed_in_any_encoding_is_read(entry: SourceEntry, encoding: str) -> None:
    label = encoding.removesuffix("-sig")
    text = f"<?xml version='1.0' encoding='{label}'?><rss><channel><item><title>Caffè £5</title><link>{STORY}</link></item></channel></rss>"
    assert one(read(entry, text.encode(encoding), "rss")) == (STORY, "Caffè £5", None)


def test_a_guid_that_is_no_address_of_a_page_is_no_link(entry: SourceEntry) -> None:
    text = f"<rss><channel><item><title>A van</title><guid isPermaLink='false'>{STORY}</guid></item></channel></rss>"
    assert read(entry, text, "rss").links == ()


@pytest.mark.parametrize("rel", ["next", "prev-archive"])
def test_the_older_pages_of_a_feed_are_found(entry: SourceEntry, rel: str) -> None:
    """RFC 5005: paged feeds link their next page, archived feeds the archive before."""
    text = FEEDS["Atom 1.0"].replace("<entry>", f"<link rel='{rel}' href='/news/feed?page=2'/><entry>")
    found = read(entry, text, "atom")
    assert (found.next_url, found.guessed) == (HOST + "/news/feed?page=2", False)


def test_a_header_names_the_next_page_of_any_listing(entry: SourceEntry) -> None:
    """RFC 8288."""
    header = f'<{HOST}/wp-json/>; rel="https://api.w.org/", <{HOST}/news/feed?page=3>; rel="next"'
    assert read(entry, FEEDS["Atom 1.0"], "atom", Link=header).next_url == HOST + "/news/feed?page=3"
    assert read(entry, FEEDS["Atom 1.0"], "atom", Link='<https://[bad>; rel="next"').next_url is None


def sitemap(*entries: str, kind: str = "urlset") -> str:
    spaces = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9' xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'"
    return f"<?xml version='1.0'?><{kind} {spaces}>{''.join(entries)}</{kind}>"


def test_a_sitemap_of_news_gives_titles_and_dates_and_a_picture_is_no_page(entry: SourceEntry) -> None:
    text = sitemap(
        f"<url><loc>{STORY}</loc><news:news><news:publication_date>{LATER}</news:publication_date><news:title>A van</news:title></news:news><image:image><image:loc>{HOST}/v.jpg</image:loc><image:title>Mill</image:title></image:image></url>"
    )
    assert one(read(entry, text, "sitemap")) == (STORY, "A van", LATER)


def test_lastmod_orders_a_sitemap_and_is_no_date_of_publication(entry: SourceEntry) -> None:
    days = ["2026-01-05", "2026-03-01", "2025-12-31"]
    text = sitemap(*(f"<url><loc>{STORY}-{d}</loc><lastmod>{d}</lastmod></url>" for d in days))
    links = read(entry, text, "sitemap").links
    assert [(link.url[-10:], link.published_raw) for link in links] == [(d, None) for d in sorted(days, reverse=True)]


@pytest.mark.parametrize("zipped", [False, True])
def test_an_index_gives_its_sitemaps_those_of_news_first(entry: SourceEntry, zipped: bool) -> None:
    parts = ["page-sitemap.xml", "post-sitemap2.xml.gz", "category-sitemap.xml", "post-sitemap1.xml"]
    text = sitemap(*(f"<sitemap><loc>{HOST}/{p}</loc></sitemap>" for p in parts), kind="sitemapindex")
    found = read(entry, gzip.compress(text.encode()) if zipped else text, "sitemap", HOST + "/sitemap.xml")
    assert found.links == ()
    assert [part.rsplit("/", 1)[-1] for part in found.parts] == [parts[1], parts[3], parts[0]]


def test_of_an_index_without_an_end_the_newest_sitemaps_are_looked_at(entry: SourceEntry) -> None:
    parts = (f"<sitemap><loc>{HOST}/post-{n}.xml</loc><lastmod>{2000 + n}</lastmod></sitemap>" for n in range(5000))
    found = read(entry, sitemap(*parts, kind="sitemapindex"), "sitemap", HOST + "/sitemap.xml")
    assert len(found.parts) == 2000
    assert found.parts[0] == f"{HOST}/post-4999.xml"


def test_an_index_of_another_site_raises(entry: SourceEntry) -> None:
    text = sitemap("<sitemap><loc>https://www.tarnbridge.example/a.xml</loc></sitemap>", kind="sitemapindex")
    with pytest.raises(PageChanged, match="no link to"):
        read(entry, text, "sitemap")


def test_a_sitemap_that_is_zipped_and_cut_gives_what_is_whole(entry: SourceEntry) -> None:
    text = sitemap(*(f"<url><loc>{STORY}-{n}</loc></url>" for n in range(2000)))
    found = read(entry, gzip.compress(text.encode())[:-3000], "sitemap")
    assert 0 < len(found.links) < 2000


def test_a_zip_bomb_is_read_to_a_bound(entry: SourceEntry) -> None:
    def bomb(megabytes: int) -> bytes:
        """Each megabyte of blanks is the same thousand bytes again."""
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        head = packer.compress(b"<urlset>") + packer.flush(zlib.Z_FULL_FLUSH)
        return head + (packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)) * megabytes

    def reading(body: bytes) -> None:
        assert read(entry, body, "sitemap").links == ()

    large, huge = bomb(200), bomb(4_000)
    does_not_grow(lambda: reading(large), lambda: reading(huge))


def test_a_sitemap_of_50000_gives_the_newest_that_may_be_articles(entry: SourceEntry) -> None:
    def address(n: int) -> str:
        return f"/about-us/page-{n}" if n % 2 else f"/news/story-about-van-{n}"

    text = sitemap(
        *(f"<url><loc>{HOST}{address(n)}</loc><lastmod>2020-01-01T{n:08}</lastmod></url>" for n in range(50_000))
    )
    links = read(entry, text, "sitemap").links
    assert [link.url for link in links] == [f"{HOST}/news/story-about-van-{n}" for n in range(49_998, 29_998, -2)]


def test_a_json_feed_is_read(entry: SourceEntry) -> None:
    data = {
        "version": "https://jsonfeed.org/version/1.1", "title": "Newsroom of the force", "home_page_url": HOST + "/news/", "feed_url": URL, "next_url": URL + "?page=2",
        "items": [{"id": "1", "url": STORY, "title": "A van", "date_published": LATER, "date_modified": "2027-01-01", "authors": [{"name": "Press office", "url": HOST + "/press-office-of-ours"}], "image": HOST + "/v.jpg"}],
    }  # fmt: skip
    found = read(entry, json.dumps(data), "api")
    assert (one(found), found.next_url) == ((STORY, "A van", LATER), URL + "?page=2")


POSTS = HOST + "/wp-json/wp/v2/posts"


def posts(number: int) -> str:
    return json.dumps(
        [{"id": n, "date": "2026-06-21T12:15:00", "date_gmt": "2026-06-21T11:15:00", "link": f"{STORY}-{n}", "title": {"rendered": "A <em>van</em> &#8211; now"}} for n in range(number)]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "headers", "number", "following", "guessed"),
    [
        (POSTS, {"X-WP-TotalPages": "3"}, 10, POSTS + "?page=2", False),
        (POSTS + "?per_page=2&page=2", {"X-WP-TotalPages": "3"}, 2, POSTS + "?per_page=2&page=3", False),
        (POSTS + "?page=3", {"X-WP-TotalPages": "3"}, 4, None, False),
        (POSTS, {}, 10, POSTS + "?page=2", True),
        (POSTS, {}, 4, None, False),
    ],
)
def test_posts_of_wordpress_are_paged(
    entry: SourceEntry, url: str, headers: dict[str, str], number: int, following: str | None, guessed: bool
) -> None:
    found = read(entry, posts(number), "api", url, **headers)
    assert (len(found.links), found.next_url, found.guessed) == (number, following, guessed)
    assert (found.links[0].title, found.links[0].published_raw) == ("A van – now", "2026-06-21T11:15:00Z")


ITEM = {"headline": "A van", "url": "/news/van-taken-in-quay-street", "publishedAt": LATER}


@pytest.mark.parametrize(
    ("data", "following"),
    [
        ({"results": [{"title": "A van", "link": "/news/van-taken-in-quay-street", "organisations": [{"title": "Ravenquay Police", "link": "/news/organisations-of-ours"}]}], "total": 45, "start": 20}, "?start=21"),
        ({"data": [ITEM], "links": {"self": URL, "next": {"href": "/news/feed?page%5Bnumber%5D=2"}}}, "?page%5Bnumber%5D=2"),
        ({"items": [ITEM], "meta": {"next_cursor": "b2Zmc2V0=="}}, "?cursor=b2Zmc2V0%3D%3D"),
        ({"data": {"articles": {"edges": [{"node": ITEM}], "pageInfo": {"endCursor": "x1", "hasNextPage": False}}}}, None),
        ({"data": [{"id": "1", "type": "news", "attributes": {"title": "A van", "path": "/news/van-taken-in-quay-street"}}]}, None),
        ({"articles": [ITEM], "nextPage": 2}, "?page=2"),
        ({"articles": [ITEM], "next": None}, None),
    ],
)  # fmt: skip
def test_an_api_of_any_shape_is_read(entry: SourceEntry, data: Any, following: str | None) -> None:
    found = read(entry, json.dumps(data), "api")
    assert [(link.url, link.title) for link in found.links] == [(STORY, "A van")]
    assert found.next_url == (URL + following if following else None)


@pytest.mark.parametrize(
    ("url", "paging", "following"),
    [
        ("/news/?start=20", '<a href="?start=0">1</a> <a href="?start=10">2</a> <b>3</b> <a href="?start=30">4</a>', "/news/?start=30"),
        ("/news/?page=1", '<a href="?page=0">1</a> <b>2</b> <a href="?page=2">3</a>', "/news/?page=2"),
        ("/news/3/", '<a href="/news/">1</a> <a href="/news/2/">2</a> 3 <a href="/news/4/">4</a>', "/news/4/"),
        ("/news/page-2.html", '<a href="/news/page-1.html">1</a> 2 <a href="/news/page-3.html">3</a>', "/news/page-3.html"),
        ("/news/", '<a href="?offset=20&cursor=abc" title="Next page"><img src="n.png"></a>', "/news/?offset=20&cursor=abc"),
        ("/news/", '<a href="?after=a_b--News">Dangos mwy</a>', "/news/?after=a_b--News"),
        ("/news/", '<a href="?page=2">»</a>', "/news/?page=2"),
        ("/news/", '<a href="/news/story-of-the-next-van/">Next</a>', None),
        ("/news/", '<a href="/shop?from=menu">More</a> <a href="/news/?page=2">Next</a>', "/news/?page=2"),
        ("/news/", '<a href="/events?page=1">More</a> <a href="/news/?page=2">Next</a>', "/news/?page=2"),
        ("/news/", '<a href="/news/?kind=appeals">View more appeals</a> <a href="/news/?page=2">Older</a>', "/news/?page=2"),
        ("/news/", '<a href="/shop?from=menu">Mwy o newyddion</a> <a href="/newyddion?tudalen=2">Nesaf</a>', "/newyddion?tudalen=2"),
        ("/news/", '<a href="/events?page=1">More</a> <a href="?start=0">1</a> <a href="?start=10">2</a>', "/news/?start=10"),
        ("/news/", '<a href="/events?page=1">More</a> <a href="/shop?from=menu">Next</a>', None),
        ("/", '<a href="/shop?from=menu">More</a> <a href="/tour?start=2">Next</a>', None),
        ("/news/", '<a href="/news/van-taken-1?from=list">More</a>', None),
        ("/news/", '<a href="/news/all?after=a_b">Older stories</a>', "/news/all?after=a_b"),
        ("/news/page/3/", '<a href="/news/?start=30">Next</a>', "/news/?start=30"),
        ("/news/", '<a href="/advice?s=2">2</a>', None),
        ("/news/?page=9", '<a href="?page=7">7</a> <a href="?page=8">8</a> <b>9</b>', None),
        ("/news/", '<p>In 2026 <a href="/news/van-taken/">3</a> vans were taken, <a href="/advice/2/">2</a> of them red.</p>', None),
    ],
)  # fmt: skip
def test_paging_by_numbers_offsets_and_cursors(
    entry: SourceEntry, url: str, paging: str, following: str | None
) -> None:
    cards = "".join(
        f"<li><h3><a href='/news/van-taken-{n}'>Van {n} taken in Quay Street</a></h3></li>" for n in range(4)
    )
    found = read(entry, f"<html><body><ul>{cards}</ul><div>{paging}</div></body></html>", "html", HOST + url)
    assert found.next_url == (HOST + following if following else None)
    assert len([link for link in found.links if "/van-taken-" in link.url]) == 4


def test_no_more_of_a_cards_time_is_kept_than_a_date_can_hold(entry: SourceEntry) -> None:
    cards = "".join(
        f"<li><time datetime='2026-03-2{n}T10:00:00Z{' and on' * 5000}'></time><h3><a href='/news/van-taken-{n}'>Van {n} taken in Quay Street</a></h3></li>"
        for n in range(4)
    )
    found = read(entry, f"<html><body><ul>{cards}</ul></body></html>", "html", HOST + "/news/")
    raw = [link.published_raw or "" for link in found.links]
    assert [one[:20] for one in raw] == [f"2026-03-2{n}T10:00:00Z" for n in range(4)]
    assert max(map(len, raw)) <= 100
