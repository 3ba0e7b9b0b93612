"""Which appeals are open: to which nothing later says that it was answered. It hangs on what forces say, never on the clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from feeds.published import PUBLISHED
from storage.chunks import chunks
from storage.models import Article, ArticleReference, Version

OPEN_KINDS = ("appeal", "missing", "wanted")
CLOSING_KINDS = ("found", "arrest", "charge", "court")

_own, _other = sa.orm.aliased(ArticleReference), sa.orm.aliased(ArticleReference)
_ANSWERS = (
    sa.select(_own.article_id, PUBLISHED.label("published"), Article.id.label("later"))
    .join(_other, sa.and_(_other.force == _own.force, _other.key == _own.key, _other.article_id != _own.article_id))
    .join(Article, Article.id == _other.article_id)
    .join(Version, sa.and_(Version.article_id == Article.id, Version.number == Article.version))
    .where(Version.kind.in_(CLOSING_KINDS))
)


def open_appeals(conn: sa.Connection, rows: Sequence[Any]) -> list[Any]:
    """The appeals among articles (`id, kind, published`) that no later article of the same force and reference answers: that
    somebody was found, arrested, charged or tried. An answer counts also when it was withdrawn since.
    """
    appeals = {row.id: row for row in rows if row.kind in OPEN_KINDS}
    answered = set()
    for part in chunks(list(appeals)):
        for answer in conn.execute(_ANSWERS.where(_own.article_id.in_(part))):
            if (answer.published, answer.later) > (appeals[answer.article_id].published, answer.article_id):
                answered.add(answer.article_id)
    return [row for row in appeals.values() if row.id not in answered]
