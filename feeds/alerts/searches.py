"""The file of saved searches, made sure of before anything is sent."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from storage.areas import area_slug
from storage.kinds import NAMES

CHANGES = {"new": "new", "edited": "edited", "withdrawn": "removed", "restored": "restored"}
"""What a search may be told of, and how the store calls it."""

OFF = "off"
DIGESTS = (OFF, "hourly", "daily", "weekly")
_LISTS = ("areas", "kinds", "changes", "to")


class AlertError(Exception):
    """What keeps searches from being told, in one line: which file or search, and what to write."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """What is asked for: words (`q`), slugs of `areas` (none: all), `kinds` (none: all) and `changes` (keys of `CHANGES`). `to` are
    Apprise's URLs. `digest`: whether each story is a message of its own, or one an hour, day or week has all of them.
    """

    name: str
    to: tuple[str, ...]
    q: str = ""
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    changes: tuple[str, ...] = ("new",)
    digest: str = OFF


def read_searches(path: Path) -> list[SavedSearch]:
    """The searches of a file. Raises `AlertError`."""
    try:
        plain = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise AlertError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AlertError(f"{path} is no TOML: {error}") from error
    tables = plain.pop("search", [])
    if plain or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise AlertError(f"{path}: a saved search is a table that begins with [[search]]; there may be nothing else")
    searches = [_search(table, f"{path}: search {number}") for number, table in enumerate(tables, 1)]
    if not searches:
        raise AlertError(f"{path} holds no [[search]]")
    names = [search.name for search in searches]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise AlertError(f"{path}: two searches are called {twice!r}; what was sent is kept by the name")
    return searches


def _search(table: dict[str, Any], where: str) -> SavedSearch:
    name = table.get("name")
    if not isinstance(name, str) or not name.strip():
        raise AlertError(f'{where} has no name; write name = "..."')
    where = f"{where} ({name})"
    for field, value in table.items():
        _one_of(field, SavedSearch.__dataclass_fields__, "field", where)
        said = isinstance(value, list) and all(isinstance(each, str) for each in value)
        if not (said if field in _LISTS else isinstance(value, str)):
            raise AlertError(f"{where}: {field} is {'a list of texts' if field in _LISTS else 'a text'} in quotes")
    values: dict[str, Any] = {field: tuple(value) if field in _LISTS else value for field, value in table.items()}
    values["areas"] = tuple(area_slug(area) for area in values.get("areas", ()))
    found = SavedSearch(**{"to": (), **values})
    if not found.changes:
        raise AlertError(f"{where} is told of nothing; leave changes out, or write some of {', '.join(CHANGES)}")
    if not found.to:
        raise AlertError(f'{where} has nobody to tell; write to = ["mailto://..."]')
    for field, words in (("kinds", NAMES), ("changes", CHANGES)):
        for word in getattr(found, field):
            _one_of(word, words, field.removesuffix("s"), where)
    _one_of(found.digest, DIGESTS, "digest", where)
    _sound(found.q, where)
    return found


def _one_of(word: str, words: Collection[str], what: str, where: str) -> None:
    if word not in words:
        near = get_close_matches(word[:100], words, n=1)
        meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(words)}"
        raise AlertError(f"{where}: there is no {what} {word[:100]!r}; {meant}")


def _sound(q: str, where: str) -> None:
    from storage.search_query import parse

    if not q:
        return
    query = parse(q)
    if query.problem is not None:
        raise AlertError(f"{where}: q: {query.problem}")
    for kind in query.kinds:
        _one_of(kind, NAMES, "kind", f"{where}: q")
