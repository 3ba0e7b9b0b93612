"""`forcewire db backup`: a checked copy of the store, while anything runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forcewire import options
from forcewire.progress import byte_bar

if TYPE_CHECKING:
    from storage.copying import Progress


@click.command("backup", short_help="Copy the store while anything runs, and check the copy.")
@click.option(
    "--out", metavar="FILE|DIR", type=click.Path(path_type=Path), help="Where to [default: the folder of backups]."
)
@options.database
def command(out: Path | None, database: str | None) -> None:
    """Copy the store into a file, or under a name of its time into a folder: as it is at one moment, checked, whole or not at all. Crawls
    and the service go on meanwhile. A PostgreSQL store is copied by pg_dump.

    \b
    Example:
      forcewire db backup --out /mnt/other-disk/forcewire.db
    """
    from storage.backups import backup, default_folder, make_folder

    url = options.database_url(database)
    with options.plain_store_errors():
        target = out
        if target is None:
            target = options.settings().backup_dir or default_folder(url)
            if target is None:
                raise click.ClickException("no folder for backups is named; give --out, or set FORCEWIRE_BACKUP_DIR")
            make_folder(target, url)
        with shown() as progress:
            path = backup(url, target, datetime.now(UTC), progress=progress)
    click.echo(f"{path}: {path.stat().st_size / 1e6:,.1f} MB, checked")


@contextmanager
def shown() -> Iterator[Progress | None]:
    """A bar at a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    sizes: list[int] = [0, 0]
    with byte_bar(lambda: 100) as bar:

        def told(done: int, all_: int) -> None:
            hundredth = 100 * done // max(all_, 1)
            bar.read(hundredth - sizes[0])
            bar.say(f"{done / 1e6:,.0f} of {all_ / 1e6:,.0f} MB")
            sizes[0] = hundredth

        yield told
