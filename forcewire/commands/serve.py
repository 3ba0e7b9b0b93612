"""`forcewire serve`: feeds, pages and the API over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from forcewire import options

if TYPE_CHECKING:
    import asyncio
    import socket

    from feeds.site.context import Site


@click.command("serve", short_help="Serve the feeds and the site over HTTP.")
@click.option("--host", metavar="ADDRESS", help="The address to listen on. [default: FORCEWIRE_HOST, or 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="0 takes a free one. [default: FORCEWIRE_PORT, or 8000]")
@click.option(
    "--base-url",
    metavar="URL",
    help="What visitors type to get here; feeds and pages name themselves by it. [default: FORCEWIRE_BASE_URL, "
    "or http://localhost:PORT]",
)
@click.option(
    "--tagging-entity",
    metavar="DOMAIN,YEAR",
    help="For the ids of entries, as for publish. [default: FORCEWIRE_TAGGING_ENTITY, or a name for private use]",
)
@click.option(
    "--hub",
    metavar="URL",
    help="A WebSub hub: feeds name it, and it is told which have something new. [default: FORCEWIRE_HUB]",
)
@click.option(
    "--contact",
    metavar="ADDRESS",
    help="A mail address or web page for who wants something taken down. [default: FORCEWIRE_CONTACT]",
)
@options.database
def command(
    host: str | None,
    port: int | None,
    base_url: str | None,
    tagging_entity: str | None,
    hub: str | None,
    contact: str | None,
    database: str | None,
) -> None:
    """Serve the feeds, the pages and the API of a store, until Ctrl-C or SIGTERM.

    The store is only read. What a crawl or `forcewire suppress` changes in it shows within two seconds.

    \b
    Example:
      forcewire serve --database news.db --base-url https://news.example.org
    """
    from feeds.press import PressError, press_of
    from feeds.site.context import Site, only_reads
    from feeds.site.serving import ServeError, listen
    from forcewire.monitored import bounds
    from storage.errors import place

    said = options.settings()
    with options.store(database) as engine:
        try:
            sockets = listen(host or said.host, said.port if port is None else port)
        except ServeError as error:
            raise click.ClickException(str(error)) from error
        port = sockets[0].getsockname()[1]
        try:
            press = press_of(
                base_url or said.base_url or f"http://localhost:{port}",
                tagging_entity or said.tagging_entity,
                hub or said.hub,
            )
        except PressError as error:
            raise click.ClickException(str(error)) from error
        only_reads(engine)
        site = Site(engine, press, contact=contact or said.contact, bounds=bounds(engine, said))
        _run(site, sockets, f"Serving {place(engine)} at {_address(sockets[0])} as {press.base_url}/ ; Ctrl-C ends it")


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _run(site: Site, sockets: list[socket.socket], line: str) -> None:
    import asyncio
    import signal

    from feeds.site.serving import serve

    async def serving() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, stop.set)
        click.echo(line)
        await serve(site, sockets, stop=stop)

    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(serving())


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    import asyncio

    try:
        from uvloop import new_event_loop
    except ImportError:  # there is none for Windows
        return asyncio.new_event_loop
    return new_event_loop
