"""What stands in a listing's place when it shows no story, or when a redirect led away from it: by what an operator would do of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from scrapy.http import Response, TextResponse

from crawler.entries import SourceEntry
from crawler.failures import FetchFailed
from crawler.notices import notice_of
from crawler.probing.walls import is_cookie_wall, is_shell, names_itself_not_found
from crawler.readers.page import Page, open_page
from crawler.selectors import ReadError
from crawler.urls import canonical

# The root, a language's root, and what servers call such a page.
_HOME = re.compile(r"/(?:[a-z]{2}(?:-[a-z]{2})?/?)?(?:(?:index|default|home)(?:\.[a-z]{3,5})?/?)?", re.I)
_MOST_LINKS = 2000


def leads_home(asked: str, final: str) -> bool:
    """Whether a redirect led from a listing to the site's home page, which shows some of its news at best."""
    before, after = urlsplit(asked), urlsplit(final)
    if before.path.rstrip("/") == after.path.rstrip("/") or after.query:
        return False
    return bool(_HOME.fullmatch(after.path or "/")) and not _HOME.fullmatch(before.path or "/")


def not_found_in_words(response: Response) -> bool:
    """Whether a page's title says that it is not there, whatever else is on it: such pages show the latest news, to be helpful."""
    page = _opened(response)
    return page is not None and names_itself_not_found(page)


def without_links(response: Response, entry: SourceEntry, known: Iterable[str]) -> FetchFailed:
    """What a listing without a link is: a wall, a notice, an empty list, or a page that changed. `known`: addresses of stories,
    of which a listing in another design still shows some.
    """
    url = response.url
    if (notice := notice_of(response)) is not None:
        kind = "gone" if notice.gone else "blocked" if notice.kind == "blocked" else "site down"
        return FetchFailed(kind, f"{_SAYS[kind]} in place of {url}: {notice.words}", url, response.status)
    page = _opened(response)
    if page is not None and is_cookie_wall(page):
        return FetchFailed("blocked", f"a question about cookies in place of {url}", url, response.status)
    if page is not None and (is_shell(page) or _shows(page, entry, set(known))):
        return FetchFailed("page changed", f"no story can be told among the links of {url}", url, response.status)
    return FetchFailed("listing empty", f"no links on {url}", url, response.status)


_SAYS = {"gone": "a page that says it is not there", "blocked": "a guard answers", "site down": "an error page answers"}


def _shows(page: Page, entry: SourceEntry, known: set[str]) -> bool:
    hrefs = [href for a in page.root.iter("a") if (href := a.get("href"))]
    return any(canonical(href, entry, base=page.url) in known for href in hrefs[:_MOST_LINKS])


def _opened(response: Response) -> Page | None:
    if not isinstance(response, TextResponse):
        return None
    try:
        return open_page(response)
    except ReadError:
        return None
