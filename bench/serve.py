"""`python -m bench.serve`: the newsroom in a process of its own, its pages rendered before anybody asks for them."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import timedelta
from pathlib import Path

from forcewire.demo.articles import NewsArticle, Site
from forcewire.demo.composer import compose
from forcewire.demo.forces import FORCES
from forcewire.demo.newsroom import CLOCK, Newsroom

SITES = 16
PAGE_BYTES = 40_000
HTML_KINDS = [force for force in FORCES if force.kind != "govuk"]  # it is asked for small JSON, which would flatter


def sites_of(pages: int, page_bytes: int) -> list[tuple[Site, list[NewsArticle]]]:
    """`pages` stories over 16 sites of the five kinds that answer with HTML."""
    made = []
    for number in range(SITES):
        force = HTML_KINDS[number % len(HTML_KINDS)]
        site = force.changed(id=f"{force.id}-{number:02}", padding=page_bytes, page_size=50)
        count = pages // SITES + (number < pages % SITES)
        made.append((site, compose(site, count, now=CLOCK, every=timedelta(minutes=37))))
    return made


def main() -> None:
    """Serves until its standard input ends. Its first line says that it is ready."""
    parser = argparse.ArgumentParser(prog="python -m bench.serve", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the entries and the list of addresses are written")
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--bytes", type=int, default=PAGE_BYTES)
    args = parser.parse_args()
    with Newsroom(sites_of(args.pages, args.bytes)) as newsroom:
        newsroom.write_entries(args.folder / "entries", kinds=("html",), links=1)
        addresses = [site.url(story.path) for site in newsroom.sites for story in newsroom.articles(site.id)]
        (args.folder / "addresses.txt").write_text("\n".join(addresses), "utf-8")
        print(json.dumps({"pages": newsroom.warm()}), flush=True)
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
