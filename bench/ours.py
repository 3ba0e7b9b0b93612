"""`python -m bench.ours`: Forcewire's whole pipeline: listings, robots, guard, reader, store, validators."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from bench.usage import children_watched, cpu_seconds, peak_mb
from crawler.entries import load_entry
from crawler.options import CrawlOptions
from crawler.run import crawl_sources
from storage.database import open_store


def main() -> None:
    """Prints pages, seconds and peak memory (of all processes together) as JSON; ends with an error if a page is missing."""
    parser = argparse.ArgumentParser(prog="python -m bench.ours", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--processes", type=int, default=1)
    args = parser.parse_args()
    entries = [load_entry(path) for path in sorted((args.folder / "entries").glob("*.toml"))]
    url = f"sqlite:///{args.database}"
    open_store(url).dispose()
    options = CrawlOptions(database_url=url, allow_loopback=True, delay=0.0, processes=args.processes)
    with children_watched() as peaks:
        start, before = time.perf_counter(), cpu_seconds()
        summaries = crawl_sources(entries, options)
        seconds, cpu = time.perf_counter() - start, cpu_seconds() - before
    bad = [f"{s.source}: {s.verdict}, {s.reason}" for s in summaries if s.verdict != "ok"]
    if bad or len(summaries) != len(entries):
        raise SystemExit(f"not every crawl was ok: {'; '.join(bad)}")
    pages = sum(summary.counts.new for summary in summaries)
    mb = peak_mb() + sum(peaks.values())
    print(json.dumps({"pages": pages, "seconds": seconds, "cpu": cpu, "mb": mb}))


if __name__ == "__main__":
    main()
