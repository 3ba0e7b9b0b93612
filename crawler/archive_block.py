"""The block of keys above an archive's text: most are so simple that their lines are read at a glance, the others by YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

_HEAD = "```yaml\n"
_FENCE = "\n```\n\n"
# Names that a page spells with an underscore; the archive split them there.
_UNDERSCORES = {
    "article:published:time": "article:published_time",
    "article:modified:time": "article:modified_time",
    "og:updated:time": "og:updated_time",
    "og:site:name": "og:site_name",
}
_KEY = re.compile(r"((?:  )*)([a-z]+):(?: (\S(?:.*\S)?))?")
# Begins with a letter, or as dates do that YAML has no type for: "19 Oct 2018", "15:08 13/03/2020", "2020-08-12T08:48+00:00".
_PLAIN = re.compile(
    r"(?:[A-Za-z(£]|\d\d? [A-Za-z]|\d\d:\d\d \d\d/|\d{4}-\d\d-\d\dT\d\d:\d\d(?=[+-]))[ -~£–’‘“”]*(?<!:)"
)
_QUOTED = re.compile(r"'[ -&(-~]*'")
_DOUBLE_QUOTED = re.compile(r'"(?:[ !#-\[\]-~]|\\(?:["\\nrt/]|u[0-9A-F]{4}|x[0-9A-F]{2}))*"')
_BYTE = re.compile(r"((?<!\\)(?:\\\\)*)\\x")
_HALF = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"[-+0-9A-Fa-fx:._]*")
_LONGEST_NUMBER = 400  # characters
_DEEPEST = 50  # levels; real blocks have three
_WORDS = frozenset("true false yes no on off null y n ~".split())


class ArchiveError(Exception):
    """A text that is no archive record of its source; the message says why in one line."""


def parsed(text: str) -> tuple[dict[str, Any], str]:
    """The block of keys and the Markdown body. Raises `ArchiveError`."""
    head, fence, body = text.partition(_FENCE)
    if not head.startswith(_HEAD) or not fence:
        raise ArchiveError(
            "no block of YAML between ```yaml and ``` with an empty line after it: cut, or no archive file"
        )
    if (keys := plain_block(head[len(_HEAD) :])) is not None:
        block: Any = keys
    else:
        block = _loaded(head[len(_HEAD) :])
    if not isinstance(block, dict):
        raise ArchiveError("its YAML is no block of keys")
    if not body.strip():
        raise ArchiveError("no body below the block")
    return block, body


def _loaded(head: str) -> Any:
    try:
        _check(head)
        return yaml.load(head, Loader)
    # PyYAML lets pass what Python says of a word that is no value of its type.
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, ArithmeticError) as error:
        raise ArchiveError(f"no readable YAML: {' '.join(str(error).split())[:120]}") from error


def _check(head: str) -> None:
    """Refuses what an archive has none of, before anything is made of it. A few lines of aliases can name each other a
    thousand million times, or themselves; libyaml ends the process on a hundred thousand brackets within each other, and
    a number of a million digits takes hours.
    """
    depth = 0
    for event in yaml.parse(head, Loader):
        if isinstance(event, yaml.AliasEvent):
            raise ArchiveError("no readable YAML: an alias (*)")
        if (tag := getattr(event, "tag", None)) is not None:
            raise ArchiveError(f"no readable YAML: a tag ({tag[:50]})")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise ArchiveError(f"no readable YAML: more than {_DEEPEST} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.ScalarEvent) and _is_long_number(event):
            raise ArchiveError(f"no readable YAML: a number of {len(event.value):,} characters")


def _is_long_number(event: yaml.ScalarEvent) -> bool:
    return event.implicit[0] and len(event.value) > _LONGEST_NUMBER and _NUMBER.fullmatch(event.value) is not None


def plain_block(head: str) -> dict[str, Any] | None:
    """A block of simple lines as YAML reads it, in a twentieth of its time; None for any other, which YAML itself has to read.

    Simple: keys of letters, each with a plain text that YAML can only read as a text, one in quotes without a quote or
    backslash in it, one in double quotes with JSON's escapes, or deeper lines below it.
    """
    top: dict[str, Any] = {}
    open_blocks = [top]
    for line in head.split("\n"):
        found = _KEY.fullmatch(line)
        if found is None:
            return None
        depth, odd = divmod(len(found[1]), 2)
        if odd or depth >= min(len(open_blocks), _DEEPEST) or found[2] in open_blocks[depth]:
            return None
        del open_blocks[depth + 1 :]
        if found[3] is None:
            inner: dict[str, Any] = {}
            open_blocks[depth][found[2]] = inner
            open_blocks.append(inner)
        elif (value := _scalar(found[3])) is not None:
            open_blocks[depth][found[2]] = value
        else:
            return None
    return top if _all_filled(top) else None


def _scalar(text: str) -> str | None:
    if text[0] == "'":
        return text[1:-1] if _QUOTED.fullmatch(text) else None
    if text[0] == '"':
        if not _DOUBLE_QUOTED.fullmatch(text):
            return None
        value = json.loads(_BYTE.sub(r"\1\\u00", text))
        return value if isinstance(value, str) and not _HALF.search(value) else None
    return (
        text
        if _PLAIN.fullmatch(text) and ": " not in text and " #" not in text and text.lower() not in _WORDS
        else None
    )


def _all_filled(block: Mapping[str, Any]) -> bool:
    return all(value and _all_filled(value) for value in block.values() if isinstance(value, dict))


def flat(block: Mapping[Any, Any], above: str) -> Iterator[tuple[str, str]]:
    """The keys with their parts joined again, as pages spell them."""
    for name, value in block.items():
        key = f"{above}{name}"
        if isinstance(value, dict):
            yield from flat(value, f"{key}:")
        elif value is not None:
            yield _UNDERSCORES.get(key, key), value if isinstance(value, str) else str(value)
