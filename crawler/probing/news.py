"""Whether a page is an article, a listing or no news at all, by signs that each are told to the person who asks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.entries import SourceEntry
from crawler.readers.base import Listing
from crawler.readers.page import Page
from crawler.selectors import NotNews, ReadError
from crawler.text import fold, inner_text, one_line
from storage.records import Record

_NEWS_PATH = re.compile(
    r"(?:^|[/_.-])(?:news\w*|newyddion|stor(?:y|ies)|articles?|appeals?|press|media-?releases?|releases?|latest|updates?|posts?|blog|incidents?|statements?|witness|wanted|missing|cases?|courts?)(?=[/_.-]|$)",
    re.I,
)
_SERVICE_PATH = re.compile(
    r"/(?:advice|contact|foi|freedom-of-information|report|careers?|recruitment|jobs|about|cookies?|privacy|accessibility|login|sign-?in|register|search|your-area|terms|legal|site-?map|help|subscribe|police-forces|tua|hyg|cp|ro|feedback|apply|request)(?:[/_.-]|$)",
    re.I,
)
_INDEX_TITLE = frozenset(
    fold(t)
    for t in (
        "news", "latest news", "all news", "news and appeals", "news & appeals", "newsroom", "news archive", "news and communications", "press releases",
        "appeals", "home", "homepage", "newyddion", "blog", "blog posts", "archive", "press", "events", "campaigns", "media centre", "stories", "latest", "our news", "news releases", "latest stories", "latest appeals",
    )
)  # fmt: skip
_ARTICLE_TYPES = ("article", "news", "newsarticle", "blogposting")
_SHORT = 400  # letters of body: a listing's introduction, and hardly a story
_NO_DATE = "no date stated or printed"
_OWN_DATE = ("json-ld", "meta", "time", "page", "first line", "last line", "api")


@dataclass(slots=True)
class Verdict:
    """`what`: article, listing or no news; `signs`: what speaks for it, `against`: what speaks against it."""

    what: str
    signs: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)


def tell(page: Page, article: Record | ReadError, listing: Listing | ReadError, entry: SourceEntry) -> Verdict:
    """What a page of HTML is. An article needs a sign that it is news, because a contact page has a headline and text too."""
    listed = _listing_signs(page, article, listing, entry)
    if isinstance(article, ReadError):
        if not isinstance(listing, ReadError) and len(listing.links) >= 2 and listed:
            return Verdict("listing", listed)
        why = f"{article.what}; {_links(listing)}"
        return Verdict("no news", [], [why])
    signs, against = _article_signs(page, article, entry)
    if len(listed) >= 2 and not (_is_marked(page) or _own_date(article)):
        return Verdict("listing", listed)
    if len(listed) >= 3 or (len(listed) == 2 and not _is_marked(page) and len(article.body) < _SHORT):
        return Verdict("listing", listed)
    if signs and not _outweighed(signs, against):
        return Verdict("article", signs, against)
    if listed and len(article.body) < _SHORT:
        return Verdict("listing", listed)
    return Verdict("no news", signs, against or ["no date, no article markup, no address of news"])


def _outweighed(signs: list[str], against: list[str]) -> bool:
    """A missing date alone says nothing: some forces print none. A service page or a form needs two signs to be news; what is
    headed as an index is never an article.
    """
    if _NO_DATE in against and all(each.startswith("og:type") for each in signs):
        return True  # sites say og:type article on every page they have
    heavy = [each for each in against if each != _NO_DATE]
    return any(each.startswith("headed ") for each in heavy) or (bool(heavy) and len(signs) < 2)


def _is_marked(page: Page) -> bool:
    kind = (page.first("og:type") or "").lower()
    return bool(page.ld_article()) or kind in _ARTICLE_TYPES


def _own_date(record: Record) -> bool:
    return record.published_at is not None and record.published_from in _OWN_DATE


def _article_signs(page: Page, record: Record, entry: SourceEntry) -> tuple[list[str], list[str]]:
    path = urlsplit(page.url).path
    signs, against = [], []
    if page.ld_article():
        signs.append(f"JSON-LD says {page.ld_article().get('@type')}")
    elif _is_marked(page):
        signs.append(f"og:type is {page.first('og:type')}")
    if _own_date(record):
        signs.append(f"a publication date ({record.published_from}: {record.published_raw})")
    elif record.published_at is not None:
        signs.append(f"a date in the {record.published_from}")
    if _NEWS_PATH.search(path) or any(
        path.startswith(urlsplit(one.url).path) and len(urlsplit(one.url).path) > 1 for one in entry.listing
    ):
        signs.append("an address of news")
    if (found := _SERVICE_PATH.search(path)) and not _NEWS_PATH.search(path[: found.start()]):
        against.append(f"an address of a service page ({found[0].strip('/_.-')})")
    headed = _headed(page)
    if fold(record.title) in _INDEX_TITLE or (headed and _INDEX_TITLE.issuperset(headed)):
        against.append("headed as an index is, but without links to stories")
    if record.published_at is None:
        against.append(_NO_DATE)
    if form := _form(page):
        against.append(form)
    return signs, against


def _form(page: Page) -> str | None:
    """A form to fill in: several fields that a person types into, besides a search."""
    for form in page.root.iter("form"):
        typed = [
            e
            for e in form.iter("input", "textarea", "select")
            if (e.get("type") or "text").lower() in ("text", "email", "tel", "date", "number") or e.tag == "textarea"
        ]
        if len(typed) >= 4:
            return f"a form with {len(typed)} fields"
    return None


def _listing_signs(
    page: Page, article: Record | ReadError, listing: Listing | ReadError, entry: SourceEntry
) -> list[str]:
    if isinstance(listing, ReadError) or len(listing.links) < 2:
        return []
    signs = []
    if named := [words for folded, words in _headed(page).items() if folded in _INDEX_TITLE]:
        signs.append(f"it is headed {named[0]!r}")
    path = urlsplit(page.url).path.rstrip("/")
    if not path:
        signs.append("it is the front page")
    below = sum(1 for link in listing.links if urlsplit(link.url).path.startswith(f"{path}/"))
    if path and below >= 3 and below >= 0.5 * len(listing.links):
        signs.append(f"{below} of {len(listing.links)} links lead below its address")
    dated = sum(1 for link in listing.links if link.published_raw)
    if dated >= 3 and dated >= 0.5 * len(listing.links):
        signs.append(f"{dated} of {len(listing.links)} links have a date beside them")
    if listing.next_url:
        signs.append("it has a next page")
    if any(urlsplit(one.url).path.rstrip("/") == path for one in entry.listing) and path:
        signs.append("it is a listing of the entry")
    if isinstance(article, NotNews):
        signs.append("it holds little but links")
    if len(listing.links) >= 8:
        signs.append(f"{len(listing.links)} links in one place")
    return signs


def _headed(page: Page) -> dict[str, str]:
    """The first heading and the title tag without what stands behind it: as written, by their letters alone."""
    heading = next((one_line(inner_text(e)) for e in page.root.iter("h1")), "")
    return {fold(words): words for words in (heading, re.split(r"\s[|\-–]\s", page.title_tag)[0]) if fold(words)}


def _links(listing: Listing | ReadError) -> str:
    if isinstance(listing, ReadError):
        return listing.what
    return f"{len(listing.links)} links that look like stories" if listing.links else "no links that look like stories"
