"""Costs that need no crawl: a page read beside parsel's parse of it, and the command line's help."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from bench.figures import Figure


def _least_ms(action: Callable[[], object], turns: int) -> float:
    """The fastest of several turns: what else the machine does can only add to a time."""
    least = float("inf")
    for _ in range(turns):
        start = time.process_time()
        action()
        least = min(least, time.process_time() - start)
    return 1000 * least


def reading_figures(turns: int, page_bytes: int) -> list[Figure]:
    """A page of each kind: from a fresh response to a record, beside from a fresh response to a selector."""
    from scrapy.http import HtmlResponse

    from crawler.entries import ListingEntry, SourceEntry
    from crawler.readers import make_reader
    from forcewire.demo.articles import render
    from forcewire.demo.composer import compose
    from forcewire.demo.forces import FORCES
    from forcewire.demo.newsroom import CLOCK
    from forcewire.demo.pages import KINDS

    figures = []
    for force in FORCES:
        site = force.changed(padding=page_bytes, base_url="https://news.example.org")
        story = compose(site, 1, now=CLOCK)[0]
        page, url = render(site.kind, story, site), site.url(story.path)
        entry = SourceEntry(
            id=site.id,
            name=site.force,
            force=site.force,
            area=site.area,
            reader=KINDS[site.kind].reader,
            hosts=("news.example.org",),
            listing=(ListingEntry(kind="html", url=site.url("/")),),
            interval="1h",  # type: ignore[arg-type]
            assertions={"min": {"links": 1}, "fill": {}},  # type: ignore[arg-type]
        )
        reader = make_reader(entry)

        def read(url: str = url, page: bytes = page, article: Callable[..., object] = reader.article) -> object:
            return article(HtmlResponse(url, body=page, encoding="utf-8"))

        def parse(url: str = url, page: bytes = page) -> object:
            return HtmlResponse(url, body=page, encoding="utf-8").selector

        parsed, taken = _least_ms(parse, turns), _least_ms(read, turns)
        note = f"  {taken:.2f} ms against {parsed:.2f} ms"
        figures.append(Figure(f"read a {site.kind} page / parsel's parse of it", taken / parsed, "x", 2.0, True, note))
    return figures


def help_figure(turns: int) -> Figure:
    """`forcewire --help`: processor time of the whole process."""
    spent = []
    for _ in range(turns):
        before = os.times()
        subprocess.run([sys.executable, "-m", "forcewire", "--help"], stdout=subprocess.DEVNULL, check=True)
        after = os.times()
        spent.append(
            1000 * (after.children_user + after.children_system - before.children_user - before.children_system)
        )
    return Figure("forcewire --help: processor time", median(spent), "ms", 150, True)
