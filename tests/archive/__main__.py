"""`python -m tests.archive`: the fidelity table, and the database of the crawl for whoever wants to look."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.archive.fidelity import COUNT, SEED, foreign_shapes, own_shapes, table, timed
from tests.archive.records import archive_folder, sampled
from tests.archive.serving import AREAS


def main() -> int:
    """Prints the tables; 1 when a bound is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.archive", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="records an area (default %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="which records (default %(default)s)")
    parser.add_argument("--area", action="append", choices=AREAS, help="only these areas")
    parser.add_argument("--shapes", choices=("own", "foreign", "all"), default="all")
    parser.add_argument("--keep", type=Path, help="a folder for the database of the crawl")
    args = parser.parse_args()
    folder, there = archive_folder()
    if not there:
        print(f"no archive at {folder}: set FORCEWIRE_ARCHIVE", file=sys.stderr)
        return 2
    archive = sampled(folder, AREAS, args.count, args.seed)
    sites = (own_shapes(archive) if args.shapes != "foreign" else []) + (
        foreign_shapes(archive) if args.shapes != "own" else []
    )
    sites = [of for of in sites if not args.area or of.area in args.area]
    with tempfile.TemporaryDirectory() as scratch:
        measured, seconds = timed(sites, args.keep or Path(scratch))
    print(table(measured))
    pages = sum(len(of.pages) for of in sites)
    print(f"{pages} pages, seed {args.seed}, {seconds:.0f} s")
    return int(any(each.missed() for each in measured))


if __name__ == "__main__":
    raise SystemExit(main())
