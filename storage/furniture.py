"""Pieces of text that are a site's and not a story's: learned from what came or went on many of its pages at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from storage.changes import Words, normalise
from storage.pieces import Differences, Piece
from storage.tables import FURNITURE, SOURCE
from storage.text import storable

_MOST = 20  # pieces at once: a banner has few, and a site that is new each time has no end of them
_REDESIGNED = timedelta(days=1)
_LONGEST = 2000  # of what a person is shown


def known_furniture(conn: Connection, sources: Iterable[str]) -> dict[str, frozenset[str]]:
    """By source: the digests of its furniture."""
    found: dict[str, set[str]] = {}
    query = sa.select(FURNITURE.c.source_id, FURNITURE.c.digest).where(FURNITURE.c.source_id.in_(sorted(set(sources))))
    for source, digest in conn.execute(query):
        found.setdefault(source, set()).add(digest)
    return {source: frozenset(digests) for source, digests in found.items()}


def remember_furniture(conn: Connection, source: str, found: Iterable[Piece], now: datetime) -> None:
    """Keeps pieces as furniture of the source; a masked piece stands for all that differ from it by their numbers."""
    insert = (postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert)(FURNITURE)
    found = sorted(set(found), key=lambda piece: (-len(piece.text), piece))[:_MOST]
    rows = [
        {
            "source_id": source,
            "digest": piece.digest,
            "text": storable(piece.text[:_LONGEST]),
            "found_at": now,
            "seen_at": now,
        }
        for piece in found
        if piece.text
    ]
    if rows:
        conn.execute(insert.on_conflict_do_update(index_elements=["source_id", "digest"], set_={"seen_at": now}), rows)


def story_differences(found: Differences, furniture: frozenset[str]) -> Differences:
    """What is left of the differences once furniture is set aside."""
    if not furniture:
        return found
    return found.without({p for p in found.all if p.digest in furniture or p.masked.digest in furniture})


def story_words(text: Words, furniture: frozenset[str]) -> Words:
    """A text without its furniture: what is left tells which fields of a story changed."""
    if not furniture:
        return text
    lines = [line for line in text.body.split("\n") if not _is_furniture("body", line, furniture)]
    described = text.description is not None and not _is_furniture("description", text.description, furniture)
    return Words(text.title, text.description if described else None, "\n".join(lines))


def _is_furniture(field: str, text: str, furniture: frozenset[str]) -> bool:
    piece = Piece(field, normalise(text, markdown=field == "body"))
    return bool(piece.text) and (piece.digest in furniture or piece.masked.digest in furniture)


def redesigned(conn: Connection, source: str, now: datetime) -> bool:
    """The source's pages come in another design from now on: what differs from a text that was read before may be ours. Returns
    False where they did so less than a day ago: nobody gives a site two designs a day.
    """
    last = conn.scalar(sa.select(SOURCE.c.template_changed_at).where(SOURCE.c.id == source))
    if last is not None and timedelta(0) <= now - last < _REDESIGNED:
        return False
    conn.execute(SOURCE.update().where(SOURCE.c.id == source).values(template_changed_at=now))
    return True
