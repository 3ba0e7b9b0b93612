"""Saved pages and what they need to be read: a response without a network, an entry of an invented force."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from scrapy.http import HtmlResponse, JsonResponse, Response, TextResponse

from crawler.entries import SourceEntry, load_entries
from storage.records import Link

PAGES = Path(__file__).parents[2] / "pages"


def entry_for(host: str, *, force: str = "Ravenquay Police", reader: str = "generic", **more: Any) -> SourceEntry:
    """An entry of an invented force."""
    return SourceEntry.model_validate(
        {
            "id": "ravenquay",
            "name": force,
            "force": force,
            "area": "Ravenquay",
            "reader": reader,
            "hosts": (host,),
            "listing": ({"kind": "html", "url": f"https://{host}/news/"},),
            "interval": "15m",
            "assertions": {"min": {"links": 1}, "fill": {"published_at": 0.5}},
            **more,
        }
    )


@dataclass
class SavedPage:
    """A page of tests/pages: `meta.toml` says url, force, origin, where a listing showed a date `listed_date`, and the reader where the
    folder is not a source's.
    """

    folder: Path
    meta: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.meta = tomllib.loads((self.folder / "meta.toml").read_text("utf-8"))

    @property
    def name(self) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def body(self) -> str:
        return next(self.folder.glob("page.*")).read_text("utf-8")

    @property
    def expected(self) -> dict[str, Any]:
        expected: dict[str, Any] = json.loads((self.folder / "expected.json").read_text("utf-8"))
        return expected

    @property
    def entry(self) -> SourceEntry:
        """The bundled entry of the folder's source, for an invented force; where there is none, the generic reader's."""
        host, force = urlsplit(self.meta["url"]).netloc, self.meta["force"]
        bundled = load_entries().get(self.folder.parent.name)
        if bundled is None:
            return entry_for(host, force=force, reader=self.meta.get("reader", "generic"))
        suffixes = tuple(s.replace(bundled.force, force) for s in bundled.title_suffixes)
        return bundled.model_copy(
            update={"name": force, "force": force, "area": "Ravenquay", "hosts": (host,), "title_suffixes": suffixes}
        )

    @property
    def link(self) -> Link:
        return Link(url=self.meta["url"], published_raw=self.meta.get("listed_date"))

    def response(self, body: str | None = None) -> Response:
        kind: type[TextResponse] = JsonResponse if (self.folder / "page.json").exists() else HtmlResponse
        return kind(self.meta["url"], body=(self.body if body is None else body).encode(), encoding="utf-8")


def saved_pages() -> list[SavedPage]:
    return [SavedPage(path.parent) for path in sorted(PAGES.glob("*/*/meta.toml"))]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `saved_page` runs once for each of them."""
    if "saved_page" in metafunc.fixturenames:
        metafunc.parametrize("saved_page", saved_pages(), ids=lambda page: page.name)


@pytest.fixture
def entry() -> SourceEntry:
    return entry_for("www.ravenquay.example")
