"""Costs that need no crawl: a page read beside parsel's parse of it, and the command line's help."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from bench.figures import Figure

_BLOCK = 25


def _block_ms(pages: list[tuple[str, bytes]], action: Callable[[str, bytes], object]) -> float:
    """Processor time a page: of a block, so that freeing the trees is counted where it is caused."""
    start = time.process_time()
    for url, page in pages:
        action(url, page)
    return 1000 * (time.process_time() - start) / len(pages)


def reading_figures(blocks: int, page_bytes: int) -> list[Figure]:
    """Pages of each kind, every one another story: from a fresh response to a record, beside from one to a selector."""
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

        def read(url: str, page: bytes, article: Callable[..., object] = reader.article) -> object:
            return article(HtmlResponse(url, body=page, encoding="utf-8"))

        def parse(url: str, page: bytes) -> object:
            return HtmlResponse(url, body=page, encoding="utf-8").selector

        stories = compose(site, (blocks + 1) * _BLOCK, now=CLOCK)
        pages = [(site.url(story.path), render(site.kind, story, site)) for story in stories]
        parsed, taken = [], []
        for block in range(blocks + 1):
            some = pages[block * _BLOCK : (block + 1) * _BLOCK]
            parsed.append(_block_ms(some, parse))
            taken.append(_block_ms(some, read))
        ratios = [mine / theirs for mine, theirs in zip(taken[1:], parsed[1:], strict=True)]  # the first warms up
        note = f"  {min(taken):.2f} ms against {min(parsed):.2f} ms"
        figures.append(Figure(f"read a {site.kind} page / parsel's parse of it", median(ratios), "x", 2.0, True, note))
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
