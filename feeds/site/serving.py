"""The site on a socket, until it is told to stop."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn

from feeds.site.announcing import Announcer
from feeds.site.app import create_app
from feeds.site.context import Site
from feeds.site.limits import Gate, Limits
from feeds.site.protocol import GuardedProtocol

__all__ = ["ServeError", "listen", "serve"]

_BACKLOG = 4096
_NOT_HERE = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
_KEEP_ALIVE, _LAST_WORDS = 5, 3  # seconds: for the next request on a connection; for answers under way when it ends


class ServeError(Exception):
    """It cannot be served there. One line: what, where, what to do."""


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets at each address of a host. Port 0 is one that is free. Raises `ServeError`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise ServeError(f"{host!r} is no address of this machine; take another with --host") from None
    sockets: list[socket.socket] = []
    refused: OSError | None = None
    for family, _, _, _, address in dict.fromkeys(found):
        # The second of two addresses of one name gets the free port that the first one got.
        at = str(address[0]), int(sockets[0].getsockname()[1]) if sockets else port
        try:
            sockets.append(_listening(family, at))
        except OSError as error:
            refused = error
            if error.errno not in _NOT_HERE:
                break
    # A name may have an address of IPv6 on a machine that has none.
    if refused is not None and (not sockets or refused.errno not in _NOT_HERE):
        for each in sockets:
            each.close()
        raise ServeError(_told(refused, host, port)) from refused
    return sockets


def _listening(family: int, address: tuple[str, int]) -> socket.socket:
    is_any = family == socket.AF_INET6 and address[0] == "::"
    dual = is_any and socket.has_dualstack_ipv6()
    return socket.create_server(address, family=family, backlog=_BACKLOG, dualstack_ipv6=dual)


def _told(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use; end the program that listens there, or take another one with --port"
    if error.errno == errno.EACCES:
        return f"port {port} may not be listened on by this user; take one above 1023 with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host!r} is no address of this machine; take another with --host"
    return f"{host} port {port} cannot be listened on: {error.strerror}"


async def serve(
    site: Site, sockets: Sequence[socket.socket], *, stop: asyncio.Event | None = None, limits: Limits | None = None
) -> None:
    """Answers on these sockets until `stop` is set, then ends what is under way, within seconds, and tells the site's hub meanwhile of what
    is new. Signals are left to the caller, who may have more to do than this. Where it is cancelled instead, connections are
    dropped as they are.
    """
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # its warnings are what strangers send
    gate = Gate(limits or Limits())
    app = create_app(site)
    config = uvicorn.Config(
        app,
        http=type("SiteProtocol", (GuardedProtocol,), {"gate": gate}),
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_LAST_WORDS,
    )
    server = _Server(config, gate)
    beside = [asyncio.create_task(_stop(server, stop))] if stop is not None else []
    if site.press.hub:
        beside.append(asyncio.create_task(Announcer(app.documents.watch, site.press.hub).run()))
    try:
        await server.serve(sockets=list(sockets))
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


async def _stop(server: uvicorn.Server, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, gate: Gate) -> None:
        super().__init__(config)
        self._gate = gate

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def on_tick(self, counter: int) -> bool:
        if counter % 5 == 0:  # a tick is a tenth of a second
            self._gate.sweep(asyncio.get_running_loop().time())
        return await super().on_tick(counter)
