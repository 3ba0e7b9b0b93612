"""The formats that a feed is written in, by the ending of its name."""

from __future__ import annotations

from collections.abc import Callable

from feeds.atom import atom
from feeds.edition import Edition
from feeds.json_feed import json_feed
from feeds.memory import EntryMemory
from feeds.rss import rss

FORMATS: dict[str, Callable[[Edition, EntryMemory | None], bytes]] = {"rss": rss, "atom": atom, "json": json_feed}
