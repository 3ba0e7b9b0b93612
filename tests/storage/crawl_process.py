"""A crawl without a site: remembers a listing, saves what is pending, batch by batch. Run by tests that kill it.

Arguments: database URL, source, number of articles, size of a batch. Prints a line for each batch that is committed.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

from storage.articles import save_articles
from storage.crawls import Counts, finish_crawl, register_source, start_crawl
from storage.database import open_store, reading, writing
from storage.pages import close_walk, pending, remember_listing
from storage.records import Fetched, Link, Record

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def main(url: str, source: str, count: int, size: int) -> None:
    home = f"https://www.{source}.example/"
    engine = open_store(url)
    with writing(engine) as conn:
        names = {"name": source, "force": source, "area": source, "language": "en", "home_url": home}
        register_source(conn, id=source, reader="generic", now=NOW, **names)
        crawl = start_crawl(conn, source, reader="generic", reader_version=1, now=NOW, pid=os.getpid(), host="desk")
    links = [Link(url=f"{home}{n}") for n in range(count)]
    for start in range(0, count, 50):
        listing = Fetched(url=home, at=NOW, etag="l", reader="generic", reader_version=1)
        with writing(engine) as conn:
            part = links[start : start + 50]
            remember_listing(conn, source, part, listing, more=start + 50 < count, first=start == 0, now=NOW)
    with writing(engine) as conn:
        close_walk(conn, source)
    saved = 0
    while True:
        with reading(engine) as conn:
            wanted = pending(conn, source, limit=size, now=NOW)
        if not wanted:
            break
        items = []
        for link in wanted:
            body = f"Story of {link.url}. " * 60
            record = Record(
                source=source, area=source, url=link.url, title="T", body=body, reader="generic", reader_version=1
            )
            items.append((record, Fetched(url=link.url, at=NOW, etag="e", reader="generic", reader_version=1)))
        with writing(engine) as conn:
            saved += len(save_articles(conn, crawl, items))
        print(saved, flush=True)
    with writing(engine) as conn:
        finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(new=saved), now=NOW)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
