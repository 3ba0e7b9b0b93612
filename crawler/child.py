"""A child process of a pass: python -m crawler.child reads its order from stdin and writes JSON lines to stdout."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading

from crawler.children import event_out, options_in, summary_out
from crawler.entries import SourceEntry
from crawler.options import CrawlEvent
from crawler.run import crawl_sources


def main() -> None:
    """Crawls its share; ends like after Ctrl-C when its parent goes away."""
    order = json.loads(sys.stdin.buffer.readline())
    # Whatever prints by mistake must not come between the lines.
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    threading.Thread(target=_end_with_parent, daemon=True).start()

    def pass_on(event: CrawlEvent) -> None:
        out.write(event_out(event))

    entries = [SourceEntry(**entry) for entry in order["entries"]]
    for summary in crawl_sources(entries, options_in(order["options"]), pass_on):
        out.write(summary_out(summary))


def _end_with_parent() -> None:
    # Not sys.stdin: a thread that waits in it holds its lock, and Python aborts when it cannot close it at its end.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
