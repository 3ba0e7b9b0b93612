"""The day of a check written into the entries of a person's own folder, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from crawler.probing.checked import SourceCheck


@dataclass(slots=True)
class Marks:
    """In which sources' entries the day was written, for which of them a copy of the bundled entry was made, and why not in
    the others.
    """

    marked: list[str] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def of(self, source: str) -> dict[str, Any]:
        """What happened to one source's entry, for programs."""
        return {"marked": source in self.marked, "copied": source in self.copied}


def mark(checks: Sequence[SourceCheck], folder: Path, on: date) -> Marks:
    """Writes the day into the entries that are ok. One that cannot be written gets a note and spares the others."""
    from crawler.entries import SourceError
    from crawler.probing.marking import mark_checked

    marks = Marks()
    for each in checks:
        if each.verdict != "ok":
            continue
        try:
            made = mark_checked(folder, each.source, on)
        except (SourceError, OSError) as error:
            why = f"{error.filename or folder}: {error.strerror}" if isinstance(error, OSError) else str(error)
            marks.failed[each.source] = why
            each.notes.insert(0, f"the day was not written: {why}")
            continue
        marks.marked.append(each.source)
        if made.copied:
            marks.copied.append(each.source)
    return marks


def show_marks(marks: Marks, folder: Path, on: date) -> None:
    """What was written, for a person."""
    if marks.marked:
        click.echo(f"known.checked = {on.isoformat()} in {folder}: {', '.join(marks.marked)}")
    for source in marks.copied:
        click.echo(
            f"copied the bundled entry to {folder / f'{source}.toml'}; it wins over the bundled one from now on, "
            "also when a new version brings another"
        )
    for source, why in marks.failed.items():
        click.echo(f"the day was not written for {source}: {why}", err=True)
