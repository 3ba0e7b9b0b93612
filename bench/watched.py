"""`python -m bench.watched`: the newsroom that watchers are held against, in a process of its own, told what to do line by line."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.orders import Served, WatchedNewsroom
from bench.serve import HTML_KINDS
from forcewire.demo.articles import NewsArticle, Site
from forcewire.demo.composer import compose


def sites_of(sites: int, articles: int, page_bytes: int, now: datetime) -> list[tuple[Site, list[NewsArticle]]]:
    """Sites of the five kinds that answer with HTML in turn, with a story a day each, the newest a day old."""
    made = []
    for number in range(sites):
        force = HTML_KINDS[number % len(HTML_KINDS)]
        site = force.changed(id=f"{force.id}-{number:02}", padding=page_bytes, page_size=50)
        made.append((site, compose(site, articles, now=now)))
    return made


def main() -> None:
    """Answers each line of its standard input with a line of JSON, until that ends."""
    parser = argparse.ArgumentParser(prog="python -m bench.watched", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the entries are written")
    parser.add_argument("--sites", type=int, default=50)
    parser.add_argument("--articles", type=int, default=100, help="of each site")
    parser.add_argument("--bytes", type=int, default=40_000, help="size of a page")
    args = parser.parse_args()
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    with WatchedNewsroom(sites_of(args.sites, args.articles, args.bytes, now), now=now) as newsroom:
        newsroom.write_entries(args.folder / "entries", links=1)
        newsroom.warm()
        pages = [site.url(story.path) for site in newsroom.sites for story in newsroom.articles(site.id)]
        print(json.dumps({"pages": pages}), flush=True)
        served = Served(newsroom)
        for line in sys.stdin:
            order = json.loads(line)
            print(json.dumps(getattr(served, order.pop("do"))(**order)), flush=True)


if __name__ == "__main__":
    main()
