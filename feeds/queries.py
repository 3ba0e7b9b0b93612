"""What a search of a feed asks: the parameters after the question mark, made sure of before the store is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any, Self

from feeds.text import one_line
from storage.kinds import NAMES

MOST_WORDS = 500  # characters: longer than any search that a person types
MOST_PAGE = 10_000
# What sites and mails hang on links they pass on: it asks for nothing.
_NOTHING_ASKED = re.compile("utm_.*|fbclid|gclid|_")
_NUMBER = re.compile("[0-9]{1,9}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


class BadQuery(ValueError):  # noqa: N818
    """A search that cannot be asked. One sentence that says what to write."""


@dataclass(frozen=True, slots=True)
class FeedQuery:
    """What a search of a feed asks: words, kinds, and the stretch of publication from `since` up to before `until`. `page`
    counts from 1."""

    q: str = ""
    kinds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    page: int = 1

    @classmethod
    def parse(cls, params: Iterable[tuple[str, str]] | Mapping[str, str]) -> Self:
        """From the parameters of a URL, decoded, as pairs or a mapping: q, kind (several with commas, or said again), since and
        until (a day of UTC, or a moment with its zone; a day as `until` is among them), page. Raises `BadQuery`.
        """
        said: dict[str, list[str]] = {}
        for name, value in params.items() if isinstance(params, Mapping) else params:
            if name in _READERS:
                said.setdefault(name, []).append(one_line(value))
            elif not _NOTHING_ASKED.fullmatch(name):
                raise BadQuery(f"There is no parameter {_shown(name)}; a feed can be asked for {', '.join(_READERS)}.")
        if twice := next((name for name, values in said.items() if len(values) > 1 and name != "kind"), None):
            raise BadQuery(f"The parameter {twice} is said twice; say it once.")
        given: dict[str, Any] = {name: _READERS[name](",".join(values)) for name, values in said.items()}
        found = cls(**{_FIELDS.get(name, name): value for name, value in given.items()})
        if found.since and found.until and found.since >= found.until:
            raise BadQuery("The search ends (until) before it begins (since); turn the two round.")
        return found

    @property
    def asks(self) -> bool:
        """Whether it asks for anything but the first page of all."""
        return self != FeedQuery()

    @property
    def asked(self) -> tuple[tuple[str, str], ...]:
        """The parameters of a URL that ask the same, in one order: what two spellings of a search share."""
        pairs = [("q", self.q), ("kind", ",".join(self.kinds))]
        pairs += [(name, at.isoformat() if at else "") for name, at in (("since", self.since), ("until", self.until))]
        pairs.append(("page", str(self.page) if self.page > 1 else ""))
        return tuple((name, value.replace("+00:00", "Z")) for name, value in pairs if value)

    def at(self, page: int) -> FeedQuery:
        """The same search, another page of it."""
        return replace(self, page=page)


def _words(value: str) -> str:
    if len(value) > MOST_WORDS:
        raise BadQuery(f"The words to look for (q) are {len(value)} characters long; say it in {MOST_WORDS}.")
    return value


def _kinds(value: str) -> tuple[str, ...]:
    kinds = {kind.strip().lower() for kind in value.split(",")} - {""}
    for kind in sorted(kinds - set(NAMES)):
        near = get_close_matches(kind[:100], NAMES, n=1)
        meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(NAMES)}."
        raise BadQuery(f"There is no kind {_shown(kind)}; {meant}")
    return tuple(kind for kind in NAMES if kind in kinds)


def _since(value: str) -> datetime | None:
    return _moment("since", value, timedelta(0))


def _until(value: str) -> datetime | None:
    return _moment("until", value, timedelta(days=1))


def _moment(name: str, value: str, to_its_end: timedelta) -> datetime | None:
    if not value:
        return None
    try:
        if _DAY.fullmatch(value):
            return max(datetime.combine(date.fromisoformat(value), time(), UTC) + to_its_end, _EARLIEST)
        at = datetime.fromisoformat(value.replace(" ", "+"))  # a plus that nobody encoded
        if at.tzinfo is not None:
            return max(at.astimezone(UTC), _EARLIEST)
    except (ValueError, OverflowError):
        pass
    raise BadQuery(f"{_shown(value)} is no day for {name}; write it as in 2026-01-31, or as in 2026-01-31T09:00:00Z.")


def _page(value: str) -> int:
    if not value:
        return 1
    if not (_NUMBER.fullmatch(value) and 1 <= int(value) <= MOST_PAGE):
        raise BadQuery(f"{_shown(value)} is no page; write a number from 1 to {MOST_PAGE}.")
    return int(value)


def _shown(value: str) -> str:
    return repr(value if len(value) <= 60 else f"{value[:60]}…")


_READERS = {"q": _words, "kind": _kinds, "since": _since, "until": _until, "page": _page}
_FIELDS = {"kind": "kinds"}
