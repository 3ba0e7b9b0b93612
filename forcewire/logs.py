"""Logs: our own lines, Scrapy's, uvicorn's and APScheduler's in one stream, JSON or for a terminal.

Whatever is said goes through `tamed`: no secrets, no control characters, no line breaks, and no more than so much of it. Of a
record's `extra` a few fields are picked, because Scrapy puts whole items there.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterable, MutableMapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.tracebacks import ExceptionDictTransformer

from forcewire.tamed import Tamed

if TYPE_CHECKING:
    from forcewire.settings.model import Settings

_Event = MutableMapping[str, Any]
_PICKED = ("source", "url", "status")
_FRAMES = 12  # of a traceback, the innermost
# What others say at INFO is noise to an operator: each request, each job that was added.
_QUIET = dict.fromkeys(("scrapy", "uvicorn", "asyncio", "alembic"), logging.WARNING)
_QUIET["apscheduler"] = logging.CRITICAL  # the service has a line of its own for each job that fails
# syslog(3), as systemd reads it before a line: sd-daemon(3)
_PRIORITIES = {logging.CRITICAL: 2, logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6, logging.DEBUG: 7}


def set_up(
    format: str = "auto", level: str = "info", stream: TextIO | None = None, *, secrets: Iterable[str] = ()
) -> None:
    """Logs to `stream`, stderr unless told otherwise, from now on. `format`: console, json, or auto: console at a terminal,
    json elsewhere. `level`: debug, info, warning or error; below debug the chatter of libraries is left out. `secrets`:
    texts that are masked wherever they are found. May be called again, after settings were read anew.
    """
    stream = stream or sys.stderr
    at_terminal = stream.isatty()
    console = format == "console" or (format == "auto" and at_terminal)
    wanted = logging.getLevelNamesMapping()[level.upper()]
    handler = _Handler(stream)
    handler.setFormatter(_Lines(_renderers(Tamed(secrets), console=console, colours=at_terminal), _is_journal(stream)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(wanted)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(wanted if wanted == logging.DEBUG else max(wanted, least))
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.PositionalArgumentsFormatter(),
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def set_up_as(settings: Settings, *, verbose: bool = False) -> None:
    """As the settings say; `verbose`: whatever there is to say."""
    from forcewire.settings.keys import KEYS
    from forcewire.settings.masks import secret_texts

    secrets = [text for name, key in KEYS.items() if key.secret for text in secret_texts(key, getattr(settings, name))]
    set_up(settings.log_format, "debug" if verbose else settings.log_level, secrets=secrets)


class _Handler(logging.StreamHandler[TextIO]):
    """Says in one line that a record could not be said: Python would print the record, and what it was about."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  Python's name
        line = json.dumps({"event": "a line could not be logged", "level": "error", "logger": record.name[:100]})
        with suppress(OSError, ValueError):
            self.stream.write(line + self.terminator)


class _Lines(ProcessorFormatter):
    """One line a record, with its priority before it where the journal reads it."""

    def __init__(self, processors: list[Any], journal: bool) -> None:
        super().__init__(processors=processors, foreign_pre_chain=[_picked])
        self._journal = journal

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record).replace("\n", " ")
        if not self._journal:
            return line
        level = max((known for known in _PRIORITIES if known <= record.levelno), default=logging.DEBUG)
        return f"<{_PRIORITIES[level]}>{line}"


def _renderers(tamed: Tamed, *, console: bool, colours: bool) -> list[Any]:
    # Without locals: they hold the pages that were read.
    trace = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False, max_frames=_FRAMES))
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=True)
    if console:
        last = structlog.dev.ConsoleRenderer(colors=colours, pad_event_to=0)
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        ProcessorFormatter.remove_processors_meta,
        trace,
        tamed,
        *([_error_in_a_line] if console else []),
        last,
    ]


def _error_in_a_line(_: Any, __: str, event: _Event) -> _Event:
    """For a terminal: the error and where it was raised; the frames before that are for JSON."""
    if isinstance(traces := event.pop("exception", None), list) and traces:
        frames = traces[0].get("frames") or [{}]
        at = "{filename}:{lineno}".format_map({"filename": "?", "lineno": "?", **frames[-1]})
        event["error"] = f"{traces[0].get('exc_type')}: {traces[0].get('exc_value')} ({at})"
    return event


def _picked(_: Any, __: str, event: _Event) -> _Event:
    """Of a record of the standard library."""
    record: logging.LogRecord | None = event.get("_record")
    for name in _PICKED if record is not None else ():
        value = getattr(record, name, None)
        if isinstance(value, str | int):
            event[name] = value
    entry = getattr(getattr(record, "spider", None), "entry", None)
    if entry is not None:
        event["source"] = entry.id
    return event


def _is_journal(stream: TextIO) -> bool:
    """Whether systemd's journal is at the other end: it names the stream's device and inode (systemd.exec(5))."""
    told = os.environ.get("JOURNAL_STREAM")
    if not told:
        return False
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return told == f"{found.st_dev}:{found.st_ino}"
