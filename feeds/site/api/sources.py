"""/sources: the places that are read, and how each of them is."""

from __future__ import annotations

import sqlalchemy as sa
from pydantic import Field

from feeds.site.api import scopes
from feeds.site.api.operations import Asked, Operation
from feeds.site.api.parameters import Parameter, one_of
from feeds.site.api.shapes import Address, Number, Shape, Text, Time
from storage.areas import area_slug
from storage.health import SourceHealth, health
from storage.states import State
from storage.tables import SOURCE

_STATES = tuple(str(state) for state in State)


class Health(Shape):
    """How a source is: ok; quiet, with far fewer stories than usual; stale, not read well for long; blocked, kept out by the site;
    broken, its last crawl failed.
    """

    state: State
    why: Text = Field(description="one sentence")
    last_crawl_at: Time | None
    last_good_at: Time | None = Field(description="when a crawl last reached its listing")
    last_story_at: Time | None
    rhythm: float | None = Field(description="articles a week; null where too little is known")
    articles_today: Number = Field(description="on this day in London so far")
    failures: Number = Field(description="failed crawls in a row")


class Source(Shape):
    """One place that is read, a force's news section."""

    id: Text
    name: Text
    force: Text
    area: Text
    area_slug: Text
    region: Text | None
    language: Text
    reader: Text
    home_url: Address
    added_at: Time
    health: Health


class Sources(Shape):
    """All of them by id."""

    items: list[Source]


def sources(asked: Asked) -> Sources:
    wanted, states = scopes.sources_asked(asked), asked.query["state"]
    rows = asked.conn.execute(sa.select(SOURCE).order_by(SOURCE.c.id)).all()
    found = {each.source: each for each in health(asked.conn, asked.now)}
    chosen = [
        row
        for row in rows
        if (wanted is None or row.id in wanted) and (states is None or str(found[row.id].state) in states)
    ]
    return Sources(items=[_source(row, found[row.id]) for row in chosen])


def _source(row: sa.Row[tuple[object, ...]], state: SourceHealth) -> Source:
    values = {name: row._mapping[name] for name in Source.model_fields if name in row._mapping}
    return Source(**values, area_slug=area_slug(row.area), health=_health(state))


def _health(state: SourceHealth) -> Health:
    return Health(**{name: getattr(state, name) for name in Health.model_fields})


OPERATIONS = (
    Operation(
        path="/sources",
        name="listSources",
        summary="The places that are read, and how each of them is",
        answer=Sources,
        call=sources,
        parameters=(
            scopes.AREA,
            scopes.SOURCE_ID,
            Parameter(
                name="state",
                description="only those that are so",
                schema={"type": "string", "enum": list(_STATES)},
                read=one_of(_STATES),
                many=True,
            ),
        ),
        problems={404: "an area or a source that is asked for does not exist"},
    ),
)
