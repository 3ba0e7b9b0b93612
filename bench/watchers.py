"""`python -m bench.watchers`: what watching a newsroom costs, and what is told of it, beside three programs that watch pages.

Ends with 1 when a bound is missed. The others are installed from PyPI into a cache, the first time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.contestants import Changedetection, Forcewire, Urlwatch, Watcher, Webchanges
from bench.crawl import say
from bench.figures import Figure
from bench.side_by_side import ROUNDS, table
from bench.steady import settle, wait_a_quarter, waits
from bench.watchers_installed import default_cache
from bench.watching import Round, Watched

_ABOUT = """\
{sites} invented sites with {articles} articles of {kb} KB each, {pages} pages, served by a process of its own on loopback. The others watch
every article page; Forcewire is given the {sites} sources, all in one process, and asks for what is due, or for all pages. On a fifth
of the sites every answer prints the time, on another fifth the press office's address is masked with another key each time. No
filter was made for any site. In the last round {edited} articles are edited, {new} are published, and {banner} pages get an emergency
banner. Processor time is that of the watcher alone, from its start to its end. Each in turn.
"""
_OURS = {"Forcewire, what is due": "due", "Forcewire, all pages": "all"}
_ENOUGH = 5000  # pages for which the bounds are meant: of a hundred, most of a round is its start
_OTHERS: dict[str, Callable[..., Watcher]] = {
    "urlwatch": Urlwatch,
    "webchanges": Webchanges,
    "changedetection.io": Changedetection,
}


def compared(folder: Path, args: argparse.Namespace) -> tuple[dict[str, dict[str, Round]], dict[str, Any]]:
    """The rounds of each watcher, by its name and the round's; and what happened."""
    rounds: dict[str, dict[str, Round]] = {}
    with Watched(folder, sites=args.sites, articles=args.articles, page_bytes=args.bytes) as newsroom:
        told: dict[str, Any] = newsroom.tell("vary")
        entries = folder / "entries"
        due, every = (Forcewire(_made(folder / name), entries, name, rule) for name, rule in _OURS.items())
        others = [_OTHERS[name](_made(folder / name), args.cache, newsroom.pages) for name in args.watchers]
        for name in ROUNDS:
            if name == "changed":
                told |= newsroom.tell("happen", edited=args.edited, new=args.new, banners=2)
            for watcher in (due, every, *others):
                if name == "first" and watcher is every:  # which is the same for both
                    every.begin_like(due)
                    continue
                say(f"{name}: {watcher.name}")
                newsroom.tell("count")
                found = watcher.round()
                asked = newsroom.tell("count")
                found.requests, found.bytes, found.statuses = asked["requests"], asked["bytes"], asked["statuses"]
                rounds.setdefault(watcher.name, {})[name] = found
            if name == "first":
                settle(due.database)
            wait_a_quarter(due.database)
        told["waits"] = waits(due.database, set(told["edited"]) - rounds[due.name][name].reported)
    return rounds, told


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def bounds(rounds: dict[str, dict[str, Round]], told: dict[str, Any]) -> list[Figure]:
    """What must be reached."""
    due, every = (rounds[name] for name in _OURS)
    figures = []
    if theirs := next((each for name, each in rounds.items() if name.startswith("urlwatch")), None):
        for name in ("unchanged", "changed"):
            cpu, asked = due[name].cpu / theirs[name].cpu, due[name].requests / theirs[name].requests
            most = (0.1, 0.05) if theirs[name].requests >= _ENOUGH else (None, None)
            figures.append(Figure(f"{name}: processor time / urlwatch's", cpu, "x", most[0], True))
            figures.append(Figure(f"{name}: requests / urlwatch's", asked, "x", most[1], True))
    edited, new = set(told["edited"]), set(told["new"])
    false = sum(len(each["unchanged"].reported | (each["changed"].reported - edited)) for each in (due, every))
    figures.append(Figure("false alarms of Forcewire, both ways", false, "", 0, True))
    figures.append(
        Figure("edits missed where every page is asked", len(edited - every["changed"].reported), "", 0, True)
    )
    for each, how in ((due, "pages that are due"), (every, "all pages")):
        figures.append(Figure(f"new articles seen, {how}", len(each["changed"].new & new), "", len(new)))
    return figures


def main() -> int:
    """Prints the table, and says by its exit code whether every bound was kept."""
    parser = argparse.ArgumentParser(prog="python -m bench.watchers", description=__doc__)
    parser.add_argument("--sites", type=int, default=50)
    parser.add_argument("--articles", type=int, default=100, help="of each site (default %(default)s)")
    parser.add_argument("--bytes", type=int, default=40_000, help="size of a page (default %(default)s)")
    parser.add_argument("--watchers", nargs="*", choices=_OTHERS, default=list(_OTHERS), help="the others")
    parser.add_argument("--cache", type=Path, default=default_cache(), help="where the others are installed")
    parser.add_argument("--json", type=Path, help="write what was measured to this file as well")
    args = parser.parse_args()
    pages = args.sites * args.articles
    args.edited, args.new = max(1, pages // 100), max(1, pages // 500)
    with tempfile.TemporaryDirectory() as folder:
        rounds, told = compared(Path(folder), args)
    figures = bounds(rounds, told)
    shape = {"sites": args.sites, "articles": args.articles, "kb": args.bytes // 1000, "pages": pages}
    print(_ABOUT.format(**shape, edited=args.edited, new=args.new, banner=len(told["banner"])))
    print("\n".join(table(rounds, told)), end="\n\n")
    print("\n".join(figure.row() for figure in figures))
    if left := told["waits"]:
        times = f"half of them within {left[len(left) // 2] / 3600:.1f} h, the last in {left[-1] / 3600:.0f} h"
        print(f"The {len(left)} edited articles that were not due in the last round come up later: {times}")
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end")
    if args.json:
        plain = {name: {which: found.plain() for which, found in each.items()} for name, each in rounds.items()}
        args.json.write_text(json.dumps({"rounds": plain, "bounds": [f.plain() for f in figures]}, indent=1), "utf-8")
    return int(any(not figure.passed for figure in figures))


if __name__ == "__main__":
    raise SystemExit(main())
