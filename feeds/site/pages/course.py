"""What became of one story, step by step: when it came, was edited, was withdrawn and came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feeds.text import one_line
from storage.kinds import step
from storage.tables import CHANGE, VERSION

_FIELDS = {"title": "headline", "description": "summary", "body": "text"}
_WHAT = {
    "new": "First seen",
    "edited": "Edited",
    "removed": "Withdrawn",
    "restored": "Put back",
    "moved": "Moved to another address",
    "reparsed": "Read anew by us; the story is the same",
}
_BEFORE = VERSION.alias("before")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A step. `compared` are the versions before and after an edit, where both may be shown; `title` is the headline of a version
    that had another one than the version before it.
    """

    change: str
    what: str
    at: datetime
    version: int
    kind: str
    step: str | None
    fields: str
    title: str | None
    compared: tuple[int, int] | None
    text_kept: bool


def events(conn: sa.Connection, article: Any) -> list[Event]:
    """The steps of an article that may be shown, the oldest first. Of a sensitive one no headline of old, and only what led to the
    present text can be compared.
    """
    query = (
        sa.select(
            *(CHANGE.c.change, CHANGE.c.version, CHANGE.c.version_before, CHANGE.c.fields, CHANGE.c.at),
            *(VERSION.c.kind, VERSION.c.title, VERSION.c.normalisation.label("kept")),
            *(_BEFORE.c.kind.label("kind_before"), _BEFORE.c.title.label("title_before")),
            _BEFORE.c.normalisation.label("kept_before"),
        )
        .join(VERSION, (VERSION.c.article_id == CHANGE.c.article_id) & (VERSION.c.number == CHANGE.c.version))
        .outerjoin(
            _BEFORE, (_BEFORE.c.article_id == CHANGE.c.article_id) & (_BEFORE.c.number == CHANGE.c.version_before)
        )
        .where(CHANGE.c.article_id == article.id, sa.not_(CHANGE.c.minor))
        .order_by(CHANGE.c.at, CHANGE.c.id)
    )
    return [_event(row, article) for row in conn.execute(query)]


def _event(row: Any, article: Any) -> Event:
    is_edit = row.change == "edited"
    kept = bool(is_edit and row.kept and row.kept_before)
    hidden = article.sensitive and row.version != article.current
    names = [_FIELDS.get(name, name) for name in row.fields] if is_edit else []
    return Event(
        change=row.change,
        what=_WHAT[row.change],
        at=row.at,
        version=row.version,
        kind=row.kind,
        step=step(row.kind_before, row.kind) if is_edit and not hidden else None,
        fields=" and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]])),
        title=one_line(row.title) if kept and row.title != row.title_before and not article.sensitive else None,
        compared=(row.version_before, row.version) if kept and not hidden else None,
        text_kept=row.change in ("new", "edited", "reparsed") and bool(row.kept),
    )
