"""What was edited, withdrawn or put back, in lists and of one story; never a word that may not be shown (`feeds.spared`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup

from feeds.site.pages.stories import headline
from feeds.spared import shown_difference
from feeds.text import one_line
from storage.days import day_of
from storage.kinds import step
from storage.models import IS_TOLD
from storage.tables import ARTICLE, CHANGE, SOURCE, VERSION
from storage.withheld import is_withheld, may_be_shown, may_be_told

CHANGES = {"edited": "Edited", "removed": "Withdrawn", "restored": "Put back"}
_FIELDS = {"title": "headline", "description": "summary", "body": "text"}
# In a list; a longer one has a page of its own.
_MOST_INLINE = 1500
_NOTHING_SHOWN = re.compile(r"(?:<p>(?:<del>)?\[…\](?:</del>)?</p>){2,}")

_NOW = VERSION.alias("now")
_BEFORE = VERSION.alias("before")
_AFTER = VERSION.alias("after")
_TELLABLE = (
    IS_TOLD,  # says nothing more, but in the words of an index
    CHANGE.c.change.in_(tuple(CHANGES)),
    sa.not_(CHANGE.c.minor),
    CHANGE.c.crawl_id.is_not(None),
    may_be_told(),
)
_QUERY = (
    sa.select(
        *(CHANGE.c.id, CHANGE.c.article_id, CHANGE.c.change, CHANGE.c.version, CHANGE.c.version_before),
        *(CHANGE.c.fields, CHANGE.c.at, ARTICLE.c.sensitive, ARTICLE.c.version.label("current")),
        is_withheld().label("withheld"),
        *(SOURCE.c.area, SOURCE.c.force, _NOW.c.title.label("title_now"), _NOW.c.kind.label("kind_now")),
        *(_AFTER.c.title.label("title_then"), _AFTER.c.kind, _AFTER.c.language, _BEFORE.c.kind.label("kind_before")),
    )
    .join(ARTICLE, ARTICLE.c.id == CHANGE.c.article_id)
    .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
    .join(_NOW, (_NOW.c.article_id == ARTICLE.c.id) & (_NOW.c.number == ARTICLE.c.version))
    .join(_AFTER, (_AFTER.c.article_id == CHANGE.c.article_id) & (_AFTER.c.number == CHANGE.c.version))
    .outerjoin(_BEFORE, (_BEFORE.c.article_id == CHANGE.c.article_id) & (_BEFORE.c.number == CHANGE.c.version_before))
    .where(*_TELLABLE)
    .order_by(CHANGE.c.at.desc(), CHANGE.c.id.desc())
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A change as a page tells it. `title` is None of what is withheld; `compared` are the numbers of two versions that may be
    compared; `difference` is HTML, for short ones where it was asked for.
    """

    id: int
    article: int
    change: str
    what: str
    title: str | None
    kind: str | None
    language: str
    area: str
    force: str
    fields: str
    at: datetime
    compared: tuple[int, int] | None
    difference: Markup | None = None


def latest(
    conn: sa.Connection, limit: int, *where: sa.ColumnElement[bool], with_differences: bool = False
) -> list[Told]:
    """The latest changes, the newest first."""
    rows = conn.execute(_QUERY.where(*where).limit(limit)).all()
    words = _words(conn, [row for row in rows if with_differences and _may_be_compared(row)])
    return [_told(row, words) for row in rows]


def of_sources(ids: Iterable[str]) -> sa.ColumnElement[bool]:
    """The condition that a change is of one of these sources. By a calculation: databases would go through all their stories, of
    which few changed.
    """
    return sa.func.coalesce(ARTICLE.c.source_id, None).in_(tuple(ids))


def since(moment: datetime) -> sa.ColumnElement[bool]:
    """The condition that a change was seen at a moment or later."""
    return CHANGE.c.at >= moment


def of_kind(kind: str) -> sa.ColumnElement[bool]:
    """The condition that a change is of a story that was or became of a kind. Of what is withheld no kind is told."""
    return sa.and_(sa.or_(_AFTER.c.kind == kind, _BEFORE.c.kind == kind), may_be_shown())


def before(conn: sa.Connection, change: int) -> sa.ColumnElement[bool] | None:
    """The condition that a change stands behind this one in a list; None where there is no such change."""
    at = conn.scalar(sa.select(CHANGE.c.at).where(CHANGE.c.id == change))
    return None if at is None else sa.or_(CHANGE.c.at < at, sa.and_(CHANGE.c.at == at, CHANGE.c.id < change))


def by_day(told: Iterable[Told]) -> list[tuple[Any, list[Told]]]:
    """Changes under the day in London on which they were seen."""
    return [(day, list(group)) for day, group in groupby(told, key=lambda each: day_of(each.at))]


def marked(difference: str) -> Markup:
    """A difference for people who hear it as well: each <del> and <ins> says which it is. Paragraphs in a row of which nothing is
    shown are one.
    """
    return Markup(
        _NOTHING_SHOWN.sub("<p>[…]</p>", difference)
        .replace("<del>", '<del><span class="unseen"> removed: </span>')
        .replace("</del>", '<span class="unseen"> end of removed </span></del>')
        .replace("<ins>", '<ins><span class="unseen"> added: </span>')
        .replace("</ins>", '<span class="unseen"> end of added </span></ins>')
    )


def _may_be_compared(row: Any) -> bool:
    return (
        row.change == "edited"
        and row.version_before is not None
        and not row.withheld
        and (not row.sensitive or row.version == row.current)
    )


def _words(conn: sa.Connection, rows: Sequence[Any]) -> dict[tuple[int, int], Any]:
    wanted = {(row.article_id, number) for row in rows for number in (row.version_before, row.version)}
    columns = (VERSION.c.article_id, VERSION.c.number, VERSION.c.title, VERSION.c.description, VERSION.c.body)
    query = sa.select(*columns).where(
        VERSION.c.article_id.in_({article for article, _ in wanted}),
        VERSION.c.number.in_({number for _, number in wanted}),
        VERSION.c.normalisation > 0,  # an erased text has none
    )
    return {(row.article_id, row.number): row for row in conn.execute(query)} if wanted else {}


def _told(row: Any, words: dict[tuple[int, int], Any]) -> Told:
    shown = not row.withheld
    pair = (row.version_before, row.version) if _may_be_compared(row) else None
    difference = ""
    if pair and all((row.article_id, number) in words for number in pair):
        difference = shown_difference(row, *(words[row.article_id, number] for number in pair))
    fields = [_FIELDS.get(name, name) for name in row.fields] if shown and row.change == "edited" else []
    return Told(
        id=row.id,
        article=row.article_id,
        change=row.change,
        what=(step(row.kind_before, row.kind) if shown else None) or CHANGES[row.change],
        title=headline(row.title_now if row.sensitive else row.title_then) if shown else None,
        kind=(row.kind_now if row.sensitive else row.kind) if shown else None,
        language=row.language if shown else "en",
        area=one_line(row.area),
        force=one_line(row.force),
        fields=" and ".join(filter(None, [", ".join(fields[:-1]), *fields[-1:]])),
        at=row.at,
        compared=pair,
        difference=marked(difference) if 0 < len(difference) <= _MOST_INLINE else None,
    )
