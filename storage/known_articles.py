"""What the store holds of the articles of a batch: little of each, and all of the few that differ."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.chunks import chunks
from storage.outcomes import Seen
from storage.tables import ARTICLE, CHANGE, SOURCE, VERSION
from storage.versions import COLUMNS

Key = tuple[str, str]  # source and URL

_KEPT = 5  # a text equal to one of so many last versions is a flip

_CURRENT = sa.select(
    ARTICLE.c.source_id,
    ARTICLE.c.url,
    ARTICLE.c.reuse,
    ARTICLE.c.address,
    ARTICLE.c.id,
    ARTICLE.c.version,
    ARTICLE.c.removed_at,
    VERSION.c.id.label("version_id"),
    VERSION.c.record_hash,
    VERSION.c.normalisation,
    VERSION.c.reader,
    VERSION.c.reader_version,
    VERSION.c.entry,
).join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version))
_AT = _CURRENT.where(
    ARTICLE.c.source_id.in_(sa.bindparam("sources", expanding=True)),
    ARTICLE.c.url.in_(sa.bindparam("urls", expanding=True)),
).order_by(ARTICLE.c.reuse)
_OF = _CURRENT.where(ARTICLE.c.id.in_(sa.bindparam("ids", expanding=True)))
_WITH_TEXT = (
    sa.select(
        ARTICLE.c.id,
        ARTICLE.c.version,
        ARTICLE.c.removed_at,
        ARTICLE.c.erased_at,
        ARTICLE.c.changed_at,
        ARTICLE.c.last_seen_at,
        SOURCE.c.template_changed_at,
        ARTICLE.c.published_at.label("first_published_at"),
        ARTICLE.c.published_precision.label("first_published_precision"),
        VERSION.c.id.label("version_id"),
        *COLUMNS,
    )
    .join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version))
    .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
    .where(ARTICLE.c.id.in_(sa.bindparam("ids", expanding=True)))
)
_HISTORY = (
    sa.select(
        VERSION.c.article_id,
        VERSION.c.id,
        VERSION.c.number,
        VERSION.c.content_hash,
        VERSION.c.normalisation,
        VERSION.c.seen_at,
    )
    .where(VERSION.c.article_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(VERSION.c.article_id, VERSION.c.number.desc())
)
_STATES = (
    sa.select(CHANGE.c.article_id, CHANGE.c.state, CHANGE.c.at)
    .where(CHANGE.c.article_id.in_(sa.bindparam("ids", expanding=True)), CHANGE.c.minor)
    .order_by(CHANGE.c.id.desc())
)


def current(conn: Connection, keys: Sequence[Key]) -> dict[Key, Any]:
    """What is known of the articles at these URLs: identity, address, removal, and the hash of the current version. No text is
    read. Of a URL that the force used again, the newest story.
    """
    found = conn.execute(_AT, {"sources": sorted({source for source, _ in keys}), "urls": [url for _, url in keys]})
    return {(row.source_id, row.url): row for row in found}


def current_of(conn: Connection, ids: Collection[int]) -> dict[int, Any]:
    """The same by id."""
    found: dict[int, Any] = {}
    for part in chunks(sorted(ids)):
        found |= {row.id: row for row in conn.execute(_OF, {"ids": part})}
    return found


def seen(conn: Connection, ids: Sequence[int]) -> dict[int, Seen]:
    """All that a decision about these articles needs, by their id."""
    these = {"ids": list(ids)}
    found: dict[int, Seen] = {row.id: Seen(row._asdict(), [], []) for row in conn.execute(_WITH_TEXT, these)}
    for row in conn.execute(_HISTORY, these):
        if len(found[row.article_id].versions) < _KEPT:
            found[row.article_id].versions.append(row)
    for article_id, state, at in conn.execute(_STATES, these):
        if state and len(found[article_id].states) < _KEPT:
            found[article_id].states.append((state, at))
    return found
