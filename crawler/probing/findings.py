"""An article field by field: what was read, where it stands, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping

from lxml.etree import _Element

from crawler.entries import SourceEntry
from crawler.probing import stated
from crawler.probing.readings import body_difference
from crawler.probing.stated import Stated
from crawler.probing.sureness import DOUBTFUL, LIKELY, NONE, SURE, Finding, weigh, weigh_date
from crawler.readers.page import Page
from crawler.selectors import ReadError
from crawler.text import fold, inner_text
from crawler.urls import canonical, is_same_page
from storage.records import Link, Record

_STORY_TAGS = ("article", "main", "section", "div", "td", "body")


def findings(
    record: Record,
    page: Page,
    entry: SourceEntry,
    others: Mapping[str, Record | ReadError],
    reader: str,
    link: Link | None = None,
) -> list[Finding]:
    """All fields of a record in the record's order."""
    language = record.language[:2].lower()
    return [
        _title(record, page, entry, link),
        weigh_date(record, stated.published(page, link)),
        _modified(record, page),
        weigh("description", record.description, stated.descriptions(page)),
        _body(record, page, others, reader),
        _image(record, page),
        weigh("language", language, stated.languages(page), key=str.lower),
        _address(record, page, entry),
        *_derived(record),
    ]


def _title(record: Record, page: Page, entry: SourceEntry, link: Link | None) -> Finding:
    found = weigh("title", record.title, stated.titles(page, entry, link))
    if not found.where or found.where == ["page"]:
        shown = _holder(
            page.root, [fold(record.title)], ("h2", "h3", "h4", "td", "div", "p", "b", "strong", "span", "font")
        )
        found.where = [shown] if shown else found.where
    return found


def _modified(record: Record, page: Page) -> Finding:
    dates = stated.modified(page)
    if record.modified_at is None:
        if not dates:
            return Finding("modified_at", None, [], NONE, "the page states none")
        earlier = all(record.published_at is None or d.date.utc <= record.published_at for d in dates)
        why = "stated, but not after the publication" if earlier else "stated, but not taken"
        return Finding(
            "modified_at", None, [], LIKELY if earlier else DOUBTFUL, why, [Stated(d.where, d.date.raw) for d in dates]
        )
    where = list(dict.fromkeys(d.where for d in dates if d.date.day == record.modified_at.date()))
    return Finding(
        "modified_at",
        record.modified_at,
        where,
        SURE if len(where) > 1 else LIKELY,
        f"{len(where)} places name the day",
    )


def _image(record: Record, page: Page) -> Finding:
    found = weigh("image_url", record.image_url, stated.images(page), key=str.strip)
    if record.image_url is None and found.others:
        found.sure, found.why = LIKELY, f"{found.others[0].where} is the site's picture for pages that have none"
    return found


def _body(record: Record, page: Page, others: Mapping[str, Record | ReadError], reader: str) -> Finding:
    lines = [line for line in record.body.splitlines() if fold(line)]
    keys = [fold(line) for line in (lines[0], lines[-1])] if lines else []
    where = "api" if record.published_from == "api" else _holder(page.root, keys, _STORY_TAGS) or "page"
    words = len(record.body.split())
    value = f"{words} words in {len(lines)} lines"
    read = {name: r.body for name, r in others.items() if not isinstance(r, ReadError) and name != reader}
    differ = [Stated(name, body_difference(record.body, body)) for name, body in read.items() if body != record.body]
    stated_body = page.ld_article().get("articleBody")
    if isinstance(stated_body, str) and len(stated_body) > 100:
        share = _shared(record.body, stated_body)
        if share < 0.9:
            return Finding(
                "body",
                value,
                [where],
                DOUBTFUL,
                f"only {share:.0%} of it and of JSON-LD's articleBody are the same words",
                differ,
            )
        return Finding(
            "body", value, [where, "json-ld"], SURE, f"JSON-LD's articleBody has {share:.0%} of the same words", differ
        )
    if words < 25:
        return Finding("body", value, [where], DOUBTFUL, "very short", differ)
    if differ:
        return Finding(
            "body", value, [where], DOUBTFUL, f"{len(differ)} of {len(read)} other readers read it otherwise", differ
        )
    return Finding(
        "body", value, [where], LIKELY, f"{len(read)} other readers read the same" if read else "one reader", differ
    )


def _shared(one: str, other: str) -> float:
    a, b = one.casefold().split(), other.casefold().split()
    common = len(set(a) & set(b))
    return common / max(len(set(a) | set(b)), 1)


def _address(record: Record, page: Page, entry: SourceEntry) -> Finding:
    """The address against what the page says of itself. Sites state wrong ones, so that a foreign one proves nothing."""
    there = stated.addresses(page)
    same = [s for s in there if (url := canonical(s.value, entry, base=page.url)) and is_same_page(url, record.url)]
    differ = [s for s in there if s not in same]
    why = (
        f"{' and '.join(s.where for s in same)} agree"
        if same
        else "the page states none"
        if not there
        else "the page states another"
    )
    return Finding("url", record.url, ["asked", *(s.where for s in same)], LIKELY if differ else SURE, why, differ)


def _derived(record: Record) -> list[Finding]:
    """What is told from the words of headline and text, and not stated."""
    values = {name: getattr(record, name) for name in ("kind", "references", "operations", "tags", "sensitive")}
    return [
        Finding(
            name,
            list(value) if isinstance(value, tuple) else value,
            ["title and body"],
            LIKELY if value else NONE,
            "from its words",
        )
        for name, value in values.items()
    ]


def _holder(root: _Element, keys: list[str], tags: tuple[str, ...]) -> str | None:
    """The innermost element that holds all of these texts, as a path that a person can find."""
    best: _Element | None = None
    # Document order: each further one that holds them all lies deeper, or beside a copy.
    for element in root.iter(*tags):
        if best is not None and best not in element.iterancestors():
            continue
        text = fold(inner_text(element))
        if all(key[:60] in text for key in keys):
            best = element
    return _path(best) if best is not None else None


def _path(element: _Element) -> str:
    def name(one: _Element) -> str:
        own = one.get("id") or ""
        kind = (one.get("class") or "").split()
        return f"{one.tag}#{own}" if own else f"{one.tag}.{kind[0]}" if kind else str(one.tag)

    above = [one for one in element.iterancestors() if one.tag in ("article", "main") or one.get("id")][:1]
    return " > ".join(name(one) for one in [*above, element])
