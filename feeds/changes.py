"""Changes of the store as entries of a feed of changes.

Of a sensitive article an entry carries no word that its page does not carry now: where a force takes a name out of an appeal, a
diff would keep it. Of a withheld one it carries none at all: it is a tombstone.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from html import escape
from typing import Any

import sqlalchemy as sa

from feeds.change_selection import REMOVED, RESTORED, latest, occasions
from feeds.definitions import Feed
from feeds.entry import MOST_TITLE, Entry
from feeds.html import excerpt
from feeds.identity import change_id, entry_id
from feeds.memory import EntryMemory
from feeds.spared import shown_difference
from feeds.text import one_line, shortened, web_address, xml_text
from feeds.tombstones import last_suppression
from storage.areas import area_slug
from storage.kinds import step
from storage.models import Version

_NAMES = {"title": "headline", "description": "summary", "body": "text"}


def changes_entries(
    conn: sa.Connection, feed: Feed, tagging_entity: str, memory: EntryMemory | None = None
) -> tuple[list[Entry], datetime]:
    """The entries of what changed in a feed's areas, the latest first, and when that was last otherwise."""
    memory = EntryMemory() if memory is None else memory
    rows = latest(conn, feed)
    numbers = occasions(conn, rows)
    keys = _keys(conn, rows, numbers, tagging_entity)
    told = memory.recall(keys)
    new = [row for row in rows if _of_change(row) not in told]
    versions = _versions(conn, [row for row in new if not row.withheld])
    for row in new:
        of = _of_change(row)
        told[of] = _entry(row, numbers.get(row.id, row.version), versions, tagging_entity)
        memory.keep(of, keys[of], told[of])
    entries = [entry for row in rows if (entry := told[_of_change(row)])]
    times = [entry.updated for entry in entries]
    if (at := last_suppression(conn, feed)) is not None:
        times.append(at.replace(microsecond=0))
    return entries, max(times, default=feed.since.replace(microsecond=0))


def _of_change(row: Any) -> tuple[str, int]:
    return "change", row.id


def _keys(
    conn: sa.Connection, rows: Sequence[Any], numbers: dict[int, int], tagging_entity: str
) -> dict[tuple[str, int], Hashable]:
    """What tells, without the texts, whether an entry is as it was: all that it is made of."""
    shapes = {
        (row.article_id, row.number): (row.record_hash, row.reader_version, row.kind, row.normalisation)
        for row in _of_versions(
            conn, rows, (Version.record_hash, Version.reader_version, Version.kind, Version.normalisation)
        )
    }
    return {
        _of_change(row): (
            *(tuple(value) if isinstance(value, list) else value for value in row),
            *(numbers.get(row.id), tagging_entity),
            *(shapes.get((row.article_id, number)) for number in (_before(row), row.version, row.current)),
        )
        for row in rows
    }


def _versions(conn: sa.Connection, rows: Sequence[Any]) -> dict[tuple[int, int], Any]:
    """The words of the versions that these changes are about, and of the current ones, by article and number."""
    words = (Version.title, Version.description, Version.body, Version.kind, Version.normalisation.label("kept"))
    return {(row.article_id, row.number): row for row in _of_versions(conn, rows, words)}


def _of_versions(conn: sa.Connection, rows: Sequence[Any], columns: tuple[Any, ...]) -> Iterable[Any]:
    wanted = {(row.article_id, number) for row in rows for number in (_before(row), row.version, row.current)}
    query = sa.select(Version.article_id, Version.number, *columns)
    return conn.execute(
        query.where(
            Version.article_id.in_({article for article, _ in wanted}),
            Version.number.in_({number for _, number in wanted}),
        )
    )


def _before(row: Any) -> int:
    return int(row.version_before or row.version - 1)


def _entry(row: Any, number: int, versions: dict[tuple[int, int], Any], tagging_entity: str) -> Entry | None:
    """None for an edit between texts of which one was erased."""
    if row.withheld:
        return _filled(row, number, tagging_entity, f"A story of {one_line(row.force)} was withdrawn", _tombstone(row))
    current = versions[row.article_id, row.current]
    if row.change == REMOVED:
        return _named(row, number, tagging_entity, "Withdrawn", current, _withdrawn(row))
    if row.change == RESTORED:
        return _named(row, number, tagging_entity, "Restored", current, _restored(row))
    before, after = versions.get((row.article_id, _before(row))), versions.get((row.article_id, row.version))
    if before is None or after is None or not (before.kept and after.kept):
        return None
    steps = step(before.kind, after.kind)
    content = _edited(row, steps) + shown_difference(row, before, after)
    return _named(row, number, tagging_entity, steps or "Edited", current if row.sensitive else after, content)


def _named(row: Any, number: int, tagging_entity: str, what: str, version: Any, content: str) -> Entry:
    title = shortened(one_line(version.title), MOST_TITLE) or "Without a headline"
    url = web_address(row.address)
    return _filled(row, number, tagging_entity, f"{what}: {title}", content, url=url, kind=one_line(version.kind))


def _filled(
    row: Any,
    number: int,
    tagging_entity: str,
    title: str,
    content: str,
    *,
    url: str | None = None,
    kind: str | None = None,
) -> Entry:
    at = row.at.replace(microsecond=0)
    return Entry(
        id=change_id(entry_id(tagging_entity, row.source_id, row.url, row.reuse), row.change, number),
        url=url,
        title=title,
        author=one_line(row.force),
        area=one_line(row.area),
        area_term=area_slug(row.area),
        kind=kind,
        published=at,
        updated=at,
        summary=None,
        excerpt=excerpt(content),
        content=xml_text(content),
        image_url=None,
        image_type=None,
        change=row.change,
        of=_of_change(row),
    )


def _tombstone(row: Any) -> str:
    return f"<p>{_force(row)} ({escape(one_line(row.area))}) withdrew a story. It was seen gone on {_moment(row)}.</p>"


def _withdrawn(row: Any) -> str:
    return f"<p>{_force(row)} withdrew this story. It was seen gone on {_moment(row)}.</p>"


def _restored(row: Any) -> str:
    return f"<p>{_force(row)} put this story back. It was seen again on {_moment(row)}.</p>"


def _edited(row: Any, steps: str | None) -> str:
    names = [_NAMES.get(name, name) for name in row.fields]
    said = f" {' and '.join(filter(None, [', '.join(names[:-1]), *names[-1:]]))}" if names else " this story"
    return f"<p>{_force(row)} edited{said}{f' ({escape(steps)})' if steps else ''}. Seen on {_moment(row)}.</p>"


def _force(row: Any) -> str:
    return escape(one_line(row.force))


def _moment(row: Any) -> str:
    return f"{row.at.day} {row.at:%B %Y, %H:%M} UTC"
