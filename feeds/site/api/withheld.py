"""What is never answered: 410 for an article that is withheld, and no word of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from feeds.site.api.problems import Refused
from feeds.text import one_line
from storage.tables import ARTICLE, SOURCE
from storage.withheld import is_withheld

_STATE = sa.select(
    *(
        ARTICLE.c[name]
        for name in ("id", "sensitive", "version", "address", "suppressed_at", "removed_at", "erased_at")
    ),
    SOURCE.c.force,
    is_withheld().label("withheld"),
).join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)

PROBLEMS = {404: "there is no such article", 410: "the article is withheld; nothing of it is shown"}


def shown_article(conn: sa.Connection, article_id: int) -> Any:
    """`id, sensitive, version` (the current one) and `address` of an article that may be shown. Raises `Refused` (404, 410)."""
    row = conn.execute(_STATE.where(ARTICLE.c.id == article_id)).one_or_none()
    if row is None:
        raise Refused(404, f"There is no article {article_id}.")
    if not row.withheld:
        return row
    force = one_line(row.force)
    at = min(at for at in (row.removed_at, row.suppressed_at, row.erased_at) if at is not None)
    raise Refused(410, f"A story of {force} was withdrawn; nothing of it is shown.", id=article_id, force=force, at=at)
