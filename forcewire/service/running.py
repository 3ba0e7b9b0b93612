"""From a command line to the service on its loop, and out of the process again."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import click

from feeds.site.context import Site, only_reads
from feeds.site.serving import ServeError, listen, serve
from forcewire.logs import set_up_as
from forcewire.monitored import bounds
from forcewire.options import VERBOSE
from forcewire.service.orders import Orders, OrdersError
from forcewire.service.reading import read_orders
from forcewire.service.service import Service
from forcewire.service.telling import Records, Tell, TerminalLines
from storage.database import open_store
from storage.errors import place


def start(ctx: click.Context, given: Mapping[str, Any]) -> NoReturn:
    """Runs the service and leaves the process. Ends the command with one line where it cannot begin."""
    try:
        first = read_orders(ctx, given, None)
        verbose = bool(ctx.meta.get(VERBOSE))
        sockets = listen(first.settings.host, first.settings.port) if first.serves else []
        port = sockets[0].getsockname()[1] if sockets else None

        def load() -> Orders:
            orders = read_orders(ctx, given, port)
            set_up_as(orders.settings, verbose=verbose)
            return orders

        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(_run(load, sockets, _teller(first)))
    except (OrdersError, ServeError) as error:
        raise click.ClickException(str(error)) from error
    raise SystemExit(1)


async def _run(load: Callable[[], Orders], sockets: list[socket.socket], tell: Tell) -> NoReturn:
    service = Service(load, tell)
    orders = service.orders
    where = f"{place(service.store.engine)}, {len(orders.entries)} sources"
    site = _site(orders) if sockets else None

    async def serving(stop: asyncio.Event) -> None:
        assert site is not None
        await serve(site, sockets, stop=stop)

    at = f"; serving at {_address(sockets[0])} as {orders.press.base_url}/" if sockets else ""
    tell("start", f"watching {where}{at}", sources=len(orders.entries))
    code = await service.run(serving if site is not None else None)
    if site is not None:
        site.engine.dispose()
    # Threads may wait yet for a store that is locked or a mail server that is slow: nothing of theirs is needed any more.
    sys.stdout.flush()
    sys.stderr.flush()
    logging.shutdown()
    os._exit(code)


def _site(orders: Orders) -> Site:
    engine = open_store(orders.database_url)
    only_reads(engine)
    return Site(engine, orders.press, contact=orders.settings.contact, bounds=bounds(engine, orders.settings))


def _teller(orders: Orders) -> Tell:
    from datetime import UTC, datetime

    wanted = orders.settings.log_format
    if wanted == "auto" and sys.stderr.isatty():
        return TerminalLines(lambda: datetime.now(UTC))
    return Records()


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    """uvloop's loop, where there is one for this system."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return asyncio.new_event_loop
    return new_event_loop
