"""How sources are, as pages say it: a word and a shape, never a colour alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from storage.areas import area_slug
from storage.health import SourceHealth, health
from storage.states import State

ORDER = (State.OK, State.QUIET, State.STALE, State.BLOCKED, State.BROKEN)
WELL = (State.OK, State.QUIET)
MEANING = {
    State.OK: "read well, and as many stories as usual",
    State.QUIET: "read well, but far fewer stories than usual",
    State.STALE: "not read well for too long, or never",
    State.BLOCKED: "the site keeps us out",
    State.BROKEN: "the last look failed",
}


def worst(found: Iterable[SourceHealth]) -> State:
    """The state that most needs a look; stale where nothing is known."""
    return max((each.state for each in found), key=ORDER.index, default=State.STALE)


def health_by_area(conn: sa.Connection, now: datetime) -> dict[str, list[SourceHealth]]:
    """All sources, by their area's name in URLs."""
    found: defaultdict[str, list[SourceHealth]] = defaultdict(list)
    for each in health(conn, now):
        found[area_slug(each.area)].append(each)
    return found
