"""RSS 2.0, written by feedgen. What feedgen does on its own is kept in this one place: `updated` falls back to the clock, a
feed's link is the last one given, a text moves to `description` when there is no summary, and of the links only `self` is written.

Every text has been through `feeds.text`; feedgen raises on a character that XML forbids.
"""

from __future__ import annotations

import re
from email.utils import format_datetime
from functools import partial
from html import escape
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.edition import PUBLISHER, Edition
from feeds.entry import Entry
from feeds.identity import feed_id, scheme_id
from feeds.marked import plain
from feeds.memory import EntryMemory
from feeds.names import MEDIA_TYPES

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
SYNDICATION = "http://purl.org/rss/1.0/modules/syndication/"
_CREATOR = f"{{{DC}}}creator"
_NAMESPACES = {"dc": DC, "fh": HISTORY, "sy": SYNDICATION}
_ITEM_NAMESPACES = {"atom": ATOM, "content": "http://purl.org/rss/1.0/modules/content/", "dc": DC}
_END = b"  </channel>"
# An enclosure's address as checkers of feeds want it: a full name for a host, and a path.
_ENCLOSED = re.compile(r"https?://([A-Za-z0-9-]+\.)+[A-Za-z0-9][A-Za-z0-9-]*(:\d+)?/.*", re.DOTALL)
# Where a text is told apart from markup by how its marks are written: as hexadecimal references (RSS Best Practices Profile).
_PLAIN = re.compile(rb"<(title|description|category)\b[^>]*>[^<]*&[^<]*<")


def rss(edition: Edition, memory: EntryMemory | None = None) -> bytes:
    """The edition as RSS 2.0. The author is a dc:creator, because an RSS author is a mail address; the summary is a
    description and the full text a content:encoded (RSS Best Practices Profile).
    """
    memory = EntryMemory() if memory is None else memory
    head = _head(edition)
    end = head.rindex(_END)
    entity, language = edition.press.tagging_entity, edition.feed.language
    items = [
        memory.rendered(each, ("rss", language), partial(_item, each, entity, language)) for each in edition.entries
    ]
    return b"".join((head[:end], *items, head[end:]))


def _head(edition: Edition) -> bytes:
    generator = FeedGenerator()
    generator.id(feed_id(edition.press.tagging_entity, edition.feed.name))
    generator.title(plain(edition.feed.title))
    generator.description(plain(edition.feed.description))
    generator.language(edition.feed.language)
    generator.generator(PUBLISHER)
    generator.updated(edition.updated)
    if edition.rhythm:
        generator.ttl(edition.rhythm.ttl)
    generator.link(href=edition.url("rss"), rel="self", type=MEDIA_TYPES["rss"])
    generator.link(href=edition.home_url, rel="alternate", type="text/html")
    generator.register_extension("more", _Channel, None, atom=False)
    generator.more.edition = edition
    return _profiled(bytes(generator.rss_str(pretty=True)))


class _Channel(BaseExtension):  # type: ignore[misc]  # feedgen is untyped
    """What a channel says beyond RSS: its other documents, its hub, its rhythm, and whether it is an archive."""

    edition: Edition

    def extend_ns(self) -> dict[str, str]:
        return _NAMESPACES

    def extend_rss(self, rss: Any) -> Any:
        channel = rss[0]
        for attributes in self.edition.linked("rss"):
            etree.SubElement(channel, f"{{{ATOM}}}link", attributes)
        if self.edition.is_archive:
            etree.SubElement(channel, f"{{{HISTORY}}}archive")
        if rhythm := self.edition.rhythm:
            etree.SubElement(channel, f"{{{SYNDICATION}}}updatePeriod").text = rhythm.period
            etree.SubElement(channel, f"{{{SYNDICATION}}}updateFrequency").text = str(rhythm.frequency)
        return rss


class _Item(BaseEntryExtension):  # type: ignore[misc]
    """Who wrote an item, when, on what, with which picture, and in which language when it is not the feed's: without feedgen's
    checks, and its change of the process's locale for each date.
    """

    entry: Entry
    tagging_entity: str
    language: str | None = None

    def extend_rss(self, item: Any) -> Any:
        entry = self.entry
        etree.SubElement(item, "pubDate").text = format_datetime(entry.published)
        if entry.image_url and entry.image_type and _ENCLOSED.fullmatch(entry.image_url):
            # A length we do not know is 0; the type must be known.
            etree.SubElement(item, "enclosure", url=entry.image_url, length="0", type=entry.image_type)
        for each in categories(entry, self.tagging_entity):
            category = etree.SubElement(item, "category", domain=each["scheme"])
            category.text = plain(each.get("label", each["term"]))
        etree.SubElement(item, _CREATOR).text = entry.author
        if self.language:
            etree.SubElement(item, f"{{{DC}}}language").text = self.language
        return item


def _item(entry: Entry, tagging_entity: str, language: str) -> bytes:
    item = FeedEntry()
    item.id(entry.id)
    item.title(plain(entry.title))
    if entry.url:
        item.link(href=entry.url)
    item.description(escape(entry.summary or entry.excerpt or entry.title, quote=False))
    item.content(entry.content or f"<p>{escape(entry.title)}</p>")
    item.register_extension("more", _Item, atom=False)
    item.more.entry, item.more.tagging_entity = entry, tagging_entity
    item.more.language = entry.language if entry.language != language else None
    root = etree.Element("rss", nsmap=_ITEM_NAMESPACES)
    root.append(item.rss_entry())
    data = bytes(etree.tostring(root[0], encoding="UTF-8", pretty_print=True))
    # The document declares the namespaces once for all.
    return _profiled(b"    <item" + data[data.index(b">") :])


def categories(entry: Entry, tagging_entity: str) -> list[dict[str, str]]:
    """An entry's area, kind, change and tags, with the attributes of Atom's categories."""
    found = [{"term": entry.area_term, "label": entry.area, "scheme": scheme_id(tagging_entity, "area")}]
    for scheme, term in (("kind", entry.kind), ("change", entry.change)):
        if term:
            found.append({"term": term, "label": term, "scheme": scheme_id(tagging_entity, scheme)})
    return found + [{"term": tag, "scheme": scheme_id(tagging_entity, "tag")} for tag in entry.tags]


def _profiled(data: bytes) -> bytes:
    if b"&amp;#x" not in data:
        return data
    return _PLAIN.sub(lambda found: found[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;"), data)
