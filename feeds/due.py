"""Which documents have to be made again: those in which something may differ since the last run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from feeds.archives import places
from feeds.archives_touched import touched_places
from feeds.build import EntryMemory, Press, document_names
from feeds.definitions import Feed, define_feeds
from feeds.edition import Place
from feeds.freshness import Mark, touched
from feeds.identity import entry_id
from feeds.last_run import LastRun
from feeds.left_over import is_archive
from feeds.names import ALL, CHANGES, KINDS, MEDIA_TYPES, OPEN, OPML, UnknownFeed, path_of
from feeds.outlines import outline
from storage.tables import ARTICLE, CHANGE, SUPPRESSION
from storage.withheld import is_withheld


@dataclass(frozen=True, slots=True)
class Due:
    """`names` are the documents to make; `areas` the slugs of what may differ, None for everything; `stand` the names of all
    documents that there are then; `outlines` as in `LastRun`; `problems` lines about areas that can have none.
    """

    names: list[str]
    areas: set[str] | None
    stand: set[str]
    outlines: dict[str, str]
    problems: list[str]


def due(
    conn: sa.Connection,
    press: Press,
    out: Path,
    last: LastRun | None,
    here: Mark,
    damaged: Collection[str],
    memory: EntryMemory,
) -> Due:
    """What to make, after a last run of whose documents some are damaged now. Everything where there was none."""
    feeds, problems = define_feeds(conn)
    areas = touched(conn, last.mark, here) if last else None
    if last is None or areas is None:
        names = document_names(conn)
        return Due(names, None, set(names), {}, problems)
    scopes = {feed.name: feed for feed in feeds}
    hit = areas | {ALL, ""} if areas else set()
    stand = {name for name in last.files if scope_of(name) not in hit}
    outlines = {stem: digest for stem, digest in last.outlines.items() if scope_of(stem) not in hit}
    names = [OPML] if hit and scopes else []
    archives = _archives(conn, scopes, last, here) if hit else {}
    for scope in sorted(hit & scopes.keys()):
        places_here = archives.get(scope, [])
        if places_here is None:
            places_here = places(conn, scopes[scope], scope)
        else:
            others = {name for name in last.files if is_archive(name) and scope_of(name) == scope}
            stand |= others
            outlines |= {stem: digest for stem, digest in last.outlines.items() if f"{stem}.atom" in others}
        stems = [*_standing(scope), *(each.stem for each in places_here)]
        now = {stem: outline(conn, press, stem, memory) for stem in stems}
        names += _named(stem for stem in stems if last.outlines.get(stem) != now[stem])
        outlines |= now
        stand.update(_named(stems))
    stand.update(names)
    more = {name for name in damaged if name in stand} | _holding(conn, out, last.mark, stand)
    emptied = {name for name in more if is_archive(name) and not _is_there(conn, press, name, memory)}
    more, stand = more - emptied, stand - emptied
    missing = {name for name in stand if name not in last.files}
    return Due(list(dict.fromkeys(names + sorted(more | missing))), areas, stand, outlines, problems)


def scope_of(name: str) -> str:
    """The area's slug, or `all`, that a document is of; empty for the list of all."""
    return "" if name == OPML else name.partition("/")[0].partition(".")[0]


def _named(stems: Iterable[str]) -> list[str]:
    return [f"{stem}.{format}" for stem in stems for format in MEDIA_TYPES]


def _standing(scope: str) -> list[str]:
    """What is asked for again and again."""
    return [scope, *(f"{scope}/{selection}" for selection in (CHANGES, OPEN, *KINDS))]


def _archives(
    conn: sa.Connection, scopes: Mapping[str, Feed], last: LastRun, here: Mark
) -> dict[str, list[Place] | None]:
    """Archive documents to make by scope, None for all of them: what is said of a source is said in each."""
    found = touched_places(conn, scopes, **_numbers(last.mark))
    said_anew = {area for _, area, _ in last.mark.sources ^ here.sources}
    return found | (dict.fromkeys(said_anew | {ALL}, None) if said_anew else {})


def _numbers(mark: Mark) -> dict[str, int]:
    return {"change": mark.change.id, "suppression": mark.suppression.id, "untold": mark.untold.id}


def _holding(conn: sa.Connection, out: Path, since: Mark, names: Iterable[str]) -> set[str]:
    """Archive documents that tell of articles which went since then. Where an article stands is told by its date, and a date may
    have become another one meanwhile; but what is withheld must be nowhere.
    """
    marks = [
        entry_id("", row.source_id, row.url, row.reuse).partition(":article/")[2].encode() for row in _gone(conn, since)
    ]
    if not marks:
        return set()
    return {name for name in names if is_archive(name) and _holds(out / path_of(name), marks)}


def _is_there(conn: sa.Connection, press: Press, name: str, memory: EntryMemory) -> bool:
    """Whether any article stands in a part of an archive."""
    try:
        outline(conn, press, name.rpartition(".")[0], memory)
    except UnknownFeed:
        return False
    return True


def _gone(conn: sa.Connection, since: Mark) -> Iterator[Any]:
    changed = sa.select(CHANGE.c.article_id).where(CHANGE.c.id > since.change.id, CHANGE.c.change == "removed")
    suppressed = sa.select(SUPPRESSION.c.article_id).where(SUPPRESSION.c.id > since.suppression.id)
    gone = sa.or_(ARTICLE.c.removed_at.is_not(None), is_withheld())
    query = sa.select(ARTICLE.c.source_id, ARTICLE.c.url, ARTICLE.c.reuse)
    yield from conn.execute(query.where(ARTICLE.c.id.in_(sa.union(changed, suppressed)), gone))


def _holds(file: Path, marks: Iterable[bytes]) -> bool:
    try:
        data = file.read_bytes()
    except OSError:
        return False
    return any(mark in data for mark in marks)
