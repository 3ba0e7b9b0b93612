"""`python -m bench.bare`: Scrapy as it comes, 16 requests at once, three selectors a page, nothing kept."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

from bench.usage import cpu_seconds, peak_mb


class BareSpider(scrapy.Spider):
    """Is given every address, and so has no listing to walk."""

    name = "bare"
    addresses: list[str]
    read = 0

    async def start(self) -> AsyncIterator[Any]:
        for address in self.addresses:
            yield scrapy.Request(address, dont_filter=True)

    def parse(self, response: Response) -> None:
        response.css("h1::text").get()
        response.css("meta[property='og:description']::attr(content)").get()
        response.css("p::text").getall()
        BareSpider.read += 1


def main() -> None:
    """Prints pages, seconds and peak memory as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.bare", description=__doc__)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    addresses = (args.folder / "addresses.txt").read_text("utf-8").split("\n")
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": 16,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": False,
            "TELNETCONSOLE_ENABLED": False,
            "LOG_LEVEL": "ERROR",
        }
    )
    process.crawl(BareSpider, addresses=addresses)
    start, before = time.perf_counter(), cpu_seconds()
    process.start()
    seconds, cpu = time.perf_counter() - start, cpu_seconds() - before
    print(json.dumps({"pages": BareSpider.read, "seconds": seconds, "cpu": cpu, "mb": peak_mb()}))


if __name__ == "__main__":
    main()
