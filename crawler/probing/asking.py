"""One page asked for; what fails is told as a person can act on it."""

from __future__ import annotations

from scrapy.http import Response

from crawler.failures import FetchFailed, StopCrawl
from crawler.probing.instead import without_text
from crawler.probing.session import Session
from crawler.probing.trouble import explained


async def fetched(session: Session, url: str) -> Response:
    """A page's answer. Raises `NoNews` for what holds no text."""
    try:
        response = await session.get(url)
    except (FetchFailed, StopCrawl) as error:
        raise explained(error, session.trail) from error
    if (other := without_text(response)) is not None:
        raise other
    return response
