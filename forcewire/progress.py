"""What a person sees while a command works: bars at a terminal, a line a source in a pipe, nothing for programs."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from crawler.entries import SourceEntry
    from crawler.run import CrawlEvent, CrawlSummary
    from storage.crawls import Counts

T = TypeVar("T")
_MANY = 100  # fewer are done before anybody has read a bar
OnEvent = Callable[["CrawlEvent"], None]


@contextmanager
def watcher(*, quiet: bool) -> Iterator[OnEvent | None]:
    """What to give `crawl_sources` so that a person sees it work."""
    if quiet:
        yield None
    elif sys.stdout.isatty():
        with _bars() as progress:
            rows = SourceRows(progress)
            yield rows
        for line in rows.told:
            click.echo(line)
    else:
        yield SourceLines()


def was_interrupted(entries: Sequence[SourceEntry], summaries: Sequence[CrawlSummary]) -> bool:
    """Whether a pass was ended by Ctrl-C or SIGTERM: some source was not begun, or did not come to its end."""
    from crawler.checks import STOPPED

    return len(summaries) < len(entries) or any(summary.reason == STOPPED for summary in summaries)


def pages_read(counts: Counts) -> int:
    """Article pages that were answered and understood, 304 among them."""
    return counts.new + counts.edited + counts.restored + counts.unchanged + counts.not_modified


class SourceLines:
    """One line a source, when its crawl ends."""

    def __init__(self) -> None:
        self._started: dict[str, float] = {}

    def __call__(self, event: CrawlEvent) -> None:
        started = self._started.setdefault(event.source, time.monotonic())
        if event.what == "done":
            click.echo(f"{event.source}: {event.message}; {in_words(event.counts)}, {time.monotonic() - started:.1f} s")


def in_words(counts: Counts) -> str:
    """The figures of a crawl that are not 0; links, read and new always."""
    figures = [f"{counts.links} links", f"{pages_read(counts)} read", f"{counts.new} new"]
    figures += [
        f"{value} {name}" for name in ("edited", "removed", "restored", "failed") if (value := getattr(counts, name))
    ]
    return ", ".join(figures)


class SourceRows:
    """A row a source: a bar and figures that move. `told` are lines for below, about verdicts that are not ok."""

    def __init__(self, progress: Progress) -> None:
        self.told: list[str] = []
        self._progress = progress
        self._rows: dict[str, TaskID] = {}
        self._pages: Counter[str] = Counter()

    def __call__(self, event: CrawlEvent) -> None:
        source = event.source
        if source not in self._rows:
            self._rows[source] = self._progress.add_task(source, total=None, verdict="", **self._figures(event))
        self._pages[source] += event.what == "page"
        row = self._rows[source]
        self._progress.update(row, completed=self._pages[source], total=event.expected, **self._figures(event))
        if event.what == "done":
            pages = max(self._pages[source], 1)
            self._progress.update(row, verdict=event.message.partition(":")[0], total=pages, completed=pages)
            self._progress.stop_task(row)
            if event.message != "ok":
                self.told.append(f"{source}: {event.message}")

    def _figures(self, event: CrawlEvent) -> dict[str, Any]:
        figures = {name: getattr(event.counts, name) for name in ("links", "new", "edited", "failed")}
        # The counts come with each write of a batch; pages are seen one by one.
        seen = self._pages[event.source] if event.what != "done" else 0
        return {**figures, "read": max(pages_read(event.counts), seen - event.counts.failed)}


def _bars() -> Progress:
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
    from rich.table import Column
    from rich.text import Text

    class Figure(ProgressColumn):
        """A count with its name; quiet while it is 0."""

        def __init__(self, name: str, style: str = "") -> None:
            super().__init__(Column(justify="right", no_wrap=True))
            self._name, self._style = name, style

        def render(self, task: Task) -> Text:
            value = task.fields[self._name]
            return Text(f"{value} {self._name}", style=self._style if value else "dim")

    return Progress(
        TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True)),
        BarColumn(bar_width=24),
        Figure("links"),
        Figure("read"),
        Figure("new", "green"),
        Figure("edited", "yellow"),
        Figure("failed", "red"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[verdict]}", markup=False),
    )


@contextmanager
def counted(rows: Iterable[T], what: str) -> Iterator[Iterable[T]]:
    """The rows, counted on stderr as they pass when that is a terminal."""
    if not sys.stderr.isatty():
        yield rows
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.completed:,} {task.description}"), BarColumn(bar_width=24), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=None)
        yield _passing(rows, lambda: progress.advance(task))


def _passing(rows: Iterable[T], on_row: Callable[[], None]) -> Iterator[T]:
    for row in rows:
        yield row
        on_row()


def each_counted(names: Sequence[T]) -> Iterator[T]:
    """Things of a known number, with a bar on stderr while they pass when that is a terminal; it goes when they have."""
    if not sys.stderr.isatty() or len(names) < _MANY:
        yield from names
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(names, "feeds", console=Console(stderr=True), transient=True)


class ByteBar:
    """How much of what has to be read is read, and a few words about it. This one shows nothing."""

    def read(self, count: int) -> None:
        """So many bytes more were read."""

    def say(self, words: str) -> None:
        """What has come of them."""


class ShownByteBar(ByteBar):
    """A bar at a terminal."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task

    def read(self, count: int) -> None:
        self._progress.advance(self._task, count)

    def say(self, words: str) -> None:
        self._progress.update(self._task, description=words)


@contextmanager
def byte_bar(total: Callable[[], int]) -> Iterator[ByteBar]:
    """A bar on stderr when that is a terminal; only then is the `total` of bytes asked for."""
    if not sys.stderr.isatty():
        yield ByteBar()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield ShownByteBar(progress, progress.add_task("0 texts", total=total()))
