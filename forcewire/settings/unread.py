"""What is said of a file of settings that can be used: keys that nothing reads, and secrets that everybody may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from forcewire.settings.keys import KEYS
from forcewire.settings.masks import holds_secret
from forcewire.settings.model import SourceSettings
from forcewire.settings.toml_file import SettingsFile


def unknown(file: SettingsFile) -> Iterator[str]:
    """A line for each key that nothing reads: a mistyped name must not pass in silence."""
    for name in file.values:
        if name not in KEYS and name != "source":
            yield _nobody_reads(file, name, name, KEYS)
    tables = file.values.get("source", {})
    for source, table in tables.items() if isinstance(tables, dict) else ():
        for key in table if isinstance(table, dict) else ():
            if key not in SourceSettings.model_fields:
                yield _nobody_reads(file, f"source.{source}.{key}", key, SourceSettings.model_fields)


def _nobody_reads(file: SettingsFile, name: str, key: str, known: Mapping[str, Any]) -> str:
    near = get_close_matches(key.lower().replace("-", "_").removeprefix("forcewire_"), known, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"{file.where(name)}: {name} is set, but nothing reads it{hint}"


def open_secrets(file: SettingsFile) -> Iterator[str]:
    """A line where everybody on the machine may read the file's secrets."""
    secret = [name for name, value in file.values.items() if name in KEYS and holds_secret(KEYS[name], value)]
    if secret and file.readable_by_all:
        yield f"{file.path} holds secrets ({', '.join(secret)}) and every user may read it: chmod o-r {file.path}"
