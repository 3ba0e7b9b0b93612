"""All places of a page that state a headline, a description, a date, a picture or a language, each with what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from crawler import dates
from crawler.dates import PrintedDate
from crawler.entries import SourceEntry
from crawler.readers.generic import GenericReader
from crawler.readers.page import Page
from crawler.readers.published import from_url
from crawler.readers.titles import strip_force, undoubled
from crawler.text import decode, inner_text, one_line
from storage.records import Link, Precision

_PUBLISHED_NAME = re.compile(r"publish|issued|pubdate|datecreated|\bcreated|(?:^|[.:_-])date$|pub-date", re.I)
_MODIFIED_NAME = re.compile(r"modif|updated|revis|edited", re.I)
_LONGEST_DATE = 80
LEAST_TITLE = 8  # letters: a shorter heading says nothing
SEPARATOR = re.compile(r"\s*[|\-–—:»·•]\s+|\s+[|\-–—:»·•]\s*")


@dataclass(slots=True, frozen=True)
class Stated:
    """What one place says of a field."""

    where: str
    value: str


@dataclass(slots=True, frozen=True)
class StatedDate:
    """A date that one place states. `month`: it names no day."""

    where: str
    date: PrintedDate
    month: bool = False


def titles(page: Page, entry: SourceEntry, link: Link | None) -> list[Stated]:
    """Headlines as stated, without the force's name around them."""
    names = GenericReader(entry).names(page)

    def clean(text: str) -> str:
        return strip_force(undoubled(decode(text)), entry.title_prefixes, entry.title_suffixes, names)

    shown = [clean(inner_text(e)) for e in islice(page.root.iter("h1"), 5)]
    found = [
        *(Stated("h1", text) for text in shown),
        _less("title tag", clean(page.title_tag), shown),
        *(_less(name, clean(page.first(name) or ""), shown) for name in ("og:title", "twitter:title", "dc.title")),
        Stated("json-ld", clean(_text(page.ld_article().get("headline")))),
        Stated("listing", clean(link.title or "" if link else "")),
    ]
    return [each for each in found if each.value and each.value not in names]


def _less(where: str, text: str, shown: Sequence[str]) -> Stated:
    """A stated headline less what stands behind a separator, where the rest is what the page shows."""
    for heading in shown:
        if len(heading) >= LEAST_TITLE and text.startswith(heading) and SEPARATOR.match(rest := text[len(heading) :]):
            return Stated(f"{where} (less {rest!r})", heading)
    return Stated(where, text)


def descriptions(page: Page) -> list[Stated]:
    """Descriptions as stated for machines."""
    found = [
        *(
            Stated(n, page.first(n) or "")
            for n in ("og:description", "description", "twitter:description", "dcterms.description")
        ),
        Stated("json-ld", decode(_text(page.ld_article().get("description")))),
    ]
    return [each for each in found if each.value]


def images(page: Page) -> list[Stated]:
    """Pictures as stated for machines."""
    found = [Stated(name, page.first(name) or "") for name in ("og:image", "og:image:url", "twitter:image")]
    picture = page.ld_article().get("image")
    picture = picture[0] if isinstance(picture, list) and picture else picture
    picture = picture.get("url") if isinstance(picture, dict) else picture
    return [each for each in (*found, Stated("json-ld", _text(picture))) if each.value]


def languages(page: Page) -> list[Stated]:
    """Languages as stated, two letters each."""
    found = [
        Stated("html lang", page.root.get("lang") or ""),
        Stated("og:locale", page.first("og:locale") or ""),
        Stated("content-language", page.first("content-language") or ""),
        Stated("json-ld", _text(page.ld_article().get("inLanguage"))),
    ]
    return [Stated(each.where, each.value[:2].lower()) for each in found if each.value]


def addresses(page: Page) -> list[Stated]:
    """The page's own address as it states it."""
    rel = next((e.get("href") for e in page.root.iter("link") if (e.get("rel") or "").lower() == "canonical"), "")
    found = [Stated("link rel=canonical", (rel or "").strip()), Stated("og:url", page.first("og:url") or "")]
    return [each for each in found if each.value]


def published(page: Page, link: Link | None) -> list[StatedDate]:
    """Publication dates: JSON-LD, meta, `<time>`, printed lines, the listing, the address."""
    ld = page.ld_article()
    found = [*_dates("json-ld", ld.get("datePublished") or ld.get("dateCreated"))]
    for name, value in page.meta.items():
        if _PUBLISHED_NAME.search(name) and not _MODIFIED_NAME.search(name):
            found += _dates(f"meta {name}", value)
    found += _printed(page, ("", "published"))
    if link and link.published_raw:
        found += _dates("listing", link.published_raw)
    if (there := from_url(page.url)).at is not None:
        day = PrintedDate(there.at.date(), None, there.raw or "")
        found.append(StatedDate("url", day, there.precision is Precision.MONTH))
    return found


def modified(page: Page) -> list[StatedDate]:
    """Dates of the last edit."""
    found = [*_dates("json-ld", page.ld_article().get("dateModified"))]
    for name, value in page.meta.items():
        if _MODIFIED_NAME.search(name):
            found += _dates(f"meta {name}", value)
    return found + _printed(page, ("modified",))


def _dates(where: str, value: Any) -> Iterator[StatedDate]:
    value = value[0] if isinstance(value, list) and value else value
    if isinstance(value, str) and len(value) < _LONGEST_DATE and (found := dates.find(value)) is not None:
        yield StatedDate(where, found)


def _printed(page: Page, labels: Sequence[str]) -> list[StatedDate]:
    found: list[StatedDate] = []
    for element in page.root.iter(
        "time", "p", "span", "div", "li", "td", "dd", "em", "small", "i", "b", "strong", "h2"
    ):
        if len(found) >= 40:
            break
        stamp = element.get("datetime") if element.tag == "time" else None
        if stamp and "" in labels:
            found += _dates("time element", stamp)
        line = one_line((element.text or "") if len(element) else inner_text(element))
        printed = dates.date_line(line) if line else None
        if printed is not None and printed.label in labels:
            found.append(StatedDate("printed label" if printed.label else "printed", printed))
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
