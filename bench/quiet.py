"""`python -m bench.quiet`: a round over fifty sources in which nothing changed, by how many articles are known: what it asks for, what it
writes, what it costs. Ends with 1 when a bound is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections import Counter
from pathlib import Path
from statistics import median

from bench.contestants import Forcewire
from bench.crawl import say
from bench.figures import Figure
from bench.known import store_known
from bench.steady import Rows, due_by_now, rows, settle, wait_a_quarter
from bench.watching import Round, Watched

_SEEN = {"page": {"checked_at", "due_at", "status"}, "article": {"last_seen_at"}}  # of what was due: when it was seen


def written(before: Rows, after: Rows) -> Counter[str]:
    """The rows of each table that were added, went, or differ in more than when an article that was due was seen."""
    counts: Counter[str] = Counter()
    for table, now in after.items():
        then = before[table]
        counts[table] = len(now.keys() ^ then.keys())
        for key in now.keys() & then.keys():
            differing = {column for column, value in now[key].items() if then[key][column] != value}
            counts[table] += bool(differing - _SEEN.get(table, set()))
    return +counts


def quiet(folder: Path, sites: int, articles: int, page_bytes: int, rounds: int) -> list[Figure]:
    """The figures of a store that knows so many articles of each source."""
    known = sites * articles
    with Watched(folder, sites=sites, articles=articles, page_bytes=page_bytes) as newsroom:
        ours = Forcewire(folder, folder / "entries", "Forcewire", "due")
        say(f"{known} articles are stored")
        newsroom.tell("stories", file=str(folder / "stories.json"))
        store_known(ours.database, folder / "entries", json.loads((folder / "stories.json").read_text("utf-8")))
        ours.round()  # the listings are seen for the first time
        settle(ours.database)
        measured: list[Round] = []
        over, wrote = [], Counter[str]()
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}")
            least = wait_a_quarter(ours.database)
            before = rows(ours.database)
            newsroom.tell("count")
            measured.append(ours.round())
            asked = newsroom.tell("count")
            visits = asked["requests"] - sites
            # Some become due while it runs.
            over.append(max(least - visits, visits - due_by_now(before["page"]), 0))
            wrote.update(written(before, rows(ours.database)))
            measured[-1].requests, measured[-1].bytes = asked["requests"], asked["bytes"]
            if set(asked["statuses"]) != {"304"}:
                raise SystemExit(f"something changed: {asked['statuses']}")
    crawls = wrote.pop("crawl", 0)
    return [
        Figure(
            f"{known} known: requests a round",
            median(each.requests for each in measured),
            "",
            note=f"  {sites} listings",
        ),
        Figure(f"{known} known: requests beside listings and what is due", max(over), "", 0, True),
        Figure(f"{known} known: kilobytes a round", median(each.bytes for each in measured) / 1000, "KB"),
        Figure(f"{known} known: crawl rows written in all rounds", crawls, "", sites * rounds),
        Figure(
            f"{known} known: other rows written", wrote.total(), "", 0, True, note=f"  {dict(wrote)}" if wrote else ""
        ),
        Figure(f"{known} known: processor time, start included", median(each.cpu for each in measured), "s"),
    ]


def main() -> int:
    """Prints the table, and says by its exit code whether every bound was kept."""
    parser = argparse.ArgumentParser(prog="python -m bench.quiet", description=__doc__)
    parser.add_argument("--sites", type=int, default=50)
    parser.add_argument("--articles", type=int, nargs="*", default=[20, 400], help="of each site (default 20 and 400)")
    parser.add_argument(
        "--bytes", type=int, default=0, help="pages are filled to this size (default: as they are, some 6 KB)"
    )
    parser.add_argument("--rounds", type=int, default=3, help="of which the median counts (default %(default)s)")
    args = parser.parse_args()
    figures: list[Figure] = []
    for articles in sorted(args.articles):
        with tempfile.TemporaryDirectory() as folder:
            figures += quiet(Path(folder), args.sites, articles, args.bytes, args.rounds)
    print("\n".join(figure.row() for figure in figures))
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end")
    return int(any(not figure.passed for figure in figures))


if __name__ == "__main__":
    raise SystemExit(main())
