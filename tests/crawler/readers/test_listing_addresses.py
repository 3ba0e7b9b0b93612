"""What is no news never becomes an article, whatever kind of listing it stands on: another site's, a form, advice, a shelf."""

from __future__ import annotations

import json

import pytest
from scrapy.http import HtmlResponse, JsonResponse, TextResponse, XmlResponse

from crawler.entries import SourceEntry
from crawler.readers import make_reader
from crawler.readers.base import Listing
from crawler.selectors import PageChanged

HOST = "https://www.ravenquay.example"
NEWS = [
    f"{HOST}/news/ravenquay/news/2026/may/man-sought-after-theft-of-a-boat/",
    f"{HOST}/news/ravenquay/news/campaigns/2026/may/boat-owners-asked-to-mark-outboards/",
    f"{HOST}/news/ravenquay/news/appeal/",
]
OTHERS = [
    "https://www.tarnbridge.example/news/tarnbridge/news/2026/may/man-sought-after-theft-of-a-van/",
    f"{HOST}/advice/advice-and-information/theft-of-boats-and-outboards/",
    f"{HOST}/contact/af/contact-us-about-something-else/",
    f"{HOST}/foi-ai/ravenquay-police/disclosure-2026/boats-stolen-since-2020/",
    f"{HOST}/police-forces/ravenquay-police/areas/campaigns/campaigns/lock-up-your-boat/",
    f"{HOST}/ro/report/how-to-report-a-crime-on-the-water/",
    f"{HOST}/SysSiteAssets/media/images/ravenquay/man-sought-after-theft.jpg",
    f"{HOST}/news/ravenquay/news/2026/may/man-sought-after-theft.pdf",
    f"{HOST}/news/ravenquay/news/appeals/2026/may/",
    f"{HOST}/news/news-search/?ct=&q=&page=2",
]


def entry(reader: str, kind: str) -> SourceEntry:
    return SourceEntry.model_validate(
        {
            "id": "ravenquay",
            "name": "Ravenquay Police",
            "force": "Ravenquay Police",
            "area": "Ravenquay",
            "reader": reader,
            "hosts": ("www.ravenquay.example",),
            "listing": ({"kind": kind, "url": f"{HOST}/news/ravenquay/news/"},),
            "articles": ("^/news/[a-z-]+/(?:news2?|latest)/.+",),
            "interval": "15m",
            "assertions": {"min": {"links": 1}, "fill": {}},
        }
    )


def title(number: int) -> str:
    return f"Headline number {number} says what happened at the harbour"


def read(reader: str, kind: str, urls: list[str]) -> Listing:
    url = f"{HOST}/news/ravenquay/news/{kind}"
    response: TextResponse
    if kind == "rss":
        items = "".join(f"<item><title>{title(n)}</title><link>{u}</link></item>" for n, u in enumerate(urls))
        response = XmlResponse(url, body=f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())
    elif kind == "atom":
        items = "".join(f'<entry><title>{title(n)}</title><link href="{u}"/></entry>' for n, u in enumerate(urls))
        response = XmlResponse(url, body=f'<feed xmlns="http://www.w3.org/2005/Atom">{items}</feed>'.encode())
    elif kind == "sitemap":
        items = "".join(f"<url><loc>{u}</loc></url>" for u in urls)
        body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</urlset>'
        response = XmlResponse(url, body=body.encode())
    elif kind == "api":
        response = JsonResponse(
            url, body=json.dumps([{"link": u, "title": title(n)} for n, u in enumerate(urls)]).encode()
        )
    else:
        cards = "".join(
            f'<li><h3><a href="{u}">{title(n)}</a></h3><p>What it says.</p></li>' for n, u in enumerate(urls)
        )
        response = HtmlResponse(
            url, body=f"<html><body><main><ul>{cards}</ul></main></body></html>".encode(), encoding="utf-8"
        )
    return make_reader(entry(reader, kind)).listing(response, kind)


@pytest.mark.parametrize("reader", ["single_online_home", "generic", "drupal"])
@pytest.mark.parametrize("kind", ["html", "rss", "atom", "api", "sitemap"])
def test_only_addresses_of_articles_are_links_of_a_listing(reader: str, kind: str) -> None:
    mixed = [url for pair in zip([*NEWS, *NEWS, *NEWS, *NEWS], OTHERS, strict=False) for url in pair]
    found = read(reader, kind, mixed)
    assert list(dict.fromkeys(link.url for link in found.links)) == NEWS


@pytest.mark.parametrize("kind", ["rss", "atom", "api", "sitemap"])
def test_a_feed_of_nothing_but_other_pages_is_no_listing(kind: str) -> None:
    with pytest.raises(PageChanged, match=r"none of \d+ links"):
        read("generic", kind, OTHERS)
