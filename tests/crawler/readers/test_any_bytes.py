"""Whatever bytes answer, a reader makes a record or says that the page changed or is no news; and its work grows with the page."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from scrapy.http import HtmlResponse, JsonResponse, Response, TextResponse, XmlResponse

from bench.fuzzing import FEEDS, mutate, seeds
from bench.hostile_pages import HOSTILE, LISTINGS, START, UNITS, WORDS, of_one_headline, of_one_line
from crawler.entries import load_entries
from crawler.readers import READERS, make_reader
from crawler.readers.base import Listing
from crawler.selectors import NotNews, PageChanged
from storage.records import Link, Precision, Record
from tests.growth import grows_no_faster

ENTRY = load_entries()["cumbria"].model_copy(
    update={
        "id": "ravenquay",
        "name": "Ravenquay Police",
        "force": "Ravenquay Police",
        "area": "Ravenquay",
        "hosts": ("www.ravenquay.example",),
    }
)
URL = "https://www.ravenquay.example/news/appeal-quay-street"
KINDS = ("html", "rss", "atom", "api", "sitemap")
ALL = {name: make_reader(ENTRY, name) for name in READERS}


def article(name: str, response: Response) -> Record | None:
    """The record, or None where the reader says that this is none. Whatever is read can be stored."""
    try:
        record = ALL[name].article(response, Link(url=response.url, published_raw="soon"))
    except (PageChanged, NotNews):
        return None
    assert record.title.strip()
    assert record.body.strip()
    assert "\n" not in record.title
    assert (record.published_at is None) == (record.published_precision is Precision.UNKNOWN)
    for text in (
        record.title,
        record.body,
        record.description or "",
        record.published_raw or "",
        record.image_url or "",
        record.language,
    ):
        text.encode()  # no lone surrogate
        assert "\x00" not in text
    json.dumps(record.meta).encode()
    return record


def listing(name: str, response: Response, kind: str) -> Listing | None:
    try:
        found = ALL[name].listing(response, kind)
    except (PageChanged, NotNews):
        return None
    assert all(ENTRY.owns(link.url) for link in found.links)
    assert found.next_url is None or isinstance(found.next_url, str)
    return found


def page(body: bytes, encoding: str | None = None) -> HtmlResponse:
    return HtmlResponse(URL, body=body, encoding=encoding)


PAGE = b"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><base href="/news/"><title>Appeal after man robbed | Ravenquay Police</title>
<meta property="og:title" content="Appeal after man robbed"><meta name="description" content="Officers &amp; others"><meta property="article:published_time" content="2021-03-27T15:59:00Z">
<meta property="og:image" content="/a.jpg"><script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"Appeal","datePublished":"2021-03-27"}]}</script></head>
<body><nav><a href="/">Home</a></nav><main><h1>Appeal after man robbed</h1><time datetime="2021-03-27T15:59:00Z">27 March 2021</time><div itemprop="articleBody"><p>Officers are appealing for
<b>witnesses</b> after a <a href="/x?a=1&b=2">man</a> was robbed.</p><ul><li>one</li><li>two<ol start="3"><li>three</li></ol></li></ul><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>
<blockquote><p>Call us.</p></blockquote><p>Posted at 14:23 on 31st December 2020</p></div></main><ul><li><h3><a href="/news/a-b-c">Another story about a robbery</a></h3><p>1 May 2020</p></li></ul><a rel="next" href="?page=2">2</a>
<footer>&copy; 2021</footer></body></html>"""
FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><item><title>A &amp; b</title><link>https://www.ravenquay.example/news/a-b-c</link><pubDate>Sun, 21 Jun 2026 12:15:00 +0100</pubDate></item></channel></rss>'
ITEM = json.dumps(
    {
        "title": "Dogs",
        "description": "d",
        "details": {"body": "<p>Four dogs.</p>", "image": {"url": "u"}},
        "first_published_at": "2020-01-01T00:00:00Z",
        "public_updated_at": "2020-01-02T00:00:00Z",
        "locale": "en",
    }
).encode()
PIECES = [b"<div>", b"</div>", b"<p>", b"</p>", b"<h1>", b"</h1>", b"<a href='http://[bad'>", b"<a href='//x y:z/'>", b"<base href='http://[x'>", b"<table><tr><td>", b"<li>", b"<ol start='\xc2\xb2'>", b"<ol start='99999999999'>",
          b"<br>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<script>", b"</script>", b"<svg><title>", b"<time datetime='0000-99-99'>", b"<time datetime='9999-12-31T23:59:59-23:59'>", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"&#xD800;", b"&#0;", b"&#x110000;", b"&bogus;",
          b"31/12/9999 23:59", b"<meta property='og:title' content='", b"<meta property='article:published_time' content='0001-01-01T00:00:00+14:00'>", b"<form>", b"<footer>", b"<title>", b"<frameset>", b"<template>", b"<pre>\n", b"\xe2\x80\xae", b"<body>", b"<html>",
          b"<script type='application/ld+json'>[[[{\"@type\":[1,null,\"Article\"],\"headline\":{},\"datePublished\":[]}]]]</script>", b"<plaintext>", b"'", b'"', b"<", b">", b"</", b"<?", b"x" * 300]  # fmt: skip
GENERATED = st.lists(
    st.sampled_from(PIECES)
    | st.binary(max_size=12)
    | st.text(max_size=12).map(lambda s: s.encode("utf-8", "surrogatepass")),
    max_size=40,
).map(b"".join)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A page, feed or item with stretches taken out, doubled, or replaced."""
    body = draw(st.sampled_from([PAGE, FEED, ITEM]))
    for _ in range(draw(st.integers(1, 4))):
        at, to = sorted((draw(st.integers(0, len(body))), draw(st.integers(0, len(body)))))
        to = min(to, at + draw(st.sampled_from([1, 8, 200])))
        body = body[:at] + draw(st.sampled_from([b"", body[at:to] * 2, *PIECES])) + body[to:]
    return body


SAVED = seeds(Path(__file__).parents[2] / "pages")


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A saved page or a listing, cut, spliced with another, nested, shuffled, in another encoding."""
    # One number and not each choice of its own: a shuffled page makes thousands.
    return mutate(draw(st.sampled_from(SAVED)), random.Random(draw(st.integers(0, 2**32))), SAVED)[:60_000]


BYTES = st.binary(max_size=300) | GENERATED | mutated() | broken()
RESPONSES: dict[str, Callable[[bytes], Response]] = {
    "html": lambda body: HtmlResponse(URL, body=body),
    "latin": lambda body: HtmlResponse(URL, body=body, encoding="latin-1"),
    "header": lambda body: TextResponse(URL, body=body, headers={"Content-Type": "text/html; charset=utf-7"}),
    "xml": lambda body: XmlResponse(URL, body=body),
    "json": lambda body: JsonResponse(URL, body=body),
    "bytes": lambda body: Response(URL, body=body),
}
FUZZED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("name", READERS)
@FUZZED
@given(BYTES, st.sampled_from(sorted(RESPONSES)))
def test_any_bytes_are_a_record_or_none(name: str, body: bytes, kind: str) -> None:
    article(name, RESPONSES[kind](body))


@pytest.mark.parametrize(
    "body",
    [
        PAGE.replace(b"<base href=\"/news/\">", b"<base href='http://['>"),
        PAGE.replace(b"2021-03-27T15:59:00Z", b"9999-12-31T23:59:59-23:59"),
        PAGE.replace(b"2021-03-27T15:59:00Z", b"0001-01-01T00:00:00+23:59").replace(b"27 March 2021", b"31 December 9999"),
        PAGE.replace(b'"@type":"NewsArticle"', b'"@type":[{"a":1},null,7,"NewsArticle"],"author":[[]],"mainEntity":3'),
        PAGE.replace(b'"headline":"Appeal","datePublished":"2021-03-27"', b'"headline":["a",{}],"datePublished":{"@value":1e999},"articleBody":false'),
        PAGE.replace(b"<main>", b"<own\x01-element>Officers are appealing for witnesses of a robbery.</own\x01-element><main>"),
        PAGE.replace(b"<h1>", b"<h1 class='" + b"x" * 500_000 + b"' id='" + b"y-" * 200_000 + b"'>"),
        PAGE.replace(b"<p>", b"<p>" + b"<div>" * 3_000, 1),
        PAGE.decode().encode("utf-16"),
        PAGE.decode().encode("utf-7"),
        PAGE[: len(PAGE) // 2],
    ],
    ids=["base", "year 9999", "year 1", "types", "values", "name of an element", "attributes", "nesting", "utf-16", "utf-7", "cut"],
)  # fmt: skip
@pytest.mark.parametrize("name", READERS)
def test_a_page_broken_in_one_place_is_a_record_or_none(name: str, body: bytes) -> None:
    article(name, page(body))
    listing(name, page(body), "html")


@pytest.mark.parametrize("case", ["attribute of 1 MB", "20,000 nested div"])
@pytest.mark.parametrize("name", READERS)
def test_the_work_of_every_reader_grows_with_the_page_and_not_faster(name: str, case: str) -> None:
    make, number = HOSTILE[case]
    grows_no_faster(make, lambda body: article(name, page(body)), number)
    grows_no_faster(make, lambda body: listing(name, page(body), "html"), number)


@pytest.mark.parametrize("half", ["&#xD800;", "&#xdfff;", "&#55296;", "&#57343;"])
def test_half_a_character_in_a_feed_costs_itself_alone(half: str) -> None:
    body = f"<rss><channel><item><title>Gate{half} closed</title><link>{URL}</link></item></channel></rss>"
    found = listing("generic", RESPONSES["bytes"](body.encode()), "rss")
    assert found is not None
    assert [link.title for link in found.links] == ["Gate closed"]


@pytest.mark.parametrize("name", READERS)
@FUZZED
@example(b"<?xml ><item><:>&#xD800;", "bytes", "html")
@example(FEEDS[1], "xml", "atom")
@example(b"\x1f\x8b\x08", "bytes", "sitemap")
@example(b"\xff\xfe<\x00r\x00s\x00s\x00", "bytes", "rss")
@example(
    b"<base href='http://['><a rel=next href='?page=2'>2</a><a href='/news/a-b-c'>A story of ours</a>", "html", "html"
)
@given(BYTES, st.sampled_from(sorted(RESPONSES)), st.sampled_from(KINDS))
def test_any_bytes_are_a_listing_or_none(name: str, body: bytes, response: str, kind: str) -> None:
    listing(name, RESPONSES[response](body), kind)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=12) | st.sampled_from(["<p>Dogs</p>", "2020-01-01", "\ud800", "/a/b", "http://[bad", "9999-12-31T23:59:59-23:00"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["title", "details", "body", "content", "content_type", "link", "rendered", "description", "image", "url", "locale", "first_published_at", "public_updated_at", "first_public_at", "date_gmt", "withdrawn_notice", "document_type", "next", "results"]), inner, max_size=6),
    max_leaves=12,
)  # fmt: skip


@FUZZED
@given(JSON, st.booleans())
def test_json_of_any_shape_is_an_item_or_none(data: Any, filled: bool) -> None:
    if filled and isinstance(data, dict):
        data = {"title": "Dogs", "details": {"body": "<p>Four dogs.</p>", "image": data}, **data}
    body = json.dumps(data).encode()
    article("govuk", JsonResponse(URL, body=body))
    for name in ("govuk", "wordpress"):
        listing(name, JsonResponse(URL, body=body), "api")


ODD = {
    "empty": b"",
    "blank": b" \n\t ",
    "only NUL": b"\x00" * 1000,
    "NUL between": PAGE.replace(b" ", b"\x00 "),
    "UTF-16": PAGE.decode().encode("utf-16"),
    "cut UTF-8": PAGE[:700] + b"\xe2\x80",
    "lone surrogate references": START + b"<p>a &#xD800; &#55296; &#xDFFF; words that go on for a while</p>",
    "JSON-LD with a lone surrogate": START + b'<script type="application/ld+json">{"@type":"Article","headline":"\\ud800 x","\\udfff":"\\ud800"}</script>' + WORDS,
    "meta with a lone surrogate": START + b"<meta name='a' content='&#xD800;'>" + WORDS,
}  # fmt: skip


@pytest.mark.parametrize("case", ODD)
def test_odd_pages_are_a_record_or_none(case: str) -> None:
    article("generic", page(ODD[case], "utf-8"))
    listing("generic", page(ODD[case], "utf-8"), "html")


@pytest.mark.parametrize("case", HOSTILE)
def test_reading_grows_with_the_page_and_not_faster(case: str) -> None:
    make, number = HOSTILE[case]
    grows_no_faster(make, lambda body: article("generic", page(body, "utf-8")), number)
    grows_no_faster(make, lambda body: listing("generic", page(body, "utf-8"), "html"), number)


@pytest.mark.parametrize("unit", UNITS)
def test_one_line_of_300_kilobytes_is_read_in_linear_time(unit: str) -> None:
    grows_no_faster(
        lambda n: of_one_line(unit, n), lambda body: article("single_online_home", page(body, "utf-8")), 300_000
    )


@pytest.mark.parametrize("unit", UNITS)
def test_one_headline_of_a_hundred_kilobytes_is_read_in_linear_time(unit: str) -> None:
    grows_no_faster(lambda n: of_one_headline(unit, n), lambda body: article("generic", page(body, "utf-8")), 100_000)


@pytest.mark.parametrize("case", LISTINGS)
def test_listings_grow_with_their_links_and_not_faster(case: str) -> None:
    make, number = LISTINGS[case]
    grows_no_faster(
        make,
        lambda body: listing("generic", HtmlResponse(URL + "/..", body=body, encoding="utf-8"), "html"),
        number // 2,
    )


@pytest.mark.slow
def test_a_listing_of_100000_links_is_read() -> None:
    body = (
        b"<main>"
        + b"".join(
            b"<p><a href='/news/story-of-the-%d'>A story about number %d</a></p>" % (k, k) for k in range(100_000)
        )
        + b"</main>"
    )
    response = HtmlResponse("https://www.ravenquay.example/news/", body=body, encoding="utf-8")
    assert listing("generic", response, "html") is not None


@pytest.mark.slow
def test_five_megabytes_of_paragraphs_are_read() -> None:
    body = START + WORDS * (5_000_000 // len(WORDS))
    assert article("generic", page(body, "utf-8")) is not None


@pytest.mark.slow
def test_json_of_100000_objects_is_read() -> None:
    body = json.dumps([{"link": f"/news/a-{n}", "title": f"Story {n}", "x": {}} for n in range(100_000)]).encode()
    found = listing("wordpress", JsonResponse(URL, body=body), "api")
    assert found is not None
    assert len(found.links) > 1000


def test_shuffled_pages_are_a_record_or_none() -> None:
    """Every tag of a real-looking page in another order: nesting that no parser expects."""
    drawn = random.Random(7)
    tags = PAGE.split(b"<")
    for _ in range(60):
        drawn.shuffle(tags)
        article("generic", HtmlResponse(URL, body=b"<".join(tags), encoding="utf-8"))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (PAGE.replace(b"Appeal", "Café “£5” appeal".encode("cp1252")), "Café “£5” appeal"),
        (PAGE.replace(b"Appeal", "Café ".encode() + b"\x935\x94 appeal"), "Café “5” appeal"),
    ],
    ids=["all of it", "a pasted mark"],
)
@pytest.mark.parametrize("header", ["text/html; charset=utf-8", "text/html"])
def test_windows_1252_that_says_it_is_utf_8_is_read(body: bytes, said: str, header: str) -> None:
    record = article("generic", HtmlResponse(URL, body=body, headers={"Content-Type": header}))
    assert record is not None
    assert record.title.startswith(said)


@pytest.mark.parametrize(
    ("encoding", "header"), [("cp1252", "text/html"), ("cp1250", "text/html; charset=windows-1250"), ("utf-16", "")]
)
def test_encoding_is_what_the_page_says_and_windows_1252_where_it_says_nothing(encoding: str, header: str) -> None:
    title = "Łódź: “£5” appeal" if encoding != "cp1252" else "Naïve thief “caught” – £5"
    text = PAGE.decode().replace("Appeal", title).replace('<meta charset="utf-8">', "")
    if encoding == "cp1250":
        text = text.replace("£", "")
    response = HtmlResponse(URL, body=text.encode(encoding), headers={"Content-Type": header})
    record = article("generic", response)
    assert record is not None
    assert record.title.startswith(title.replace("£", "") if encoding == "cp1250" else title)
