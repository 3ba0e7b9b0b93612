"""Feed files that no document is behind any more: their area, or their part of an archive, is no longer in the store. Nobody writes
them, and what is withheld must leave them all the same.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Container, Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from lxml import etree

from feeds.identity import entry_id
from feeds.names import ARCHIVE, FeedName, UnknownFeed
from storage.withheld import withheld_articles

_ATOM = "{http://www.w3.org/2005/Atom}"


def left_over(there: Iterable[str], names: Container[str]) -> list[str]:
    """Which of the files that are there, by name, are feeds and none of these; sorted."""
    return sorted(name for name in there if name not in names and _is_feed(name))


def is_archive(name: str) -> bool:
    """Whether a document is a part of an archive: nobody subscribes to it."""
    return f"/{ARCHIVE}/" in name


def cleaned(conn: sa.Connection, folder: Path, names: Collection[str]) -> dict[str, bytes]:
    """Those files that tell of a withheld article, without its entries, by name. Whatever name their ids were made with."""
    withheld = (
        {_local(entry_id("", row.source_id, row.url, row.reuse)) for row in withheld_articles(conn)} if names else set()
    )
    found = {}
    for name in names if withheld else ():
        data = (folder / name).read_bytes()
        clean = _json_without(data, withheld) if name.endswith(".json") else _xml_without(data, withheld)
        if clean is not None:
            found[name] = clean
    return found


def _is_feed(name: str) -> bool:
    try:
        FeedName.parse(name)
    except UnknownFeed:
        return False
    return True


def _xml_without(data: bytes, withheld: Collection[str]) -> bytes | None:
    """None where no entry is one of a withheld article, or where the file is no XML: it may be anybody's."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None
    entries = [*root.iter("item", f"{_ATOM}entry")]
    gone = [e for e in entries if _article(e.findtext("guid") or e.findtext(f"{_ATOM}id") or "") in withheld]
    for entry in gone:
        entry.getparent().remove(entry)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") if gone else None


def _json_without(data: bytes, withheld: Collection[str]) -> bytes | None:
    """The same of a JSON Feed."""
    try:
        feed: Any = json.loads(data)
        kept = [item for item in feed["items"] if _article(str(item.get("id"))) not in withheld]
        if len(kept) == len(feed["items"]):
            return None
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return json.dumps(feed | {"items": kept}, ensure_ascii=False).encode()


def _article(id: str) -> str:
    """Which article an entry is about, also one of a change (`feeds.identity`)."""
    local = _local(id)
    parts = local.split("/")
    return "/".join(parts[:-2]) if len(parts) > 3 else local


def _local(id: str) -> str:
    return id.partition(":article/")[2]
