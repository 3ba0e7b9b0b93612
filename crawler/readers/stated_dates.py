"""The dates that the head of a page states for machines: JSON-LD and meta tags; and whether it writes as Americans do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from crawler.dates import PrintedDate, stamp
from crawler.readers.page import Page
from crawler.text import fold

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
