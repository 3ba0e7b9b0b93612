"""Listings: article links out of cards of any shape, where the next page is, and what is no listing at all."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from scrapy.http import HtmlResponse, JsonResponse, Response, TextResponse, XmlResponse

from crawler.entries import SourceEntry
from crawler.readers import make_reader
from crawler.readers.base import Listing
from crawler.selectors import NotNews, PageChanged
from tests.growth import does_not_grow

URL = "https://www.ravenquay.example/news/"
ITEMS = [
    ("appeal-after-man-robbed", "Appeal after man robbed in Quay Street", "27 March 2021"),
    ("burglar-of-tarnbridge-jailed", "Burglar of Tarnbridge jailed for three years", "26 March 2021"),
    ("three-held-after-raid-at-mill", "Three held after raid at Aldmoor mill", "25 March 2021"),
    ("officers-thank-harbour-crew", "Officers thank harbour crew for rescue", "24 March 2021"),
    ("new-patrols-for-marrowdale", "New patrols for Marrowdale town centre", "23 March 2021"),
]
CHROME = """<header><nav><ul><li><a href="/">Home</a></li><li><a href="/news/">News</a></li><li><a href="/advice/crime-prevention-advice-for-you/">Crime prevention advice for you</a></li>
<li><a href="/contact/how-to-contact-us-today/">How to contact us today</a></li></ul></nav></header>"""
FOOT = """<footer><ul><li><a href="/foi-ai/requests-for-information-2021/">Requests for information 2021</a></li><li><a href="/privacy/">Privacy notice</a></li>
<li><a href="https://www.example.org/news/another-site-entirely">Another site entirely has news</a></li></ul></footer>"""


def read(entry: SourceEntry, body: str | bytes, kind: str = "html", url: str = URL) -> Listing:
    data = body.encode() if isinstance(body, str) else body
    cls: type[Response] = {"html": HtmlResponse, "api": JsonResponse}.get(kind, XmlResponse)
    return make_reader(entry).listing(cls(url, body=data), kind)


def paths(listing: Listing) -> list[str]:
    return [link.url.removeprefix(URL) for link in listing.links]


CARDS = {
    "headings": '<div class="c"><h3><a href="/news/{slug}">{title}</a></h3><p>{date}</p><p>Words about it that say more.</p></div>',
    "image link, headline link, read more": '<div class="c"><a href="/news/{slug}"><img src="/i.jpg" alt=""></a><h3><a href="/news/{slug}">{title}</a></h3><p>Words.</p><span>{date}</span><a href="/news/{slug}">Read more</a></div>',
    "link around the whole card": '<a class="c" href="/news/{slug}"><div><h2>{title}</h2><p>Words about it that say more.</p><time>{date}</time></div></a>',
    "link around a card without a heading": '<a class="c" href="/news/{slug}"><div>{title}</div></a><div>{date}</div>',
    "list": "<li><a href='{slug}'>{title}</a> <span>{date}</span></li>",
    "table rows": "<tr><td>{date}</td><td><a href='/news/{slug}'>{title}</a></td></tr>",
    "definition list": "<dt><a href='/news/{slug}'>{title}</a></dt><dd>{date}</dd>",
    "paragraphs": "<p><a href='https://www.ravenquay.example/news/{slug}#top'>{title}</a><br>{date}</p>",
    "articles": "<article><header><h2><a href='/news/{slug}'>{title}</a></h2><time datetime='{date}'>some time ago</time></header><p>Words.</p></article>",
    "date before": "<div><span>{date}</span><div><strong><a href='/news/{slug}'>{title}</a></strong></div></div>",
    "image link last": "<div><h4><a href='/news/{slug}'>{title}</a></h4><em>{date}</em><a href='/news/{slug}'><img alt='{title}' src='x.jpg'></a></div>",
}  # fmt: skip
AROUND = {"list": "<ul>{}</ul>", "table rows": "<table><tbody>{}</tbody></table>", "definition list": "<dl>{}</dl>"}


def cards(shape: str, items: list[tuple[str, str, str]] = ITEMS) -> str:
    inner = "\n".join(CARDS[shape].format(slug=slug, title=title, date=date) for slug, title, date in items)
    return AROUND.get(shape, "<div>{}</div>").format(inner)


@pytest.mark.parametrize("shape", CARDS)
@pytest.mark.parametrize(
    "around",
    [
        "<main><h1>News</h1>{}</main>",
        "<form id='aspnetForm'><div>{}</div></form>",
        "<table><tr><td>{}</td></tr></table>",
    ],
)
def test_cards_of_any_shape_give_links_titles_and_order(entry: SourceEntry, shape: str, around: str) -> None:
    listing = read(entry, f"<html><body>{CHROME}{around.format(cards(shape))}{FOOT}</body></html>")
    assert [(link.url, link.title) for link in listing.links] == [(URL + slug, title) for slug, title, _ in ITEMS]


@pytest.mark.parametrize("shape", [s for s in CARDS if s != "link around a card without a heading"])
def test_the_date_beside_a_link_is_kept_as_printed(entry: SourceEntry, shape: str) -> None:
    listing = read(entry, f"<html><body>{CHROME}<main>{cards(shape)}</main>{FOOT}</body></html>")
    if shape == "definition list":  # one card cannot be told from the next
        assert all(link.published_raw in (None, date) for link, (_, _, date) in zip(listing.links, ITEMS, strict=True))
        return
    assert [link.published_raw for link in listing.links] == [date for _, _, date in ITEMS]


def test_a_listing_of_one_article_is_read(entry: SourceEntry) -> None:
    listing = read(entry, f"<html><body>{CHROME}<main>{cards('headings', ITEMS[:1])}</main>{FOOT}</body></html>")
    assert paths(listing) == ["appeal-after-man-robbed"]


def test_a_listing_without_articles_has_no_links(entry: SourceEntry) -> None:
    listing = read(
        entry,
        f"<html><body>{CHROME}<main><h1>News</h1><p>There is no news at the moment.</p></main>{FOOT}</body></html>",
    )
    assert listing.links == ()


def test_links_off_the_sources_hosts_are_left_out(entry: SourceEntry) -> None:
    foreign = cards("headings").replace("/news/", "https://www.tarnbridge.example/news/")
    assert (
        read(entry, f"<main>{cards('headings')}{foreign}</main>").links
        == read(entry, f"<main>{cards('headings')}</main>").links
    )


@pytest.mark.parametrize(
    "href",
    [
        "/advice/how-to-keep-your-home-safe-and-sound/", "/contact/contact-us-about-a-crime/", "/contact-us/", "/foi-ai/ravenquay-requests-2021/", "/careers/join-us-as-an-officer/", "/report/report-a-stolen-bike/",
        "/privacy-notice/", "/cookies/", "/accessibility-statement/", "/search/?q=news-of-the-day", "/login/", "/news/report-2021.pdf", "mailto:news@ravenquay.example", "tel:101", "javascript:void(0)", "#main",
        "/news/", "/", "/rss.xml", "/wp-content/uploads/2021-03-27.jpg", "/police-forces/ravenquay/areas/tarnbridge/", "/sitemap/",
    ],
)  # fmt: skip
def test_advice_contact_and_files_never_become_articles(entry: SourceEntry, href: str) -> None:
    extra = (
        CARDS["headings"]
        .format(slug="x", title="A long name of another page of ours", date="1 May 2020")
        .replace("/news/x", href)
    )
    listing = read(entry, f"<html><body><main>{cards('headings')}{extra}</main></body></html>")
    assert paths(listing) == [slug for slug, _, _ in ITEMS]


@pytest.mark.parametrize(
    ("paging", "following"),
    [
        ('<link rel="next" href="/news/?page=2">', "?page=2"),
        ('<a rel="next" href="?page=2">&gt;</a>', "?page=2"),
        ('<a href="/news/page/2/">Next</a>', "page/2/"),
        ('<a href="/news/?page=2">Next page »</a>', "?page=2"),
        ('<a href="/news/?page=2" aria-label="Next page"><svg></svg></a>', "?page=2"),
        ('<a href="/news/?page=2">Older posts</a>', "?page=2"),
        ('<a href="/news/?after=1616803200000_424242--News">Show more</a>', "?after=1616803200000_424242--News"),
        ('<a href="/news/?page=2">Load more</a>', "?page=2"),
        ('<ul><li><a href="/news/?page=1">1</a></li><li><a href="/news/?page=2">2</a></li><li><a href="/news/?page=3">3</a></li></ul>', "?page=2"),
        ('<span>1</span> <a href="/news/page/2/">2</a> <a href="/news/page/9/">9</a>', "page/2/"),
        ('<a href="/news/?page=2">Nesaf</a>', "?page=2"),
    ],
)  # fmt: skip
def test_the_next_page_is_found(entry: SourceEntry, paging: str, following: str) -> None:
    listing = read(
        entry, f"<html><body>{CHROME}<main>{cards('headings')}</main><div>{paging}</div>{FOOT}</body></html>"
    )
    assert listing.next_url == URL + following


def test_a_numbered_page_leads_to_the_number_after_its_own(entry: SourceEntry) -> None:
    numbers = " ".join(f'<a href="/news/?page={n}">{n}</a>' for n in range(1, 9))
    listing = read(entry, f"<main>{cards('headings')}</main>{numbers}", url=URL + "?page=4")
    assert listing.next_url == URL + "?page=5"


@pytest.mark.parametrize(
    "paging",
    [
        "", '<a href="/news/">Next</a>', '<a rel="next" href="https://www.tarnbridge.example/news/?page=2">Next</a>', '<a href="#">Next</a>',
        '<a href="javascript:more()">Load more</a>', '<a href="/news/?page=1">1</a>', '<a href="/about/next-steps/">Next</a>', '<a rel="next" href="https://[bad">Next</a>',
    ],
)  # fmt: skip
def test_the_last_page_has_no_next(entry: SourceEntry, paging: str) -> None:
    assert read(entry, f"<html><body><main>{cards('headings')}</main>{paging}</body></html>").next_url is None


FEEDS = {
    "rss": """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>https://www.ravenquay.example/</link>{}</channel></rss>""",
    "atom": """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><link href="https://www.ravenquay.example/"/>{}</feed>""",
    "rdf": """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/>{}</rdf:RDF>""",
    "sitemap": """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{}</urlset>""",
}  # fmt: skip
FEED_ITEMS = {
    "rss": "<item><title> {title}&amp;#39;s </title><link>https://www.ravenquay.example/news/{slug}</link><guid>x-{slug}</guid><pubDate>Sun, 21 Jun 2026 12:15:00 +0100</pubDate></item>",
    "atom": '<entry><id>tag:x,2005:{slug}</id><title>{title}&amp;#39;s</title><link rel="self" href="https://www.ravenquay.example/api/{slug}"/><link rel="alternate" href="/news/{slug}"/><updated>2026-07-01T00:00:00Z</updated><published>Sun, 21 Jun 2026 12:15:00 +0100</published></entry>',
    "rdf": "<item><title><![CDATA[{title}&#39;s]]></title><link>https://www.ravenquay.example/news/{slug}</link><dc:date>Sun, 21 Jun 2026 12:15:00 +0100</dc:date></item>",
    "sitemap": "<url><loc> https://www.ravenquay.example/news/{slug} </loc><lastmod>2026-07-01</lastmod><news:news><news:title>{title}&amp;#39;s</news:title><news:publication_date>Sun, 21 Jun 2026 12:15:00 +0100</news:publication_date></news:news></url>",
}  # fmt: skip


def feed(kind: str) -> str:
    return FEEDS[kind].format("".join(FEED_ITEMS[kind].format(slug=slug, title=title) for slug, title, _ in ITEMS))


@pytest.mark.parametrize("kind", FEEDS)
def test_feeds_and_sitemaps_give_links_titles_and_dates(entry: SourceEntry, kind: str) -> None:
    listing = read(entry, feed(kind), "rss" if kind == "rdf" else kind)
    assert [(link.url, link.title, link.published_raw) for link in listing.links] == [
        (URL + slug, title + "'s", "Sun, 21 Jun 2026 12:15:00 +0100") for slug, title, _ in ITEMS
    ]


def test_a_feed_is_told_by_its_bytes_and_not_by_its_header(entry: SourceEntry) -> None:
    for cls in (Response, TextResponse, HtmlResponse, XmlResponse):
        listing = make_reader(entry).listing(cls(URL, body=b"\xef\xbb\xbf\n" + feed("rss").encode()), "rss")
        assert len(listing.links) == len(ITEMS)


def test_updated_of_an_atom_entry_is_no_publication_date(entry: SourceEntry) -> None:
    text = feed("atom").replace("<published>Sun, 21 Jun 2026 12:15:00 +0100</published>", "")
    assert {link.published_raw for link in read(entry, text, "atom").links} == {None}


def test_an_empty_feed_is_a_listing_without_links(entry: SourceEntry) -> None:
    for kind in FEEDS:
        assert read(entry, FEEDS[kind].format(""), "rss").links == ()


def test_next_pages_of_an_atom_feed_are_followed(entry: SourceEntry) -> None:
    text = feed("atom").replace("<title>News</title>", '<title>News</title><link rel="next" href="/news/feed?page=2"/>')
    assert read(entry, text, "atom").next_url == URL + "feed?page=2"


def test_wordpress_answers_are_read(entry: SourceEntry) -> None:
    posts = [
        {"id": n, "date": "2020-08-12T09:48:00", "date_gmt": "2020-08-12T08:48:00", "link": URL + slug, "title": {"rendered": title + " &#8211; now"}, "_links": {"self": [{"href": "https://www.ravenquay.example/wp-json/wp/v2/posts/1"}]}}
        for n, (slug, title, _) in enumerate(ITEMS)
    ]  # fmt: skip
    listing = read(entry, json.dumps(posts), "api")
    assert [(link.url, link.title, link.published_raw) for link in listing.links] == [
        (URL + slug, title + " – now", "2020-08-12T08:48:00Z") for slug, title, _ in ITEMS
    ]


def test_answers_of_a_search_api_are_read(entry: SourceEntry) -> None:
    data = {
        "results": [
            {"title": title, "link": f"/news/{slug}", "format": "news_story", "_id": f"/news/{slug}"}
            for slug, title, _ in ITEMS
        ],
        "total": 5,
        "start": 0,
    }
    assert paths(read(entry, json.dumps(data), "api")) == [slug for slug, _, _ in ITEMS]


WALL = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser before you continue</h1><p>Please wait.</p></body></html>"


@pytest.mark.parametrize("kind", ["rss", "atom", "sitemap", "api"])
@pytest.mark.parametrize("body", [WALL, "", "Too many requests", "<", '{"a": ', "\x00\x01"])
def test_a_wall_instead_of_a_feed_raises(entry: SourceEntry, kind: str, body: str) -> None:
    with pytest.raises((PageChanged, NotNews)):
        read(entry, body, kind)


def test_xhtml_that_opens_as_xml_is_no_feed(entry: SourceEntry) -> None:
    wall = WALL.replace(
        "<!DOCTYPE html><html>",
        '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html xmlns="http://www.w3.org/1999/xhtml">',
    )
    with pytest.raises((PageChanged, NotNews)):
        read(entry, wall, "rss")


def test_a_feed_of_another_site_raises(entry: SourceEntry) -> None:
    with pytest.raises(PageChanged, match=r"www\.ravenquay\.example"):
        read(entry, feed("rss").replace("www.ravenquay.example", "www.tarnbridge.example"), "rss")


def bomb(levels: int) -> str:
    """The head of a feed with an entity that is ten of the one before it, and so on."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels + 1))
    return f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "news">{entities}]>'


BOMB = bomb(11)
XXE = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>'


@pytest.mark.parametrize(("start", "entity"), [(BOMB, "&a11;"), (XXE, "&x;"), (BOMB, "&a11;" * 50)])
def test_bombs_and_foreign_entities_read_nothing(entry: SourceEntry, start: str, entity: str) -> None:
    body = (
        start
        + f"<rss><channel><item><title>{entity}</title><link>{URL}a-b-c</link><description>{entity}</description></item></channel></rss>"
    )
    try:
        links = read(entry, body, "rss").links
    except (PageChanged, NotNews):
        links = ()
    assert all("root:" not in (link.title or "") and len(link.title or "") < 1000 for link in links)


def test_a_bomb_of_many_levels_costs_what_one_of_few_does(entry: SourceEntry) -> None:
    def reading(levels: int) -> None:
        title = f"<title>{f'&a{levels};' * 50}</title><link>{URL}a-b-c</link>"
        with suppress(PageChanged, NotNews):
            read(entry, f"{bomb(levels)}<rss><channel><item>{title}</item></channel></rss>", "rss")

    does_not_grow(lambda: reading(3), lambda: reading(11))


def test_a_broken_feed_gives_the_items_that_are_whole(entry: SourceEntry) -> None:
    """A stray ampersand is common, and no reason to lose a day's news."""
    text = feed("rss").replace("<title> Burglar", "<title> Fish & Chips: Burglar")
    assert paths(read(entry, text, "rss")) == [slug for slug, _, _ in ITEMS]


@pytest.mark.parametrize(
    "link",
    ["http://[bad", "", "   ", "mailto:a@b.example", "javascript:x", "https://www.ravenquay.example:99999/a-b-c"],
)
def test_an_item_with_a_bad_link_is_passed_over(entry: SourceEntry, link: str) -> None:
    text = feed("rss").replace(URL + ITEMS[0][0], link)
    assert paths(read(entry, text, "rss")) == [slug for slug, _, _ in ITEMS[1:]]
    data = [{"link": link, "title": "Bad link"}, {"link": URL + "a-b-c", "title": "Good link"}]
    assert paths(read(entry, json.dumps(data), "api")) == ["a-b-c"]
