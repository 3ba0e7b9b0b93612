"""The service's side of the nursery: children that are given an order, tell lines, and end."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from forcewire.service.nursery import END, KILL, REQUEST, START

_LONGEST_LINE = 2**24  # a summary with every issue of a crawl
_LAST_WAIT = 1.0  # seconds for its process to end


class NoChildError(Exception):
    """A process cannot be started. One line: why."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: its exit code, negative for a signal, None where nobody can say; the most memory it had, in bytes, and
    the processor's time it took, in seconds.
    """

    code: int | None
    memory: int = 0
    cpu: float = 0.0


_Began: TypeAlias = tuple[int, asyncio.Future[Ended]]


@dataclass(slots=True)
class Child:
    """A process that carries an order out."""

    pid: int
    reader: asyncio.StreamReader
    _input: asyncio.WriteTransport
    _nursery: Nursery
    ended: asyncio.Future[Ended]

    async def lines(self) -> AsyncIterator[bytes]:
        """What it tells, to its end."""
        with suppress(ValueError):  # a line longer than any: the rest of it is of no use
            async for line in self.reader:
                yield line

    def end(self) -> None:
        """Asks its group to end with what there is."""
        self._nursery.request(END, self.pid)

    def kill(self) -> None:
        """Ends its group by force."""
        self._nursery.request(KILL, self.pid)

    def forget(self) -> None:
        """Closes what is open of it here."""
        self._input.close()


class Nursery:
    """Starts the process that children are forked from, again where it died, and hears when one of them ended."""

    def __init__(self) -> None:
        self._living: dict[int, asyncio.Future[Ended]] = {}
        self._waiting: deque[asyncio.Future[_Began]] = deque()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._hearing: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Starts it where it does not run. Raises `NoChildError`."""
        if self._socket is not None:
            return
        ours, theirs = socket.socketpair()
        root = str(Path(__file__).parents[2])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        words = [sys.executable, "-m", "forcewire.service.nursery", str(theirs.fileno())]
        try:
            self._process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=2,
                pass_fds=[theirs.fileno()],
                env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
                start_new_session=True,  # Ctrl-C reaches it and its children through the service alone
            )
        except OSError as error:
            ours.close()
            raise NoChildError(f"no process can be started: {error.strerror}") from error
        finally:
            theirs.close()
        ours.setblocking(False)
        self._socket = ours
        self._hearing = asyncio.create_task(self._hear(ours, self._process))

    @property
    def pid(self) -> int | None:
        """Its process, while it runs."""
        return self._process.pid if self._process is not None and self._socket is not None else None

    async def child(self, order: dict[str, Any]) -> Child:
        """A new process that carries out an order (a JSON object with `do`). Raises `NoChildError`."""
        self.open()
        assert self._socket is not None
        loop = asyncio.get_running_loop()
        given, to_child = os.pipe()
        from_child, told = os.pipe()
        began: asyncio.Future[_Began] = loop.create_future()
        try:
            socket.send_fds(self._socket, [REQUEST.pack(START, 0)], [given, told])
            self._waiting.append(began)
        except OSError as error:
            os.close(to_child)
            os.close(from_child)
            raise NoChildError(f"no process can be started: {error.strerror}") from error
        finally:
            os.close(given)
            os.close(told)
        reader = asyncio.StreamReader(limit=_LONGEST_LINE)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(from_child, "rb", 0))
        pipe, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(to_child, "wb", 0))
        try:
            pid, ended = await began
        except NoChildError:
            pipe.close()
            raise
        pipe.write(json.dumps(order).encode() + b"\n")
        return Child(pid, reader, pipe, self, ended)

    def request(self, kind: bytes, pid: int) -> None:
        """Asks for a signal to a child's group, where it lives."""
        if self._socket is not None and pid in self._living:
            with suppress(OSError):
                self._socket.send(REQUEST.pack(kind, pid))

    async def close(self) -> None:
        """Lets go of it; it ends what it still has."""
        if self._socket is not None:
            self._socket.shutdown(socket.SHUT_RDWR)
        if self._hearing is not None:
            await self._hearing
        if self._process is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.to_thread(self._process.wait), _LAST_WAIT)

    async def _hear(self, ours: socket.socket, process: subprocess.Popen[bytes]) -> None:
        loop, rest = asyncio.get_running_loop(), b""
        with suppress(OSError):
            while part := await loop.sock_recv(ours, 65536):
                *lines, rest = (rest + part).split(b"\n")
                for line in lines:
                    self._told(json.loads(line))
        ours.close()
        self._socket = None
        while self._waiting:
            self._waiting.popleft().set_exception(NoChildError("the process that starts crawls has died"))
        for pid in list(self._living):
            self._told({"ended": pid, "code": None})
        # Without it they are dead or dying; it is waited for so that no zombie stays.
        loop.run_in_executor(None, process.wait)

    def _told(self, told: dict[str, Any]) -> None:
        if "began" in told:
            waiting = self._waiting.popleft()
            if told["began"] is None:
                waiting.set_exception(NoChildError(f"no process can be started: {told['error']}"))
            else:
                # Its end may be told in the same breath, before whoever waits for its beginning has heard of that.
                ended = self._living[told["began"]] = asyncio.get_running_loop().create_future()
                waiting.set_result((told["began"], ended))
            return
        if told["ended"] in self._living:
            self._living.pop(told["ended"]).set_result(Ended(told["code"], told.get("memory", 0), told.get("cpu", 0.0)))
