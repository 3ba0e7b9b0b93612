"""`forcewire status`: how each source is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from forcewire import options
from forcewire.output import print_array, print_table

if TYPE_CHECKING:
    from storage.health import SourceHealth
    from storage.incidents import StoredIncident
    from storage.status import SourceStatus

BAD = ("broken", "blocked", "stale")


@click.command("status", short_help="Show how each source is; exit code 1 when one is broken, blocked or stale.")
@options.database
@options.as_json
def command(database: str | None, as_json: bool) -> None:
    """Show how each source is, why, since when and by which class of trouble; when it is due next and was last read well.

    \b
    ok       read well; one failed crawl between good ones is no alarm
    quiet    read well, with far fewer stories than the source's own rhythm
    stale    not read well for too long (no crawl, or none that ended), or never
    blocked  the site keeps us out: 403, robots.txt, a test for people
    broken   its crawls fail of something else, or a field is not read any more

    Sources that broke together are one line below the table. Exit code 1 when any source is broken, blocked or stale, and
    0 when all are ok, quiet or were never crawled, or there is none: cron or a monitor can act on it.

    \b
    Example:
      forcewire status --json
    """
    from storage.health import health
    from storage.incidents import incidents
    from storage.schedule import upcoming
    from storage.status import status

    now = datetime.now(UTC)
    with options.store_to_read(database) as conn:
        rows, going_on, found = status(conn, now=now), incidents(conn, ended=False), health(conn, now)
        due = {each.source_id: each.due_at for each in upcoming(conn)}
    if as_json:
        print_array(_row(crawl, each, due) for crawl, each in zip(rows, found, strict=True))
    elif found:
        print_table(HEADINGS, [_cells(crawl, each, due) for crawl, each in zip(rows, found, strict=True)])
        for line in incident_lines(going_on):
            click.echo(line)
    else:
        click.echo("the store has no source yet; forcewire crawl --help says how to begin")
    # Where no crawl ever began (an archive was imported, say) nothing is broken.
    bad = any(each.state in BAD and crawl.crawl is not None for crawl, each in zip(rows, found, strict=True))
    raise SystemExit(1 if bad else 0)


HEADINGS = (
    "Source",
    "State",
    "Since (UTC)",
    "Trouble",
    "Last good (UTC)",
    "Next due (UTC)",
    "Articles",
    "Issues",
    "Why",
)


def _cells(crawl: SourceStatus, each: SourceHealth, due: Mapping[str, datetime]) -> tuple[Any, ...]:
    why = each.why if crawl.verdict == "ok" or not crawl.reason else f"{each.why} [{crawl.reason}]"
    when = (each.last_good_at, due.get(each.source))
    return each.source, str(each.state), each.since, each.trouble, *when, crawl.articles, len(crawl.issues), why


def _row(crawl: SourceStatus, each: SourceHealth, due: Mapping[str, datetime]) -> dict[str, Any]:
    """The state first, then the last crawl as it was."""
    names = ("source", "state", "why", "since", "trouble", "last_good_at", "last_story_at", "rhythm", "articles_today")
    state = {name: getattr(each, name) for name in names}
    return state | {"next_due_at": due.get(each.source)} | asdict(crawl)


def incident_lines(going_on: Sequence[StoredIncident]) -> list[str]:
    """A line for each incident: of one source, of a platform's, or of our own side."""
    return [_line(incident) for incident in going_on]


def _line(incident: StoredIncident) -> str:
    many = len(incident.sources) > 1
    of = f" of {incident.platform}" if incident.platform else ""
    where = f"{len(incident.sources)} sources{of} ({', '.join(incident.sources)})" if many else ""
    first = f"{where}, first {incident.message}" if many else incident.message
    return f"incident since {incident.began_at:%Y-%m-%d %H:%M} UTC, {incident.kind}: {first}"
