"""`forcewire db restore`: a backup in the place of the store."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forcewire import options
from forcewire.output import number_of

if TYPE_CHECKING:
    from storage.restoring import Restored


@click.command("restore", short_help="Put a backup in the place of the store.")
@click.argument("file", type=click.Path(path_type=Path))
@options.database
def command(file: Path, database: str | None) -> None:
    """Put a backup in the place of the store, which is kept beside it. The backup is checked first; one of an older version is
    brought to this one. Refused while a crawl or the service uses the store.

    What was suppressed, withdrawn and must be spared, or erased since the backup was made does not come back: it is carried
    over from the store that is there. Where that cannot be read, this is said.

    \b
    Example:
      forcewire db restore backups/forcewire-20260301T033000Z.db --database forcewire.db
    """
    from storage.restoring import restore

    with options.plain_store_errors():
        done = restore(options.database_url(database), file, datetime.now(UTC))
    for line in _told(done):
        click.echo(line)
    if done.why is not None:
        raise click.ClickException(
            f"restored, but what was suppressed, withdrawn or erased since the backup could not be carried over ({done.why});"
            " suppress it again: forcewire suppress URL --why TEXT"
        )


def _told(done: Restored) -> list[str]:
    until = f"up to the crawl of {done.until:%Y-%m-%d %H:%M} UTC" if done.until else "without a crawl"
    lines = [f"restored {until} (revision {done.revision})"]
    if done.aside is not None:
        lines.append(f"the store that was there is {done.aside} now; delete it when all is well")
    if done.carried is not None:
        carried = done.carried
        lines.append(
            f"carried over: {number_of(carried.suppressions, 'line')} of the log of suppressions,"
            f" {number_of(carried.withheld + carried.added, 'article')} withheld since, {carried.erased} erased since"
        )
    lines.append(
        "feeds and pages follow with the next forcewire publish; sources that are due are crawled one after the other"
    )
    return lines
