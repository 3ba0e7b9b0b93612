"""The dates that a page states for machines: JSON-LD, meta tags, microdata and the time elements beside its headline."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice, takewhile
from typing import Any, cast
from urllib.parse import urlsplit

from lxml import etree
from lxml.etree import _Element

from crawler import dates
from crawler.dates import PrintedDate, stamp
from crawler.readers.page import Page
from crawler.text import fold, opening_text

_FIRST_META = ("article:published_time", "og:article:published_time", "datepublished")
_MODIFIED_META = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified")
# By what its name says, letters alone: "article:published_time", "DC.Date.Issued", "sailthru.date", "cXenseParse:recs:publishtime".
_NOT_META = re.compile(
    r"publisher|modif|updat|revis|chang|expir|unpub|valid|until|copyright|event|start|end(?!t)|review|embargo|crawl|author|image|format|location|build|generat|server"
)
_PUBLISHED_META = re.compile(
    r"publish|publi(?:c|ca)tiondate|pubdate|pubtime|issued|posted|postdate|releas|datefirst|firstdate|onlinedate|displaydate|originaldate|dateoriginal|submitted|regdate"
)
_CREATED_META = re.compile(r"creat")
_PLAIN_META = re.compile(
    r"(?:[a-z]{0,14}|dcterms)date|[a-z]{0,10}timestamp|(?:article|story|page|news)date[a-z]{0,8}|pagetime"
)
_BRITISH = re.compile(r"\.(?:uk|wales|scot|cymru|je|gg|im)$")
_DAY_FIRST = re.compile(r"\.(?:uk|wales|scot|cymru|je|gg|im|au|nz|ie|za|in|eu)$")
_ARTICLES = re.compile(r"article|posting|report|news$|story|blog$", re.I)
_PAGES = re.compile(
    r"(?:web|item|about)page|creativework|video|recipe|podcast|episode|book|product|scholarly|review$", re.I
)
_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{6,40})"')
_MARKED = etree.XPath(
    "//*[(@itemprop or @property) and not(self::meta)] | //time | //abbr[@title] | //*[contains(@class, 'dt-published')]"
)
_PUBLISHED_MARK = re.compile(
    r"datepublished|dateposted|published_time|dc:date|dcterms:(?:date|issued|created)|datecreated|dc:issued", re.I
)
_PUBLISHED_CLASS = re.compile(r"publish|entry-?date|post-?date|posted|pubdate|article-?date|created", re.I)
_MODIFIED_CLASS = re.compile(r"updated|modified", re.I)
_ASIDE = re.compile(
    r"comment|related|sidebar|side-bar|widget|recent|popular|footer|teaser|promo|most-?read|latest|carousel|more-", re.I
)
_ROWS = ("a", "li")
_MOST = 100


def machine_dates(page: Page) -> tuple[PrintedDate | None, str, PrintedDate | None]:
    """What a page states for machines: the publication date, where it stands, and the date of the last edit."""
    month_first = american(page)
    ld = page.ld_article()
    modified = _parsed(ld.get("dateModified"), month_first) or _first(page, _MODIFIED_META, month_first)
    if (found := _in_json_ld(page, month_first)) is not None:
        return found, "json-ld", modified
    if (found := _in_meta(page, month_first)) is not None:
        return found, "meta", modified
    return None, "", modified


def american(page: Page) -> bool:
    """Whether a page writes the month first in numbers: it says that it is American, and its host does not say otherwise.

    Old sites of UK forces say en-US, as their software was delivered: a host below .uk is never believed to be American.
    """
    host = _host(page)
    if _DAY_FIRST.search(host):
        return False
    language = (page.root.get("lang") or "").lower().replace("_", "-")
    locale = (page.first("og:locale", "language", "content-language") or "").lower().replace("_", "-")
    return "en-us" in (language, locale) or host.endswith((".gov", ".us", ".edu", ".mil"))


def british(page: Page) -> bool:
    """Whether a page is of a host in the United Kingdom."""
    return _BRITISH.search(_host(page)) is not None


def _host(page: Page) -> str:
    try:
        return urlsplit(page.url).hostname or ""
    except ValueError:
        return ""


def _in_json_ld(page: Page, month_first: bool) -> PrintedDate | None:
    """The date of the JSON-LD object that is this page's article; of a page object where there is none."""
    dated = [
        (found, thing)
        for thing in page.ld
        if (found := _parsed(thing.get("datePublished") or thing.get("dateCreated"), month_first))
    ]
    for kinds in (_ARTICLES, _PAGES):
        of_kind = [(found, thing) for found, thing in dated if kinds.search(_kinds(thing))]
        if len({found.day for found, _ in of_kind}) > 1:
            own = {fold(page.title_tag), fold(page.first("og:title") or "")}
            named = [
                (found, thing) for found, thing in of_kind if isinstance(thing.get("headline"), str)
                and (text := fold(thing["headline"])) and any(text in one for one in own)
            ]  # fmt: skip
            of_kind = named or of_kind
        if of_kind:
            return of_kind[0][0]
    if not page.ld and page.marks_dates:
        for script in page.root.iter("script"):
            if script.text and "datePublished" in script.text and (stated := _LD_DATE.search(script.text)):
                return _parsed(stated[1], month_first)
    return dated[0][0] if len({found.day for found, _ in dated}) == 1 and "@type" not in dated[0][1] else None


def _kinds(thing: dict[str, Any]) -> str:
    kinds = thing.get("@type")
    return " ".join(kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str))


def _in_meta(page: Page, month_first: bool) -> PrintedDate | None:
    if (found := _first(page, _FIRST_META, month_first)) is not None:
        return found
    named = sorted((rank, name) for name in page.meta if (rank := _meta_rank(name)))
    return next((found for _, name in named if (found := _parsed(page.first(name), month_first))), None)


@lru_cache(maxsize=1024)
def _meta_rank(name: str) -> int:
    """1 for a meta tag that names the publication, 2 the creation, 3 just a date; 0 for any other."""
    letters = re.sub(r"[^a-z]", "", name)
    if len(letters) < 4 or _NOT_META.search(letters):
        return 0
    if _PUBLISHED_META.search(letters):
        return 1
    return 2 if _CREATED_META.search(letters) else 3 if _PLAIN_META.fullmatch(letters) else 0


def _first(page: Page, names: Iterable[str], month_first: bool) -> PrintedDate | None:
    return next((found for name in names if (found := _parsed(page.first(name), month_first)) is not None), None)


def _parsed(value: Any, month_first: bool) -> PrintedDate | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):  # a value with its type (JSON-LD 1.1, 4.2.1)
        value = value.get("@value")
    return stamp(value, month_first=month_first) if isinstance(value, str) else None


def marked_date(page: Page) -> PrintedDate | None:
    """The date of the first element that is marked as the publication's: microdata, RDFa, `pubdate`, or a class that says so."""
    month_first = american(page)
    weak: list[PrintedDate] = []
    # Looking at the attributes of every element takes longer than all else here: only where a mark stands in the page.
    marked_elements = cast("list[_Element]", _MARKED(page.root)) if page.marks_dates else page.root.iter("time", "abbr")
    for element in islice(marked_elements, _MOST):
        name = f"{element.get('itemprop') or ''} {element.get('property') or ''}"
        of_time = element.tag == "time" or element.tag == "abbr"
        marked = _PUBLISHED_MARK.search(name) is not None
        classes = element.get("class") or ""
        if not (marked or of_time or "dt-published" in classes):
            continue
        if (found := _value(element, month_first)) is None or _set_aside(element):
            continue
        published = marked or element.get("pubdate") is not None or _PUBLISHED_CLASS.search(classes) is not None
        if published:
            return found
        if of_time and not _MODIFIED_CLASS.search(f"{classes} {name}") and (element.tag == "time" or found.at):
            above = element.getparent()
            said = "" if above is None else opening_text(above, 200).strip()
            if dates.label_of(said) not in ("modified", "rendered") and len(said) <= 120:
                weak.append(found)
    return weak[0] if len({one.day for one in weak}) == 1 else None


def _value(element: _Element, month_first: bool) -> PrintedDate | None:
    for text in (element.get("content"), element.get("datetime"), element.get("title"), opening_text(element, 90)):
        if text and (found := stamp(text, month_first=month_first)):
            return found
    return None


def _set_aside(element: _Element) -> bool:
    """Whether an element stands in a comment, a list of other stories or the page's foot."""
    for above in _above(element):
        if above.tag in ("aside", "nav"):
            return True
        if above.tag == "article" or above.tag == "body":
            return False
        if _ASIDE.search(f"{above.get('class') or ''} {above.get('id') or ''}"):
            return True
    return False


def _above(element: _Element) -> Iterator[_Element]:
    return islice(element.iterancestors(), 40)


def time_element(zone: _Element, skip: Callable[[_Element], bool]) -> PrintedDate | None:
    """The first `<time datetime>` of a story's zone that stands in no link, no list and no sentence."""
    for element in zone.iter("time"):
        parent = element.getparent()
        if parent is None or (found := stamp(element.get("datetime") or "")) is None:
            continue
        above = list(takewhile(lambda one: one is not zone, islice(element.iterancestors(), 100)))
        if any(one.tag in _ROWS or skip(one) for one in above) or len(around := opening_text(parent, 200)) > 120:
            continue
        if dates.label_of(around.strip()) in ("modified", "rendered"):
            continue
        return found
    return None
