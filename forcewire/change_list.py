"""The list of changes: which are wanted, and how they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import click

from forcewire import options
from forcewire.output import plain, print_array, print_table
from storage.kinds import NAMES

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.stored_changes import StoredChange

SHOWN = ("new", "edited", "removed", "restored", "moved")
MOST_ROWS = 50


@dataclass(slots=True, kw_only=True)
class Wanted:
    """The filters of a list, as they were given."""

    source: tuple[str, ...]
    area: str | None
    change: str | None
    kind: str | None
    field: str | None
    since: datetime | None
    limit: int | None
    minor: bool | None


def show_list(database: str | None, wanted: Wanted, as_json: bool) -> None:
    """Prints the changes, the newest last. What cannot be found in the store ends the command with one line."""
    with options.store_to_read(database) as conn:
        rows = _rows(conn, wanted, as_json)
    if as_json:
        print_array(map(plain, rows))
    elif rows:
        table = [
            (r.at, f"{r.change} (minor)" if r.minor else r.change, r.id, r.area, r.title or "withheld", what_differs(r))
            for r in rows
        ]
        print_table(("When (UTC)", "Change", "No", "Area", "Title", "What differs"), table)
    else:
        click.echo("no changes")


def _rows(conn: Connection, wanted: Wanted, as_json: bool) -> list[StoredChange]:
    from storage.stored_changes import changes

    for source in wanted.source:
        options.stored(conn, source, None)
    _, area = options.stored(conn, None, wanted.area)
    with_minor = as_json if wanted.minor is None else wanted.minor
    return changes(
        conn,
        source=wanted.source or None,
        area=area,
        change=wanted.change or SHOWN,
        kind=_kind(conn, wanted.kind),
        field=wanted.field,
        minor=None if with_minor else False,
        since=wanted.since,
        limit=wanted.limit or (None if as_json else MOST_ROWS),
    )


def _kind(conn: Connection, given: str | None) -> str | None:
    """A reader of the user's own may have kinds of its own; one that no reader says must not look like a quiet day."""
    from sqlalchemy import select

    from storage.models import Version

    if given is None or (kind := given.lower()) in NAMES:
        return given and kind
    if conn.execute(select(Version.id).where(Version.kind == given).limit(1)).first() is None:
        raise click.ClickException(f"the store has no story of kind {given!r}; kinds are {', '.join(NAMES)}")
    return given


def what_differs(change: StoredChange) -> str:
    """The fields that differ, and the step from one kind to another."""
    return ", ".join([*change.fields, *([change.step] if change.step else [])])
