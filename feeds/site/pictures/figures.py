"""Which figures there are, by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import sqlalchemy as sa

from feeds.site.pictures import by_content, by_time
from feeds.site.pictures.shown import Figure, Scope
from feeds.site.pictures.wording import named
from feeds.text import one_line, shortened
from storage.areas import area_slug
from storage.tables import SOURCE

__all__ = ["Figure", "UnknownFigure", "figure", "figure_names"]

_Builder = Callable[[sa.Connection, str, Scope, date], Figure]
_OF_ALL: dict[str, _Builder] = {
    "all-days": by_time.days,
    "changes-days": by_time.changes,
    "kinds": by_content.kinds,
    "coverage": by_content.coverage,
    "hours": by_time.hours,
    "weekdays": by_time.weekdays,
}
_OF_SCOPE: dict[str, _Builder] = {"days": by_time.days, "kinds": by_content.kinds}
_OF_AREA = re.compile(r"area-([a-z0-9][a-z0-9-]*)-(days|kinds)")


class UnknownFigure(LookupError):  # noqa: N818  named as what it is
    """Raised for a name that no figure has, and for an area that is not in the store."""


def figure(conn: sa.Connection, name: str, today: date) -> Figure:
    """The figure of a name, as it stands on a day in London: all-days, changes-days, kinds, coverage, hours, weekdays,
    area-<slug>-days, area-<slug>-kinds. Raises `UnknownFigure`.
    """
    of_area = _OF_AREA.fullmatch(name)
    if of_area is not None:
        return _OF_SCOPE[of_area[2]](conn, name, _area(conn, of_area[1]), today)
    if name not in _OF_ALL:
        raise UnknownFigure(name)
    return _OF_ALL[name](conn, name, Scope("All forces together"), today)


def figure_names(conn: sa.Connection) -> list[str]:
    """The names of all figures that the store has."""
    slugs = {area_slug(area) for area in conn.scalars(sa.select(SOURCE.c.area).distinct())} - {""}
    return [*_OF_ALL, *(f"area-{slug}-{what}" for slug in sorted(slugs) for what in _OF_SCOPE)]


def _area(conn: sa.Connection, slug: str) -> Scope:
    rows = conn.execute(sa.select(SOURCE.c.id, SOURCE.c.area, SOURCE.c.force).order_by(SOURCE.c.id)).all()
    theirs = [row for row in rows if area_slug(row.area) == slug]
    if not theirs:
        raise UnknownFigure(slug)
    forces = list(dict.fromkeys(shortened(one_line(row.force), 80) for row in theirs))
    return Scope(named(forces), [row.id for row in theirs])
