"""Crawls for whoever measures them: each order, a line of JSON, is carried out in a child of its own, forked from a process that has
imported everything, so that its peak of memory is its own.

    python -m tests.faults.hostile_crawls
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any

import crawler.settings
from crawler.entries import SourceEntry
from crawler.options import CrawlOptions
from crawler.readers.generic import GenericReader
from crawler.run import crawl_sources

assert GenericReader.name  # imported for the children


def main() -> None:
    """Answers each order with one line: what the crawls came to, the seconds it took, and the peak in MB."""
    for line in sys.stdin:
        order = json.loads(line)
        read, write = os.pipe()
        if (child := os.fork()) == 0:
            os.close(read)
            signal.alarm(int(order["most_seconds"]))
            with os.fdopen(write, "w") as out:
                json.dump(_crawl(order), out)
            os._exit(0)
        os.close(write)
        began = time.monotonic()
        with os.fdopen(read) as told:
            text = told.read()
        _, status, used = os.wait4(child, 0)
        found = {
            "sources": json.loads(text) if text else {},
            "ended": os.waitstatus_to_exitcode(status),
            "seconds": time.monotonic() - began,
            "cpu": used.ru_utime + used.ru_stime,
            "peak": used.ru_maxrss / 1024,
        }
        print(json.dumps(found), flush=True)


def _crawl(order: dict[str, Any]) -> dict[str, Any]:
    crawler.settings.DOWNLOAD_TIMEOUT = order["timeout"]
    crawler.settings.CLOSESPIDER_TIMEOUT = order["time"]
    entries = [SourceEntry(**entry) for entry in order["entries"]]
    options = CrawlOptions(database_url=order["database"], allow_loopback=True, delay=0.0, revisit="all")
    return {
        summary.source: {
            "verdict": summary.verdict,
            "reason": summary.reason,
            "trouble": summary.trouble,
            "requests": summary.counts.requests,
            "bytes": summary.counts.bytes,
            "new": summary.counts.new,
            "links": summary.counts.links,
            "issues": [issue[:150] for issue in summary.issues[:5]],
        }
        for summary in crawl_sources(entries, options)
    }


if __name__ == "__main__":
    main()
