"""What the fuzzer feeds a reader: saved pages, listings and items, cut, spliced, nested and broken; and what counts as trouble."""

from __future__ import annotations

import gzip
import json
import random
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from scrapy.http import HtmlResponse, JsonResponse, Response, TextResponse, XmlResponse

from crawler.entries import SourceEntry
from crawler.meaning import describe
from crawler.readers import make_reader
from crawler.selectors import ReadError
from storage.records import Link

URL = "https://www.ravenquay.example/news/2021/march/appeal-quay-street"
KINDS = ("html", "rss", "atom", "api", "sitemap")
PIECES = [
    *b"<div>|</div>|<p>|</p>|<h1>|</h1>|<li>|<ol start='99999999999'>|<br>|<table><tr><td>|<form>|<footer>|<nav>|<title>|<svg><title>|<template>|<pre>\n|<body>|<html>|<frameset>|<plaintext>|<!--|-->|<![CDATA[|]]>|<script>|</script>".split(b"|"),
    b"<base href='http://['>", b"<a href='http://[bad'>", b"<a href='//x y:z/'>", b"<a rel='next' href='?page=2'>", b"<a href='/news/2021/march/x-y-z'>Read more</a>",
    b"<time datetime='9999-12-31T23:59:59-23:59'>", b"<time datetime='0000-99-99'>", b"31/12/9999 23:59", b"Published: 23:59 31/12/9999", b"29 Feb 1900", b"0001-01-01T00:00:00+14:00",
    b"<meta property='article:published_time' content='9999-12-31T23:00:00-12:00'>", b"<meta property='og:title' content='", b"<meta itemprop=datePublished content='1'>",
    b"<script type='application/ld+json'>[[{\"@type\":[1,null,\"Article\"],\"headline\":{},\"datePublished\":[],\"@graph\":5}]]</script>", b"<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"articleBody\":[1],\"author\":", b"{\"@type\": {\"a\": []}}",
    b"\x00", b"\xff\xfe", b"\xfe\xff", b"\xed\xa0\x80", b"\xe2\x80\xae", b"&#xD800;", b"&#0;", b"&#x110000;", b"&amp;amp;amp;", b"&bogus;", b"\xef\xbb\xbf", b"\x1f\x8b\x08",
    b"'", b'"', b"<", b">", b"</", b"<?xml version='1.0' encoding='utf-7'?>", b"<rss><channel><item><link>", b"<sitemapindex><sitemap><loc>", b"<urlset><url><loc>", b"{\"items\": [", b"[" * 500, b"{\"a\":" * 300, b"<b>" * 400, b"<div>" * 300, b"x" * 3000, b" " * 3000, b"1/" * 1000, b" - | " * 400,
]  # fmt: skip
FEEDS = [
    b'<?xml version="1.0"?><rss version="2.0"><channel><generator>https://wordpress.org/?v=6</generator><item><title>A &amp; b</title><link>https://www.ravenquay.example/news/a-b-c</link><pubDate>Sun, 21 Jun 2026 12:15:00 +0100</pubDate></item></channel></rss>',
    b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/news/"><link rel="next" href="?p=2"/><entry><title>A</title><link href="a-b-c"/><published>2026-06-21T12:15:00Z</published></entry></feed>',
    b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://www.ravenquay.example/news/a-b-c</loc><lastmod>2026-06-21</lastmod><news:news><news:title>A</news:title><news:publication_date>2026-06-21</news:publication_date></news:news></url></urlset>',
    b'<sitemapindex><sitemap><loc>https://www.ravenquay.example/post-sitemap.xml.gz</loc><lastmod>2026-06-21</lastmod></sitemap></sitemapindex>',
    b'{"version":"https://jsonfeed.org/version/1.1","next_url":"/n?p=2","items":[{"url":"https://www.ravenquay.example/news/a-b-c","title":"A","date_published":"2026-06-21T12:15:00Z"}]}',
    b'{"title":"Dogs","description":"d","details":{"body":"<p>Four dogs were found at the mill.</p>","image":{"url":"u"}},"first_published_at":"2020-01-01T00:00:00Z","public_updated_at":"2020-01-02T00:00:00Z","locale":"cy"}',
    b"<main><ul>" + b"".join(b"<li><h3><a href='/news/story-%d-of-ours'>Story %d of ours is told here</a></h3><p>%d May 2020</p><a href='/news/story-%d-of-ours'>Darllen mwy</a></li>" % (n, n, n, n) for n in range(1, 9)) + b"</ul><a href='?page=2'>2</a><a href='?page=2'>Nesaf</a></main>",
]  # fmt: skip


def seeds(pages: Path) -> list[bytes]:
    """The saved pages of the tests, and small listings of every kind."""
    saved = [path.read_bytes() for path in sorted(pages.glob("*/*/page.*"))]
    return [*FEEDS, gzip.compress(FEEDS[2], mtime=0), *saved]


def mutate(data: bytes, drawn: random.Random, others: Sequence[bytes], pieces: Sequence[bytes] = PIECES) -> bytes:
    """The bytes with some of their parts cut, doubled, moved, replaced, nested or taken from another page."""
    for _ in range(drawn.randint(1, 5)):
        at, to = sorted((drawn.randint(0, len(data)), drawn.randint(0, len(data))))
        to = min(to, at + drawn.choice((1, 4, 40, 400, 4000)))
        kind = drawn.randrange(7)
        if kind == 0:
            data = data[:at]
        elif kind == 1:
            data = data[:at] + drawn.choice(pieces) * drawn.choice((1, 1, 1, 2, 50)) + data[to:]
        elif kind == 2:
            data = data[:to] + data[at:to] * drawn.randint(1, 20) + data[to:]
        elif kind == 3:
            other = drawn.choice(others)
            data = data[:at] + other[drawn.randint(0, len(other)) :]
        elif kind == 4:
            tags = data.split(b"<")
            drawn.shuffle(tags)
            data = b"<".join(tags)
        elif kind == 5:
            data = data.decode("utf-8", "replace").encode(
                drawn.choice(("utf-16", "cp1252", "utf-8-sig", "utf-7")), "replace"
            )
        else:
            data = data[:at] + bytes(drawn.randrange(256) for _ in range(drawn.randint(1, 8))) + data[to:]
    return data


def own_entry(reader: str) -> SourceEntry:
    """The entry of an invented source that this reader reads."""
    return SourceEntry.model_validate({
        "id": "ravenquay", "name": "Ravenquay Police", "force": "Ravenquay Police", "area": "Ravenquay", "reader": reader, "hosts": ("www.ravenquay.example",),
        "listing": ({"kind": "html", "url": "https://www.ravenquay.example/news/"},), "interval": "15m", "assertions": {"min": {"links": 1}, "fill": {}},
    })  # fmt: skip


class Reading:
    """One reader, given the same bytes as an article and as a listing, under a header that the bytes choose."""

    def __init__(self, name: str) -> None:
        self._reader = make_reader(own_entry(name))

    def take(self, data: bytes) -> None:
        """Raises what no bytes may make a reader raise."""
        turn = sum(data[:64]) + len(data)
        response = _response(data, turn)
        with suppress(ReadError):
            record = self._reader.article(response, Link(url=URL, published_raw="1 May 2020"))
            json.dumps(describe(record).meta).encode()
            "".join((record.title, record.body, record.description or "", record.published_raw or "")).encode()
            assert record.title.strip(), "an empty title"
            assert record.body.strip(), "an empty body"
        with suppress(ReadError):
            for link in self._reader.listing(response, KINDS[turn % len(KINDS)]).links:
                f"{link.url} {link.title} {link.published_raw}".encode()


def trouble(take: Callable[[bytes], object], data: bytes) -> str | None:
    """What went wrong in a call and where, None where nothing did."""
    try:
        take(data)
    except Exception as error:  # noqa: BLE001  whatever it is, it is what is looked for
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {str(error)[:80]} at {Path(where.filename).name}:{where.lineno}"
    return None


def _response(data: bytes, turn: int) -> Response:
    match turn % 6:
        case 0 | 1:
            return HtmlResponse(URL, body=data)
        case 2:
            return TextResponse(URL, body=data, headers={"Content-Type": "text/html; charset=utf-8"})
        case 3:
            return XmlResponse(URL, body=data)
        case 4:
            return JsonResponse(URL, body=data)
        case _:
            return Response(URL, body=data)
