"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from functools import partial
from html import escape
from typing import Any

from feeds.edition import PUBLISHER, Edition
from feeds.entry import Entry
from feeds.memory import EntryMemory

_VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(edition: Edition, memory: EntryMemory | None = None) -> bytes:
    """The edition as a JSON Feed. `next_url` leads to older entries: the next page of a search, or an archive."""
    memory = EntryMemory() if memory is None else memory
    older = edition.links.get("next") or edition.links.get("prev-archive")
    head: dict[str, Any] = {
        "version": _VERSION,
        "title": edition.feed.title,
        "home_page_url": edition.home_url,
        "feed_url": edition.url("json"),
        "description": edition.feed.description,
        "authors": [{"name": PUBLISHER}],
        "language": edition.feed.language,
    }
    if older:
        head["next_url"] = edition.url("json", older)
    if edition.press.hub:
        head["hubs"] = [{"type": "WebSub", "url": edition.press.hub}]
    language = edition.feed.language
    items = [memory.rendered(each, ("json", language), partial(_item, each, language)) for each in edition.entries]
    start = _written(head)[:-1] + b',"items":['
    return start + (b"\n" + b",\n".join(items) + b"\n" if items else b"") + b"]}\n"


def _item(entry: Entry, language: str) -> bytes:
    item: dict[str, Any] = {"id": entry.id}
    if entry.url:
        item["url"] = entry.url
    item["title"] = entry.title
    item["content_html"] = entry.content or f"<p>{escape(entry.title)}</p>"
    if entry.summary:
        item["summary"] = entry.summary
    if entry.image_url:
        item["image"] = entry.image_url
    item["date_published"] = entry.published.isoformat()
    item["date_modified"] = entry.updated.isoformat()
    item["authors"] = [{"name": entry.author}]
    item["tags"] = list(dict.fromkeys(filter(None, (entry.area, entry.kind, entry.change, *entry.tags))))
    if entry.language and entry.language != language:
        item["language"] = entry.language
    if entry.image_url and entry.image_type:
        item["attachments"] = [{"url": entry.image_url, "mime_type": entry.image_type}]
    return _written(item)


def _written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
