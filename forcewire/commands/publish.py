"""`forcewire publish`: the feeds as files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from forcewire import options
from forcewire.output import print_object

DEFAULT_BASE_URL = "http://localhost:8000"


@click.command("publish", short_help="Write the feeds as files.")
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="The folder to write into.")
@click.option(
    "--base-url",
    metavar="URL",
    help=f"Where the folder will be served from; feeds name themselves by it. [default: FORCEWIRE_BASE_URL, or "
    f"{DEFAULT_BASE_URL}]",
)
@click.option(
    "--tagging-entity",
    metavar="DOMAIN,YEAR",
    help="Your own domain and a year you held it in, for the ids of entries: set it before the first feed is read and "
    "never change it. [default: FORCEWIRE_TAGGING_ENTITY, or a name for private use]",
)
@click.option(
    "--hub", metavar="URL", help="A WebSub hub: feeds name it, and it is told which changed. [default: FORCEWIRE_HUB]"
)
@options.database
@options.as_json
def command(
    out: Path, base_url: str | None, tagging_entity: str | None, hub: str | None, database: str | None, as_json: bool
) -> None:
    """Write the feeds of each area, and of all, below DIR/feeds, and their list as DIR/feeds.opml.

    Only what may differ since the last run is made again. Files are written aside and moved into place; a feed that did
    not change is not touched. Exit code 1 when a feed could not be made.

    \b
    Example:
      forcewire publish --out public --base-url https://news.example.org --tagging-entity example.org,2026
    """
    from feeds.publishing import PublishError, publish
    from forcewire.progress import each_counted
    from storage.erasing import erase_due

    now = datetime.now(UTC)
    said = options.settings()
    try:
        with options.store(database) as engine:
            erase_due(engine, None, said.rules.retention, now=now)
            report = publish(
                engine,
                out,
                base_url=base_url or said.base_url or DEFAULT_BASE_URL,
                now=now,
                tagging_entity=tagging_entity or said.tagging_entity,
                hub=hub or said.hub,
                passing=each_counted,
            )
    except PublishError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_object(report)
    else:
        click.echo(f"{out / 'feeds'}: {len(report.written)} feeds written, {report.unchanged} unchanged")
    for path in report.vanished:
        click.echo(f"forcewire: {path} is left as it is: its area is no longer in the store", err=True)
    for problem in report.problems:
        click.echo(f"forcewire: {problem}", err=True)
    if report.hub:
        click.echo(f"forcewire: {report.hub}", err=True)
    raise SystemExit(1 if report.problems else 0)
