"""RSS 2.0 and Atom 1.0 (RFC 4287), written by feedgen. What feedgen does on its own is kept in this one place: `updated`
falls back to the clock, an RSS feed's link is the last one given, entries come newest-added first, an RSS text moves to
`description` when there is no summary, and an Atom entry's links lose their rel and type, so that a picture becomes a
second address of the story.

Every text has been through `feeds.text`; feedgen raises on a character that XML forbids.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from feedgen.ext.base import BaseEntryExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.definitions import Feed
from feeds.entries import Entry
from feeds.identity import feed_id, scheme_id

PUBLISHER = "Forcewire"
# A source is read every quarter of an hour at the most, so asking more often shows nothing new.
TTL_MINUTES = 15

_MARKUP = re.compile(r"<|&(?=#?\w+;)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A feed with its entries, as it stands. `url` is its own address without the format's ending."""

    feed: Feed
    url: str
    home_url: str
    tagging_entity: str
    updated: datetime
    entries: Sequence[Entry]


def rss(edition: Edition) -> bytes:
    """The edition as RSS 2.0. The author is a dc:creator, because an RSS author is a mail address; the summary is a
    description and the full text a content:encoded (RSS Best Practices Profile)."""
    generator = _generator(edition, f"{edition.url}.rss", "application/rss+xml")
    generator.load_extension("dc")
    generator.title(_plain(edition.feed.title))
    generator.description(escape(edition.feed.description, quote=False))
    generator.ttl(TTL_MINUTES)
    for entry in edition.entries:
        item = _begin(generator, entry)
        item.title(_plain(entry.title))
        if entry.url:
            item.link(href=entry.url)
        item.description(escape(entry.summary or entry.excerpt or entry.title, quote=False))
        item.content(_content(entry))
        item.dc.dc_creator(entry.author)
        _categories(item, edition, entry)
        if entry.image_url and entry.image_type:
            item.enclosure(entry.image_url, 0, entry.image_type)  # a length we do not know is 0; the type must be known
    return bytes(generator.rss_str(pretty=True))


def atom(edition: Edition) -> bytes:
    """The edition as Atom 1.0."""
    generator = _generator(edition, f"{edition.url}.atom", "application/atom+xml")
    generator.subtitle(edition.feed.description)
    generator.author(name=PUBLISHER)
    for entry in edition.entries:
        item = _begin(generator, entry)
        item.title(entry.title)
        if entry.summary:
            item.summary(entry.summary)
        item.content(_content(entry), type="html")
        item.author(name=entry.author)
        _categories(item, edition, entry)
        item.register_extension("links", _AtomLinks, rss=False)
        if entry.url:
            item.links.add(rel="alternate", type="text/html", href=entry.url)
        if entry.image_url:
            known = {"type": entry.image_type} if entry.image_type else {}
            item.links.add(rel="enclosure", **known, href=entry.image_url)
    return bytes(generator.atom_str(pretty=True))


FORMATS: dict[str, Callable[[Edition], bytes]] = {"rss": rss, "atom": atom}


class _AtomLinks(BaseEntryExtension):  # type: ignore[misc]  # feedgen is untyped
    """The links of an Atom entry, with their attributes."""

    def __init__(self) -> None:
        self.links: list[dict[str, str]] = []

    def add(self, **attributes: str) -> None:
        self.links.append(attributes)

    def extend_atom(self, entry: Any) -> Any:
        for attributes in self.links:
            etree.SubElement(entry, "link", attributes)
        return entry


def _generator(edition: Edition, url: str, media_type: str) -> Any:
    generator = FeedGenerator()
    generator.id(feed_id(edition.tagging_entity, edition.feed.name))
    generator.title(edition.feed.title)
    generator.language(edition.feed.language)
    generator.generator(PUBLISHER)
    generator.updated(edition.updated)
    generator.link(href=url, rel="self", type=media_type)
    generator.link(href=edition.home_url, rel="alternate", type="text/html")
    return generator


def _begin(generator: Any, entry: Entry) -> Any:
    item = generator.add_entry(order="append")
    item.id(entry.id)
    item.published(entry.published)
    item.updated(entry.updated)
    return item


def _categories(item: Any, edition: Edition, entry: Entry) -> None:
    item.category(term=entry.area_term, label=entry.area, scheme=scheme_id(edition.tagging_entity, "area"))
    for scheme, term in (("kind", entry.kind), ("change", entry.change)):
        if term is not None:
            item.category(term=term, label=term, scheme=scheme_id(edition.tagging_entity, scheme))


def _content(entry: Entry) -> str:
    """Never empty: an Atom entry that has no link either would not be valid."""
    return entry.content or f"<p>{escape(entry.title)}</p>"


def _plain(text: str) -> str:
    """Plain text for an RSS title, which some readers show as HTML and others as text: only what would be read as
    markup is encoded, in the form of the RSS Best Practices Profile, so that 'Food & drink' stays as it is."""
    return _MARKUP.sub(lambda found: "&#x3C;" if found[0] == "<" else "&#x26;", text)
