"""From a given text to the record that is stored: the part of an import that costs most, and needs no store."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.archive_block import ArchiveError, parsed
from crawler.archived import archived_record
from crawler.entries import SourceEntry
from crawler.urls import canonical
from forcewire.importing.given import Given, Refused, RefusedError, record_name
from forcewire.importing.names import address_of
from storage.originals import Original, packed
from storage.places import Item
from storage.records import Fetched

Entries = Mapping[str, SourceEntry]  # by area

_PLAIN_AREA = re.compile(r"^area: ([A-Za-z][A-Za-z -]*[A-Za-z])$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Derived:
    """A given text, packed, and its record. `where` names it for a person."""

    where: str
    original: Original
    item: Item


def derived(given: Given, digest: str, entries: Entries) -> Derived | Refused:
    """A given text's record, or why there is none."""
    try:
        item = _item(given.path, given.text, given.seen_at, entries)
    except (RefusedError, ArchiveError) as error:
        return Refused(given.where, " ".join(str(error).split()))
    original = Original(
        name=record_name(given.path),
        path=given.path,
        seen_at=given.seen_at,
        latest=given.latest,
        digest=digest,
        zipped=packed(given.text),
    )
    return Derived(given.where, original, item)


def read_again(originals: Sequence[Original], entries: Entries) -> list[Item | None]:
    """The records of texts that were stored before; None for one whose entry is not there any more, or is another."""
    found: list[Item | None] = []
    for original in originals:
        try:
            found.append(_item(original.path, original.text, original.seen_at, entries))
        except (RefusedError, ArchiveError):
            found.append(None)
    return found


def _item(path: str, given: bytes, at: datetime, entries: Entries) -> Item:
    text = _decoded(given)
    entry = _entry(text, entries)
    record = archived_record(text, entry)
    stated = record.meta["url"]
    named = address_of(path, stated)
    if named != stated:
        record.url = canonical(named, entry) or record.url
    answer = Fetched(
        url=record.url, at=at, reader=record.reader, reader_version=record.reader_version, entry=entry.digest
    )
    return record, answer


def _decoded(text: bytes) -> str:
    if not text or text.isspace():
        raise RefusedError("empty")
    if not text.endswith(b"\n"):
        raise RefusedError("cut: it does not end with a line end")
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise RefusedError(f"not UTF-8 (byte {error.start})") from None


def _entry(text: str, entries: Entries) -> SourceEntry:
    found = _PLAIN_AREA.search(text, 0, text.find("\n```") + 1)
    area = found[1] if found else parsed(text)[0].get("area")
    if not isinstance(area, str):
        raise RefusedError("no area among its keys")
    entry = entries.get(area)
    if entry is None:
        raise RefusedError(
            f"no entry reads the area {area[:100]!r}; write one (forcewire sources add) and name its folder with --sources"
        )
    return entry
