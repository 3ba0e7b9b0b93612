"""How long a copy of a document may be kept: until the next crawl of its sources can bring something."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

import sqlalchemy as sa

from storage.areas import area_slug
from storage.tables import CRAWL, SOURCE

SHORTEST, LONGEST, UNKNOWN = 60, 900, 300  # seconds

_LOOKED_AT = 2000  # of the last crawls: enough to know a rhythm, few enough to be read each minute
_OF_ONE = 10


def next_crawls(conn: sa.Connection) -> dict[str, list[tuple[datetime, timedelta]]]:
    """By area slug, for each source whose last crawls tell a rhythm: when the last one began, and how far apart they are."""
    areas = {row.id: area_slug(row.area) for row in conn.execute(sa.select(SOURCE.c.id, SOURCE.c.area))}
    latest = sa.select(CRAWL.c.source_id, CRAWL.c.started_at).order_by(CRAWL.c.id.desc()).limit(_LOOKED_AT)
    began: defaultdict[str, list[datetime]] = defaultdict(list)
    for row in conn.execute(latest):
        if len(began[row.source_id]) < _OF_ONE:
            began[row.source_id].append(row.started_at)
    found: defaultdict[str, list[tuple[datetime, timedelta]]] = defaultdict(list)
    for source, moments in began.items():
        gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(moments)]
        if gaps and source in areas:
            found[areas[source]].append((max(moments), timedelta(seconds=max(median(gaps), 1))))
    return found


def lifetime(crawls: Mapping[str, list[tuple[datetime, timedelta]]], area: str | None, now: datetime) -> int:
    """Seconds until the earliest of an area's next crawls, or of all where `area` is None, at least a minute and at most a
    quarter of an hour. A source that is more than one of its gaps late is not waited for: it is not crawled any more.
    """
    rhythms = crawls.get(area, ()) if area is not None else [one for each in crawls.values() for one in each]
    waits = [last + gap - now for last, gap in rhythms if now - last < 2 * gap]
    if not waits:
        return UNKNOWN
    return int(min(max(min(waits).total_seconds(), SHORTEST), LONGEST))
