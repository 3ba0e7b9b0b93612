"""Listings in JSON: JSON Feed, the posts of WordPress, the search of GOV.UK, and whatever else names addresses and titles."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from scrapy.http import Response

from crawler.readers.base import Listing
from crawler.readers.page import joined
from crawler.readers.paging import with_query
from crawler.readers.xml_parts import MAX_LINKS
from crawler.selectors import PageChanged
from crawler.text import decode
from storage.records import Link

_ADDRESSES = ("link", "web_url", "url", "permalink", "external_url", "canonical_url", "href", "uri", "path", "_id")
_TITLES = ("title", "headline", "name")
# `updated`, `modified` and GOV.UK's `public_timestamp` move on edits: they are no dates of publication.
_DATES = (
    "date_gmt", "published_at", "first_published_at", "date_published", "datePublished", "publishedAt", "published",
    "publishDate", "publish_date", "publicationDate", "pubDate", "date",
)  # fmt: skip
_NEXT = ("next_page_url", "next_url", "nextUrl", "nextPage", "next_page", "nextLink", "@odata.nextLink", "next")
_CURSOR = ("next_cursor", "nextCursor", "end_cursor", "endCursor", "next_token", "nextToken")
_TAGS = re.compile(r"<[^>]{1,200}>")


def read_json(response: Response, body: bytes) -> Listing:
    """The objects of an answer's lists that hold an address and a title. Raises `PageChanged` for what is no JSON."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PageChanged("no readable JSON", response.url) from error
    links = list(_links(data, response.url))
    if isinstance(data, dict | list) and (next_url := _next(data, response.url, len(links))):
        return Listing(tuple(links[:MAX_LINKS]), next_url)
    return Listing(tuple(links[:MAX_LINKS]), *_next_of_wordpress(response, len(links)))


def _links(data: Any, base: str) -> Iterator[Link]:
    """What stands inside an article's own object (its organisations, its pictures) is no article."""
    queue = deque([(data, False)])
    while queue:
        thing, listed = queue.popleft()
        if isinstance(thing, list):
            queue.extend((one, True) for one in thing)
        elif isinstance(thing, dict):
            if listed and (link := _link(thing, base)):
                yield link
            else:
                # A wrapper in a list ({"node": ...}, {"attributes": ...}) stands for what it holds.
                queue.extend((value, listed) for value in thing.values() if isinstance(value, dict | list))


def _link(thing: dict[str, Any], base: str) -> Link | None:
    href = next((v for key in _ADDRESSES if isinstance(v := thing.get(key), str) and "/" in v), None)
    title = next((v for key in _TITLES if (v := _plain(thing.get(key)))), None)
    if not href or title is None or not (url := joined(base, href.strip())):
        return None
    date = next((v for key in _DATES if isinstance(v := thing.get(key), str) and v), None)
    if date and date == thing.get("date_gmt") and not date.endswith("Z"):
        date += "Z"
    return Link(url=url, title=decode(_TAGS.sub("", title)) or None, published_raw=date)


def _plain(value: Any) -> str | None:
    """A title, as text or as WordPress has it: {"rendered": text}."""
    value = value.get("rendered") if isinstance(value, dict) else value
    return value if isinstance(value, str) and value.strip() else None


def _next(data: Any, url: str, found: int) -> str | None:
    """Where the next page is: an address, a cursor, or the place behind what is shown of a stated total."""
    if not isinstance(data, dict) or not found:
        return None
    places = [
        data,
        *(
            v
            for key in ("links", "_links", "paging", "pagination", "pageInfo", "page_info", "meta")
            if isinstance(v := data.get(key), dict)
        ),
    ]
    for place in places:
        for key in _NEXT:
            value = place.get(key)
            value = value.get("href") or value.get("url") if isinstance(value, dict) else value
            if isinstance(value, str) and ("/" in value or value.startswith("?")):
                return joined(url, value.strip()) or None
            if isinstance(value, int) and not isinstance(value, bool) and value > 0:
                return with_query(url, "page", value)
        for key in _CURSOR:
            if (
                isinstance(value := place.get(key), str)
                and 0 < len(value) < 500
                and place.get("hasNextPage") is not False
            ):
                given = parse_qs(urlsplit(url).query)
                return with_query(url, next((name for name in ("after", "token") if name in given), "cursor"), value)
    start, total = data.get("start"), data.get("total")
    if isinstance(start, int) and isinstance(total, int) and start >= 0 and start + found < total:
        return with_query(url, "start", start + found)
    return None


def _next_of_wordpress(response: Response, found: int) -> tuple[str | None, bool]:
    """The posts of WordPress are a bare list; a header says how many pages there are, where a proxy left it in."""
    if "/wp-json/" not in response.url and "rest_route=" not in response.url:
        return None, False
    given = parse_qs(urlsplit(response.url).query)
    page, each = (_number(given.get(key, [""])[0], default) for key, default in (("page", 1), ("per_page", 10)))
    total = (response.headers.get("X-WP-TotalPages") or b"").decode("latin-1")
    if total.isdecimal():
        return (with_query(response.url, "page", page + 1), False) if page < int(total[:6]) else (None, False)
    return (with_query(response.url, "page", page + 1), True) if found >= each else (None, False)


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else default
