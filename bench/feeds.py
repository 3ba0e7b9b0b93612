"""`python -m bench.feeds`: feeds as files and over HTTP, as ratios to what they are made of. Ends with 1 when a bound is missed."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from pathlib import Path

from bench.crawl import say
from bench.feeds_publish import one_article, publish_for_nginx
from bench.feeds_serving import behind_nginx, serving
from bench.feeds_store import fill
from bench.feeds_xml import long_feed
from bench.figures import Figure

_MOST_GROWTH = 1.5


def publishing(folder: Path, old: int) -> list[Figure]:
    """After one new article: fifty areas; and a young store beside an old one, whose feeds are as long."""
    say("fifty areas, one new article")
    figures, _ = one_article(folder, areas=50, articles=10_000)
    times = {}
    for articles in (2000, old):
        say(f"five areas, {articles} articles")
        more, times[articles] = one_article(folder, areas=5, articles=articles, naive=False)
        figures += more
    growth = times[old] / times[2000]
    return [*figures, Figure(f"one new article: {old} articles / 2000", growth, "x", _MOST_GROWTH, most=True)]


def over_http(folder: Path, seconds: float) -> list[Figure]:
    """A feed of a hundred stories, and its 304."""
    say("serve, and Starlette from memory")
    database = folder / "served.db"
    engine = fill(database, areas=2, articles=400)
    publish_for_nginx(engine, folder / "served")
    engine.dispose()
    figures = serving(folder, database, "all.atom", seconds)
    say("nginx")
    return figures + behind_nginx(folder, folder / "served", "all.atom", seconds)


def main() -> int:
    """Prints the table, and says by its exit code whether every bound was kept."""
    parser = argparse.ArgumentParser(prog="python -m bench.feeds", description=__doc__)
    parser.add_argument("--only", choices=("publish", "xml", "http"), help="one part of three")
    parser.add_argument("--old", type=int, default=40_000, help="articles of the old store (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=1, help="of each round over HTTP (default %(default)s)")
    args = parser.parse_args()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if args.only in (None, "xml"):
            say("a feed of 5,000 entries")
            figures += long_feed()
        if args.only in (None, "publish"):
            figures += publishing(folder, args.old)
        if args.only in (None, "http"):
            figures += over_http(folder, args.seconds)
    print("\n".join(figure.row() for figure in figures))
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end")
    return int(any(not figure.passed for figure in figures))


if __name__ == "__main__":
    raise SystemExit(main())
