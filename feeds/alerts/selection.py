"""What happened since somebody was told last, as it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from feeds.alerts.searches import CHANGES, AlertError, SavedSearch
from storage.areas import area_slug
from storage.kinds import step
from storage.models import Article, Change, Source, Version
from storage.published import EARLIEST
from storage.search import matching, parse
from storage.search_conditions import plain_name
from storage.withheld import may_be_shown

_LATE = timedelta(days=2)
"""After its publication: what was seen later than that came with a back-fill or a repair, and is no news."""

_FIRST = timedelta(days=1)
"""Of a source: nothing tells yet that a story without a date is new."""

_TO_THE_DAY = ("minute", "day")
"""How precise a date is that tells this; of a story of "May" it is the first of May."""

_NOW, _LED_TO, _WAS = aliased(Version), aliased(Version), aliased(Version)


@dataclass(frozen=True, slots=True)
class Happening:
    """A change of a story, by the change's number. `change` is the store's word; headline and description are those of now."""

    id: int
    change: str
    article_id: int
    area: str
    force: str
    kind: str
    title: str
    description: str | None
    address: str
    sensitive: bool
    fields: tuple[str, ...]
    step: str | None
    at: datetime


def happenings(conn: sa.Connection, search: SavedSearch, after: int) -> list[Happening]:
    """What a search finds of the changes after one, in the order they were stored. Never what is withheld, minor, imported, or
    older than the watch: a story that was published two days or more before it was seen. What is no longer so is left out:
    a new or edited story that was withdrawn since, a withdrawn one that is back. Raises `AlertError` for an area that the store has not.
    """
    wanted: list[Any] = [Change.id > after, Change.change.in_([CHANGES[each] for each in search.changes])]
    wanted += [sa.not_(Change.minor), Change.crawl_id.is_not(None), may_be_shown()]
    wanted.append((Change.change == "removed") == Article.removed_at.is_not(None))
    if search.kinds:
        wanted.append(_NOW.kind.in_(search.kinds))
    if search.areas:
        wanted.append(Source.area.in_(areas_of(conn, search)))
    if search.q:
        wanted.append(matching(search.q))
    return [_happening(row) for row in conn.execute(_ROWS.where(*wanted).order_by(Change.id)) if not _is_late(row)]


_ROWS = (
    sa.select(
        *(Change.id, Change.change, Change.article_id, Change.fields, Change.at, Source.area, Source.force),
        *(Source.added_at, Article.address, Article.sensitive, Article.first_seen_at),
        *(Article.published_at, Article.published_precision),
        *(_NOW.kind, _NOW.title, _NOW.description, _LED_TO.kind.label("led_to"), _WAS.kind.label("was")),
    )
    .join(Article, Article.id == Change.article_id)
    .join(Source, Source.id == Article.source_id)
    .join(_NOW, sa.and_(_NOW.article_id == Article.id, _NOW.number == Article.version))
    .join(_LED_TO, sa.and_(_LED_TO.article_id == Article.id, _LED_TO.number == Change.version))
    .outerjoin(_WAS, sa.and_(_WAS.article_id == Article.id, _WAS.number == Change.version_before))
)


def _happening(row: Any) -> Happening:
    values = {name: getattr(row, name) for name in Happening.__dataclass_fields__ if name not in ("fields", "step")}
    return Happening(**values, fields=tuple(row.fields), step=step(row.was, row.led_to))


def _is_late(row: Any) -> bool:
    if row.change != "new":
        return False
    at = row.published_at
    if at is None or at < EARLIEST or row.published_precision not in _TO_THE_DAY:
        return bool(row.first_seen_at <= row.added_at + _FIRST)
    return bool(row.first_seen_at - at > _LATE)


def still_shown(conn: sa.Connection, found: Sequence[Happening]) -> list[Happening]:
    """Those of them of which nothing was withheld since they were found."""
    these = {each.article_id for each in found}
    shown = set(conn.scalars(sa.select(Article.id).where(Article.id.in_(these), may_be_shown())))
    return [each for each in found if each.article_id in shown]


def areas_of(conn: sa.Connection, search: SavedSearch) -> list[str]:
    """A search's areas as the store spells them. Raises `AlertError` for one that it has not."""
    stored = {area: area_slug(area) for area in conn.scalars(sa.select(Source.area).distinct())}
    known = {plain_name(area) for area in stored}
    for area in (*search.areas, *(parse(search.q).areas if search.q else ())):
        if plain_name(area) not in known:
            names = ", ".join(sorted(stored)) or "none yet"
            raise AlertError(f"search {search.name}: the store has no area {area[:60]!r}; it has {names}")
    return [area for area, slug in stored.items() if slug in search.areas]


def place(conn: sa.Connection, at: datetime | None = None) -> int:
    """The number of the last change before a moment, or of the last there is; 0 before the first. An import's, dated by its
    archive, do not count.
    """
    if at is not None:
        seen = sa.select(sa.func.min(Change.id)).where(Change.at >= at, Change.crawl_id.is_not(None))
        if (first := conn.scalar(seen)) is not None:
            return int(first) - 1
    return int(conn.scalar(sa.select(sa.func.max(Change.id))) or 0)
