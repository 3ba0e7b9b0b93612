"""From the store to the documents that readers get: one at a time, by name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from feeds.changes import Told, changes_entries
from feeds.definitions import Feed, changes_of, define_feeds
from feeds.entries import Entry, entries_of
from feeds.identity import DEFAULT_TAGGING_ENTITY
from feeds.memory import EntryMemory
from feeds.names import BadQuery, FeedQuery, UnknownFeed
from feeds.xml import FORMATS, Edition
from storage.database import reading

__all__ = [
    "BadQuery",
    "Document",
    "EntryMemory",
    "FeedQuery",
    "Press",
    "UnknownFeed",
    "document",
    "document_names",
]


@dataclass(frozen=True, slots=True)
class Press:
    """What documents say of where they are published. `base_url` ends without a slash; `hub` is a WebSub hub's URL."""

    base_url: str
    tagging_entity: str = DEFAULT_TAGGING_ENTITY
    hub: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it is served and written. `updated` is when what it tells last changed."""

    name: str
    media_type: str
    data: bytes
    updated: datetime


def document(
    conn: sa.Connection,
    press: Press,
    name: str,
    *,
    query: FeedQuery | None = None,
    memory: EntryMemory | None = None,
) -> Document:
    """The document of a name (`feeds.names`), from one state of the store.

    Raises `UnknownFeed`, with names that may have been meant, and `BadQuery`.
    """
    raise NotImplementedError


def document_names(conn: sa.Connection, *, areas: Collection[str] | None = None) -> list[str]:
    """All documents that the store has now; with `areas` those that articles of these areas (slugs) are in: their own, all's
    and the list of all.
    """
    raise NotImplementedError


def build(engine: sa.Engine, *, base_url: str, tagging_entity: str) -> tuple[dict[str, bytes], list[str]]:
    """All feeds by file name, from one state of the store, and one line for each area that can have none."""
    files: dict[str, bytes] = {}

    def add(feed: Feed, entries: list[Entry], updated: datetime) -> None:
        edition = Edition(
            feed=feed,
            url=f"{base_url}/feeds/{feed.name}",
            home_url=feed.home_url or f"{base_url}/",
            tagging_entity=tagging_entity,
            updated=updated,
            entries=entries,
        )
        for ending, write in FORMATS.items():
            files[f"{feed.name}.{ending}"] = write(edition)

    with reading(engine) as conn:
        feeds, problems = define_feeds(conn)
        told = Told(conn, tagging_entity)
        for feed in feeds:
            add(feed, *entries_of(conn, feed, tagging_entity))
            add(changes_of(feed), *changes_entries(told, feed))
    return files, problems
