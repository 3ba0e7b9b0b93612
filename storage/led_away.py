"""Pages that lead to another address: a move where the story is there, and nothing of the article's where it is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage import waits
from storage.likeness import tells_story
from storage.outcomes import Seen
from storage.places import Address, Item, Place, articles_of_pages
from storage.tables import CHANGE, PAGE
from storage.text import storable

LED_AWAY = 301
_MOST_MOVES = 3  # of an article that moves back; a site that redirects by turns is its own affair


def shared_targets(conn: Connection, items: Iterable[Item]) -> set[Address]:
    """Where pages of two or more articles lead: to a page that says sorry, and never to where both of them moved."""
    led: dict[Address, set[Address]] = {}
    for record, fetched in items:
        if fetched.url != record.url:
            led.setdefault((record.source, storable(record.url)), set()).add((record.source, storable(fetched.url)))
    several = {target: asked for target, asked in led.items() if len(asked) > 1}
    owners = articles_of_pages(conn, {page for asked in several.values() for page in asked}) if several else {}
    return {
        target
        for target, asked in several.items()
        if len({owners[page] for page in asked if page in owners} - {owners.get(target)}) > 1
    }


def shows_elsewhere(conn: Connection, place: Place, old: Mapping[str, Any], shared: set[Address]) -> bool:
    """Whether the article's page led to one that does not tell its story, or, unless that says what the story said to the letter,
    that other articles' pages lead to as well.
    """
    if not place.led or (old["content_hash"] == place.values["content_hash"] and old["erased_at"] is None):
        return False
    return not tells_story(old, place.values) or others_lead_there(conn, place, shared)


def others_lead_there(conn: Connection, place: Place, shared: set[Address]) -> bool:
    """Whether another article's page leads there too, or showed this very text, which nobody confirmed, at its last look."""
    if place.at in shared:
        return True
    same = (PAGE.c.source_id == place.source) & (PAGE.c.unconfirmed_hash == place.values["content_hash"])
    return conn.scalar(sa.select(PAGE.c.id).where(same, PAGE.c.article_id != place.known.id).limit(1)) is not None


def led_away(conn: Connection, place: Place) -> None:
    """The page that was asked for leads where its story is not: it is gone. The text that it led to stays noted, for another article's
    page may lead there too.
    """
    url, text, at = storable(place.fetched.url), place.values["content_hash"], place.fetched.at
    this = (PAGE.c.source_id == place.source) & (PAGE.c.url == url)
    since = conn.scalar(sa.select(PAGE.c.unconfirmed_since).where(this, PAGE.c.unconfirmed_hash == text))
    waits.gone(conn, place.source, url, LED_AWAY, at)
    conn.execute(PAGE.update().where(this).values(unconfirmed_hash=text, unconfirmed_since=since or at))


def comes_back(conn: Connection, crawl_id: int | None, place: Place, seen: Seen) -> bool:
    """Whether the article's first URL tells its story again itself: its address is there again. A text of an earlier version is a
    copy that was left behind. An import moves nothing back. What led away in this very crawl, or moves again and again, stays where it is.
    """
    if crawl_id is None or not place.own or not tells_story(seen.current, place.values):
        return False
    earlier = {row.content_hash for row in seen.versions if row.number != seen.current["version"]}
    if place.values["content_hash"] in earlier:
        return False
    moved = (CHANGE.c.article_id == place.known.id) & (CHANGE.c.change == "moved")
    crawls = list(conn.scalars(sa.select(CHANGE.c.crawl_id).where(moved)))
    return crawl_id not in crawls and len(crawls) < _MOST_MOVES
