"""One thread with an event loop of its own that serves all hosts of a newsroom."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable
from typing import TypeVar

from forcewire.demo.http_server import Connection, Host

_START_SECONDS = 10
T = TypeVar("T")


class ServerThread:
    """Listens on loopback, one port a host."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._servers: list[asyncio.Server] = []
        self._hosts: list[Host] = []

    def start(self, hosts: list[Host], port: int) -> list[int]:
        """Listen for the hosts, from `port` on or on free ports (0); returns the ports. Raises `OSError`."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="newsroom", daemon=True)
        self._thread.start()
        try:
            return asyncio.run_coroutine_threadsafe(self._listen(hosts, port), self._loop).result(_START_SECONDS)
        except BaseException:
            self.stop()
            raise

    async def _listen(self, hosts: list[Host], first_port: int) -> list[int]:
        loop, ports = asyncio.get_running_loop(), []
        for place, host in enumerate(hosts):
            port = first_port + place if first_port else 0
            server = await loop.create_server(_factory(host), "127.0.0.1", port, backlog=512)
            self._servers.append(server)
            self._hosts.append(host)
            ports.append(int(server.sockets[0].getsockname()[1]))
        return ports

    def stop(self) -> None:
        """Close all connections and end the thread."""
        if self._loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(_START_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_START_SECONDS)
        self._loop.close()
        self._loop = None

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        for host in self._hosts:
            for connection in list(host.connections):
                connection.close()
        await asyncio.sleep(0)
        own = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not own]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def call(self, action: Callable[[], T]) -> T:
        """Run something between two requests and wait for it; at once when nothing is served."""
        if self._loop is None:
            return action()
        done: concurrent.futures.Future[T] = concurrent.futures.Future()

        def run() -> None:
            try:
                done.set_result(action())
            except Exception as error:  # noqa: BLE001  (it is raised again in the caller's thread)
                done.set_exception(error)

        self._loop.call_soon_threadsafe(run)
        return done.result()


def _factory(host: Host) -> Callable[[], Connection]:
    return lambda: Connection(host)
