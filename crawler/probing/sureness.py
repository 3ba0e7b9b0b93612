"""How sure a field is: how many places of the page agree, and what the others say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from crawler.dates import LONDON
from crawler.probing.stated import Stated, StatedDate
from crawler.text import fold
from storage.records import Precision, Record

SURE, LIKELY, DOUBTFUL, NONE = "sure", "likely", "doubtful", "none"
_CUT = 15  # letters from which a beginning counts as the same text, cut


@dataclass(slots=True)
class Finding:
    """One field: what was read, where it stands, how sure that is (sure, likely, doubtful, none) and why."""

    name: str
    value: object
    where: list[str]
    sure: str
    why: str
    others: list[Stated] = field(default_factory=list)


def weigh(name: str, value: str | None, stated: Sequence[Stated], *, key: Callable[[str], str] = fold) -> Finding:
    """A text field against all that state it. `key` makes two spellings of one value equal."""
    if not value:
        if not stated:
            return Finding(name, value, [], NONE, "the page states none")
        return Finding(name, value, [], DOUBTFUL, f"not taken, though {_each(stated)}", list(stated))
    own = key(value)
    same = _unique(s.where for s in stated if key(s.value) == own)
    cut = _unique(s.where for s in stated if s.where not in same and _is_cut(key(s.value), own))
    differ = [s for s in stated if s.where not in same and s.where not in cut]
    if len(same) >= 2:
        why = f"{_and(same)} agree" + (f"; {_and(cut)} cut" if cut else "")
        return Finding(name, value, same, LIKELY if differ else SURE, why + _but(differ), differ)
    if same:
        why = f"only one source, {same[0]}" + (f", and {_and(cut)} in part" if cut else "")
        return Finding(name, value, same, DOUBTFUL if differ else LIKELY, why + _but(differ), differ)
    if cut:
        return Finding(name, value, cut, LIKELY, f"{_and(cut)} in part{_but(differ)}", differ)
    return Finding(name, value, ["page"], DOUBTFUL, "from the page's text; nothing states it" + _but(differ), differ)


def weigh_date(record: Record, stated: Sequence[StatedDate]) -> Finding:
    """The publication date against all dates that the page, the listing and the address state."""
    raw = [Stated(s.where, s.date.raw) for s in stated]
    if record.published_at is None:
        named = [s for s in stated if s.where not in ("printed", "time element")]
        if not named:
            return Finding("published_at", None, [], NONE, "no date stated, printed alone, listed or in the address")
        return Finding("published_at", None, [], DOUBTFUL, f"not taken, though {_each(raw)}", raw)
    day = record.published_at.astimezone(LONDON).date()
    month = record.published_precision is Precision.MONTH
    source = record.published_from or "page"
    same = [
        s
        for s in stated
        if (s.date.day.year, s.date.day.month) == (day.year, day.month) and (s.month or month or s.date.day == day)
    ]
    # A sidebar prints the dates of other stories: an unlabelled line elsewhere contradicts nothing.
    differ = [s for s in stated if s not in same and s.where not in ("printed", "time element")]
    names = _unique(s.where for s in same if not s.month)
    minutes = {s.date.at for s in same if s.date.at is not None}
    others = [Stated(s.where, s.date.raw) for s in differ]
    # The reader's own place is among those that agree, under whatever name.
    if len(names) >= 2 and not differ:
        why, sure = f"{_and(names)} name one day", SURE
    elif len(names) >= 2:
        why, sure = f"{_and(names)} name one day{_but(others)}", LIKELY
    else:
        why, sure = (
            f"only one source, {source} ({_short(raw_of(record))}){_but(others)}",
            DOUBTFUL if differ else LIKELY,
        )
    if len(minutes) > 1:
        why += f"; {_clocks(same)}"
        sure = LIKELY if sure == SURE else sure
    if month:
        why += "; the month only"
        sure = DOUBTFUL
    return Finding("published_at", record.published_at, _unique([source, *names]), sure, why, others)


def raw_of(record: Record) -> str:
    """The date as printed."""
    return record.published_raw or ""


def _clocks(same: Sequence[StatedDate]) -> str:
    """Two places of one day that name different minutes, and by how much."""
    timed = [s for s in same if s.date.at is not None]
    first = timed[0]
    other = next(s for s in timed if s.date.at != first.date.at)
    assert first.date.at is not None
    assert other.date.at is not None
    minutes = abs(int((first.date.at - other.date.at).total_seconds())) // 60
    apart = "an hour" if minutes == 60 else f"{minutes} minutes"
    hint = ": one ignores summer time?" if minutes == 60 else ""
    return f"{first.where} says {first.date.raw} where {other.where} says {other.date.raw}, {apart} apart{hint}"


def _is_cut(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= _CUT and long.startswith(short)


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _but(differ: Sequence[Stated]) -> str:
    return f", but {_each(differ)}" if differ else ""


def _each(stated: Sequence[Stated]) -> str:
    told = [f"{s.where} says {_short(s.value)!r}" for s in stated[:3]]
    more = f" and {len(stated) - 3} more" if len(stated) > 3 else ""
    return ", ".join(told) + more


def _short(text: str, size: int = 60) -> str:
    return text if len(text) <= size else f"{text[: size - 1]}…"
