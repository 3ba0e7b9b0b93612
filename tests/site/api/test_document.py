"""The OpenAPI document: schemathesis asks the API whatever the document allows and forbids, and holds the answers to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from tests.site.api.newsroom import FIRST, Api, News


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A small store of everything: edited, withdrawn, of somebody who is spared, of another area."""
    news = News(tmp_path_factory.mktemp("document") / "forcewire.db")
    articles = [news.article(kind=kind) for kind in ("appeal", "court", "other")]
    spared = news.article("eastmere", kind="missing", sensitive=True, references=("40/123/26",))
    for article in (articles[0], spared):
        news.again(article, FIRST + timedelta(days=1), body="Other words of the story, which are quite new.\n")
    news.remove(articles[1], FIRST + timedelta(days=2))
    news.suppress(articles[2], FIRST + timedelta(days=2))
    yield Api(news.engine).app
    news.engine.dispose()


_BOUNDED = settings(
    max_examples=8,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
def test_each_answer_is_what_the_document_says(app: Any, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    asked = []
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode == GenerationMode.NEGATIVE and not operation.definition.raw["parameters"]:
            continue
        asked.append(operation.path)

        @_BOUNDED
        @given(case=operation.as_strategy(generation_mode=mode))
        def hold(case: schemathesis.Case) -> None:
            if mode == GenerationMode.POSITIVE:
                case.query.pop("cursor", None)  # no schema says which text was given out
            case.call_and_validate()

        hold()
    assert "/api/v1/articles/{id}/diff" in asked
