"""What articles quote to police, as keys by which the articles of one incident find each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from storage.chunks import chunks
from storage.tables import ARTICLE, REFERENCE, SOURCE, VERSION

_FORCE = (
    sa.select(SOURCE.c.force)
    .join(ARTICLE, ARTICLE.c.source_id == SOURCE.c.id)
    .where(ARTICLE.c.id == sa.bindparam("article"))
    .scalar_subquery()
)


def reference_key(reference: str) -> str:
    """A reference in capital letters and digits alone: '40/12345/26' and '40-12345-26' are one. It is stored, and migration 0005
    filled it by this rule: a change needs a migration that fills `article_reference` again.
    """
    return "".join(letter for letter in reference.upper() if letter.isalnum())


def keep_references(conn: Connection, quoted: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Adds what articles (by id) quote to what they quoted before: an edit that drops a number is still of that incident."""
    keys = {(article_id, reference_key(each)) for article_id, references in quoted for each in references}
    if rows := [{"article": article_id, "of": article_id, "key": key} for article_id, key in sorted(keys) if key]:
        insert = (postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert)(REFERENCE)
        conn.execute(
            insert.values(
                article_id=sa.bindparam("of"), key=sa.bindparam("key"), force=_FORCE
            ).on_conflict_do_nothing(),
            rows,
        )


def renew_references(conn: Connection, ids: Sequence[int]) -> None:
    """Makes the references of articles anew from all their versions: those that another reader read of them may not be there."""
    for part in chunks(ids):
        versions = conn.execute(
            sa.select(VERSION.c.article_id, VERSION.c.references).where(VERSION.c.article_id.in_(part))
        )
        quoted: list[tuple[int, Any]] = [(row[0], row[1]) for row in versions]
        forget_references(conn, part)
        keep_references(conn, quoted)


def forget_references(conn: Connection, ids: Sequence[int]) -> None:
    """Takes out the references of articles: they are erased, or read again from the first text on."""
    for part in chunks(ids):
        conn.execute(REFERENCE.delete().where(REFERENCE.c.article_id.in_(part)))
