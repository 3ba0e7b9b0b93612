"""`forcewire demo`: a newsroom of invented forces."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("demo", short_help="Crawl and publish a newsroom of invented forces; works offline.")
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path), default="demo", show_default=True, help="Where to work."
)
@click.option("--keep-serving", is_flag=True, help="Let the newsroom run at the end, to look at with a browser.")
def command(out: Path, keep_serving: bool) -> None:
    """Crawl a newsroom of invented forces on this machine, publish it, and see what a day of events changes.

    It takes a few seconds and ends by itself. The database, the feeds and the source entries stay in DIR.

    \b
    Example:
      forcewire demo --out try-out
    """
    from forcewire.walkthrough import walk_through

    walk_through(out, keep_serving=keep_serving)
