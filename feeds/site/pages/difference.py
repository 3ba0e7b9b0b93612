"""What differs between two versions of a story, word by word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from feeds.site.pages.article import area_of, comparable, stored, tombstone
from feeds.site.pages.asking import Ask, Page, Refused, number_in_path
from feeds.site.pages.changed import marked
from feeds.site.pages.course import Event, events
from feeds.site.pages.stories import headline
from feeds.site.pages.subscribing import alternates
from feeds.site.pages.templating import render
from feeds.spared import shown_difference
from feeds.text import one_line, web_address
from storage.kinds import step
from storage.tables import VERSION

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Of:
    """What `shown_difference` is told of the article."""

    sensitive: bool
    version: int
    current: int


def chosen(ask: Ask, number: str) -> str:
    """The path of the comparison that a form asks for: `/articles/<id>/diff?from=1&to=3`. Raises `Refused`."""
    article, old, new = number_in_path(number, "story"), ask.number("from"), ask.number("to")
    if old is None or new is None:
        raise Refused(400, "Choose two versions to compare.", [f"/articles/{article}"])
    return f"/articles/{article}/diff/{min(old, new)}/{max(old, new)}"


def difference(ask: Ask, number: str, old: str, new: str) -> Page:
    """`/articles/<id>/diff/<from>/<to>`"""
    row = stored(ask.conn, number)
    area = area_of(ask.conn, row.area)
    if row.withheld:
        return tombstone(ask, row, area)
    pair = (number_in_path(old, "version"), number_in_path(new, "version"))
    before, after = _texts(ask.conn, row, pair)
    told = events(ask.conn, row)
    pairs = [each.compared for each in told if each.compared]
    earlier, later = _neighbours(pairs, pair)
    current = row if row.sensitive else after
    return Page(
        render(
            ask.site,
            "difference.html",
            path=f"/articles/{row.id}/diff/{pair[0]}/{pair[1]}",
            as_file=ask.as_file,
            alternates=alternates(area),
            article=row,
            area=area,
            area_name=one_line(row.area),
            force=one_line(row.force),
            url_at_source=web_address(row.address),
            title=headline(current.title),
            language=after.language,
            before=before,
            after=after,
            step=step(before.kind, after.kind),
            difference=marked(shown_difference(_Of(row.sensitive, pair[1], row.current), before, after)),
            ours=_only_ours(told, pair),
            events=told,
            earlier=earlier,
            later=later,
            versions=comparable(told) if not row.sensitive else [],
        )
    )


def _texts(conn: sa.Connection, row: Any, pair: Pair) -> tuple[Any, Any]:
    """The two versions. Raises `Refused` for what is not kept, or not shown."""
    article = f"/articles/{row.id}"
    if pair[0] >= pair[1]:
        raise Refused(404, "The first of the two versions has to be the older one.", [article])
    if row.sensitive and pair[1] != row.current:
        raise Refused(
            404, "Old versions of this story are not shown: it is about somebody who is to be spared.", [article]
        )
    query = sa.select(VERSION).where(
        VERSION.c.article_id == row.id, VERSION.c.number.in_(pair), VERSION.c.normalisation > 0
    )
    found = {version.number: version for version in conn.execute(query)}
    missing = [number for number in pair if number not in found]
    if missing:
        raise Refused(404, f"Version {missing[0]} of this story is not kept here.", [article])
    return found[pair[0]], found[pair[1]]


def _neighbours(pairs: list[Pair], shown: Pair) -> tuple[Pair | None, Pair | None]:
    """The edits before and after what is shown."""
    earlier = [pair for pair in pairs if pair[1] <= shown[0]]
    later = [pair for pair in pairs if pair[0] >= shown[1]]
    return (earlier[-1] if earlier else None), (later[0] if later else None)


def _only_ours(told: list[Event], pair: Pair) -> bool:
    """Whether all that lies between two versions is that we read the page anew."""
    between = [each for each in told if pair[0] < each.version <= pair[1] and each.change in ("edited", "reparsed")]
    return bool(between) and all(each.change == "reparsed" for each in between)
