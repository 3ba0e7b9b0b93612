"""Where a test case lies: a folder named after its address, and never that of another address."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path
from urllib.parse import unquote, urlsplit

ARTICLE_META, LISTING_META = "meta.toml", "listing.toml"
_LONGEST = 60
_DIGITS = 6  # of the address's hash, where its words do not tell it from another


class CaseExists(Exception):  # noqa: N818  named as what it is
    """Raised for a case that is there already: what a person corrected must not be overwritten in silence."""


def case_name(url: str) -> str:
    """A folder's name from the last words of an address; one that had to be cut ends with digits of the address's hash."""
    parts = urlsplit(url)
    words = unquote(parts.path.rstrip("/").rsplit("/", 1)[-1] or "front-page")
    query = f"-{parts.query}" if parts.query else ""
    name = re.sub(r"[^a-z0-9]+", "-", f"{re.sub(r'[.](?:aspx?|html?|php)$', '', words)}{query}".lower()).strip("-")
    if len(name) > _LONGEST:
        return f"{name[: _LONGEST - _DIGITS - 1].rstrip('-')}-{_hash(url)[:_DIGITS]}"
    return name or "page"


def article_case(folder: Path, url: str) -> Path:
    """The folder of an article page's case below `folder`: the one it has, or the one it will get."""
    return _place(folder, case_name(url), url)


def listing_case(folder: Path, kind: str, url: str) -> Path:
    """The folder of a listing's case below `folder`: the one it has, or the one it will get."""
    return _place(folder, f"listing-{kind}", url)


def check_absent(case: Path, *, replace: bool) -> None:
    """Raises `CaseExists` for a case that is there and may not be replaced."""
    if not replace and _taken(case):
        raise CaseExists(f"{case} is there already; --replace overwrites it")


def _place(folder: Path, name: str, url: str) -> Path:
    places = [folder / name, *(folder / f"{name}-{_hash(url)[:digits]}" for digits in (_DIGITS, 2 * _DIGITS))]
    own = (place for place in places if _address(place) == url)
    free = (place for place in places if not _taken(place))
    return next(own, None) or next(free, places[-1])


def _taken(case: Path) -> bool:
    return case.exists() and (not case.is_dir() or any(case.iterdir()))


def _address(case: Path) -> str | None:
    """The address whose page lies in a folder."""
    for meta in (ARTICLE_META, LISTING_META):
        try:
            url = tomllib.loads((case / meta).read_text("utf-8")).get("url")
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            continue
        return url if isinstance(url, str) else None
    return None


def _hash(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()
