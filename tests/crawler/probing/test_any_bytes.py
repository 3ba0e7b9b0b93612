"""Any bytes at all into a probe: a look, or `NoNews` in one line; never another exception."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.probing.look import look
from crawler.probing.site import plain_entry
from crawler.probing.trouble import NoNews

PAGES = [path.read_bytes() for path in sorted((Path(__file__).parents[2] / "pages").glob("generic/*/page.html"))[::6]]
URL = "https://www.fenwold.example/news/x"
LISTING = b"<html><body><h1>News</h1>" + b"".join(
    b"<li><h3><a href='/news/story-%d'>Story number %d of June</a></h3>%d June 2026</li>" % (n, n, n)
    for n in range(1, 9)
)
FEED = b'<?xml version="1.0"?><rss><channel><item><title>x</title><link>https://www.fenwold.example/news/y</link></item></channel></rss>'
MEDIA = st.sampled_from(
    [
        b"text/html",
        b"text/html; charset=utf-16",
        b"text/xml",
        b"application/json",
        b"image/png",
        b"",
        b"x",
        b"text/html; charset=nonsense",
    ]
)


class OneAnswer:
    """A session that answers every address with one response."""

    def __init__(self, response: Response, robots: str) -> None:
        self.entry = plain_entry(URL)
        self.trail: Sequence[Response] = [response]
        self._response, self._robots = response, robots

    async def get(self, url: str, *, tries: int = 1) -> Response:
        return self._response

    def robots_txt(self, url: str) -> str:
        return self._robots


def looked_at(body: bytes, media: bytes, robots: str = "") -> None:
    headers = {"Content-Type": media}
    kind = responsetypes.from_args(headers=Headers({"Content-Type": media}), url=URL, body=body)
    session = OneAnswer(kind(URL, body=body, headers=headers), robots)
    for as_ in (None, "article", "listing"):
        try:
            asyncio.run(look(session, URL, known=False, as_=as_))  # type: ignore[arg-type]
        except NoNews as error:
            said = (error.kind.strip(), str(error).strip())
            if "" in said:
                raise AssertionError("nothing is said of what it is") from error


BOUNDS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@BOUNDS
@given(st.binary(max_size=400), MEDIA, st.text(max_size=60))
def test_any_bytes(body: bytes, media: bytes, robots: str) -> None:
    looked_at(body, media, robots)


@BOUNDS
@given(st.sampled_from([*PAGES, LISTING, FEED]), st.data(), MEDIA)
def test_a_page_with_a_part_replaced_by_anything(page: bytes, data: st.DataObject, media: bytes) -> None:
    start = data.draw(st.integers(0, len(page)))
    end = data.draw(st.integers(start, min(len(page), start + 200)))
    looked_at(page[:start] + data.draw(st.binary(max_size=40)) + page[end:], media)
