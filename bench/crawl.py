"""`python -m bench.crawl`: crawling as fast as it goes, beside bare Scrapy in the same run. Ends with 1 when a bound is missed."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.figures import Figure, Run, rate, ratio
from bench.reading import help_figure, reading_figures
from bench.saving import saving_figure

_ABOUT = """\
{pages} newsroom pages of {kb} KB (five kinds of HTML) on 16 loopback sources, each on a port of its own, served by one process
that rendered them before. Forcewire asks one host one thing at a time, so it needs 16 sources to have 16 requests at once; bare
Scrapy has 16 at once in any case. It is given every address, keeps nothing, asks for no robots.txt, and walks no listing.
Forcewire: listings, robots.txt, address guard, reader, checks, SQLite store, validators. No delay. Rounds in turn, medians.
"""


def _run(module: str, *args: str) -> Run:
    done = subprocess.run([sys.executable, "-m", module, *args], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{module} failed: {done.stderr.strip()[-2000:]}")
    return Run(**json.loads(done.stdout.strip().splitlines()[-1]))


@contextmanager
def _served(folder: Path, pages: int, page_bytes: int) -> Iterator[None]:
    command = [sys.executable, "-m", "bench.serve", str(folder), "--pages", str(pages), "--bytes", str(page_bytes)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        ready = server.stdout.readline()
        if not ready or json.loads(ready)["pages"] != pages:
            raise SystemExit(f"the newsroom did not come up with {pages} pages")
        yield
    finally:
        server.stdin.close()
        server.wait(30)


def _ours(folder: Path, processes: int = 1) -> Run:
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        return _run("bench.ours", str(folder), "--database", f"{scratch}/bench.db", "--processes", str(processes))


def crawling(pages: int, page_bytes: int, rounds: int) -> tuple[list[Figure], list[Run]]:
    """Both contestants in turn, and the runs of one process."""
    bare, one, two = [], [], []
    with tempfile.TemporaryDirectory() as name, _served(Path(name), pages, page_bytes):
        for turn in range(rounds):
            say(f"round {turn + 1} of {rounds}")
            bare.append(_run("bench.bare", name))
            one.append(_ours(Path(name)))
            two.append(_ours(Path(name), processes=2))
    for run in (*bare, *one, *two):
        if run.pages != pages:
            raise SystemExit(f"{run.pages} of {pages} pages came through")
    memory = median(run.mb for run in one) / median(run.mb for run in bare)
    figures = [
        *rate("bare Scrapy", bare),
        *rate("one process", one),
        *rate("two processes", two),
        ratio("one process / bare Scrapy", one, bare, 0.7),
        ratio("two processes / bare Scrapy", two, bare, 1.3),
        Figure("processor time a page: bare Scrapy / one process", _cpu(bare) / _cpu(one), "x"),
        Figure("memory of one process / bare Scrapy", memory, "x", 1.4, True),
    ]
    return figures, one


def _cpu(runs: list[Run]) -> float:
    return median(run.cpu / run.pages for run in runs)


def linearity(sizes: list[int], page_bytes: int, known: dict[int, list[Run]], rounds: int) -> list[Figure]:
    """The time a page at each size. Judged by processor time: minutes lie between the sizes, and the machine is not alone."""
    for size in sizes:
        if size in known:
            continue
        say(f"{size} pages")
        with tempfile.TemporaryDirectory() as name, _served(Path(name), size, page_bytes):
            known[size] = [_ours(Path(name)) for _ in range(rounds if size <= 5000 else 1)]
    figures = []
    for size in sizes:
        seconds = median(run.seconds / run.pages for run in known[size])
        note = f"  {1000 * seconds:.2f} ms by the clock, {median(run.mb for run in known[size]):.0f} MB"
        figures.append(Figure(f"{size} pages: processor time a page", 1000 * _cpu(known[size]), "ms", note=note))
    growth = _cpu(known[sizes[-1]]) / _cpu(known[sizes[0]])
    name = f"processor time a page at {sizes[-1]} / at {sizes[0]}"
    return [*figures, Figure(name, growth, "x", 1.3, True)]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Prints the table, writes the JSON, and says by its exit code whether every bound was kept."""
    parser = argparse.ArgumentParser(prog="python -m bench.crawl", description=__doc__)
    parser.add_argument("--pages", type=int, default=5000, help="pages of the comparison (default %(default)s)")
    parser.add_argument("--bytes", type=int, default=40_000, help="size of a page (default %(default)s)")
    parser.add_argument(
        "--rounds", type=int, default=3, help="rounds, of which the median counts (default %(default)s)"
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 5000, 20_000], help="pages for the linearity")
    parser.add_argument("--quick", action="store_true", help="1,000 pages, one round, no linearity: under a minute")
    parser.add_argument("--only", choices=("crawling", "reading"), help="a part of it")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    args = parser.parse_args()
    if args.quick:
        args.pages, args.rounds, args.sizes = 1000, 1, []
    figures: list[Figure] = []
    if args.only != "crawling":
        figures += [help_figure(2 * args.rounds + 1), *reading_figures(4 * args.rounds + 1, args.bytes)]
        with tempfile.TemporaryDirectory() as folder:
            figures.append(saving_figure(Path(folder), 3000 * args.rounds))
    if args.only != "reading":
        compared, runs = crawling(args.pages, args.bytes, args.rounds)
        figures += compared
        if args.sizes:
            figures += linearity(sorted(args.sizes), args.bytes, {args.pages: runs}, args.rounds)
    about = {"python": platform.python_version(), "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    print(_ABOUT.format(pages=args.pages, kb=args.bytes // 1000))
    print("\n".join(figure.row() for figure in figures))
    print(f"Python {about['python']}, {about['cores']} cores, load {about['load']} at the end")
    if args.json:
        args.json.write_text(json.dumps(about | {"figures": [f.plain() for f in figures]}, indent=1) + "\n", "utf-8")
    return int(any(not figure.passed for figure in figures))


if __name__ == "__main__":
    raise SystemExit(main())
