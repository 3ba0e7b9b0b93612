"""Lists are read along indexes: what a page costs does not grow with the age of the store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.testclient import TestClient

from feeds.build import Press
from feeds.site.api import routes
from feeds.site.context import Site
from tests.site.api.newsroom import BASE_URL, FIRST, Api, News

# Of few rows: the sources, the forces that they are of, and the articles that quote one reference.
_SMALL = ("SCAN source", "SCAN CONSTANT ROW", "SCAN (subquery")


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What SQLite does for a request: the steps of each of its queries."""
    news = News(tmp_path_factory.mktemp("plans") / "forcewire.db")
    news.bulk(60)
    news.bulk(20, published_at=None)
    news.again(
        news.article(), FIRST + timedelta(days=1), body="Other words, of which there are more than before today.\n"
    )
    api, asked = Api(news.engine), []
    api.client = TestClient(Starlette(routes=routes(Site(news.engine, Press(BASE_URL)))))  # no watching beside

    @sa.event.listens_for(news.engine, "before_cursor_execute")
    def listen(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        asked.append((statement, parameters))

    def plan(path: str, **query: Any) -> list[str]:
        following = api.get(path, **query)["next"]
        if following:
            api.get(following)
        selects = [each for each in asked if each[0].startswith("SELECT")]
        asked.clear()
        with news.engine.connect() as conn:
            cursor = conn.connection.cursor()
            return [row[-1] for each in selects for row in cursor.execute(f"EXPLAIN QUERY PLAN {each[0]}", each[1])]

    yield plan
    news.engine.dispose()


@pytest.mark.parametrize(
    ("path", "query"),
    [
        *(("/articles", {"order": order}) for order in ("published", "first_seen", "changed")),
        *(("/articles", {"order": order, "area": "northmarch"}) for order in ("published", "first_seen", "changed")),
        ("/articles", {"kind": "appeal", "withdrawn": "false"}),
        ("/articles", {"since": "2026-01-01", "until": "2026-03-02", "source": "northmarch"}),
        ("/articles", {"changed_since": "2026-01-01"}),
        ("/changes", {}),
        ("/changes", {"after": 0}),
        ("/changes", {"area": "northmarch", "kind": "appeal", "since": "2026-01-01"}),
        ("/changes", {"change": "edited,removed", "field": "body"}),
    ],
)
def test_no_list_reads_or_sorts_a_whole_table(plans: Any, path: str, query: dict[str, Any]) -> None:
    steps = [step for step in plans(path, limit=3, **query) if not step.startswith(_SMALL)]
    assert any(step.startswith(("SEARCH", "SCAN")) for step in steps)
    for step in steps:
        assert "TEMP B-TREE" not in step
        assert "USING" in step or "SUBQUERY" in step or step == "SEARCH change", step  # the last is max(id)
        assert "SCAN" not in step or "ix_" in step, step


def test_what_was_edited_is_found_without_reading_past_all_that_is_new(plans: Any) -> None:
    assert "SCAN change USING INDEX ix_change_told_at" in " ".join(plans("/changes", change="edited", limit=1)).replace(
        "COVERING ", ""
    )


def test_a_reference_is_found_by_its_index(plans: Any) -> None:
    steps = plans("/articles", reference="40/1/26")
    assert any("ix_article_reference_force_key (force=? AND key=?)" in step for step in steps)
    assert not any(step.startswith("SCAN article") for step in steps)
