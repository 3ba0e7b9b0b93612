"""`forcewire sources`: the entries, which say what is read."""

from __future__ import annotations

from pathlib import Path

import click

from forcewire import options
from forcewire.commands.sources_group import SourcesGroup
from forcewire.output import print_array, print_table


@click.group("sources", cls=SourcesGroup, short_help="Show the sources that can be crawled.")
def command() -> None:
    """Show the sources that can be crawled."""


@command.command("list")
@options.sources_dir
@options.as_json
def list_sources(sources_dir: Path | None, as_json: bool) -> None:
    """List the bundled entries and those of your own folder; yours win where both have one id.

    \b
    Example:
      forcewire sources list --sources my-sources
    """
    entries = options.entries(sources_dir).values()
    if as_json:
        print_array(entry.model_dump() for entry in entries)
        return
    rows = [
        (
            entry.id,
            entry.area,
            entry.reader,
            entry.listing[0].kind,
            entry.hosts[0],
            _short(entry.interval.total_seconds()),
        )
        for entry in entries
    ]
    print_table(("Source", "Area", "Reader", "Listing", "Host", "Every"), rows)


def _short(seconds: float) -> str:
    """A length of time in its largest whole unit: 15m, 1h, 2d."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size:.0f}{unit}"
    return f"{seconds:g}s"
