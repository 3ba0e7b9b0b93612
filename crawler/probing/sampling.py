"""A few articles of a listing, read by the reader that reads most of them."""

from __future__ import annotations

from contextlib import suppress

from scrapy.http import Response

from crawler.entries import SourceEntry
from crawler.meaning import describe
from crawler.probing.asking import fetched
from crawler.probing.discovered import Sampled, Say
from crawler.probing.platform import Guess
from crawler.probing.session import Session
from crawler.probing.trouble import NoNews
from crawler.readers import make_reader
from crawler.readers.page import open_page
from crawler.selectors import ReadError
from storage.records import Link

_SAMPLE = 3


async def read_sample(
    session: Session, links: list[Link], platform: Guess, say: Say, notes: list[str]
) -> tuple[list[Sampled], str]:
    """Three articles, new and old, and the reader that reads most of them: the platform's own where it reads as many."""
    wanted = sample(links)
    got: list[tuple[Link, Response]] = []
    for link in wanted:
        if len(got) == _SAMPLE:
            break
        say(f"reading {link.url}")
        try:
            got.append((link, await fetched(session, link.url)))
        except NoNews as error:
            notes.append(f"{link.url} ({error.kind})")
    best: tuple[list[Sampled], str] = ([], "generic")
    for name in dict.fromkeys((platform.reader, "generic")):
        read = _read(session.entry, name, got)
        if len(read) > len(best[0]):
            best = (read, name)
    if not best[0]:
        raise NoNews("not news", f"none of {len(got)} pages behind the listing could be read as an article")
    return best


def sample(links: list[Link], number: int = _SAMPLE) -> list[Link]:
    """The order in which a few articles are tried: the first, one in the middle and the last, then those between."""
    places = [0, len(links) // 2, len(links) - 1, 1, len(links) // 4, 3 * len(links) // 4][: number + 3]
    return [links[place] for place in dict.fromkeys(places) if 0 <= place < len(links)]


def _read(entry: SourceEntry, reader: str, got: list[tuple[Link, Response]]) -> list[Sampled]:
    made = make_reader(entry, reader)
    read = []
    for link, response in got:
        with suppress(ReadError):
            page = open_page(response)
            read.append(Sampled(link, response, page, describe(made.article(response, link))))
    return read
