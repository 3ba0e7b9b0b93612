"""Atom 1.0 (RFC 4287), written by feedgen. What feedgen does on its own is kept in this one place: `updated` falls back to the
clock, and an entry's links lose their rel and type, so that a picture becomes a second address of the story.

Every text has been through `feeds.text`; feedgen raises on a character that XML forbids.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from html import escape
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.edition import PUBLISHER, Edition
from feeds.entry import Entry, apart
from feeds.identity import feed_id
from feeds.marked import is_marked
from feeds.memory import EntryMemory
from feeds.names import MEDIA_TYPES
from feeds.rss import HISTORY, categories

TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_END = b"</feed>"


def atom(edition: Edition, memory: EntryMemory | None = None) -> bytes:
    """The edition as Atom 1.0, with a deleted-entry (RFC 6721) for what is gone."""
    memory = EntryMemory() if memory is None else memory
    head = _head(edition)
    end = head.rindex(_END)
    entity, language = edition.press.tagging_entity, edition.feed.language
    entries = [
        memory.rendered(each, ("atom", language, updated), partial(_entry, each, updated, entity, language))
        for each, updated in apart(edition.entries)
    ]
    return b"".join((head[:end], *entries, head[end:]))


def _head(edition: Edition) -> bytes:
    generator = FeedGenerator()
    generator.id(feed_id(edition.press.tagging_entity, edition.feed.name))
    generator.title(edition.feed.title)
    generator.subtitle(edition.feed.description)
    generator.author(name=PUBLISHER)
    generator.language(edition.feed.language)
    generator.generator(PUBLISHER)
    generator.updated(max([edition.updated, *(each.at for each in edition.gone)]))
    generator.link(href=edition.url("atom"), rel="self", type=MEDIA_TYPES["atom"])
    generator.link(href=edition.home_url, rel="alternate", type="text/html")
    generator.register_extension("more", _Feed, None, rss=False)
    generator.more.edition = edition
    return bytes(generator.atom_str(pretty=True))


class _Feed(BaseExtension):  # type: ignore[misc]  # feedgen is untyped
    """What a feed says beyond feedgen: its other documents, its hub, whether it is an archive, and what is gone."""

    edition: Edition

    def extend_ns(self) -> dict[str, str]:
        # Only where they are used: checkers of feeds do not know RFC 6721, and warn of each namespace that they do not know.
        found = {"fh": HISTORY} if self.edition.is_archive else {}
        return found | ({"at": TOMBSTONES} if self.edition.gone else {})

    def extend_atom(self, feed: Any) -> Any:
        for attributes in self.edition.linked("atom"):
            etree.SubElement(feed, "link", attributes)
        if self.edition.is_archive:
            etree.SubElement(feed, f"{{{HISTORY}}}archive")
        for each in self.edition.gone:
            etree.SubElement(feed, f"{{{TOMBSTONES}}}deleted-entry", ref=each.id, when=each.at.isoformat())
        return feed


class _More(BaseEntryExtension):  # type: ignore[misc]
    """An entry's links with their attributes, the type of its texts, and its language when it is not the feed's."""

    entry: Entry
    language: str | None = None

    def extend_atom(self, element: Any) -> Any:
        if self.entry.url:
            etree.SubElement(element, "link", rel="alternate", type="text/html", href=self.entry.url)
        if self.entry.image_url:
            known = {"type": self.entry.image_type} if self.entry.image_type else {}
            etree.SubElement(element, "link", {"rel": "enclosure", **known, "href": self.entry.image_url})
        if is_marked(self.entry.title):
            title = element.find("title")
            title.text, title.attrib["type"] = escape(self.entry.title, quote=False), "html"
        if self.language:
            element.attrib[_LANGUAGE] = self.language
        return element


def _entry(entry: Entry, updated: datetime, tagging_entity: str, language: str) -> bytes:
    item = FeedEntry()
    item.id(entry.id)
    item.title(entry.title)
    item.updated(updated)
    item.published(entry.published)
    item.author(name=entry.author)
    if entry.summary:
        if is_marked(entry.summary):
            item.summary(escape(entry.summary, quote=False), type="html")
        else:
            item.summary(entry.summary)
    item.content(entry.content or f"<p>{escape(entry.title)}</p>", type="html")
    found = categories(entry, tagging_entity)
    item.category([{key: each[key] for key in each if key != "label" or not is_marked(each[key])} for each in found])
    item.register_extension("more", _More, rss=False)
    item.more.entry = entry
    item.more.language = entry.language if entry.language != language else None
    return b"  " + bytes(etree.tostring(item.atom_entry(), encoding="UTF-8", pretty_print=True))
