"""A feed with its entries as it stands, ready to be written in any format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from feeds.definitions import Feed
from feeds.entry import Entry
from feeds.names import MEDIA_TYPES
from feeds.press import Press
from feeds.rhythm import Rhythm
from feeds.tombstones import Gone

PUBLISHER = "Forcewire"


class Place(NamedTuple):
    """A document without its format: its name without the ending, and what it is asked for, with the question mark."""

    stem: str
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A feed with its entries, as it stands. `links` are other documents by their relation (RFC 5005): prev-archive, next-archive,
    current, first, previous, next, last. `rhythm` is None for what is not to be asked for again and again.
    """

    feed: Feed
    press: Press
    place: Place
    updated: datetime
    entries: Sequence[Entry]
    links: Mapping[str, Place] = field(default_factory=dict)
    gone: Sequence[Gone] = ()
    rhythm: Rhythm | None = None
    is_archive: bool = False

    @property
    def home_url(self) -> str:
        """The page that the feed is of."""
        return self.feed.home_url or f"{self.press.base_url}/"

    def url(self, format: str, place: Place | None = None) -> str:
        """The address of this document in a format, or of another one."""
        place = place or self.place
        return f"{self.press.base_url}/feeds/{place.stem}.{format}{place.query}"

    def linked(self, format: str) -> list[dict[str, str]]:
        """The attributes of the links to other documents, and to the hub."""
        found = [
            {"rel": rel, "type": MEDIA_TYPES[format], "href": self.url(format, place)}
            for rel, place in self.links.items()
        ]
        return found + ([{"rel": "hub", "href": self.press.hub}] if self.press.hub else [])
