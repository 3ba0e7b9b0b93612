"""`python -m forcewire.demo`: serve the newsroom by hand, to look at it with a browser or to crawl it from outside."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path

import click

from forcewire.demo.newsroom import CLOCK, Newsroom


@click.command(epilog="Example: python -m forcewire.demo --port 8600 --entries sources")
@click.option(
    "--port", default=8600, show_default=True, help="Port of the first site; the next ones follow. 0: free ones."
)
@click.option("--site", "only", default=None, help="Serve this site alone.")
@click.option("--articles", default=0, help="Serve so many composed stories a site instead of the demo's own.")
@click.option("--padding", default=0, help="Fill each page with furniture to so many bytes.")
@click.option("--page-size", default=10, show_default=True, help="Stories on a listing page.")
@click.option("--feed-items", default=20, show_default=True, help="Stories in a feed.")
@click.option(
    "--entries", "folder", type=click.Path(path_type=Path), default=None, help="Write a source entry a site here."
)
@click.option("--day", is_flag=True, help="Play the demo's day before serving: the evening's state.")
@click.option("--warm", is_flag=True, help="Render all pages before saying that it is ready.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the addresses as one line of JSON, and the log's totals at the end."
)
def main(
    port: int,
    only: str | None,
    articles: int,
    padding: int,
    page_size: int,
    feed_items: int,
    folder: Path | None,
    day: bool,
    warm: bool,
    as_json: bool,
) -> None:
    """Serve invented police newsrooms on loopback until Ctrl-C."""
    from forcewire.demo.composer import compose
    from forcewire.demo.news import demo_sites

    sites = [pair for pair in demo_sites(CLOCK) if only in (None, pair[0].id)]
    if not sites:
        raise click.ClickException(
            f"no site is called {only!r}; there are {', '.join(s.id for s, _ in demo_sites(CLOCK))}"
        )
    settings = {"padding": padding, "page_size": page_size, "feed_items": feed_items}
    sites = [(site.changed(**settings), compose(site, articles, now=CLOCK) if articles else own) for site, own in sites]
    done = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: done.set())
    try:
        with Newsroom(sites, port=port) as newsroom:
            if folder is not None:
                newsroom.write_entries(folder)
            if day and not articles and only is None:
                from forcewire.demo.day import play_day, the_day

                play_day(newsroom, the_day(CLOCK), CLOCK)
            if warm:
                newsroom.warm()
            if as_json:
                click.echo(json.dumps(newsroom.base_urls))
            else:
                for site in newsroom.sites:
                    click.echo(f"{site.base_url}/   {site.force} ({site.kind.replace('_', ' ')})")
            sys.stdout.flush()
            done.wait()
            if as_json:
                click.echo(json.dumps({"requests": newsroom.log.total, "status": newsroom.log.by_status()}))
    except OSError as error:
        raise click.ClickException(f"port {port}: {error.strerror or error}; choose another with --port") from error


if __name__ == "__main__":
    main()
