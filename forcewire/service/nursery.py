"""The process that all crawls are forked from: python -m forcewire.service.nursery FD.

What a crawl needs is imported here once, so that each costs a fork in place of a second of start-up, and goes on with the code
that the service began with while an upgrade is installed. It is their parent, so it alone can end a whole group of processes
without ever hitting a stranger who got the number of a dead one.

On the socket FD come messages of nine bytes (`REQUEST`); with a `START` come two ends of pipes, the child's input and output.
Lines of JSON go back: {"began": pid} in the order of the starts, {"ended": pid, "code": ..., "memory": bytes at most, "cpu": seconds}.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import select
import signal
import socket
import struct
import sys
import time
from contextlib import suppress
from typing import Any

from crawler.confining import die_with, end_with_input
from forcewire.logs import set_up

REQUEST = struct.Struct("<cq")
START, END, KILL = b"s", b"t", b"k"
_GRACE = 10.0  # seconds for the children once the service is gone


class Nursery:
    """Forks, ends and buries until the socket closes."""

    def __init__(self, service: socket.socket) -> None:
        self._service = service
        self._living: set[int] = set()
        self._wake, wake = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(self._wake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def run(self) -> None:
        """Works until the service is gone, then ends the children: cleanly, and after a while by force."""
        while self._turn():
            pass
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in self._living:
                self._signal(pid, number)
            until = time.monotonic() + _GRACE
            while self._living and (left := until - time.monotonic()) > 0:
                select.select([self._wake], [], [], left)
                self._drain()
                self._bury()

    def _turn(self) -> bool:
        ready, _, _ = select.select([self._service.fileno(), self._wake], [], [])
        if self._wake in ready:
            self._drain()
            self._bury()
        return self._service.fileno() not in ready or self._hear()

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            while os.read(self._wake, 4096):
                pass

    def _hear(self) -> bool:
        try:
            message, fds, _, _ = socket.recv_fds(self._service, REQUEST.size, 2)
        except ConnectionError:
            return False
        if len(message) < REQUEST.size:
            return False
        kind, pid = REQUEST.unpack(message)
        if kind == START:
            self._start(fds)
        elif pid in self._living:
            self._signal(pid, signal.SIGKILL if kind == KILL else signal.SIGTERM)
        return True

    def _start(self, fds: list[int]) -> None:
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError as error:
            self._tell({"began": None, "error": error.strerror})
        else:
            if pid == 0:
                self._service.close()
                _be_child(parent, *fds)
            self._living.add(pid)
            self._tell({"began": pid})
        for fd in fds:
            os.close(fd)

    def _bury(self) -> None:
        for pid in list(self._living):
            # Its number is taken as long as it is not buried: whatever it left behind in its group goes now.
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                self._signal(pid, signal.SIGKILL)
                _, status, used = os.wait4(pid, 0)
                self._living.discard(pid)
                memory = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
                cpu = round(used.ru_utime + used.ru_stime, 3)
                self._tell({"ended": pid, "code": os.waitstatus_to_exitcode(status), "memory": memory, "cpu": cpu})

    def _signal(self, pid: int, number: signal.Signals) -> None:
        try:
            os.killpg(pid, number)
        except ProcessLookupError:  # it has not come to its `setsid` yet
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        except PermissionError:  # macOS says so of a group of dead ones
            pass

    def _tell(self, told: dict[str, Any]) -> None:
        with suppress(ConnectionError):
            self._service.sendall(json.dumps(told).encode() + b"\n")


def _be_child(parent: int, given: int, told: int) -> None:
    """The rest of a child's life. Whatever happens, it does not come back into the nursery's loop."""
    code = 1
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        die_with(parent)
        os.dup2(given, 0)
        os.dup2(2, 1)  # whatever prints by mistake must not come between the lines
        os.close(given)
        with os.fdopen(0, "rb", closefd=False) as orders:
            order = json.loads(orders.readline())
        set_up(*order.get("log", ()))
        end_with_input()
        gc.enable()
        code = _carry_out(order, told)
    except BaseException as error:
        logging.getLogger("forcewire.child").critical("broke off", exc_info=error)
    finally:
        os._exit(code)


def _carry_out(order: dict[str, Any], told: int) -> int:
    if order["do"] == "publish":
        from forcewire.service.publish_order import carry_out

        return carry_out(order, told)
    from crawler.child import crawl

    return crawl(order, told)


def main() -> None:
    """Imports what children need, then works."""
    # Whoever ends all processes of the service must not end this one before its children.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    gc.disable()
    import forcewire.service.publish_order  # noqa: F401
    from crawler.warming import warm

    warm()

    gc.freeze()  # no collection of a child's touches, and so copies, what all of them share
    Nursery(socket.socket(fileno=int(sys.argv[1]))).run()
    os._exit(0)  # at once: nothing of a thousand modules is needed any more


if __name__ == "__main__":
    main()
