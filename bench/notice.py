"""A simulated year of fifty sources: how long until each breakage is noticed, in the source's own usual gaps, and what is noticed
that is none.

    python -m bench.notice [--sources 50] [--days 365] [--seed 1 ...]

Exits 1 where the median is not under two gaps, or where a source that is well was said not to be. docs/reliability.md says what is
simulated and what is not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from statistics import median
from time import process_time

from bench.figures import Figure
from bench.notice_sources import HOUR, START
from bench.notice_year import LOOKED_AT, Noticing, Year

MOST_GAPS = 2.0


def figures(year: Noticing) -> list[Figure]:
    """The figures with their bounds."""
    rows = [Figure("noticed: median, all kinds", _median(year.in_gaps()), "gaps", MOST_GAPS, most=True)]
    rows.append(
        Figure("an alert was due: median, all kinds", _median(year.in_gaps(told=True)), "gaps", MOST_GAPS, most=True)
    )
    for kind in sorted({span.kind for _, span in year.breakages}):
        found = year.in_gaps(kind)
        never = sum(span.noticed_at is None for _, span in year.breakages if span.kind == kind)
        hours = [((s.noticed_at or s.ends) - s.begins) / HOUR for _, s in year.breakages if s.kind == kind]
        note = f" 90 %: {found[int(0.9 * len(found))]:.2f}; median {median(hours):.1f} h; never: {never}"
        rows.append(Figure(f"  {kind}, of {len(found)}", _median(found), "gaps", note=note))
    by_state: dict[str, int] = defaultdict(int)
    for alarm in year.false:
        by_state[alarm.state] += 1
    said = ", ".join(f"{count} {state}" for state, count in sorted(by_state.items()))
    rows.append(Figure("false alarms", len(year.false), bound=0, most=True, note=f" {said}"))
    rows.append(Figure("false alerts", len(year.false_alerts), bound=0, most=True))
    rows.append(Figure(f"short outages that were told, of {year.outages}", year.in_outages))
    return rows


def _median(values: Sequence[float]) -> float:
    return median(values) if values else 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.notice", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sources", type=int, default=50)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--start", type=date.fromisoformat, default=START.date(), help="from 2026-06-01 on")
    parser.add_argument("--cases", action="store_true", help="print each breakage and false alarm")
    options = parser.parse_args(arguments)
    if not 1 <= options.sources <= 99 or not 43 <= options.days <= 365:
        parser.error("1 to 99 sources, 43 to 365 days")
    good = True
    for seed in options.seed:
        started = process_time()
        with tempfile.TemporaryDirectory() as folder:
            start = datetime.combine(options.start, time(6), UTC)
            year = Year(options.sources, options.days, seed, start).play(Path(folder))
        print(
            f"{options.sources} sources, {options.days} days, seed {seed}: {year.crawls:,} crawls; {process_time() - started:.0f} s CPU"
        )
        for row in figures(year):
            print(row.row())
            good &= row.passed
        _print_cases(year, every=options.cases)
    return 0 if good else 1


def _print_cases(year: Noticing, *, every: bool) -> None:
    for alarm in year.false if every else year.false[:20]:
        print(
            f"false: {alarm.at:%Y-%m-%d %H:%M} {alarm.source} {alarm.state} for {alarm.looks * LOOKED_AT / HOUR:.0f} h, a story each {alarm.gap / HOUR:.0f} h: {alarm.why}"
        )
    for source, span in year.breakages if every else ():
        gap = source.gap(span.begins)
        noticed = f"{(span.noticed_at - span.begins) / gap:.2f} gaps as {span.state}" if span.noticed_at else "never"
        print(f"{span.begins:%Y-%m-%d %H:%M} {source.id} {span.kind}, a story each {gap / HOUR:.0f} h: {noticed}")


if __name__ == "__main__":
    sys.exit(main())
