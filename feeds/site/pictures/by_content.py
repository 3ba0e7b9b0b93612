"""Figures of what is in stories."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from feeds.site.pictures.drawing import Chart
from feeds.site.pictures.shown import DAYS, Figure, Scope
from feeds.site.pictures.wording import stories_said
from feeds.text import one_line, shortened
from storage import figures
from storage.kinds import kind_name

_LONGEST_LABEL = 24
_NOTHING = f"No story of the last {DAYS} days is stored."


def kinds(conn: sa.Connection, name: str, scope: Scope, today: date) -> Figure:
    """What stories are about."""
    found = figures.kinds(conn, today, DAYS, sources=scope.sources)
    names = ["Withheld" if kind is figures.WITHHELD else _label(kind) for kind in found]
    numbers = list(found.values())
    most = (
        f"; the most frequent kind is {names[0].lower()} ({numbers[0]:,})" if found and names[0] != "Withheld" else ""
    )
    return Figure(
        name=name,
        title="Kinds of stories",
        alt=f"{scope.name} published {stories_said(sum(numbers))} in the last {DAYS} days{most}.",
        note=f"Stories of the last {DAYS} days. What each is about is read from its words by a program, which can err.",
        columns=("Kind", "Stories"),
        rows=tuple(zip(names, numbers, strict=True)),
        chart=Chart(labels=names, series=[("Stories", numbers)], lying=True),
    )


def coverage(conn: sa.Connection, name: str, scope: Scope, today: date) -> Figure:
    """What stories state: dates, pictures, references."""
    found = figures.completeness(conn, today, DAYS, sources=scope.sources)
    has = {
        "Date": found.dated,
        "Standfirst": found.described,
        "Text": found.with_body,
        "Picture": found.with_image,
        "Reference": found.with_reference,
    }
    # Rounded down, but for nothing at all: 100% is said of all alone.
    shares = [100 * number // found.stories if found.stories else 0 for number in has.values()]
    said = ", ".join(f"{share}% have a {what.lower()}" for what, share in zip(has, shares, strict=True))
    return Figure(
        name=name,
        title="What stories state",
        alt=f"Of {stories_said(found.stories)} of the last {DAYS} days, {said}." if found.stories else _NOTHING,
        note=f"Of {stories_said(found.stories)} of the last {DAYS} days. A reference is a number to quote to police.",
        columns=("Stories that state a", "Stories", "Percent"),
        rows=tuple((what, number, share) for (what, number), share in zip(has.items(), shares, strict=True)),
        chart=Chart(labels=list(has), series=[("Percent", shares)], lying=True, unit="%"),
    )


def _label(kind: str | None) -> str:
    return shortened(one_line(kind_name(kind or "other")), _LONGEST_LABEL)
