"""Settings: names that nothing reads, what is missing, what cannot be right, and who may read the secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from forcewire.doctor.findings import Finding, ok, problem, warning
from forcewire.settings import KEYS, unknown_variables

if TYPE_CHECKING:
    from forcewire.settings.reading import Reading

_CHECK = "settings"
_ENTITY = re.compile(r"[A-Za-z0-9.@+\-_]+,\d{4}(-\d\d){0,2}")


def settings_findings(reading: Reading) -> Iterator[Finding]:
    """One of the whole where there is nothing else to say."""
    found = [*_names(reading), *_missing(reading), *_files(reading)]
    yield from found or [ok(_CHECK, "every key is known and can be used", str(reading.file or "the environment"))]


def _names(reading: Reading) -> Iterator[Finding]:
    for line in dict.fromkeys((*reading.unknown, *unknown_variables(os.environ))):
        yield problem(_CHECK, line, str(reading.file or "the environment"), "correct the name, or take it out")
    for line in reading.warnings:
        yield warning(_CHECK, line, str(reading.file or ""), "docs/operating.md has the keys")


def _missing(reading: Reading) -> Iterator[Finding]:
    settings = reading.settings
    if not settings.contact:
        yield problem(
            _CHECK,
            "no contact is set, and a live crawl refuses to start without one",
            "contact",
            "set a mail address or a web page of yours",
        )
    base = settings.base_url
    if not base:
        yield warning(
            _CHECK,
            "no base URL is set: feeds name themselves by it",
            "base_url",
            "set the address that feeds and pages are served from",
        )
    elif not _is_address(base):
        yield problem(
            _CHECK, f"{base!r} is no web address", reading.where("base_url"), "write it as in https://news.example.org"
        )
    elif urlsplit(base).scheme == "http" and urlsplit(base).hostname not in ("localhost", "127.0.0.1", "::1"):
        yield warning(
            _CHECK,
            f"{base} is not encrypted",
            reading.where("base_url"),
            "serve it by https, and set that address before it is read",
        )
    entity = settings.tagging_entity
    if not entity:
        yield warning(
            _CHECK,
            "no tagging entity is set: the ids of entries hang on the base URL's host",
            "tagging_entity",
            "set it before the first feed is read: your domain and a year you held it in",
        )
    elif not _ENTITY.fullmatch(entity):
        yield problem(
            _CHECK,
            f"{entity!r} is no tagging entity",
            reading.where("tagging_entity"),
            "write it as in example.org,2026",
        )
    if settings.sources is not None and not settings.sources.is_dir():
        yield problem(
            _CHECK,
            "the folder of your own entries is not there",
            str(settings.sources),
            "make it, or take `sources` out",
        )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _files(reading: Reading) -> Iterator[Finding]:
    """Files with secrets in them that others of this machine may read."""
    from pathlib import Path

    from forcewire.settings.masks import holds_secret

    secret = [name for name, value in reading.said.items() if name in KEYS and holds_secret(KEYS[name], value)]
    files = {
        Path(os.environ[name]) for name in (f"{KEYS[key].variable}_FILE" for key in secret) if os.environ.get(name)
    }
    if reading.file is not None and any(str(reading.file) in reading.where(name) for name in secret):
        files.add(reading.file)
    for path in sorted(files):
        try:
            mode = path.stat().st_mode
        except OSError:
            continue
        if mode & 0o004:
            yield warning(
                _CHECK, "it holds a secret and everybody on this machine may read it", str(path), f"chmod 640 {path}"
            )
