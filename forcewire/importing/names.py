"""The address that a record's name stands for: a file of an archive is named by the SHA-1 of its URL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha1
from itertools import combinations

from forcewire.importing.given import RefusedError

_MOST_COMMAS = 3
_MOST_TRIES = 3000


def address_of(path: str, url: str) -> str:
    """The URL that the file was named by: the one it states, or that one with the commas which some old records lost
    after they were named. Raises `RefusedError` where the name is of neither.
    """
    name = path.rpartition("/")[2].removesuffix(".md")
    if _names(name, url):
        return url
    for tried, candidate in enumerate(_with_commas(url)):
        if _names(name, candidate):
            return candidate
        if tried == _MOST_TRIES:
            break
    raise RefusedError(f"its name is not the SHA-1 of its url {url[:200]!r}")


def _names(name: str, url: str) -> bool:
    return sha1(url.encode("utf-8", "replace")).hexdigest() == name


def _with_commas(url: str) -> Iterator[str]:
    """The likelier places first: between two digits, or at a word's end."""
    start = re.match(r"[a-z]+://[^/]*/?", url)
    first = start.end() if start else 0
    likely = [m.start() for m in re.finditer(r"(?<=[0-9])(?=[0-9])|(?<=\w)(?=[-_+%/]|$)", url) if m.start() >= first]
    for places in (likely, range(first, len(url) + 1)):
        for count in range(1, _MOST_COMMAS + 1):
            for chosen in combinations(places, count):
                yield _at(url, chosen)


def _at(url: str, places: tuple[int, ...]) -> str:
    parts = [url[start:end] for start, end in zip((0, *places), (*places, len(url)), strict=True)]
    return ",".join(parts)
