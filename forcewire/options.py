"""Options that several commands share, and what they come to together with the settings."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forcewire.settings import SettingError, seconds, store_url

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from crawler.entries import SourceEntry
    from forcewire.settings.model import Settings
    from forcewire.settings.reading import Reading

CONFIG = "forcewire.config"  # keys of click's `meta`: the file of --config, and what was read
VERBOSE = "forcewire.verbose"
_READING = "forcewire.reading"
_AGES = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

database = click.option(
    "--database", metavar="URL", help="The store: a URL or the path of a SQLite file [default: forcewire.db]."
)
sources_dir = click.option(
    "--sources",
    "sources_dir",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="A folder of your own source entries, beside the bundled ones.",
)
source_id = click.option("--source", metavar="ID", help="Only this source.")
area = click.option("--area", metavar="AREA", help="Only this area.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def _log_all(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    ctx.meta[VERBOSE] = wanted


verbose = click.option(
    "--verbose", is_flag=True, expose_value=False, callback=_log_all, help="Log to stderr whatever there is to say."
)


def log_if_verbose() -> bool:
    """Sets up logs where --verbose was given: commands that end by themselves say what they have to say without."""
    if wanted := bool(_meta().get(VERBOSE)):
        from forcewire.logs import set_up_as

        set_up_as(settings(), verbose=True)
    return wanted


def reading() -> Reading:
    """The settings and where each came from, read once a command. Warns of what is not well with the file; ends the command
    with a line for each value that cannot be used.
    """
    from forcewire.settings.reading import BadSettingsError

    meta = _meta()
    found: Reading | None = meta.get(_READING)
    if found is None:
        try:
            found = read_anew()
        except BadSettingsError as error:
            for problem in error.problems[:-1]:
                click.echo(f"forcewire: {problem}", err=True)
            raise click.ClickException(error.problems[-1]) from error
        except SettingError as error:
            raise click.ClickException(str(error)) from error
        for line in (*found.unknown, *found.warnings):
            click.echo(f"forcewire: {line}", err=True)
        meta[_READING] = found
    return found


def read_anew() -> Reading:
    """Reads settings anew, as after SIGHUP, without a word. Raises `SettingError` and `OSError`."""
    from forcewire.settings.reading import read

    ctx = click.get_current_context(silent=True)
    database = ctx.find_object(str) if ctx is not None else None
    return read(os.environ, _meta().get(CONFIG), {"database_url": database})


def settings() -> Settings:
    """What option, environment and file say, or the defaults. Ends the command where a value cannot be used."""
    return reading().settings


def _meta() -> dict[str, Any]:
    ctx = click.get_current_context(silent=True)
    return ctx.meta if ctx is not None else {}


def database_url(given: str | None) -> str:
    """The store's URL: the command's option, the group's, the environment, the file, or forcewire.db in the working folder."""
    from storage.database import DEFAULT_DATABASE_URL

    return store_url(given) if given else settings().database_url or DEFAULT_DATABASE_URL


def entries(given: Path | None) -> dict[str, SourceEntry]:
    """All source entries by id, with what the settings' [source.ID] say in place of them. Ends the command with one line where
    an entry, or such a table, is wrong; warns of a table for a source that is none.
    """
    from crawler.entries import SourceError, load_entries
    from forcewire.settings.sources import with_settings

    found = reading()
    try:
        made, unknown = with_settings(load_entries(given or found.settings.sources), found)
    except (SourceError, SettingError) as error:
        raise click.ClickException(str(error)) from error
    for line in unknown:
        click.echo(f"forcewire: {line}", err=True)
    return made


@contextmanager
def store(given: str | None) -> Iterator[Engine]:
    """An existing store, closed at the end. What goes wrong with it ends the command with one line."""
    from sqlalchemy.exc import DatabaseError

    from storage.database import open_store

    with plain_store_errors():
        engine = open_store(database_url(given), must_exist=True)
        try:
            yield engine
        except (DatabaseError, LookupError, ValueError, TypeError, AttributeError, AssertionError, ArithmeticError):
            from storage.soundness import refuse_damaged

            refuse_damaged(engine)  # rows that do not fit together break what reads them in ways nobody thought of
            raise
        finally:
            engine.dispose()


@contextmanager
def store_to_read(given: str | None) -> Iterator[Connection]:
    """A transaction that only reads an existing store; errors as in `store`."""
    from storage.database import reading

    with store(given) as engine, reading(engine) as conn:
        yield conn


@contextmanager
def plain_store_errors() -> Iterator[None]:
    """Turns the store's errors into one line for a person."""
    from storage.database import StoreError, store_errors

    try:
        with store_errors():
            yield
    except StoreError as error:
        raise click.ClickException(str(error)) from error


def stored(conn: Connection, source: str | None, area: str | None) -> tuple[str | None, str | None]:
    """The source and the area as the store spells them. Ends the command with one line for one that it does not hold:
    a mistyped name must not look like a quiet day.
    """
    from sqlalchemy import select

    from storage.areas import area_slug
    from storage.models import Source

    rows = conn.execute(select(Source.id, Source.area).order_by(Source.area)).all()
    if source is not None and source not in {row.id for row in rows}:
        raise click.ClickException(f"the store has no source {source!r}; forcewire status shows those it has")
    areas = {area_slug(row.area): row.area for row in rows}
    if area is not None and area_slug(area) not in areas:
        raise click.ClickException(f"the store has no area {area!r}; it has {', '.join(areas.values()) or 'none yet'}")
    return source, areas[area_slug(area)] if area is not None else None


def moment(value: str) -> datetime:
    """An option's type. A day (2026-11-22), a time (2026-11-22T09:30, UTC where no zone is given) or an age (90m, 12h,
    7d, 2w).
    """
    if re.fullmatch("[0-9]{1,4}[mhdw]", value):
        return datetime.now(UTC) - timedelta(**{_AGES[value[-1]]: int(value[:-1])})
    try:
        at = datetime.fromisoformat(value)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{value!r} is no time; write 2026-11-22, 2026-11-22T09:30 or an age such as 12h or 7d"
        ) from None


def delay(value: str) -> float:
    """An option's type: a number of seconds."""
    try:
        return seconds(value)
    except SettingError as error:
        raise click.BadParameter(str(error)) from None
