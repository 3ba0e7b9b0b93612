"""Every key that an operator may set: in the file by its name, in the environment as FORCEWIRE_ and its name in capitals.

Light, for `forcewire --help`: names, kinds and defaults as they are written. Their types are the fields of `Settings`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from storage.rules import VARIABLES as RULES
from storage.rules import Rules

PREFIX = "FORCEWIRE_"
FILE_SUFFIX = "_FILE"  # FORCEWIRE_SMTP_FILE: the file that holds the secret


class Key(NamedTuple):
    """`default` is as it would be written, None where nothing is set. `secret`: never shown in full."""

    name: str
    kind: str
    default: str | None
    meaning: str
    secret: bool = False

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return PREFIX + self.name.upper()


def written(value: Any) -> str:
    """A rule's value as an operator writes it."""
    if value is None:
        return "never"
    if not isinstance(value, timedelta):
        return str(value)
    for unit, seconds in (("d", 86400), ("h", 3600), ("m", 60)):
        if value.total_seconds() % seconds == 0:
            return f"{value.total_seconds() / seconds:.0f}{unit}"
    return f"{value.total_seconds() / 60:g}m"


_OWN = (
    Key("database_url", "store", None, "the store: a URL, or the path of a SQLite file", secret=True),
    Key("sources", "path", None, "a folder of your own source entries"),
    Key("contact", "text", None, "a mail address or web page that the sites we read can reach you by"),
    Key("base_url", "text", None, "where feeds and pages are served from: they name themselves by it"),
    Key("tagging_entity", "text", None, "your own domain and a year you held it in, for the ids of entries: example.org,2026"),
    Key("hub", "text", None, "a WebSub hub that tells subscribers of new entries at once"),
    Key("delay", "seconds", None, "seconds between two requests to one host"),
    Key("publish_dir", "path", None, "the folder that the service writes the feeds into, for another server to serve"),
    Key("host", "text", "127.0.0.1", "the address that `serve` and the service listen on"),
    Key("port", "port", "8000", "and the port; 0 takes a free one"),
    Key("workers", "count from 1", "4", "crawls at once in the service"),
    Key("crawl_time", "age", "30m", "how long one crawl of the service may take before it is ended"),
    Key("crawl_memory", "size", "1GB", "and how much memory it may take"),
    Key("log_format", "one of auto, console, json", "auto", "console, json, or auto: console at a terminal, json elsewhere"),
    Key("log_level", "one of debug, info, warning, error", "info", "the least level that is logged: debug, info, warning, error"),
    Key("keep_crawls", "age or never", "365d", "how long the rows of crawls are kept: 365d, or never for no end"),
    Key("backup_dir", "path", None, "where backups are kept; else the folder backups beside the SQLite file"),
    Key("backup_at", "time of day or never", "03:30", "when the service backs up, Europe/London; never switches it off"),
    Key("backup_keep", "count from 1", "14", "days of which a backup is kept"),
    Key("ready_after", "age", "6h", "/health/ready fails when no crawl was good for so long"),
    Key("disk_free", "size", "500MB", "and when less is free on the store's disk"),
    Key("alert_webhook", "web address", None, "where alerts are posted as JSON", secret=True),
    Key("alert_mail_to", "list", None, "mail addresses that alerts are sent to, through `smtp`"),
    Key("alert_mail_from", "text", None, "and the address that they come from"),
    Key("smtp", "mail server", None, "the mail server: smtp[s]://user:password@host:port", secret=True),
    Key("alert_apprise", "list", None, "Apprise URLs that alerts are sent to (the extra `notify`)", secret=True),
    Key("alert_after", "age", "0m", "how long a state must last before an alert tells of it"),
    Key("heartbeat", "web address", None, "asked at regular times while all is well: a dead man's switch", secret=True),
    Key("heartbeat_every", "age", "5m", "how often the heartbeat is sent"),
)  # fmt: skip


def _rule_keys() -> Iterator[Key]:
    rules = Rules()
    for name, rule, part, kind, meaning in RULES:
        yield Key(name.lower(), kind, written(getattr(getattr(rules, rule), part)), meaning)


KEYS: Mapping[str, Key] = {key.name: key for key in (*_OWN, *_rule_keys())}

VARIABLES: Mapping[str, str] = {
    **{key.variable: key.meaning for key in KEYS.values()},
    "FORCEWIRE_CONFIG": "the file of settings, as with --config",
    "FORCEWIRE_ALLOW_LOOPBACK": "1 lets `scrapy crawl` read sources on this machine; forcewire crawl has an option for it",
    "FORCEWIRE_ARCHIVE": "the archive of real records: tests only",
    "FORCEWIRE_PAIRS": "pairs of real pages, before and after: tests only",
}

SECRET_FILES = frozenset(key.variable + FILE_SUFFIX for key in KEYS.values() if key.secret)


def unknown_variables(environ: Mapping[str, str]) -> Iterator[str]:
    """One line for each FORCEWIRE_ variable that nothing reads: a mistyped name must not pass in silence."""
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in VARIABLES and name not in SECRET_FILES:
            from difflib import get_close_matches

            near = get_close_matches(name, VARIABLES, n=1)
            yield f"{name} is set, but nothing reads it" + (f"; did you mean {near[0]}?" if near else "")
