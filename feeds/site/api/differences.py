"""/articles/{id}/diff: what differs between two versions, as pieces of text and as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field

from feeds.site.api.operations import Asked, Operation
from feeds.site.api.parameters import Parameter, number
from feeds.site.api.problems import Refused
from feeds.site.api.shapes import Number, Shape, Text
from feeds.site.api.versions import OLDER, SPARED
from feeds.site.api.withheld import PROBLEMS, shown_article
from feeds.spared import shown_difference
from storage.changes import Words
from storage.diffs import differences
from storage.segments import DELETE, EQUAL, INSERT, Segment
from storage.tables import VERSION

_GONE = "[…]"


class Piece(Shape):
    """Of what was replaced, first what went, then what came."""

    op: Text = Field(description="equal, delete or insert", json_schema_extra={"enum": [EQUAL, DELETE, INSERT]})
    text: Text


class Difference(Shape):
    """`segments`: title, description and body, those in which anything differs. The equal and deleted pieces together are the old
    text to the letter, the equal and inserted ones the new. `html`: the paragraphs that differ, as a reader sees them, with
    <ins> and <del>; '' where none does. Of a story about somebody who must be spared, '[…]' stands for what went.
    """

    article_id: Number
    from_: Number = Field(serialization_alias="from")
    to: Number
    segments: dict[Literal["title", "description", "body"], list[Piece]]
    html: Text


@dataclass(frozen=True, slots=True)
class _Shown:
    sensitive: bool
    version: int
    current: int


def difference(asked: Asked) -> Difference:
    found = shown_article(asked.conn, asked.path["id"])
    to = found.version if asked.query["to"] is None else asked.query["to"]
    from_ = max(to - 1, 1) if asked.query["from"] is None else asked.query["from"]
    before, after = _two(asked.conn, found, from_, to)
    html = shown_difference(_Shown(found.sensitive, to, found.version), before, after)
    parts = differences(before, after)
    segments = {
        name: [_piece(piece, found.sensitive) for piece in pieces]
        for name, pieces in parts.items()
        if any(piece.op != "equal" for piece in pieces)
    }
    return Difference.model_validate(
        {"article_id": found.id, "from_": from_, "to": to, "segments": segments, "html": html}
    )


def _two(conn: sa.Connection, found: Any, from_: int, to: int) -> tuple[Words, Words]:
    columns = (VERSION.c.number, VERSION.c.title, VERSION.c.description, VERSION.c.body, VERSION.c.normalisation)
    query = sa.select(*columns).where(VERSION.c.article_id == found.id, VERSION.c.number.in_([from_, to]))
    rows = {row.number: row for row in conn.execute(query)}
    for n in (to, from_):
        if n not in rows:
            raise Refused(404, f"Article {found.id} has no version {n}.")
    if found.sensitive and to != found.version:
        raise Refused(403, f"A difference to version {to} of article {found.id} is not shown: {SPARED}.")
    for n in (from_, to):
        if rows[n].normalisation == 0:
            raise Refused(410, f"The text of version {n} of article {found.id} was erased.")
    before, after = (Words(rows[n].title, rows[n].description, rows[n].body) for n in (from_, to))
    return before, after


def _piece(piece: Segment, sensitive: bool) -> Piece:
    return Piece(op=piece.op, text=_GONE if sensitive and piece.op == DELETE else piece.text)


def _version(name: str, description: str) -> Parameter:
    schema = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
    return Parameter(name=name, description=description, schema=schema, read=number(1))


OPERATIONS = (
    Operation(
        path="/articles/{id}/diff",
        name="getDifference",
        summary="What differs between two versions of a story",
        answer=Difference,
        call=difference,
        parameters=(
            _version("from", "the number of the version before; the one before to, unless said otherwise"),
            _version("to", "the number of the version after; the present one, unless said otherwise"),
        ),
        numbers={"id": "article"},
        problems=PROBLEMS | OLDER,
    ),
)
