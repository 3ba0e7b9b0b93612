"""What W3C's feed validator finds fault with, as far as our documents can have it (https://github.com/w3c/feedvalidator): errors and
warnings alike. With it RFC 4287, 4.1 and 4.2, and JSON Feed 1.1, in what they demand of a document's shape.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html.entities import name2codepoint
from typing import Any
from urllib.parse import urlsplit

import html5lib
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
SYNDICATION = "{http://purl.org/rss/1.0/modules/syndication/}"
TOMBSTONES = "{http://purl.org/atompub/tombstones/1.0}"

_MOST_BYTES = 5_000_000
_URI = re.compile(r"[a-zA-Z][0-9a-zA-Z+\-.]*:(//)?[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]+")
_TAG_URI = re.compile(r"tag:([a-z0-9\-._]+?@)?[a-z0-9.\-]+?,\d{4}(-\d{2}(-\d{2})?)?:[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]*")
_ENCLOSURE = re.compile(r"https?://(([0-9]{1,3}\.){3}|([A-Z0-9-]+\.)+)[A-Z0-9][-A-Z0-9]*(:\d+)?(/.*)?", re.IGNORECASE)
_MEDIA_TYPE = re.compile(r"[^\s()<>,;:\\\"/\[\]?=]+/[^\s()<>,;:\\\"/\[\]?=]+")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_MAIL_DATE = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (\+0000|GMT)")
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
_END_TAG, _ENTITY, _MARKUP = re.compile(r"</(\w+)>"), re.compile(r"&(#?\w+)"), re.compile("&#[x0-9]|<[/a-zA-Z]")
_READ_WRONG = re.compile("[\xc2\xc3][\x80-\xbf]")
_HTML_TAGS = frozenset(
    "a abbr b blockquote body br code del div em form h1 h2 h3 h4 h5 h6 head hr html i iframe img input ins"
    " li link meta ol p pre s script span strong style sub sup svg table tbody td th thead title tr u ul video".split()
)
_SAFE_TAGS = frozenset(
    "a b blockquote br code del em h1 h2 h3 h4 h5 h6 hr i ins li ol p pre strong table tbody td th thead tr ul".split()
)
_SAFE_ATTRIBUTES = frozenset(("href", "rel", "title", "start"))
_RELATIONS = frozenset(
    "alternate current enclosure first hub last next next-archive prev-archive previous self".split()
)


def faults(name: str, data: bytes, now: datetime) -> list[str]:
    """What is wrong with a document, a line each."""
    check = {"rss": _rss, "atom": _atom, "json": _json, "opml": _opml}[name.rpartition(".")[2]]
    found = [] if len(data) < _MOST_BYTES else [f"{len(data)} bytes"]
    return found + [f"{name}: {fault}" for fault in check(data, now)]


def _rss(data: bytes, now: datetime) -> Iterator[str]:
    root = etree.fromstring(data)
    raw = data.decode().split("\n")
    yield from _characters(root)
    if (root.tag, root.get("version"), len(root), root[0].tag) != ("rss", "2.0", 1, "channel"):
        yield "no RSS 2.0"
    channel = root[0]
    yield from _once(
        channel, {"title", "link", "description", "language", "lastBuildDate", "generator"}, {"ttl", "docs"}
    )
    yield from _plain(channel, ("title", "description"), raw)
    yield from _language(channel.findtext("language"))
    yield from _mail_date(channel.findtext("lastBuildDate"), now)
    yield from _links(channel.findall(f"{ATOM}link"), "rss")
    if [each.tag for each in channel][-len(channel.findall("item")) :].count("item") != len(channel.findall("item")):
        yield "items are not last"
    if channel.findtext(f"{SYNDICATION}updatePeriod", "daily") not in (
        "hourly",
        "daily",
        "weekly",
        "monthly",
        "yearly",
    ):
        yield "updatePeriod"
    for number in (channel.findtext("ttl", "1"), channel.findtext(f"{SYNDICATION}updateFrequency", "1")):
        if not number.isdigit() or int(number) < 1:
            yield f"no number: {number}"
    known = {"title", "link", "description", "language", "lastBuildDate", "generator", "ttl", "docs", "item"}
    known |= {f"{ATOM}link", f"{HISTORY}archive", f"{SYNDICATION}updatePeriod", f"{SYNDICATION}updateFrequency"}
    yield from (f"unknown element {each.tag}" for each in channel if each.tag not in known)
    ids = Counter(item.findtext("guid") for item in channel.findall("item"))
    yield from (f"twice: {id}" for id, count in ids.items() if count > 1)
    for item in channel.findall("item"):
        yield from _rss_item(item, now, raw)


def _rss_item(item: Any, now: datetime, raw: list[str]) -> Iterator[str]:
    yield from _once(
        item,
        {"title", "description", "guid", "pubDate", f"{CONTENT}encoded", f"{DC}creator"},
        {"link", "enclosure", f"{DC}language"},
    )
    known = {"title", "link", "description", "guid", "pubDate", "category", "enclosure", f"{CONTENT}encoded"}
    yield from (
        f"unknown element {each.tag}" for each in item if each.tag not in known | {f"{DC}creator", f"{DC}language"}
    )
    tags = [each.tag for each in item]
    if tags.index("description") > tags.index(f"{CONTENT}encoded"):
        yield "content before description"
    yield from _plain(item, ("title", "category"), raw)
    yield from _html(item.findtext("description"))
    yield from _html(item.findtext(f"{CONTENT}encoded"))
    yield from _mail_date(item.findtext("pubDate"), now)
    yield from _uri(item.findtext("link", "https://a.example/"))
    yield from _language(item.findtext(f"{DC}language", "en"))
    guid = item.find("guid")
    if guid.get("isPermaLink") != "false" or not _TAG_URI.fullmatch(guid.text):
        yield f"guid {guid.text}"
    for category in item.findall("category"):
        yield from _uri(category.get("domain"))
    for enclosure in item.findall("enclosure"):
        if not _ENCLOSURE.fullmatch(enclosure.get("url")) or not _URI.fullmatch(enclosure.get("url")):
            yield f"enclosure {enclosure.get('url')}"
        if not enclosure.get("length").isdigit() or not _MEDIA_TYPE.fullmatch(enclosure.get("type")):
            yield f"enclosure {dict(enclosure.attrib)}"


def _atom(data: bytes, now: datetime) -> Iterator[str]:
    root = etree.fromstring(data)
    raw = data.decode().split("\n")
    yield from _characters(root)
    if root.tag != f"{ATOM}feed":
        yield "no Atom"
    yield from _once(
        root, {f"{ATOM}{name}" for name in ("id", "title", "updated", "author", "subtitle", "generator")}, set()
    )
    yield from _language(root.get(f"{XML}lang"))
    yield from _links(root.findall(f"{ATOM}link"), "atom")
    yield from _text(root.find(f"{ATOM}title"), raw)
    yield from _text(root.find(f"{ATOM}subtitle"), raw)
    yield from _date(root.findtext(f"{ATOM}updated"), now)
    yield from _tag_uri(root.findtext(f"{ATOM}id"))
    children = [each.tag for each in root]
    entries = root.findall(f"{ATOM}entry")
    if children[len(children) - len(entries) :] != [f"{ATOM}entry"] * len(entries):
        yield "an element of the feed after an entry"
    known = {f"{ATOM}{name}" for name in ("id", "title", "updated", "author", "subtitle", "generator", "link", "entry")}
    yield from (
        f"unknown element {tag}"
        for tag in children
        if tag not in known | {f"{HISTORY}archive", f"{TOMBSTONES}deleted-entry"}
    )
    # The validator knows no RFC 6721 and warns of its namespace: it may be named where it is used alone.
    if TOMBSTONES[1:-1] in root.nsmap.values() and f"{TOMBSTONES}deleted-entry" not in children:
        yield "a namespace that the validator does not know, and nothing uses"
    for deleted in root.findall(f"{TOMBSTONES}deleted-entry"):
        yield from _tag_uri(deleted.get("ref"))
        yield from _date(deleted.get("when"), now)
    for what in ("id", "updated"):
        counts = Counter(entry.findtext(f"{ATOM}{what}") for entry in entries)
        yield from (f"two entries with {what} {value}" for value, count in counts.items() if count > 1)
    for entry in entries:
        yield from _atom_entry(entry, now, raw)


def _atom_entry(entry: Any, now: datetime, raw: list[str]) -> Iterator[str]:
    names = ("id", "title", "updated", "published", "author", "content")
    yield from _once(entry, {f"{ATOM}{name}" for name in names}, {f"{ATOM}summary"})
    known = {f"{ATOM}{name}" for name in (*names, "summary", "link", "category")}
    yield from (f"unknown element {each.tag}" for each in entry if each.tag not in known)
    yield from _tag_uri(entry.findtext(f"{ATOM}id"))
    for name in ("updated", "published"):
        yield from _date(entry.findtext(f"{ATOM}{name}"), now)
    if not entry.findtext(f"{ATOM}author/{ATOM}name"):
        yield "no author"
    for name in ("title", "summary", "content"):
        yield from _text(entry.find(f"{ATOM}{name}"), raw)
    yield from _language(entry.get(f"{XML}lang", "en"))
    alternates = Counter(
        (link.get("type"), link.get("hreflang")) for link in entry.findall(f"{ATOM}link[@rel='alternate']")
    )
    yield from (f"alternate twice {key}" for key, count in alternates.items() if count > 1)
    for link in entry.findall(f"{ATOM}link"):
        yield from _uri(link.get("href"))
        if link.get("rel") not in ("alternate", "enclosure") or set(link.attrib) - {"rel", "type", "href"}:
            yield f"link {dict(link.attrib)}"
    for category in entry.findall(f"{ATOM}category"):
        yield from _uri(category.get("scheme"))
        yield from _no_markup(category.get("label", ""), "", ())
        if not category.get("term"):
            yield "category without a term"


def _opml(data: bytes, now: datetime) -> Iterator[str]:
    root = etree.fromstring(data)
    if (root.tag, root.get("version"), [each.tag for each in root]) != ("opml", "2.0", ["head", "body"]):
        yield "no OPML 2.0"
    yield from _mail_date(root.findtext("head/dateModified"), now)
    if root.find("body/outline") is None:
        yield "no outline"
    for outline in root.iter("outline"):
        if set(outline.attrib) - {"text", "title", "type", "xmlUrl", "htmlUrl", "language"} or not outline.get("text"):
            yield f"outline {dict(outline.attrib)}"
        yield from _html(outline.get("text"))
        if len(outline.attrib) > 1:
            if outline.get("type") != "rss" or not outline.get("title"):
                yield f"outline {dict(outline.attrib)}"
            yield from _uri(outline.get("xmlUrl"))
            yield from _uri(outline.get("htmlUrl", "https://a.example/"))
            yield from _language(outline.get("language"))


def _json(data: bytes, now: datetime) -> Iterator[str]:
    feed = json.loads(data)
    if (
        feed.get("version") != "https://jsonfeed.org/version/1.1"
        or not feed.get("title")
        or not isinstance(feed.get("items"), list)
    ):
        yield "no JSON Feed 1.1"
    known = {
        "version",
        "title",
        "home_page_url",
        "feed_url",
        "description",
        "authors",
        "language",
        "next_url",
        "hubs",
        "items",
    }
    yield from (f"unknown {key}" for key in feed.keys() - known)
    yield from _language(feed["language"])
    for key in ("home_page_url", "feed_url", "next_url"):
        yield from _uri(feed.get(key, "https://a.example/"))
    ids = Counter(item.get("id") for item in feed["items"])
    yield from (f"twice: {id}" for id, count in ids.items() if count > 1)
    known = {"id", "url", "title", "content_html", "summary", "image", "date_published", "date_modified"}
    known |= {"authors", "tags", "language", "attachments"}
    for item in feed["items"]:
        yield from (f"unknown {key}" for key in item.keys() - known)
        yield from _tag_uri(item["id"])
        yield from _html(item["content_html"])
        for key in ("date_published", "date_modified"):
            yield from _date(item[key], now)
        for key in ("url", "image"):
            yield from _uri(item.get(key, "https://a.example/"))
        yield from _language(item.get("language", "en"))
        if not all(isinstance(tag, str) and tag for tag in item["tags"]) or not item["authors"][0]["name"]:
            yield f"{item['id']}: tags or authors"
        for attachment in item.get("attachments", ()):
            yield from _uri(attachment["url"])
            if not _MEDIA_TYPE.fullmatch(attachment["mime_type"]):
                yield attachment["mime_type"]


def _links(links: list[Any], format: str) -> Iterator[str]:
    counts = Counter((link.get("rel"), link.get("type")) for link in links)
    yield from (f"link twice {key}" for key, count in counts.items() if count > 1)
    own = [link for link in links if link.get("rel") == "self"]
    if len(own) != 1 or own[0].get("type") != f"application/{format}+xml":
        yield "no link to itself"
    for link in links:
        if link.get("rel") not in _RELATIONS or set(link.attrib) - {"rel", "type", "href"} or link.text:
            yield f"link {dict(link.attrib)}"
        yield from _uri(link.get("href"))


def _once(parent: Any, needed: set[str], allowed: set[str]) -> Iterator[str]:
    counts = Counter(each.tag for each in parent)
    yield from (f"{tag}: {counts[tag]} times" for tag in needed if counts[tag] != 1)
    yield from (f"{tag}: {counts[tag]} times" for tag in allowed if counts[tag] > 1)
    yield from (f"{tag} is empty" for tag in needed if counts[tag] and not "".join(parent.find(tag).itertext()).strip())


def _characters(root: Any) -> Iterator[str]:
    for element in root.iter():
        for text in (element.text or "", element.tail or "", *element.attrib.values()):
            if found := re.search("[\x7f-\x9f\ufffd\ufdd0-\ufdef]", text):
                yield f"character {found[0]!r}"
            if found := _READ_WRONG.search(text):
                yield f"letters read by a wrong table {found[0]!r}"


def _plain(parent: Any, tags: tuple[str, ...], raw: list[str]) -> Iterator[str]:
    for tag in tags:
        for element in parent.findall(tag):
            if not (element.text or "").strip():
                yield f"{tag} is empty"
            yield from _no_markup(element.text or "", tag, raw[element.sourceline - 1 :][:1])


def _no_markup(text: str, where: str, lines: Any) -> Iterator[str]:
    """What is to be plain text: the validator lets markup pass where its line writes an ampersand as a hexadecimal reference."""
    if any(tag.lower() in _HTML_TAGS for tag in _END_TAG.findall(text)):
        yield f"{where}: markup in {text[:80]!r}"
    named = [name for name in _ENTITY.findall(text) if name in name2codepoint or name == "apos" or not name.isalpha()]
    if (named or _MARKUP.search(text)) and not any("&#x" in line for line in lines):
        yield f"{where}: read as markup: {text[:80]!r}"


def _text(element: Any, raw: list[str]) -> Iterator[str]:
    """A text construct of Atom (RFC 4287, 3.1)."""
    if element is None:
        return
    if element.get("type") == "html":
        yield from _html(element.text)
    elif element.get("type", "text") != "text":
        yield f"type {element.get('type')}"
    else:
        text = element.text or ""
        if any(tag.lower() in _HTML_TAGS for tag in _END_TAG.findall(text)):
            yield f"undeclared markup {text[:80]!r}"
        for name in _ENTITY.findall(text):
            if name in name2codepoint or name == "apos" or not name.isalpha():
                yield f"undeclared entity {text[:80]!r}"
    if not (element.text or "").strip():
        yield f"{element.tag} is empty"


def _html(text: str | None) -> Iterator[str]:
    """HTML that a strict parser takes, of elements and attributes that are safe, with addresses that need no page around them."""
    try:
        root = html5lib.HTMLParser(strict=True).parseFragment(text or "")
    except html5lib.html5parser.ParseError as error:
        yield f"no HTML: {error} in {(text or '')[:120]!r}"
        return
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag == "DOCUMENT_FRAGMENT":
            continue
        tag = element.tag.rpartition("}")[2]
        if tag not in _SAFE_TAGS or set(element.attrib) - _SAFE_ATTRIBUTES:
            yield f"<{tag} {dict(element.attrib)}>"
        if urlsplit(element.get("href", "https:")).scheme not in ("http", "https", "mailto", "tel"):
            yield f"href {element.get('href')}"


def _uri(value: str | None) -> Iterator[str]:
    if not _URI.fullmatch(value or ""):
        yield f"no URI: {value!r}"


def _tag_uri(value: str | None) -> Iterator[str]:
    if not _TAG_URI.fullmatch(value or ""):
        yield f"no tag: URI: {value!r}"


def _language(value: str | None) -> Iterator[str]:
    if not _LANGUAGE.fullmatch(value or ""):
        yield f"language {value!r}"


def _date(value: str | None, now: datetime) -> Iterator[str]:
    if not _DATE.fullmatch(value or ""):
        yield f"no date: {value!r}"
    else:
        yield from _plausible(datetime.fromisoformat(value or ""), now)


def _mail_date(value: str | None, now: datetime) -> Iterator[str]:
    if not _MAIL_DATE.fullmatch(value or ""):
        yield f"no date: {value!r}"
    else:
        yield from _plausible(parsedate_to_datetime(value or ""), now)


def _plausible(moment: datetime, now: datetime) -> Iterator[str]:
    if not datetime(1990, 1, 1, tzinfo=UTC) <= moment <= now + timedelta(minutes=10):
        yield f"implausible date {moment}"
