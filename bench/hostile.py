"""What the worst pages cost a reader, as a multiple of lxml's parse of the same bytes in the same run, and what help costs beside click.

python -m bench.hostile

The bound of a page is 300 of lxml's parses of its bytes, or of 300 KB of ordinary paragraphs where those are longer: lxml stops at
elements that are nested too deep, and the reader has to do with all that stands in them. Exit code 1 when a bound is missed.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import chain
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

from lxml import html
from scrapy.http import HtmlResponse

from bench.figures import Figure
from bench.hostile_pages import HOSTILE, LISTINGS, START, UNITS, WORDS, of_one_headline, of_one_line
from crawler.entries import load_entries
from crawler.readers import make_reader
from crawler.selectors import NotNews, PageChanged
from storage.records import Link

_URL = "https://www.ravenquay.example/news/appeal-quay-street"
_PAGE, _HELP = 300.0, 2.5
_ORDINARY = START + WORDS * (300_000 // len(WORDS))


def main() -> int:
    figures = []
    for figure in chain(_pages(), (_help() for _ in range(1))):
        figures.append(figure)
        print(figure.row(), flush=True)
    missed = [figure.name for figure in figures if not figure.passed]
    print(f"{len(missed)} of {len(figures)} bounds missed" if missed else f"all {len(figures)} bounds met")
    return 1 if missed else 0


def _pages() -> Iterator[Figure]:
    entry = load_entries()["cumbria"].model_copy(update={"id": "ravenquay", "hosts": ("www.ravenquay.example",)})
    reader = make_reader(entry, "generic")
    ordinary = _seconds(lambda: _parse(_ORDINARY))
    pages = {name: make(number) for name, (make, number) in {**HOSTILE, **LISTINGS}.items()}
    pages |= {f"1 MB of {unit!r} in a line": of_one_line(unit, 1_000_000) for unit in UNITS}
    pages |= {f"headline of 100 KB of {unit!r}": of_one_headline(unit, 100_000) for unit in UNITS}

    def read(body: bytes) -> None:
        response = HtmlResponse(_URL, body=body, encoding="utf-8")
        for call in (lambda: reader.article(response, Link(url=_URL)), lambda: reader.listing(response, "html")):
            try:
                call()
            except (PageChanged, NotNews):
                continue

    for name, body in pages.items():
        taken, parse = _seconds(lambda body=body: read(body)), _seconds(lambda body=body: _parse(body))  # type: ignore[misc]
        note = f"  {1000 * taken:.0f} ms"
        yield Figure(f"{name}: article and listing / a parse", taken / max(parse, ordinary), "x", _PAGE, True, note)


def _parse(body: bytes) -> Any:
    return html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))


def _help() -> Figure:
    ours, click = _child("-m", "forcewire", "--help"), _child("-c", "import click.testing")
    return Figure(
        "forcewire --help / python that loads click", ours / click, "x", _HELP, True, f"  {1000 * ours:.0f} ms"
    )


def _child(*words: str) -> float:
    """Seconds of a processor that Python takes for this, the least of five times."""
    taken = []
    for _ in range(5):
        before = getrusage(RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True)
        after = getrusage(RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(taken)


def _seconds(call: Callable[[], Any]) -> float:
    """Of a processor, the least of three times, or of two where it is long."""
    taken: list[float] = []
    while len(taken) < (3 if sum(taken) < 0.2 else 2):
        started = time.process_time()
        call()
        taken.append(time.process_time() - started)
    return min(taken)


if __name__ == "__main__":
    raise SystemExit(main())
