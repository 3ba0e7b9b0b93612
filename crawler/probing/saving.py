"""Pages kept as test cases, in the layout of tests/pages: a folder a case with the page, where it is from, and what is read."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.http import Response, TextResponse

from crawler.probing.case_names import ARTICLE_META, LISTING_META, article_case, check_absent, listing_case
from crawler.probing.quoting import quoted
from crawler.readers.base import Listing
from storage.records import Link, Record

# What expected.json holds: all that is read from the page, and nothing that changes with a reader's version.
EXPECTED = (
    "title", "description", "body", "published_at", "published_precision", "published_raw", "published_from", "modified_at", "language", "tags",
    "image_url",
)  # fmt: skip


def save_cases(
    folder: Path,
    listings: Iterable[tuple[Response, str, Listing]],
    articles: Iterable[tuple[Response, Record, Link | None]],
    *,
    force: str,
    replace: bool,
) -> list[Path]:
    """Keeps listings and articles, each address once, because two links may lead to one page. Raises `CaseExists` before
    anything is written.
    """
    lists = {(kind, response.url): (response, kind, listing) for response, kind, listing in listings}
    pages: dict[str, tuple[Response, Record, Link | None]] = {}
    for each in articles:
        pages.setdefault(each[0].url, each)
    for kind, url in lists:
        check_absent(listing_case(folder, kind, url), replace=replace)
    for url in pages:
        check_absent(article_case(folder, url), replace=replace)
    return [
        *(save_listing(folder, *each, replace=replace) for each in lists.values()),
        *(save_article(folder, *each, force=force, replace=replace) for each in pages.values()),
    ]


def save_article(
    folder: Path,
    response: Response,
    record: Record,
    link: Link | None = None,
    *,
    force: str = "",
    replace: bool = False,
) -> Path:
    """Keeps an article page as `folder`/CASE/ and returns that folder. Raises `CaseExists`."""
    case = _made(article_case(folder, response.url), replace=replace)
    page = "page.json" if response.body.lstrip()[:1] == b"{" else "page.html"
    meta = {"url": response.url, "force": force or record.area, "origin": "saved", "saved": _today()}
    if link is not None and link.published_raw:
        meta["listed_date"] = link.published_raw
    _write(case / page, response, meta)
    _toml(case / ARTICLE_META, meta)
    expected = {name: _plain(getattr(record, name)) for name in EXPECTED}
    _json(case / "expected.json", expected if record.url == response.url else {**expected, "url": record.url})
    return case


def save_listing(folder: Path, response: Response, kind: str, listing: Listing, *, replace: bool = False) -> Path:
    """Keeps a listing as `folder`/listing-KIND/ and returns that folder. Its meta file has a name of its own, because
    what reads the articles' cases looks for meta.toml. Raises `CaseExists`.
    """
    case = _made(listing_case(folder, kind, response.url), replace=replace)
    ending = {"html": "html", "api": "json"}.get(kind, "xml")
    meta = {"url": response.url, "kind": kind, "origin": "saved", "saved": _today()}
    _write(case / f"page.{ending}", response, meta)
    _toml(case / LISTING_META, meta)
    _json(
        case / "links.json",
        {"links": [dataclasses.asdict(link) for link in listing.links], "next_url": listing.next_url},
    )
    return case


def _made(case: Path, *, replace: bool) -> Path:
    check_absent(case, replace=replace)
    if case.exists():
        for old in case.iterdir():
            if old.name.startswith("page.") or old.name in (ARTICLE_META, LISTING_META, "expected.json", "links.json"):
                old.unlink()
    case.mkdir(parents=True, exist_ok=True)
    return case


def _write(path: Path, response: Response, meta: dict[str, str]) -> None:
    """The page as served; one in another encoding as UTF-8, which is what reads the cases takes, and says so."""
    body = response.body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        if isinstance(response, TextResponse):
            meta["served_as"] = response.encoding
            body = response.text.encode("utf-8", "replace")
    path.write_bytes(body)


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _toml(path: Path, values: dict[str, str]) -> None:
    path.write_text("".join(f"{key} = {quoted(value)}\n" for key, value in values.items()), "utf-8")


def _json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
