"""Which feeds belong to a page: for `<link rel=alternate>`, and as links to subscribe to."""

from __future__ import annotations

from dataclasses import dataclass

from feeds.names import MEDIA_TYPES
from feeds.site.pages.areas import Area
from feeds.site.pages.templating import with_query
from storage.kinds import NAMES, kind_name

FORMATS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A feed in one format; `path` is its own below the base URL."""

    title: str
    format: str
    media_type: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A feed in all its formats: its title, one that is short, and what it is called where its area is plain."""

    title: str
    short: str
    label: str
    note: str
    links: tuple[Link, ...]


def choice(whose: str, label: str, stem: str, *, note: str = "", **query: str) -> Choice:
    """A feed by its name without the format (`bedfordshire/appeal`), perhaps cut down by a search."""
    title = f"{whose} police news{f': {label[:1].lower()}{label[1:]}' if label else ''}"
    return Choice(
        title=title,
        short=f"{whose}: {label}" if label else whose,
        label=label or "Everything",
        note=note,
        links=tuple(
            Link(
                title=title,
                format=name,
                media_type=MEDIA_TYPES[ending],
                path=with_query(f"/feeds/{stem}.{ending}", **query),
            )
            for ending, name in FORMATS.items()
        ),
    )


def choices(area: Area | None = None) -> list[Choice]:
    """All feeds of an area, or of the country: everything, the changes, the open appeals, each kind."""
    scope, name = (area.slug, area.name) if area else ("all", "UK")
    return [
        choice(name, "", scope),
        choice(name, "Changes", f"{scope}/changes", note="edits, withdrawals, returns"),
        choice(
            name,
            "Open appeals",
            f"{scope}/open",
            note="neither withdrawn nor followed by an arrest, a charge or a finding",
        ),
        *(choice(name, kind_name(kind), f"{scope}/{kind}") for kind in NAMES),
    ]


def alternates(area: Area | None = None) -> list[Link]:
    """What a reader finds when it is given a page: the news and the changes of its area, or of the country."""
    return [link for each in choices(area)[:2] for link in each.links]
