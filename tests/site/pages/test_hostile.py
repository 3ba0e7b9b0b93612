"""Thousands of texts that run a script where somebody forgot to escape one, in every field of stories: parsed, none is in a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feeds.build import Press
from feeds.site.context import Site
from feeds.site.pages import page_paths, render
from feeds.site.pages.asking import Ask
from feeds.site.pages.search import search
from storage.database import reading, writing
from storage.tables import SOURCE
from tests.feeds.conftest import NewsStore
from tests.site.markup import faults_of_html
from tests.site.payloads import payloads

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
OWN = "https://news.example.org"
_PER_STORY = 120


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewsStore]:
    made = NewsStore(tmp_path_factory.mktemp("hostile") / "forcewire.db")
    made.source("Northmarch")
    for start in range(0, len(payloads()), _PER_STORY):
        group = payloads()[start : start + _PER_STORY]
        text = "\n\n".join(group)
        story = made.article(title="Safe", body="Safe.\n")
        made.again(story, NOW - timedelta(days=2), title="Safe still", body="Safe still.\n")
        marks = {
            "references": list(group),
            "operations": list(group),
            "language": group[0][:40],
            "image_url": group[-1],
        }
        made.rewrite(story, title=" ".join(group), description=" ".join(group[::-1]), body=text, kind=group[0], **marks)
        made.change(story, address=group[len(group) // 2])
    with writing(made.engine) as conn:
        conn.execute(SOURCE.update().values(name=group[0], force=group[0], region=group[0], home_url=group[0]))
    yield made
    made.engine.dispose()


def test_no_page_of_them_runs_a_script_or_asks_another_host(store: NewsStore) -> None:
    assert len(payloads()) >= 3000
    site, count = Site(store.engine, Press(OWN), title="<script>alert(1)</script>", contact="javascript:alert(1)"), 0
    with reading(store.engine) as conn:
        for path in page_paths(conn, site, NOW):
            if path.endswith((".svg", ".css", ".xml", ".txt")):
                continue
            faults = faults_of_html(render(conn, site, path, NOW).decode(), own=OWN)
            assert faults == [], (path, faults[:5])
            count += 1
    assert count > len(payloads()) / _PER_STORY * 2


def test_no_search_for_them_does(store: NewsStore) -> None:
    site = Site(store.engine, Press(OWN))
    with reading(store.engine) as conn:
        for payload in payloads()[::150]:
            query: dict[str, Any] = {"q": payload[:400]}
            faults = faults_of_html(search(Ask(conn, site, NOW, query)).html, own=OWN)
            assert faults == [], (payload, faults[:5])
