"""Pages that send their visitors on by `<meta http-equiv="refresh">`: what a site leaves where a page has moved, or while it is
being built. https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-refresh
"""

from __future__ import annotations

from urllib.parse import urldefrag, urlsplit

from scrapy.http import Response, TextResponse
from scrapy.utils.response import get_meta_refresh

from crawler.readers.page import Page

_AT_ONCE = 5.0  # seconds; a page that renews itself for its readers waits longer


def sent_on(response: Response, page: Page) -> str | None:
    """Where a page sends its visitors at once, or None: nowhere, to itself, or only those without JavaScript."""
    if "refresh" not in page.meta or not isinstance(response, TextResponse):
        return None
    try:
        delay, target = get_meta_refresh(response)
        if delay is None or target is None or delay > _AT_ONCE or _same(target, page.url):
            return None
    except ValueError:  # an address that is none
        return None
    return target


def _same(one: str, other: str) -> bool:
    a, b = (urlsplit(urldefrag(url)[0]) for url in (one, other))
    return (a.netloc.lower(), a.path.rstrip("/"), a.query) == (b.netloc.lower(), b.path.rstrip("/"), b.query)
