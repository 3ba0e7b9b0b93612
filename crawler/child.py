"""A child process of a pass: python -m crawler.child reads its order from stdin and writes JSON lines to stdout."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from contextlib import suppress
from typing import Any

from crawler.children import event_out, failure_out, options_in, summary_out
from crawler.clock import clock_in
from crawler.confining import end_with_input, limit_memory
from crawler.entries import SourceEntry
from crawler.options import CrawlEvent, CrawlRefused
from crawler.run import crawl_sources
from storage.database import StoreError


def main() -> int:
    """Crawls its share; ends like after Ctrl-C when its parent goes away."""
    order = json.loads(sys.stdin.buffer.readline())
    # Whatever prints by mistake must not come between the lines.
    out = os.dup(1)
    os.dup2(2, 1)
    end_with_input()
    return crawl(order, out)


def crawl(order: dict[str, Any], out: int) -> int:
    """Carries an order out, tells of it on a file descriptor, and returns the exit code: 0, or 1 where nothing could begin."""
    if order.get("memory"):
        limit_memory(int(order["memory"]))

    def pass_on(event: CrawlEvent) -> None:
        if order.get("events", True):
            _write(out, event_out(event))

    options = dataclasses.replace(options_in(order["options"]), clock=clock_in(order.get("clock")))
    try:
        entries = [SourceEntry(**entry) for entry in order["entries"]]
        for summary in crawl_sources(entries, options, pass_on, insisting=False):
            _write(out, summary_out(summary))
    except (CrawlRefused, StoreError) as error:
        _write(out, failure_out(str(error)))
        return 1
    return 0


def _write(out: int, line: bytes) -> None:
    with suppress(BrokenPipeError):  # its parent is gone: the crawl ends with what it has all the same
        while line:
            line = line[os.write(out, line) :]


if __name__ == "__main__":
    sys.exit(main())
