"""The areas that pages are cut by: those that have a source in the store."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import sqlalchemy as sa

from feeds.site.pages.asking import Refused
from feeds.text import one_line, web_address
from storage.areas import area_slug
from storage.tables import SOURCE


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaSource:
    """A source as a page names it. `home_url` is None where it is no web address."""

    id: str
    name: str
    force: str
    home_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An area: its name in URLs and for people, and all spellings of it in the store."""

    slug: str
    name: str
    region: str | None
    spellings: tuple[str, ...]
    sources: tuple[AreaSource, ...]

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The ids of its sources."""
        return tuple(source.id for source in self.sources)

    @property
    def forces(self) -> str:
        """'Northmarch Police and Wexmoor Police'."""
        return " and ".join(dict.fromkeys(source.force for source in self.sources))


def areas(conn: sa.Connection) -> list[Area]:
    """All areas by name. One whose name leaves nothing for a URL, or is that of all, has no page."""
    by_slug: defaultdict[str, list[Any]] = defaultdict(list)
    for row in conn.execute(sa.select(SOURCE).order_by(SOURCE.c.id)):
        by_slug[area_slug(row.area)].append(row)
    found = [_area(slug, rows) for slug, rows in by_slug.items() if slug not in ("", "all")]
    return sorted(found, key=lambda area: area.slug)


def area_named(conn: sa.Connection, slug: str) -> Area:
    """The area of this name in URLs. Raises `Refused` with those that are written nearly so."""
    known = {area.slug: area for area in areas(conn)}
    if slug not in known:
        near = get_close_matches(slug[:100].lower(), known, n=5, cutoff=0.5)
        raise Refused(404, "There is no area of that name here.", [f"/areas/{name}" for name in near])
    return known[slug]


def _area(slug: str, rows: list[Any]) -> Area:
    return Area(
        slug=slug,
        name=one_line(rows[0].area),
        region=next((one_line(row.region) for row in rows if row.region), None),
        spellings=tuple(sorted({row.area for row in rows})),
        sources=tuple(
            AreaSource(
                id=row.id, name=one_line(row.name), force=one_line(row.force), home_url=web_address(row.home_url)
            )
            for row in rows
        ),
    )
