"""Settings for a person: a row each, and a file of all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from textwrap import wrap
from typing import Any, NamedTuple

from forcewire.settings.keys import KEYS, Key
from forcewire.settings.masks import masked, masked_value
from forcewire.settings.reading import Reading

_GROUPS = {
    "database_url": "The store, and who we are",
    "publish_dir": "The site",
    "workers": "The service",
    "keep_crawls": "What is kept, and backups",
    "ready_after": "Health and alerts",
    "removal_answers": "Watching what was read",
}
_HEAD = """\
# Settings of Forcewire. An option on the command line comes before an environment variable (FORCEWIRE_ and the key in
# capitals), and that before this file. Each line here is at its default, or empty where nothing is set.
"""
_TAIL = """
# A table for a source says what is different from its entry: `forcewire sources list` shows the ids.
#[source.wexmoor]
#enabled = true
#interval = "1h"
#max_pages = 50
"""


class Row(NamedTuple):
    """`value` is as it was written, masked where it is secret; None where nothing is set."""

    key: str
    value: Any
    origin: str


def rows(reading: Reading) -> Iterator[Row]:
    """Every key in the order of the documentation, then those of single sources."""
    for key in KEYS.values():
        value = reading.said.get(key.name, key.default)
        yield Row(key.name, _shown(key, value), reading.where(key.name))
    for source, table in reading.settings.source.items():
        for name, value in table.model_dump(exclude_unset=True).items():
            yield Row(f"source.{source}.{name}", value, reading.where(f"source.{source}.{name}"))


def _shown(key: Key, value: Any) -> Any:
    value = masked_value(key, value)
    return masked(value) if isinstance(value, str) else value


def example_file() -> str:
    """Every key, commented out, at its default."""
    parts = [_HEAD]
    for key in KEYS.values():
        if key.name in _GROUPS:
            parts.append(f"\n## {_GROUPS[key.name]}\n")
        meaning = key.meaning[0].upper() + key.meaning[1:]
        parts += [f"\n{line}" for line in wrap(meaning, 118, initial_indent="# ", subsequent_indent="# ")]
        parts.append(f"\n#{key.name} = {_toml(key)}\n")
    return "".join(parts) + _TAIL


def _toml(key: Key) -> str:
    if key.kind == "list":
        return "[]"
    if key.kind in ("port", "seconds", "share") or key.kind.startswith("count"):
        return key.default or '""'
    return json.dumps(key.default or "")
