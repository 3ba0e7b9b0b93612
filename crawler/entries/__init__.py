"""Sources as data: one TOML file a source; its stem is the source's id. A wrong entry is refused with file, key, reason."""

from __future__ import annotations

from crawler.entries.files import BUNDLED, SourceError, load_entries, load_entry, owner_of
from crawler.entries.hosts import is_loopback
from crawler.entries.parts import ListingEntry
from crawler.entries.source import SourceEntry
from storage.areas import area_slug

__all__ = [
    "BUNDLED", "ListingEntry", "SourceEntry", "SourceError", "area_slug", "is_loopback", "load_entries", "load_entry", "owner_of",
]  # fmt: skip
