"""`forcewire status`: how each source is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from forcewire import options
from forcewire.output import plain, print_array, print_table

if TYPE_CHECKING:
    from storage.incidents import StoredIncident
    from storage.status import SourceStatus

BAD = ("failed", "interrupted")


@click.command("status", short_help="Show how each source is; exit code 1 when one failed.")
@options.database
@options.as_json
def command(database: str | None, as_json: bool) -> None:
    """Show each source's last crawl, its verdict and why, and how many articles are stored.

    Exit code 1 when the last crawl of any source failed or was killed, so that cron or a monitor can act on it.

    \b
    Example:
      forcewire status --json
    """
    from storage.incidents import incidents
    from storage.status import status

    with options.store_to_read(database) as conn:
        rows, going_on = status(conn), incidents(conn, ended=False)
    if as_json:
        print_array(map(plain, rows))
    elif rows:
        print_table(HEADINGS, [_cells(row) for row in rows])
        for incident in going_on:
            click.echo(_line(incident))
    else:
        click.echo("the store has no source yet; forcewire crawl --help says how to begin")
    raise SystemExit(1 if any(row.verdict in BAD for row in rows) else 0)


HEADINGS = ("Source", "Last crawl (UTC)", "Verdict", "Articles", "Last new (UTC)", "Failures", "Issues", "Why")


def _cells(row: SourceStatus) -> tuple[Any, ...]:
    last = row.finished_at or row.started_at
    return row.source, last, row.verdict, row.articles, row.last_new_at, row.failures, len(row.issues), row.reason


def _line(incident: StoredIncident) -> str:
    many = len(incident.sources) > 1
    where = f"{len(incident.sources)} sources of {incident.platform} ({', '.join(incident.sources)})" if many else ""
    first = f"{where}, first {incident.message}" if many else incident.message
    return f"incident since {incident.began_at:%Y-%m-%d %H:%M} UTC, {incident.kind}: {first}"
