"""The environment, read in one place. An option given on the command line comes first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from storage.rules import VARIABLES as RULES
from storage.rules import RuleError, Rules, rules_from

INTERRUPTED = 130  # 128 + SIGINT: the exit code after Ctrl-C, as a shell reports it
VARIABLES = {
    "FORCEWIRE_DATABASE_URL": "the store: a URL, or the path of a SQLite file",
    "FORCEWIRE_SOURCES": "a folder of your own source entries",
    "FORCEWIRE_CONTACT": "a mail address or web page that the sites we read can reach you by",
    "FORCEWIRE_BASE_URL": "where feeds and pages are served from: they name themselves by it",
    "FORCEWIRE_TAGGING_ENTITY": "your own domain and a year you held it in, for the ids of entries: example.org,2026",
    "FORCEWIRE_HUB": "a WebSub hub that tells subscribers of new entries at once",
    "FORCEWIRE_DELAY": "seconds between two requests to one host",
    "FORCEWIRE_ALLOW_LOOPBACK": "1 lets `scrapy crawl` read sources on this machine; forcewire crawl has an option for it",
    **{f"FORCEWIRE_{name}": meaning for name, *_, meaning in RULES},
    "FORCEWIRE_ARCHIVE": "the archive of real records: tests only",
    "FORCEWIRE_PAIRS": "pairs of real pages, before and after: tests only",
}


class SettingError(Exception):
    """A variable or option whose value cannot be used. The message names it, and says what is wanted."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator set. `delay` is in seconds; None where nothing was said."""

    database_url: str | None = None
    sources: Path | None = None
    contact: str | None = None
    base_url: str | None = None
    tagging_entity: str | None = None
    hub: str | None = None
    delay: float | None = None
    rules: Rules = field(default_factory=Rules)


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of an environment; an empty variable counts as not set. Raises `SettingError`."""

    def said(name: str) -> str | None:
        return environ.get(f"FORCEWIRE_{name}", "").strip() or None

    database, sources, delay = said("DATABASE_URL"), said("SOURCES"), said("DELAY")
    return Settings(
        database_url=store_url(database) if database else None,
        sources=Path(sources) if sources else None,
        contact=said("CONTACT"),
        base_url=said("BASE_URL"),
        tagging_entity=said("TAGGING_ENTITY"),
        hub=said("HUB"),
        delay=_seconds_of("FORCEWIRE_DELAY", delay) if delay else None,
        rules=_rules(environ),
    )


def _rules(environ: Mapping[str, str]) -> Rules:
    try:
        return rules_from(environ)
    except RuleError as error:
        raise SettingError(str(error)) from error


def store_url(value: str) -> str:
    """A store's URL. A value without a scheme is the path of a SQLite file: nobody types three slashes gladly."""
    return value if "://" in value else f"sqlite:///{value}"


def _seconds_of(name: str, value: str) -> float:
    try:
        return seconds(value)
    except SettingError as error:
        raise SettingError(f"{name}: {error}") from None


def seconds(value: str) -> float:
    """A number of seconds, 0 to an hour. Raises `SettingError`."""
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 3600:
        raise SettingError(f"{value!r} is no number of seconds between 0 and 3600")
    return number


def unknown_variables(environ: Mapping[str, str]) -> Iterator[str]:
    """One line for each FORCEWIRE_ variable that nothing reads: a mistyped name must not pass in silence."""
    for name in sorted(environ):
        if name.startswith("FORCEWIRE_") and name not in VARIABLES:
            from difflib import get_close_matches

            near = get_close_matches(name, VARIABLES, n=1)
            yield f"{name} is set, but nothing reads it" + (f"; did you mean {near[0]}?" if near else "")
