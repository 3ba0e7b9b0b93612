"""`forcewire watch`: the service."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from forcewire import options

_PRESS = "[default: as for serve]"


@click.command("watch", short_help="Run for years: crawl what is due, publish, serve.")
@options.sources_dir
@click.option("--allow-loopback", is_flag=True, help="Let sources on this machine be read (tests, the demo).")
@click.option(
    "--delay", metavar="SECONDS", type=options.delay, help="Seconds between two requests to one host, as for crawl."
)
@click.option("--workers", type=click.IntRange(1, 64), help="Crawls at once. [default: FORCEWIRE_WORKERS, or 4]")
@click.option("--host", metavar="ADDRESS", help="The address to serve on. [default: FORCEWIRE_HOST, or 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="0 takes a free one. [default: FORCEWIRE_PORT, or 8000]")
@click.option("--no-serve", is_flag=True, help="Leave the site to another process: forcewire serve, or a web server.")
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Write the feeds as files here after crawls. [default: FORCEWIRE_PUBLISH_DIR, or nowhere]",
)
@click.option("--base-url", metavar="URL", help=f"What visitors type to get here. {_PRESS}")
@click.option("--tagging-entity", metavar="DOMAIN,YEAR", help=f"For the ids of entries. {_PRESS}")
@click.option("--hub", metavar="URL", help=f"A WebSub hub to tell of what is new. {_PRESS}")
@options.verbose
@options.database
def command(**given: Any) -> None:
    """Crawl each source when it is due, write the feeds, serve the site, tell operators what breaks, make a backup every night.

    It runs until SIGTERM or Ctrl-C, which end it within ten seconds; nothing is lost, and the next start goes on where it was.
    SIGHUP reads the settings and the sources again. More than one may share a store.

    \b
    Example:
      FORCEWIRE_CONTACT=desk@example.org forcewire watch --out /srv/feeds --base-url https://news.example.org
    """
    from forcewire.service.running import start

    with options.plain_store_errors():
        start(click.get_current_context(), given)
