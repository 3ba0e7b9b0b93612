"""What the service says: a short line an event at a terminal, a structured record in a journal."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

_HERE = ZoneInfo("Europe/London")


class Tell(Protocol):
    """Says one thing: `event` is its kind, `text` a line for a person, `fields` for programs. No article's text, no secrets."""

    def __call__(self, event: str, text: str, *, level: int = logging.INFO, **fields: Any) -> None: ...


class TerminalLines:
    """Lines for somebody who looks on."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def __call__(self, event: str, text: str, *, level: int = logging.INFO, **fields: Any) -> None:
        mark = "! " if level >= logging.WARNING else ""
        print(f"{self._now().astimezone(_HERE):%H:%M:%S} {mark}{text}", file=sys.stderr, flush=True)


class Records:
    """Records for a journal or a log's reader."""

    def __init__(self) -> None:
        import structlog

        self._log = structlog.stdlib.get_logger("forcewire.service")

    def __call__(self, event: str, text: str, *, level: int = logging.INFO, **fields: Any) -> None:
        if not fields.keys() & {"verdict", "error"}:  # which say what the line does
            fields["message"] = text
        self._log.log(level, event, **fields)
