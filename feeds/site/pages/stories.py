"""Stories in lists: what a list tells of each, and the newest ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa

from feeds.published import PUBLISHED, UNDATED
from feeds.selection import LOOKED_AT, Crowd
from feeds.site.pages import standing
from feeds.site.pages.standing import Place, Sources
from feeds.text import one_line, shortened
from storage.days import day_of
from storage.tables import ARTICLE, SOURCE, VERSION
from storage.withheld import may_be_shown

MOST_STANDFIRST = 220
_MOST_TITLE = 1000  # as in feeds


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story in a list. `at` is where it stands: when it was published, or first seen where no date is `dated`."""

    id: int
    title: str
    standfirst: str
    kind: str
    language: str
    area: str
    force: str
    at: datetime
    dated: bool
    precision: str

    @property
    def day(self) -> date:
        """The day that it stands at; one that states no time is of that day wherever it is read."""
        return self.at.date() if self.dated and self.precision != "minute" else day_of(self.at)


_QUERY = (
    sa.select(
        ARTICLE.c.id,
        PUBLISHED.label("at"),
        sa.not_(UNDATED).label("dated"),
        ARTICLE.c.published_precision,
        *(VERSION.c.title, VERSION.c.description, VERSION.c.kind, VERSION.c.language),
        *(SOURCE.c.area, SOURCE.c.force),
    )
    .join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version))
    .join(SOURCE, SOURCE.c.id == ARTICLE.c.source_id)
    .where(may_be_shown())
)


def latest(conn: sa.Connection, limit: int) -> list[Story]:
    """The newest stories as the feed of all has them: what a first crawl or a repair brings at once does not push out the rest
    (`feeds.selection`)."""
    crowd, picked = Crowd(conn), list[Place]()
    for looked_at in (5 * limit, LOOKED_AT):
        places = standing.newest(conn, looked_at)
        picked = list(islice(filter(crowd.admits, places), limit))
        if len(picked) == limit or len(places) < looked_at:
            break
    return in_full(conn, picked)


def newest(conn: sa.Connection, limit: int, sources: Sources) -> list[Story]:
    """The newest stories of some sources."""
    return in_full(conn, standing.newest(conn, limit, sources))


def in_full(conn: sa.Connection, places: Sequence[Place]) -> list[Story]:
    """Stories by where they stand, in that order."""
    found = by_id(conn, [place.id for place in places])
    return [found[place.id] for place in places if place.id in found]


def by_id(conn: sa.Connection, ids: Iterable[int]) -> dict[int, Story]:
    """These stories, withdrawn ones too, as far as they may be shown."""
    return {row.id: _story(row) for row in conn.execute(_QUERY.where(ARTICLE.c.id.in_(tuple(ids))))}


def by_day(stories: Iterable[Story]) -> list[tuple[date, list[Story]]]:
    """Stories under the day that they stand at."""
    return [(day, list(group)) for day, group in groupby(stories, key=lambda story: story.day)]


def headline(title: str) -> str:
    """A headline in one line; there always is one."""
    return shortened(one_line(title), _MOST_TITLE) or "Without a headline"


def _story(row: Any) -> Story:
    return Story(
        id=row.id,
        title=headline(row.title),
        standfirst=shortened(one_line(row.description or ""), MOST_STANDFIRST),
        kind=row.kind,
        language=row.language,
        area=one_line(row.area),
        force=one_line(row.force),
        at=row.at,
        dated=bool(row.dated),
        precision=row.published_precision,
    )
