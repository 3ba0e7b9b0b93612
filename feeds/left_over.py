"""Feed files whose area is no longer in the store: nobody writes them any more, and what is withheld must leave them all the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import sqlalchemy as sa
from lxml import etree

from feeds.definitions import CHANGES
from feeds.identity import entry_id
from feeds.xml import FORMATS
from storage.withheld import withheld_articles

_ATOM = "{http://www.w3.org/2005/Atom}"


def left_over(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Feed files in the folder that are none of these."""
    shapes = [shape for ending in FORMATS for shape in (f"*.{ending}", f"*/{CHANGES}.{ending}")]
    there = [path for shape in shapes for path in folder.glob(shape)]
    return sorted(path for path in there if path.relative_to(folder).as_posix() not in files)


def cleaned(conn: sa.Connection, folder: Path, paths: Collection[Path]) -> dict[str, bytes]:
    """Those files that tell of a withheld article, without its entries, by name. Whatever name their ids were made with."""
    withheld = (
        {_local(entry_id("", row.source_id, row.url, row.reuse)) for row in withheld_articles(conn)} if paths else set()
    )
    found = {}
    for path in paths if withheld else ():
        data = _without(path.read_bytes(), withheld)
        if data is not None:
            found[path.relative_to(folder).as_posix()] = data
    return found


def _without(data: bytes, withheld: Collection[str]) -> bytes | None:
    """None where no entry is one of a withheld article, or where the file is no XML: it may be anybody's."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return None
    entries = [*root.iter("item", f"{_ATOM}entry")]
    gone = [entry for entry in entries if _article(entry) in withheld]
    for entry in gone:
        entry.getparent().remove(entry)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") if gone else None


def _article(entry: etree._Element) -> str:
    """Which article an entry is about, also one of a change (`feeds.identity`)."""
    local = _local(entry.findtext("guid") or entry.findtext(f"{_ATOM}id") or "")
    parts = local.split("/")
    return "/".join(parts[:-2]) if len(parts) > 3 else local


def _local(id: str) -> str:
    return id.partition(":article/")[2]
