"""`forcewire publish`: the feeds as files."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forcewire import options
from forcewire.output import print_object

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from feeds.build import Press
    from feeds.site.pages import PagesReport

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
@click.option("--pages", is_flag=True, help="Write the site's pages too, all but the search.")
@options.verbose
@options.database
@options.as_json
def command(
    out: Path,
    base_url: str | None,
    tagging_entity: str | None,
    hub: str | None,
    pages: bool,
    database: str | None,
    as_json: bool,
) -> None:
    """Write the feeds of each area, and of all, below DIR/feeds, and their list as DIR/feeds.opml.

    Only what may differ since the last run is made again. Files are written aside and moved into place; a feed that did
    not change is not touched. With --pages the site's pages go below DIR as well: a folder with an index.html for each.
    Exit code 1 when a feed could not be made.

    \b
    Example:
      forcewire publish --out public --base-url https://news.example.org --tagging-entity example.org,2026
    """
    from feeds.press import PressError, press_of
    from feeds.publishing import PublishError, publish
    from forcewire.progress import each_counted
    from storage.erasing import erase_due

    now = datetime.now(UTC)
    said = options.settings()
    options.log_if_verbose()
    try:
        with options.store(database) as engine:
            erase_due(engine, None, said.rules.retention, now=now)
            press = press_of(
                base_url or said.base_url or DEFAULT_BASE_URL,
                tagging_entity or said.tagging_entity,
                hub or said.hub,
            )
            report = publish(
                engine,
                out,
                base_url=press.base_url,
                now=now,
                tagging_entity=press.tagging_entity,
                hub=press.hub,
                passing=each_counted,
            )
            told = _pages(engine, out, press, said.contact, now) if pages else None
    except PressError as error:
        raise click.ClickException(f"cannot publish: {error}") from error
    except PublishError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_object(asdict(report) | ({"pages": told} if told else {}))
    else:
        click.echo(f"{out / 'feeds'}: {len(report.written)} feeds written, {report.unchanged} unchanged")
        if told:
            click.echo(f"{out}: {told.written} pages written, {told.unchanged} unchanged, {told.removed} taken away")
    for path in report.vanished:
        click.echo(f"forcewire: {path} is left as it is: its area is no longer in the store", err=True)
    for problem in report.problems:
        click.echo(f"forcewire: {problem}", err=True)
    if report.hub:
        click.echo(f"forcewire: {report.hub}", err=True)
    raise SystemExit(1 if report.problems else 0)


def _pages(engine: Engine, out: Path, press: Press, contact: str | None, now: datetime) -> PagesReport:
    from feeds.site.context import Site
    from feeds.site.pages import write_pages

    return write_pages(out, Site(engine, press, contact=contact), now)
