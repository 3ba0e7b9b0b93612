"""What is written for a key, as a value: the same words in the file and in a variable."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from storage.rules import RuleError, value_of

_SIZES = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_SIZE = re.compile(r"(\d{1,15}(?:\.\d+)?)\s*([kmgt]?b|)", re.IGNORECASE)
_TYPES = {dict: "a table", list: "an array", bool: "true or false"}
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


class SettingError(Exception):
    """A value that cannot be used. The message says what is wanted, and names the key where it is read from one."""


def parsed(kind: str, given: Any) -> Any:
    """The value that `given`, text or what TOML makes of it, says for a key of this kind. Raises `SettingError`."""
    if kind == "list":
        return texts(given)
    if isinstance(given, time):
        given = f"{given:%H:%M}"
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        # Without what was given: it may be an array of secrets.
        raise SettingError(f"{_TYPES.get(type(given), 'this')} is no {'text' if kind == 'text' else kind}")
    text = str(given).strip()
    if kind in _KINDS:
        return _KINDS[kind](text)
    if kind.startswith("one of "):
        return _one_of(text, kind.removeprefix("one of ").split(", "))
    try:
        return value_of(text, kind)
    except RuleError as error:
        raise SettingError(str(error)) from None


def texts(given: Any) -> tuple[str, ...]:
    """Several texts: an array of the file, or parted by white space or commas that are followed by it."""
    if isinstance(given, str):
        return tuple(part for part in re.split(r",?\s+", given.strip(" \t\r\n,")) if part)
    if isinstance(given, list | tuple) and all(isinstance(each, str) for each in given):
        return tuple(each.strip() for each in given if each.strip())
    raise SettingError("this is no list of texts")


def store_url(value: str) -> str:
    """A store's URL. A value without a scheme is the path of a SQLite file: nobody types three slashes gladly."""
    return value if "://" in value else f"sqlite:///{value}"


def seconds(value: str) -> float:
    """A number of seconds, 0 to an hour. Raises `SettingError`."""
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 3600:
        raise SettingError(f"{value!r} is no number of seconds between 0 and 3600")
    return number


def size(value: str) -> int:
    """A number of bytes: 500MB, 1.5GB, 4096. Raises `SettingError`."""
    found = _SIZE.fullmatch(value)
    if found is None:
        raise SettingError(f"{value!r} is no size; write it as in 500MB or 1GB")
    return int(float(found[1]) * _SIZES[found[2].lower()])


def day_time(value: str) -> time | None:
    """A time of day, 03:30; None for never. Raises `SettingError`."""
    if value.casefold() == "never":
        return None
    found = _TIME.fullmatch(value)
    if found is None:
        raise SettingError(f"{value!r} is no time of day; write it as in 03:30, or never")
    return time(int(found[1]), int(found[2]))


def web_address(value: str) -> str:
    """An http or https URL. Raises `SettingError`, which does not repeat it: it may hold a token."""
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or not value.isprintable() or " " in value:
        raise SettingError("this is no address that begins with http:// or https://")
    return value


def mail_server(value: str) -> str:
    """smtp[s]://[user:password@]host[:port]. Raises `SettingError`, which does not repeat it: it may hold a password."""
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or not value.isprintable() or " " in value:
        raise SettingError("this is no mail server; write it as in smtps://user:password@mail.example.org:465")
    return value


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text[:9]) <= 65535:
        return int(text)
    raise SettingError(f"{text!r} is no port; write a number from 0 to 65535, 0 for a free one")


def _one_of(text: str, words: list[str]) -> str:
    if text.casefold() in words:
        return text.casefold()
    raise SettingError(f"{text!r} is none of {', '.join(words)}")


_KINDS: dict[str, Callable[[str], Any]] = {
    "text": str,
    "path": lambda text: Path(text).expanduser(),
    "store": store_url,
    "seconds": seconds,
    "size": size,
    "port": _port,
    "time of day or never": day_time,
    "web address": web_address,
    "mail server": mail_server,
}
