"""The filters that lists have in common: areas, sources, kinds, and the bounds of a page."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from feeds.site.api import moments
from feeds.site.api.cursors import cursor
from feeds.site.api.operations import Asked
from feeds.site.api.parameters import TEXT, Parameter, flag, number, one_of, text
from feeds.site.api.problems import unknown
from storage.areas import area_slug
from storage.kinds import NAMES
from storage.tables import SOURCE

MOST, USUAL = 500, 50

AREA = Parameter(
    name="area",
    description="areas by name or slug, as /areas lists them",
    schema=TEXT,
    read=text,
    many=True,
)
SOURCE_ID = Parameter(
    name="source", description="sources by id, as /sources lists them", schema=TEXT, read=text, many=True
)
KIND = Parameter(
    name="kind",
    description="kinds of story",
    schema={"type": "string", "enum": list(NAMES)},
    read=one_of(tuple(NAMES)),
    many=True,
)
LIMIT = Parameter(
    name="limit",
    description="at most so many a page",
    schema={"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    read=number(1, MOST),
)
CURSOR = Parameter(
    name="cursor", description="where to go on; take next whole instead", schema={"type": "string"}, read=cursor
)


def since(description: str) -> Parameter:
    """A parameter `since`: a day counts from its begin, UTC."""
    return Parameter(name="since", description=description, schema=moments.MOMENT, read=moments.since)


def until(description: str) -> Parameter:
    """A parameter `until`: a day counts whole."""
    return Parameter(name="until", description=description, schema=moments.MOMENT, read=moments.until)


def yes_or_no(name: str, description: str) -> Parameter:
    """A parameter that is true or false, or left open."""
    return Parameter(name=name, description=description, schema={"type": "boolean"}, read=flag)


def words(description: str, *, required: bool = False) -> Parameter:
    """A parameter `q`: words to be found, which are never syntax."""
    return Parameter(name="q", description=description, schema=TEXT, read=text, required=required)


def sources_asked(asked: Asked) -> list[str] | None:
    """The ids of the sources that `area` and `source` leave; None where neither is asked. Raises `Refused` (404)."""
    areas, sources = asked.query["area"], asked.query["source"]
    if areas is None and sources is None:
        return None
    rows = asked.conn.execute(sa.select(SOURCE.c.id, SOURCE.c.area).order_by(SOURCE.c.id)).all()
    slugs = {row.id: area_slug(row.area) for row in rows}
    _all_known("area", [(area, area_slug(area)) for area in areas or ()], sorted(set(slugs.values())))
    _all_known("source", [(source, source) for source in sources or ()], list(slugs))
    wanted = {area_slug(area) for area in areas or ()}
    return [
        id for id, slug in slugs.items() if (areas is None or slug in wanted) and (sources is None or id in sources)
    ]


def _all_known(what: str, given: Sequence[tuple[str, str]], known: list[str]) -> None:
    for written, name in given:
        if name not in known:
            raise unknown(what, written, known, parameter=what)
