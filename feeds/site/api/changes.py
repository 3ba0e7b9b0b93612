"""/changes: what happened, newest first, or as it was stored from a number on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa
from pydantic import Field

from feeds.site.api import scopes
from feeds.site.api.change_shapes import JOINED, KIND_BEFORE, Change, changes_by_id
from feeds.site.api.cursors import Cursor
from feeds.site.api.operations import Asked, Operation
from feeds.site.api.parameters import LARGEST, Parameter, number, one_of
from feeds.site.api.problems import Refused
from feeds.site.api.settled import last_settled
from feeds.site.api.shapes import Number, Shape
from feeds.site.api.walking import Path, Track, Walked, walk, walk_up
from storage.models import IS_TOLD
from storage.tables import ARTICLE, CHANGE, VERSION
from storage.withheld import may_be_shown, may_be_told

_SORTS = ("new", "edited", "removed", "restored", "moved", "reparsed")
_FIELDS = ("title", "description", "body")
_OURS = "reparsed"
_UNTOLD = {"new", _OURS}
_NEWEST = "at"


class Changes(Shape):
    """A page may be short, or even empty, and still have a next one: follow `next` to its end."""

    items: list[Change]
    next: str | None = Field(description="the URL of the next page")
    after: Number = Field(
        description="to be given as after later on, for all that is stored from now on: none is missed, none comes twice"
    )


PARAMETERS = (
    scopes.AREA,
    scopes.SOURCE_ID,
    Parameter(
        name="change",
        description="sorts of change; all but reparsed, which is our own doing, unless said otherwise",
        schema={"type": "string", "enum": list(_SORTS)},
        read=one_of(_SORTS),
        many=True,
    ),
    scopes.KIND,
    Parameter(
        name="field",
        description="only edits of these fields",
        schema={"type": "string", "enum": list(_FIELDS)},
        read=one_of(_FIELDS),
        many=True,
    ),
    scopes.yes_or_no("minor", "true: only minor ones; false: none of them"),
    scopes.since("seen at this time or later"),
    scopes.until("seen before this time; a day counts whole"),
    Parameter(
        name="after",
        description="those stored after the change of this number, in the order they were stored",
        schema={"type": "integer", "minimum": 0, "maximum": LARGEST},
        read=number(0),
    ),
    scopes.LIMIT,
    scopes.CURSOR,
)


def changes(asked: Asked) -> Changes:
    query, limit = asked.query, asked.query["limit"] or scopes.USUAL
    cursor: Cursor | None = query["cursor"]
    if cursor is not None and query["after"] is not None:
        raise Refused(400, "cursor and after name two places; give one of them.", parameter="after")
    if cursor is not None and cursor.order != _NEWEST:
        raise Refused(400, "cursor is of another list; begin without it.", parameter="cursor")
    sources = scopes.sources_asked(asked)
    last = last_settled(asked.conn)
    keep = _keep(asked, sources)
    if query["after"] is not None:
        ids, looked_to, more = walk_up(asked.conn, CHANGE.c.id, after=query["after"], last=last, limit=limit, keep=keep)
        following = asked.with_(after=str(looked_to)) if more else None
        return Changes(items=changes_by_id(asked, ids), next=following, after=looked_to)
    mark = cursor.mark if cursor else last
    found = _newest(asked, cursor, limit, keep)
    following = asked.with_(cursor=str(Cursor(_NEWEST, *found.rest, mark))) if found.rest else None
    return Changes(items=changes_by_id(asked, found.ids), next=following, after=mark)


def _newest(asked: Asked, cursor: Cursor | None, limit: int, keep: Any) -> Walked:
    place = (cursor.at, cursor.id) if cursor else None
    bounds: list[Any] = list(_bounds(asked.query))
    if not _UNTOLD.intersection(asked.query["change"] or _UNTOLD):
        bounds.append(IS_TOLD)
    return walk(asked.conn, Path(CHANGE.c.id, [Track(CHANGE.c.at, bounds)]), after=place, limit=limit, keep=keep)


def _bounds(query: Any) -> Iterator[sa.ColumnElement[bool]]:
    if query["since"] is not None:
        yield CHANGE.c.at >= query["since"]
    if query["until"] is not None:
        yield CHANGE.c.at < query["until"]


def _keep(asked: Asked, sources: list[str] | None) -> Any:
    wanted = list(_filters(asked.query, sources))
    query = JOINED.with_only_columns(CHANGE.c.id).where(may_be_told(), *wanted)

    def keep(ids: list[int]) -> Collection[int]:
        return set(asked.conn.scalars(query.where(CHANGE.c.id.in_(ids))))

    return keep


def _filters(query: Any, sources: list[str] | None) -> Iterator[sa.ColumnElement[bool]]:
    if query["after"] is not None:
        yield from _bounds(query)
    if sources is not None:
        yield ARTICLE.c.source_id.in_(sources)
    if query["change"] is not None:
        yield CHANGE.c.change.in_(query["change"])
    else:
        yield CHANGE.c.change != _OURS
    # What is withheld is found by nothing that would tell of what kind it was, or what of it differed.
    if query["kind"] is not None:
        yield may_be_shown()
        yield sa.or_(VERSION.c.kind.in_(query["kind"]), KIND_BEFORE.in_(query["kind"]))
    if query["field"] is not None:
        yield may_be_shown()
        differs = sa.cast(CHANGE.c.fields, sa.String)
        yield sa.or_(*(differs.contains(f'"{name}"', autoescape=True) for name in query["field"]))
    if query["minor"] is not None:
        yield CHANGE.c.minor == query["minor"]


OPERATIONS = (
    Operation(
        path="/changes",
        name="listChanges",
        summary="What was new, edited, withdrawn, put back or moved",
        description="Newest first by the time we saw it; with `after` in the order of storing, to be asked again and again.",
        answer=Changes,
        call=changes,
        parameters=PARAMETERS,
        problems={404: "an area or a source that is asked for does not exist"},
    ),
)
