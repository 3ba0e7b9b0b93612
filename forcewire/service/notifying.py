"""What systemd is told of a service, by one datagram each (sd_notify(3)); nothing where it did not ask."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping

_LONGEST = 200
_PATIENCE = 0.2  # seconds, for a manager whose queue of ten messages is full


class Systemd:
    """Talks to the socket that NOTIFY_SOCKET names. It never raises: a service manager that is gone is no reason to stop."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self.watchdog = _seconds(environ) if self._address else None
        self._said = ""

    def ready(self, status: str) -> None:
        """It works."""
        self._tell(f"READY=1\nSTATUS={_line(status)}\nMAINPID={os.getpid()}")

    def reloading(self) -> None:
        """It reads its settings again; to be followed by `ready` (systemd.service(5), Type=notify-reload)."""
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        """It ends."""
        self._tell("STOPPING=1\nSTATUS=ending")

    def status(self, status: str) -> None:
        """One line for a person who asks systemctl status; told when it differs from the last."""
        if status != self._said:
            self._said = status
            self._tell(f"STATUS={_line(status)}")

    def alive(self) -> None:
        """A sign of life, due within each `watchdog` seconds."""
        self._tell("WATCHDOG=1")

    def _tell(self, what: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | getattr(socket, "SOCK_CLOEXEC", 0)) as to:
                to.settimeout(_PATIENCE)
                to.sendto(what.encode(), self._address)
        except OSError:
            pass


def _line(status: str) -> str:
    return " ".join(status.split())[:_LONGEST]


def _seconds(environ: Mapping[str, str]) -> float | None:
    """WATCHDOG_USEC in seconds, where it is meant for this process (sd_watchdog_enabled(3))."""
    usec, pid = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    if not usec.isascii() or not usec.isdigit() or int(usec) == 0 or (pid and pid != str(os.getpid())):
        return None
    return int(usec) / 1_000_000
