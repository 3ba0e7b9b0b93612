"""`forcewire doctor`: what is not as it should be, and what to do."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forcewire import options
from forcewire.output import one_line, plain, print_array, print_object, print_table

if TYPE_CHECKING:
    from forcewire.doctor.source import Compared


@click.command("doctor", short_help="Look at settings, store, clock, sources, feeds, backups; say what to do.")
@click.argument("source", required=False)
@click.option("--network", is_flag=True, help="Ask for the names and robots.txt of all sources too.")
@click.option("--quick", is_flag=True, help="Do not read every page of the store.")
@click.option(
    "--page", "page_id", metavar="NUMBER", type=int, help="Print a kept page as it was served, for forcewire read."
)
@options.sources_dir
@options.database
@options.as_json
def command(
    source: str | None,
    network: bool,
    quick: bool,
    page_id: int | None,
    sources_dir: Path | None,
    database: str | None,
    as_json: bool,
) -> None:
    """Say what is not as it should be, where, and what to do. Exit code 1 where something does not work. With SOURCE: its last good crawl
    beside the one that began to fail, what changed between them, and where to look. Nothing outside this machine is asked without
    --network; what was not looked at is called "not checked".

    \b
    Example:
      forcewire doctor --network
    """
    now = datetime.now(UTC)
    if source is None:
        _all(database, sources_dir, now, network=network, thorough=not quick, as_json=as_json)
    elif page_id is not None:
        _page(database, source, page_id)
    else:
        _one(database, source, now, as_json)


def _all(
    database: str | None, sources: Path | None, now: datetime, *, network: bool, thorough: bool, as_json: bool
) -> None:
    from forcewire.doctor.checking import findings
    from forcewire.doctor.findings import Level

    url = options.database_url(database)
    found = list(findings(options.reading(), url, sources, now, network=network, thorough=thorough))
    if as_json:
        print_array(map(plain, found))
    else:
        for each in found:
            where = f" ({each.where})" if each.where else ""
            click.echo(
                one_line(f"{each.level.value + ':':12} {each.check}: {each.what}{where}")
                + (f"\n{'':13}{each.do}" if each.do else "")
            )
    raise SystemExit(any(each.level is Level.PROBLEM for each in found))


def _one(database: str | None, source: str, now: datetime, as_json: bool) -> None:
    from forcewire.doctor.source import compared

    with options.store_to_read(database) as conn:
        options.stored(conn, source, None)
        found = compared(conn, source, now)
    assert found is not None
    if as_json:
        print_object(found.plain())
    else:
        _tell(found)
    raise SystemExit(found.health.state in ("broken", "blocked", "stale"))


def _tell(found: Compared) -> None:
    health = found.health
    since = f" since {health.since:%Y-%m-%d %H:%M} UTC" if health.since else ""
    click.echo(one_line(f"{health.source} is {health.state.value}{since}: {health.why}"))
    sides = [side or {} for side in (found.good, found.bad, found.last)]
    names = list(next((side for side in sides if side), {}))
    rows: list[tuple[Any, ...]] = [(name.replace("_", " "), *(side.get(name) for side in sides)) for name in names]
    if rows:
        print_table(("", "Last good", "First that was not", "Newest"), rows)
    for kind, url, message in found.noticed:
        click.echo(one_line(f"noticed: {kind}: {message}{f' ({url})' if url else ''}"))
    for line in found.changed:
        click.echo(one_line(f"changed: {line}"))
    for page in found.pages:
        click.echo(
            one_line(
                f"kept page {page['id']} of {page['fetched_at']:%Y-%m-%d %H:%M} UTC, {page['url']}: {page['error']}"
            )
        )
    for line in found.next:
        click.echo(one_line(f"next: {line}"))


def _page(database: str | None, source: str, page_id: int) -> None:
    import sqlalchemy as sa

    from storage.kept_pages import unpacked
    from storage.tables import KEPT_PAGE

    with options.store_to_read(database) as conn:
        of_source = (KEPT_PAGE.c.source_id == source, KEPT_PAGE.c.id == page_id)
        body = conn.scalar(sa.select(KEPT_PAGE.c.body).where(*of_source))
    if body is None:
        raise click.ClickException(
            f"the store keeps no page {page_id} of {source}; forcewire doctor {source} lists them"
        )
    sys.stdout.buffer.write(unpacked(body))
