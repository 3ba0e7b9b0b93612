"""Which feeds there are: one of everything, and one for each area that has a source in the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feeds.languages import DEFAULT, language_tag
from feeds.names import ALL, CHANGES, OPEN
from feeds.text import one_line, web_address
from storage.areas import area_slug
from storage.models import Source

_SELECTIONS = {
    OPEN: ("open appeals", "Appeals that nothing later says to be answered."),
    "appeal": ("appeals", "Appeals to the public."),
    "missing": ("missing people", "Appeals to find somebody who is missing."),
    "wanted": ("wanted people", "Appeals to find somebody who is wanted."),
    "found": ("people found", "Who was found, and who need not be looked for any more."),
    "arrest": ("arrests", "Arrests."),
    "charge": ("charges", "Who was charged with what."),
    "court": ("court", "What courts decided."),
    "incident": ("incidents", "What happened."),
    "campaign": ("campaigns", "Campaigns and advice."),
    "organisation": ("the force itself", "News of the force itself."),
    "other": ("other news", "All that is of no other kind."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A selection of articles with a name. `name` is its path below feeds/ without the ending; `areas` None is all."""

    name: str
    title: str
    description: str
    areas: tuple[str, ...] | None
    home_url: str | None
    language: str
    since: datetime
    """When its first source was added: what an empty feed was last updated."""
    region: str | None = None
    """Where its areas lie (`storage.regions`)."""


def define_feeds(conn: sa.Connection) -> tuple[list[Feed], list[str]]:
    """The feeds of a store, by name, and one line for each area that can have none. Areas whose names differ only in
    what a file name leaves out share a feed.
    """
    sources = conn.execute(sa.select(Source.__table__).order_by(Source.id)).all()
    by_name: dict[str, list[sa.Row[Any]]] = defaultdict(list)
    problems = []
    for source in sources:
        name = area_slug(source.area)
        if name in ("", ALL):
            problems.append(f"source {source.id}: area {source.area!r} gives no name for a feed; rename the area")
        else:
            by_name[name].append(source)
    feeds = [_feed_of_area(name, rows) for name, rows in sorted(by_name.items())]
    if sources:
        feeds.insert(0, _feed_of_all(sources))
    else:
        problems.append("the store has no source yet, so there is no feed; crawl one first")
    return feeds, problems


def changes_of(feed: Feed) -> Feed:
    """The feed of what changed in the articles of another one: `<name>/changes`."""
    return replace(
        feed,
        name=f"{feed.name}/{CHANGES}",
        title=f"{feed.title}: changes",
        description="What was edited, withdrawn or put back after it was published. Unofficial: gathered by Forcewire.",
    )


def selected(feed: Feed, selection: str) -> Feed:
    """The feed of one kind of another one's stories, or of its open appeals: `<name>/<selection>`."""
    title, description = _SELECTIONS[selection]
    said = f"{description} Of the same articles as: {feed.title}. Unofficial: gathered by Forcewire."
    return replace(feed, name=f"{feed.name}/{selection}", title=f"{feed.title}: {title}", description=said)


def _feed_of_all(sources: Sequence[sa.Row[Any]]) -> Feed:
    return Feed(
        name=ALL,
        title="UK police news",
        description="News of the UK's police forces, with the full text. Unofficial: gathered by Forcewire.",
        areas=None,
        home_url=None,
        language=_language(sources),
        since=min(source.added_at for source in sources),
    )


def _feed_of_area(name: str, sources: Sequence[sa.Row[Any]]) -> Feed:
    forces = " and ".join(dict.fromkeys(one_line(source.force) for source in sources))
    return Feed(
        name=name,
        title=f"{one_line(sources[0].area)} police news",
        description=f"News of {forces}, with the full text. Unofficial: gathered by Forcewire.",
        areas=tuple(sorted({source.area for source in sources})),
        home_url=web_address(sources[0].home_url),
        language=_language(sources),
        since=min(source.added_at for source in sources),
        region=next((source.region for source in sources if source.region), None),
    )


def _language(sources: Sequence[sa.Row[Any]]) -> str:
    """The sources' one language as a tag of RFC 5646; English where they have several."""
    languages = {source.language for source in sources}
    return (language_tag(languages.pop()) if len(languages) == 1 else None) or DEFAULT
