"""A long feed, beside the same XML written by hand with lxml."""

from __future__ import annotations

import random
import time
from datetime import timedelta
from statistics import median
from typing import Any

from lxml import etree

from bench.feeds_store import UNTIL, story
from bench.figures import Figure
from feeds.definitions import Feed
from feeds.edition import PUBLISHER, Edition, Place
from feeds.entry import Entry, apart
from feeds.formats import FORMATS
from feeds.html import to_html
from feeds.identity import entry_id, feed_id, scheme_id
from feeds.press import Press

_ENTITY = "example.org,2026"
_ROUNDS = 5
_TEXTS = 200  # different ones


def long_feed(count: int = 5000) -> list[Figure]:
    """Atom by `feeds.atom`, with nothing remembered, and by hand; raises SystemExit unless both are the same XML."""
    edition = _edition(count)
    write = FORMATS["atom"]
    ours, hand = write(edition, None), by_hand(edition)
    if _canonical(ours) != _canonical(hand):
        raise SystemExit("the feed written by hand is another one; bench/feeds_xml.py does not follow feeds/atom.py")
    pairs = [(_cpu(write, edition, None), _cpu(by_hand, edition)) for _ in range(_ROUNDS)]
    ratios = [mine / theirs for mine, theirs in pairs]
    note = f"  {1000 * median(p[0] for p in pairs):.0f} / {1000 * median(p[1] for p in pairs):.0f} ms"
    note += f"; of {', '.join(f'{each:.2f}' for each in ratios)}"
    return [
        Figure(f"Atom of {count} entries / the same by hand with lxml", median(ratios), "x", 2.0, most=True, note=note)
    ]


def by_hand(edition: Edition) -> bytes:
    """The same document, each element as it is."""
    root = etree.Element("feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en-GB"}, nsmap={None: _ATOM})  # type: ignore[dict-item]
    feed = edition.feed
    _text(root, "id", feed_id(_ENTITY, feed.name))
    _text(root, "title", feed.title)
    _text(root, "updated", edition.updated.isoformat())
    _text(etree.SubElement(root, "author"), "name", PUBLISHER)
    etree.SubElement(root, "link", href=edition.url("atom"), rel="self", type="application/atom+xml")
    etree.SubElement(root, "link", href=edition.home_url, rel="alternate", type="text/html")
    _text(root, "generator", PUBLISHER)
    _text(root, "subtitle", feed.description)
    for entry, updated in apart(edition.entries):
        element = etree.SubElement(root, "entry")
        _text(element, "id", entry.id)
        _text(element, "title", entry.title)
        _text(element, "updated", updated.isoformat())
        _text(etree.SubElement(element, "author"), "name", entry.author)
        _text(element, "content", entry.content).set("type", "html")
        _text(element, "summary", entry.summary)
        etree.SubElement(element, "category", term=entry.area_term, scheme=scheme_id(_ENTITY, "area"), label=entry.area)
        etree.SubElement(
            element, "category", term=entry.kind or "", scheme=scheme_id(_ENTITY, "kind"), label=entry.kind or ""
        )
        _text(element, "published", entry.published.isoformat())
        etree.SubElement(element, "link", rel="alternate", type="text/html", href=entry.url or "")
        etree.SubElement(element, "link", rel="enclosure", type=entry.image_type or "", href=entry.image_url or "")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


_ATOM = "http://www.w3.org/2005/Atom"


def _text(parent: Any, tag: str, text: str | None) -> Any:
    element = etree.SubElement(parent, tag)
    element.text = text
    return element


def _edition(count: int) -> Edition:
    chosen = random.Random(1)
    texts = [to_html(story(chosen), "https://www.shire.example/") for _ in range(_TEXTS)]
    feed = Feed(
        name="all",
        title="UK police news",
        description="News, with the full text.",
        areas=None,
        home_url=None,
        language="en-GB",
        since=UNTIL,
    )
    entries = [_entry(n, texts[n % _TEXTS]) for n in range(count)]
    return Edition(
        feed=feed, press=Press("https://news.example.org", _ENTITY), place=Place("all"), updated=UNTIL, entries=entries
    )


def _entry(n: int, content: str) -> Entry:
    url = f"https://www.shire.example/news/{n}"
    at = UNTIL - timedelta(minutes=n)
    return Entry(
        id=entry_id(_ENTITY, "shire", url),
        url=url,
        title=f"Appeal after a gate was taken, number {n}",
        author="Shire Police",
        area="Shire",
        area_term="shire",
        kind="appeal",
        published=at,
        updated=at,
        summary="Officers ask for witnesses.",
        excerpt="",
        content=content,
        image_url=f"https://www.shire.example/{n}.jpg",
        image_type="image/jpeg",
        language="en-GB",
    )


def _canonical(data: bytes) -> bytes:
    root = etree.fromstring(data, etree.XMLParser(remove_blank_text=True))
    return bytes(etree.tostring(root, method="c14n"))


def _cpu(call: Any, *given: Any) -> float:
    start = time.process_time()
    call(*given)
    return time.process_time() - start
