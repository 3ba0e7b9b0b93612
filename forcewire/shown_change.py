"""One change: for a person, as one object for programs, and as unified text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from forcewire.coloured import Printer
from forcewire.output import one_line

if TYPE_CHECKING:
    from storage.changes import Words
    from storage.circumstances import Circumstances
    from storage.stored_changes import StoredChange

    Texts = tuple[Words | None, Words | None]

_BEGINNING = 600  # characters of a new story
_OURS = "our reader changed, not the story"


def as_object(change: StoredChange, around: Circumstances, texts: Texts) -> dict[str, Any]:
    """A change as one object: `text` is what it led to, `diff` the fields that differ as pieces of text."""
    from storage.diffs import differences

    before, after = texts
    diff = None
    if before is not None and after is not None:
        parts = differences(before, after)
        diff = {
            name: [piece._asdict() for piece in pieces]
            for name, pieces in parts.items()
            if any(piece.op != "equal" for piece in pieces)
        }
    return {**asdict(change), **asdict(around), "text": after._asdict() if after else None, "diff": diff}


def as_unified(change: StoredChange, texts: Texts) -> str:
    """The text before and after as a unified diff; of a new story all of it. '' where no text changed."""
    from storage.diffs import document, unified

    before, after = texts
    if after is None or (before is None and change.change != "new"):
        return ""
    names = {"before": f"version-{change.version_before or 0}", "after": f"version-{change.version}"}
    return unified(document(before) if before else "", document(after), **names)


def show(change: StoredChange, around: Circumstances, texts: Texts) -> None:
    """A change for a person."""
    printer = Printer()
    printer.line(f"change {change.id}: {change.change}{' (minor)' if change.minor else ''}", style="bold")
    for name, value in _facts(change, around):
        printer.line(f"  {name:<10} {one_line(str(value))}")
    before, after = texts
    if change.withheld:
        printer.line("\nwithheld: nothing of its text, title or picture is shown")
    elif before is not None and after is not None:
        _show_differences(printer, before, after)
    elif change.version_before is not None and before is None:
        printer.line("\nthe text before is not kept")
    elif change.change == "new" and after is not None:
        _show_beginning(printer, after)


def _facts(change: StoredChange, around: Circumstances) -> Iterator[tuple[str, object]]:
    yield "when", f"{change.at:%Y-%m-%d %H:%M:%S} UTC"
    yield "title", "withheld" if change.withheld else change.title
    yield "address", change.url
    if change.address != change.url:
        yield "now at", change.address
    yield "source", f"{change.source} ({change.area}), article {change.article_id}"
    version = f"{change.version_before} → {change.version}" if change.version_before else f"{change.version}"
    yield "version", f"{version}, read by {change.reader} {change.reader_version}"
    yield (
        "crawl",
        f"{change.crawl} ({around.crawl_verdict or 'not ended'})" if change.crawl else "none: an import or a reparse",
    )
    if change.step:
        yield "kind", change.step
    if change.fields:
        yield "differs", ", ".join(change.fields)
    if change.change == "reparsed":
        yield "why", _OURS
    yield from _state(around)


def _state(around: Circumstances) -> Iterator[tuple[str, str]]:
    """What became of the article by now, where it is not simply there."""
    yield "seen", f"{around.first_seen_at:%Y-%m-%d %H:%M} to {around.last_seen_at:%Y-%m-%d %H:%M} UTC"
    for name, at in (
        ("withdrawn", around.removed_at),
        ("suppressed", around.suppressed_at),
        ("erased", around.erased_at),
    ):
        if at is not None:
            yield name, f"{at:%Y-%m-%d %H:%M} UTC"
    for page in around.pages:
        if page.gone_since is not None:
            times = "once" if page.gone_answers == 1 else f"{page.gone_answers} times"
            yield "gone", f"{page.url}: HTTP {page.status}, {times} since {page.gone_since:%Y-%m-%d %H:%M} UTC"


def _show_differences(printer: Printer, before: Words, after: Words) -> None:
    from storage.diffs import differing, shown

    fields = shown(before, after)
    for name, parts in fields.items():
        printer.line(f"\n{name}", style="bold")
        for n, paragraph in enumerate(differing(parts)):
            if n:
                printer.line("")
            printer.pieces(paragraph or [], otherwise="[…]")
    if not fields:
        printer.line("\nno word differs, only marks or the targets of links: --unified shows them")


def _show_beginning(printer: Printer, text: Words) -> None:
    if text.description:
        printer.line(f"\n{text.description}")
    body = text.body.strip()
    cut = body if len(body) <= _BEGINNING else body[:_BEGINNING].rsplit(None, 1)[0] + " […]"
    printer.line(f"\n{cut}")
