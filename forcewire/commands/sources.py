"""`forcewire sources`: the entries, which say what is read."""

from __future__ import annotations

from pathlib import Path

import click

from forcewire import options
from forcewire.commands.sources_group import SourcesGroup
from forcewire.output import print_array, print_table


@click.group("sources", cls=SourcesGroup, short_help="Show the sources; look at a site, add one, check them live.")
def command() -> None:
    """Show the sources that can be crawled; look at a site, add one, check them live."""


@command.command("list")
@options.sources_dir
@options.as_json
def list_sources(sources_dir: Path | None, as_json: bool) -> None:
    """List the bundled entries and those of your own folder; yours win where both have one id.

    "Listing" is the first one that is tried. "Platform", "Listing" and "Articles" say how well these facts are known:
    seen on a stored page, from public code, inferred, or from memory; "Checked" when the source was last tried live; "Every" its interval,
    or off when it is not enabled.

    \b
    Example:
      forcewire sources list --sources my-sources
    """
    entries = options.entries(sources_dir).values()
    if as_json:
        print_array(entry.model_dump() for entry in entries)
        return
    headings = ("Source", "Area", "Reader", "Platform", "Listing", "Articles", "Checked", "Every")
    print_table(
        headings,
        [
            (
                entry.id,
                entry.area,
                entry.reader,
                entry.known.platform or "unknown",
                f"{entry.listing[0].kind}: {entry.listing[0].known or 'unknown'}",
                entry.known.article or "unknown",
                entry.known.checked or "never",
                _short(entry.interval.total_seconds()) if entry.enabled else "off",
            )
            for entry in entries
        ],
    )
    checked = sum(1 for entry in entries if entry.known.checked)
    click.echo(f"\nTried on their live sites: {checked or 'none'} of these {len(entries)} sources.")


def _short(seconds: float) -> str:
    """A length of time in its largest whole unit: 15m, 1h, 2d."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size:.0f}{unit}"
    return f"{seconds:g}s"
