"""The archive form: a record as a text file, a block of YAML and the Markdown body."""

from __future__ import annotations

import re
from hashlib import sha1
from typing import Any

import yaml

from storage.records import Record

try:
    from yaml import CSafeDumper as Dumper
except ImportError:  # PyYAML was built without libyaml: the same bytes, ten times slower
    from yaml import SafeDumper as Dumper  # type: ignore[assignment]


def archive_text(record: Record, reuse: int = 0) -> tuple[str, str]:
    """A record's path, AREA/SHA-1 of its URL.md, and its text. Only keys that the page gave are there. `reuse` counts the
    stories that were at the URL before: the next one's file is named by the URL with #1, and so on.
    """
    block: dict[str, Any] = {}
    for name, value in sorted(record.meta.items()):
        _put(block, [part for part in re.split("[:_]", str(name)) if part], _as_given(value))
    # What the record says wins over the page's own words for it: entities are decoded, the force's name is cut off.
    _drop(block, ["og", "description"])
    _drop(block, ["publish", "date"])
    _put(block, ["area"], record.area, ours=True)
    _put(block, ["og", "description"], record.description, ours=True)
    _put(block, ["publish", "date"], record.published_raw, ours=True)
    _put(block, ["title"], record.title or None, ours=True)
    _put(block, ["url"], record.url, ours=True)
    head = yaml.dump(block, Dumper=Dumper, default_flow_style=False, width=2**30)
    body = record.body if record.body.endswith("\n") else record.body + "\n"
    return archive_path(record.area, record.url, reuse), f"```yaml\n{head}```\n\n{body}"


def archive_path(area: str, url: str, reuse: int = 0) -> str:
    """Where a record's file is, below an archive's folder."""
    # A user's entry may name any area: it is one folder, wherever the archive is written to.
    folder = re.sub(r"[/\\\0]", "-", area).strip(".") or "-"
    named_by = f"{url}#{reuse}" if reuse else url  # a canonical URL has no fragment
    return f"{folder}/{sha1(named_by.encode()).hexdigest()}.md"


def stated_url(text: str) -> str | None:
    """The url among the keys of an archive file's text, None where there is none."""
    head = text.partition("\n```\n")[0].removeprefix("```yaml\n")
    try:
        block = yaml.safe_load(head)
    except yaml.YAMLError:
        return None
    url = block.get("url") if isinstance(block, dict) else None
    return url if isinstance(url, str) else None


def _as_given(value: object) -> str | None:
    """A meta tag's text; the first of several of one name. Nested values are JSON-LD, which is no meta tag."""
    if isinstance(value, (list, tuple)):
        value = value[0] if value else None
    return value if isinstance(value, str) else None


def _put(block: dict[str, Any], path: list[str], value: str | None, *, ours: bool = False) -> None:
    """Sets a key. Where a page uses a name both by itself and as the start of another (`og:image`, `og:image:url`), one of
    the two has to go: the name by itself, as in the archive, but never one of ours.
    """
    if value is None or not path:
        return
    for part in path[:-1]:
        inner = block.get(part)
        if not isinstance(inner, dict):
            inner = block[part] = {}
        block = inner
    if ours or not isinstance(block.get(path[-1]), dict):
        block[path[-1]] = value


def _drop(block: dict[str, Any], path: list[str]) -> None:
    """Removes a key, and the branches that it leaves empty."""
    inner = block.get(path[0])
    if len(path) == 1:
        block.pop(path[0], None)
    elif isinstance(inner, dict):
        _drop(inner, path[1:])
        if not inner:
            del block[path[0]]
