"""Sources as data: one TOML file a source; its stem is the source's id. A wrong entry is refused with file, key, reason."""

from __future__ import annotations

import ipaddress
import json
import re
import tomllib
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from crawler.readers import READERS, canonical_reader_name
from storage.areas import area_slug as area_slug

BUNDLED = Path(__file__).parent / "sources"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class SourceError(Exception):
    """An entry that cannot be used. Raised with file, key and reason in one line."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ListingEntry(_Strict):
    """An incoming page of links. The first of an entry's listings that answers is used."""

    kind: Literal["html", "rss", "atom", "api", "sitemap"]
    url: str


class Minimum(_Strict):
    """The least a crawl must find. On links of the listing, not on new articles: a quiet day is normal."""

    links: int = Field(ge=1)


class Assertions(_Strict):
    """What every crawl of the source must satisfy: `fill` is the share (0 to 1) of articles that have a field."""

    min: Minimum
    fill: dict[Literal["published_at", "description", "title", "body", "image_url"], float]

    @field_validator("fill")
    @classmethod
    def _shares(cls, fill: dict[str, float]) -> dict[str, float]:
        for name, share in fill.items():
            if not 0 <= share <= 1:
                raise ValueError(f"{name} = {share} is not a share between 0 and 1")
        return fill


class SourceEntry(_Strict):
    """One place we read. `interval` is the least time between two crawls."""

    id: str
    name: str = Field(min_length=1)
    force: str = Field(min_length=1)
    area: str = Field(min_length=1)
    reader: str
    hosts: tuple[str, ...] = Field(min_length=1)
    listing: tuple[ListingEntry, ...] = Field(min_length=1)
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")
    interval: timedelta
    assertions: Assertions
    max_pages: int = Field(default=50, ge=1, le=1000)
    title_prefixes: tuple[str, ...] = ()
    title_suffixes: tuple[str, ...] = ()
    furniture: tuple[str, ...] = Field(default=(), description="regular expressions of whole lines that are no story")

    @field_validator("reader")
    @classmethod
    def _known_reader(cls, value: str) -> str:
        name = canonical_reader_name(value)
        if name not in READERS:
            raise ValueError(f"no reader is called {value!r}; there are {', '.join(sorted(READERS))}")
        return name

    @field_validator("interval", mode="before")
    @classmethod
    def _interval(cls, value: Any) -> timedelta:
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = float(value)
        elif isinstance(value, str) and (
            found := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd])[a-z]*\s*", value.lower())
        ):
            seconds = float(found[1]) * _UNITS[found[2]]
        else:
            raise ValueError(f"{value!r} is no time; write seconds, or '15m', '1h', '1d'")
        if not 0 < seconds <= 31 * 86400:
            raise ValueError(f"{value!r} is not between a second and a month")
        return timedelta(seconds=seconds)

    @field_validator("furniture")
    @classmethod
    def _patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
        return value

    @field_validator("hosts")
    @classmethod
    def _plain_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?", host):
                raise ValueError(f"{host!r} is no host name; write it as in 'www.example.org'")
        return tuple(host.lower() for host in hosts)

    @model_validator(mode="after")
    def _own_listing(self) -> SourceEntry:
        for listing in self.listing:
            parts = urlsplit(listing.url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError(f"listing: {listing.url!r} is no http address")
            if not self.owns(listing.url):
                raise ValueError(
                    f"listing: {parts.netloc} of {listing.url} is not among hosts ({', '.join(self.hosts)})"
                )
            if parts.scheme == "http" and not is_loopback(parts.hostname):
                raise ValueError(f"listing: {listing.url} must be https")
        return self

    def owns(self, url: str) -> bool:
        """Whether a URL is on one of the source's hosts. A host written with a port allows that port alone."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            return False
        name = f"[{host}]" if ":" in host else host
        port = port or (443 if parts.scheme == "https" else 80)
        return parts.scheme in ("http", "https") and (name in self.hosts or f"{name}:{port}" in self.hosts)

    @property
    def digest(self) -> str:
        """A short hash of the keys on which a reading depends: what was read under another digest is read anew, and a
        difference is ours.
        """
        told = (
            self.reader,
            sorted(self.hosts),
            self.title_prefixes,
            self.title_suffixes,
            self.furniture,
            self.language,
        )
        return sha256(json.dumps(told).encode()).hexdigest()[:16]

    @property
    def loopback(self) -> bool:
        """Whether all hosts are this machine: a test or the demo, where delays may be shorter than on a live site."""
        return all(is_loopback(re.sub(r":\d+$", "", host)) for host in self.hosts)


def is_loopback(host: str) -> bool:
    """Whether a host name says by itself that it is this machine: a loopback address, localhost or a name below it."""
    host = host.strip("[]").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def load_entry(path: Path) -> SourceEntry:
    """The entry in a file. Raises `SourceError` naming file, key and reason."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError(f"{path}: {error}") from error
    if "id" in data:
        raise SourceError(f"{path}: id: not a key; the file's name is the id")
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", path.stem):
        raise SourceError(f"{path}: the file's name is the id: small letters, digits and hyphens only")
    try:
        return SourceEntry(id=path.stem, **data)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"] if part != "[key]") or "listing"
        reason = {"missing": "is missing", "extra_forbidden": "is not a key of an entry"}.get(
            first["type"], first["msg"].removeprefix("Value error, ")
        )
        raise SourceError(f"{path}: {key}: {reason}") from error


def load_entries(user_dir: Path | None = None) -> dict[str, SourceEntry]:
    """All entries by id, the bundled ones and those of the user's folder; a user's entry with the same id wins.

    Raises `SourceError` when the folder does not exist or an entry is wrong.
    """
    entries = {path.stem: load_entry(path) for path in sorted(BUNDLED.glob("*.toml"))}
    if user_dir is not None:
        if not user_dir.is_dir():
            raise SourceError(f"{user_dir}: no such folder of sources")
        entries |= {path.stem: load_entry(path) for path in sorted(user_dir.glob("*.toml"))}
    return dict(sorted(entries.items()))
