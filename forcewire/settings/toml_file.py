"""The file of settings: which one it is, what it says, and on which line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from forcewire.settings.values import SettingError

PLACES = (Path("forcewire.toml"), Path("/etc/forcewire/forcewire.toml"))
_LARGEST = 2**20
# The time of Python's parser grows faster than with the square of a dotted key's parts: twelve seconds for one of 27 KB.
_MANY_PARTS = re.compile(r"(?:\.[^.,=\n]{0,40}){40}")
_TABLE = re.compile(r"\s*\[\s*([\w.\-\"']+)\s*\]\s*(?:#.*)?")
_KEY = re.compile(r"\s*([\w.\-\"']+)\s*=")
_AT = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


class SettingsFile(NamedTuple):
    """`values` as TOML has them; `lines`: where each key stands, by its dotted name, as far as that could be told."""

    path: Path
    values: Mapping[str, Any]
    lines: Mapping[str, int]

    def where(self, key: str) -> str:
        """The place of a key for a person: FILE:LINE."""
        line = self.lines.get(key)
        return f"{self.path}:{line}" if line else str(self.path)

    @property
    def readable_by_all(self) -> bool:
        """Whether every user of the machine may read it."""
        try:
            return bool(self.path.stat().st_mode & 0o004)
        except OSError:
            return False


def find(named: Path | None) -> Path | None:
    """The file that was named, else the first of `PLACES` that is there. Raises `SettingError` where the named one is not."""
    if named is not None:
        if not named.exists():
            raise SettingError(f"{named}: there is no such file of settings")
        return named
    return next((place for place in PLACES if place.is_file()), None)


def read_file(path: Path) -> SettingsFile:
    """What a file says. Raises `SettingError` with line and column where it is no TOML, and `OSError`."""
    import tomllib

    raw = path.read_bytes()
    if len(raw) > _LARGEST:
        raise SettingError(f"{path}: {len(raw)} bytes are too many for a file of settings")
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
        if _MANY_PARTS.search(text):
            raise SettingError(f"{path}: a key of more than forty parts")
        return SettingsFile(path, tomllib.loads(text), dict(_lines(text)))
    except UnicodeDecodeError as error:
        raise SettingError(f"{path}: byte {error.start + 1} is not UTF-8, which TOML is written in") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingError(f"{path}: {_told(str(error))}") from None
    except RecursionError:
        raise SettingError(f"{path}: brackets within brackets without end") from None


def _told(message: str) -> str:
    if (found := _AT.fullmatch(message)) is None:
        return message
    what, line, column = found.groups()
    return f"line {line}, column {column}: {what}" if line else f"at its end: {what}"


def _lines(text: str) -> list[tuple[str, int]]:
    """Dotted keys and their lines. A guess that reads lines, not TOML: what stands in a text of many lines is left out."""
    found: list[tuple[str, int]] = []
    table, within = "", ""
    for number, line in enumerate(text.split("\n"), start=1):
        if within:
            within = "" if within in line else within
            continue
        if at := _TABLE.fullmatch(line):
            table = _plain(at[1]) + "."
            found.append((table[:-1], number))
        elif at := _KEY.match(line):
            found.append((table + _plain(at[1]), number))
            rest = line[at.end() :]
            within = next((marks for marks in ('"""', "'''") if rest.count(marks) % 2), "")
    return found


def _plain(dotted: str) -> str:
    return dotted.replace('"', "").replace("'", "")
