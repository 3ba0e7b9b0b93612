"""From the store to the documents that readers get: one at a time, by name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from feeds.archives import archived, last_place, neighbours, part_of, parts, period_of, places, shown
from feeds.archives_touched import touched_places
from feeds.definitions import changes_of, selected
from feeds.edition import Edition, Place
from feeds.entries import entries_of
from feeds.formats import FORMATS
from feeds.look import Look
from feeds.memory import EntryMemory
from feeds.names import ALL, ARCHIVE, CHANGES, KINDS, MEDIA_TYPES, OPEN, OPML, OPML_TYPE, FeedName, UnknownFeed, near
from feeds.opml import opml
from feeds.press import Press
from feeds.queries import BadQuery, FeedQuery
from feeds.searches import feed_of, found, links, place_of
from feeds.tombstones import gone_of

__all__ = ["BadQuery", "Document", "EntryMemory", "FeedQuery", "Press", "UnknownFeed"]
__all__ += ["archive_names", "document", "document_names", "touched_archives"]


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
    """The document of a name (`feeds.names`), from one state of the store: a transaction that reads. With a memory, what its
    documents share is looked for once a transaction, and an entry is rendered once for as long as it stays as it is.

    Raises `UnknownFeed`, with names that may have been meant, and `BadQuery`.
    """
    memory = EntryMemory() if memory is None else memory
    look = Look(conn, press, memory)
    if name == OPML and look.scopes:
        updated = max(feed.since for feed in look.scopes.values()).replace(microsecond=0)
        return Document(OPML, OPML_TYPE, opml(press, look.scopes, updated), updated)
    parsed = FeedName.parse(name)
    if parsed.scope not in look.scopes:
        scopes = near(parsed.scope, look.scopes)
        raise UnknownFeed(name, [name.replace(parsed.scope, scope, 1) for scope in scopes])
    if query is not None and query.asks:
        edition = _search(look, parsed, query)
    elif parsed.selection == ARCHIVE:
        edition = _archive(look, parsed)
    else:
        edition = _newest(look, parsed)
    return Document(name, MEDIA_TYPES[parsed.format], FORMATS[parsed.format](edition, memory), edition.updated)


def document_names(conn: sa.Connection, *, areas: Collection[str] | None = None, archives: bool = True) -> list[str]:
    """All documents that the store has now; with `areas` those that articles of these areas (slugs) are in: their own, all's
    and the list of all. Without `archives` all but those, which are thousands after some years.
    """
    look = Look(conn, Press(""), EntryMemory())
    names = [OPML] if look.scopes else []
    for scope, feed in look.scopes.items():
        if areas is None or scope in areas or scope == ALL:
            stems = [scope, *(f"{scope}/{selection}" for selection in (CHANGES, OPEN, *KINDS))]
            stems += [each.stem for each in places(conn, feed, scope)] if archives else []
            names += [f"{stem}.{ending}" for stem in stems for ending in FORMATS]
    return names


def archive_names(conn: sa.Connection, scope: str) -> list[str]:
    """The archive documents of a scope; none of one that is not there."""
    feed = Look(conn, Press(""), EntryMemory()).scopes.get(scope)
    stems = [each.stem for each in places(conn, feed, scope)] if feed else []
    return [f"{stem}.{ending}" for stem in stems for ending in FORMATS]


def touched_archives(conn: sa.Connection, *, change: int, suppression: int) -> list[str]:
    """The archive documents in which something may differ since the change and the suppression with these numbers: a few,
    however many there are.
    """
    scopes = Look(conn, Press(""), EntryMemory()).scopes
    names = []
    for scope, touched in touched_places(conn, scopes, change=change, suppression=suppression).items():
        if touched is None:
            names += archive_names(conn, scope)
        else:
            names += [f"{each.stem}.{ending}" for each in touched for ending in FORMATS]
    return names


def edition_of(conn: sa.Connection, press: Press, name: FeedName, memory: EntryMemory) -> Edition:
    """What a document that is no search is written from. Raises `UnknownFeed` for a part of an archive that is not there."""
    look = Look(conn, press, memory)
    return _archive(look, name) if name.selection == ARCHIVE else _newest(look, name)


def _newest(look: Look, name: FeedName) -> Edition:
    scope = look.scopes[name.scope]
    entries, updated = look.edition(name.scope, name.selection)
    if name.selection == CHANGES:
        feed = changes_of(scope)
    else:
        feed = selected(scope, name.selection) if name.selection else scope
    older = None if name.selection else _last_archive(look, name.scope)
    return Edition(
        feed=feed,
        press=look.press,
        place=Place(name.stem),
        updated=updated,
        entries=entries,
        links={"prev-archive": older} if older else {},
        gone=() if name.selection == CHANGES else look.gone(name.scope),
        rhythm=look.rhythm(name.scope),
    )


def _last_archive(look: Look, scope: str) -> Place | None:
    return look.once(
        ("last", scope), lambda: last_place(look.conn, look.scopes[scope], scope, datetime.max.replace(tzinfo=UTC))
    )


def _archive(look: Look, name: FeedName) -> Edition:
    scope = look.scopes[name.scope]
    period = period_of(scope, name.period)
    rows = [] if period is None else look.once((name.scope, period), lambda: archived(look.conn, scope, period))
    count = parts(len(rows))
    if period is None or not 1 <= name.part <= count:
        raise UnknownFeed(str(name))
    part = part_of(rows, name.part)
    entity = look.press.tagging_entity
    entries = entries_of(look.conn, shown(part), entity, look.memory)
    gone = gone_of((row for row in part if row.at is not None), entity)
    times = [entry.updated for entry in entries] + [each.at for each in gone]
    linked = (name.scope, period, name.part, "links")
    return Edition(
        feed=scope,
        press=look.press,
        place=Place(name.stem),
        updated=max(times, default=scope.since.replace(microsecond=0)),
        entries=entries,
        links=look.once(linked, lambda: neighbours(look.conn, scope, name.scope, period, name.part, count)),
        gone=gone,
        is_archive=True,
    )


def _search(look: Look, name: FeedName, query: FeedQuery) -> Edition:
    if name.selection:
        raise BadQuery(f"A search is asked of {name.scope}.{name.format} alone; write kind= for a kind.")
    scope = look.scopes[name.scope]
    picked, pages = found(look.conn, scope, query)
    entries = entries_of(look.conn, picked, look.press.tagging_entity, look.memory)
    return Edition(
        feed=feed_of(scope, query),
        press=look.press,
        place=place_of(name.scope, query),
        updated=max((entry.updated for entry in entries), default=scope.since.replace(microsecond=0)),
        entries=entries,
        links=links(name.scope, query, pages),
        gone=look.gone(name.scope),
        rhythm=look.rhythm(name.scope),
    )
