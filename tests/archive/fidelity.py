"""Crawls records over HTTP and measures what came through: `python -m tests.archive` prints it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.entries import load_entries
from crawler.options import CrawlOptions, CrawlSummary
from crawler.run import crawl_sources
from forcewire.demo.newsroom import Newsroom
from forcewire.demo.pages import KINDS
from storage.database import open_store, reading
from storage.reads import records
from storage.records import Record
from tests.archive.compare import BOUNDS, Tally, compared, path_of
from tests.archive.foreign import FOREIGN
from tests.archive.records import ArchiveRecord
from tests.archive.serving import AREAS, SHAPES, Served, entry_for, served

SEED = 20210404
COUNT = 300


@dataclass(frozen=True, slots=True)
class Measured:
    """What one site's crawl kept."""

    of: Served
    summary: CrawlSummary
    tallies: dict[str, Tally]

    def missed(self) -> list[str]:
        """The fields below their bounds."""
        return [name for name, tally in self.tallies.items() if not within(name, tally)]


def within(name: str, tally: Tally) -> bool:
    """Whether a figure is good enough; of added words, fewer are better."""
    return tally.share <= BOUNDS[name] if name == "words added" else tally.share >= BOUNDS[name]


def own_shapes(archive: dict[str, list[ArchiveRecord]]) -> list[Served]:
    """Each area in its own page shape, and Bedfordshire in today's as well."""
    sites = [served(area, archive[area], SHAPES[area]) for area in AREAS]
    today = served("Bedfordshire", archive["Bedfordshire"], SHAPES["Bedfordshire"], single_online_home=True)
    return [*sites, today]


def foreign_shapes(archive: dict[str, list[ArchiveRecord]], each_in: int = len(FOREIGN)) -> list[Served]:
    """Each area in each of the templates that are not the newsroom's, each record in so many of them."""
    return [
        served(area, [record for n, record in enumerate(archive[area]) if (n + place) % len(FOREIGN) < each_in], kind)
        for place, kind in enumerate(FOREIGN)
        for area in AREAS
    ]


@contextmanager
def _foreign_kinds() -> Iterator[None]:
    KINDS.update(FOREIGN)
    try:
        yield
    finally:
        for name in FOREIGN:
            del KINDS[name]


def measure(sites: Sequence[Served], folder: Path, *, processes: int = 2) -> list[Measured]:
    """Serve, crawl and compare. The database stays in the folder, to look at what went wrong."""
    bundled = {entry.area: entry for entry in load_entries().values()}
    database = f"sqlite:///{folder / 'fidelity.db'}"
    options = CrawlOptions(database_url=database, allow_loopback=True, delay=0.0, processes=processes)
    with _foreign_kinds(), Newsroom([(of.site, [story for story, _ in of.pages]) for of in sites]) as newsroom:
        entries = [entry_for(of, site, bundled[of.area]) for of, site in zip(sites, newsroom.sites, strict=True)]
        summaries = {summary.source: summary for summary in crawl_sources(entries, options)}
    engine = open_store(database)
    measured = []
    for of in sites:
        with reading(engine) as conn:
            found = list(records(conn, source=of.site.id))
        # A story that a force has at two addresses is one article, and must be found at either.
        stored: dict[str, Record] = {path_of(url): each for each in found for url in (*each.addresses, each.url)}
        tallies = compared([truth for _, truth in of.pages], stored)
        measured.append(Measured(of, summaries[of.site.id], tallies))
    engine.dispose()
    return measured


def table(measured: Sequence[Measured]) -> str:
    """Areas by fields in per cent with n, a star where a bound is missed, and the worst pages by URL alone."""
    head = f"{'area: page shape':42}{'n':>5}" + "".join(f"{name:>16}" for name in BOUNDS) + "  verdict"
    bounds = f"{'bound':47}" + "".join(
        f"{('<= ' if name == 'words added' else '>= ') + format(100 * bound, '.1f'):>16}"
        for name, bound in BOUNDS.items()
    )
    lines = [head, bounds]
    for each in measured:
        cells = "".join(f"{_cell(name, tally):>16}" for name, tally in each.tallies.items())
        lines.append(f"{each.of.name:42}{len(each.of.pages):>5}{cells}  {each.summary.verdict}")
    for each in measured:
        for name, tally in each.tallies.items():
            if tally.bad and (name != "words added" or not within(name, tally)):
                lines.append(f"{each.of.name}, {name}: {len(tally.bad)} pages, worst {' '.join(tally.worst())}")
    return "\n".join(lines)


def _cell(name: str, tally: Tally) -> str:
    if not tally.of:
        return "-"
    return f"{100 * tally.share:.2f}{'' if within(name, tally) else '*'} ({tally.of:.0f})"


def timed(sites: Sequence[Served], folder: Path) -> tuple[list[Measured], float]:
    """As `measure`, with the seconds it took."""
    start = time.monotonic()
    return measure(sites, folder), time.monotonic() - start
