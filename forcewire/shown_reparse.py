"""What came of kept pages that were read again: counts, and word by word what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from forcewire.coloured import Printer
from forcewire.output import number_of

if TYPE_CHECKING:
    from crawler.reparsing import Reparsed

_MOST_SHOWN = 20  # of a source; --json has them all


class Tally:
    """Counts pages by what came of them, and fields by how often they differ. `lost`: pages that cannot be read any more."""

    def __init__(self) -> None:
        self.lost = 0
        self._outcomes: Counter[str] = Counter()
        self._fields: Counter[str] = Counter()

    def add(self, page: Reparsed) -> bool:
        """Counts a page, and says whether there is anything to tell of it."""
        self._outcomes[page.outcome] += 1
        self._fields.update(page.fields)
        self.lost += page.lost
        return page.outcome in ("reparsed", "new") or page.lost

    def counts(self) -> dict[str, Any]:
        """All counts by name."""
        outcomes = {name: self._outcomes[name] for name in ("unchanged", "reparsed", "new", "left", "unreadable")}
        return {"pages": self._outcomes.total(), **outcomes, "lost": self.lost, "fields": dict(self._fields)}

    def in_words(self, dry_run: bool) -> str:
        """One line."""
        found = self._outcomes
        if not found:
            return "no kept pages"
        fields = ", ".join(f"{name} {count:,}" for name, count in self._fields.most_common())
        parts = [
            number_of(found.total(), "kept page"),
            f"{found['reparsed']:,} {'would be ' if dry_run else ''}reparsed" + (f" ({fields})" if fields else ""),
        ]
        if found["new"]:
            parts.append(number_of(found["new"], "new article"))
        if found["left"]:
            parts.append(f"{found['left']:,} left as stored")
        if self.lost:
            parts.append(f"{self.lost:,} cannot be read any more")
        if still := found["unreadable"] - self.lost:
            parts.append(f"{still:,} still cannot be read")
        return "; ".join(parts)


def as_object(page: Reparsed) -> dict[str, Any]:
    """A page for programs; the text before and after where it may be shown."""
    texts = {"before": page.before, "after": page.after}
    return {
        "source": page.source,
        "article": page.article,
        "url": page.url or None,
        "withheld": page.withheld,
        "outcome": page.outcome,
        "fields": page.fields,
        "error": page.error,
        **{name: text._asdict() if text is not None else None for name, text in texts.items()},
    }


def show(source: str, pages: Sequence[Reparsed]) -> None:
    """Pages of one source for a person."""
    printer = Printer()
    for page in pages[:_MOST_SHOWN]:
        where = page.url or f"article {page.article}, of which nothing is shown"
        printer.line(f"{source}: {page.outcome}: {where}", style="bold")
        if page.fields:
            printer.line(f"  differs: {', '.join(page.fields)}")
        if page.error:
            printer.line(f"  {page.error}")
        _show_differences(printer, page)
    if len(pages) > _MOST_SHOWN:
        click.echo(f"{source}: and {len(pages) - _MOST_SHOWN:,} more; --json has them all")


def _show_differences(printer: Printer, page: Reparsed) -> None:
    from storage.diffs import differing, shown

    if page.before is None or page.after is None:
        return
    for name, parts in shown(page.before, page.after).items():
        printer.line(f"  {name}:")
        for paragraph in differing(parts):
            printer.pieces(paragraph or [], otherwise="[…]")
