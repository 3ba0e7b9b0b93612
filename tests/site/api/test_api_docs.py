"""docs/api.md: its examples are answered as it says, and it tells of each path and parameter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.site.api.newsroom import FIRST, Api, News

TEXT = (Path(__file__).parents[3] / "docs/api.md").read_text()
EXAMPLES = re.findall(
    r"curl 'http://127\.0\.0\.1:8000/api/v1([^']*)'(?:  # (\d+))?\n(?:```\n\n```json\n(.*?)```)?", TEXT, re.S
)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    news = News(tmp_path_factory.mktemp("docs") / "forcewire.db")
    article = news.article(references=("40/12345/26",), body="A **five-bar gate** of farm 1 went missing.\n")
    news.article("eastmere", kind="court", seen_at=FIRST)
    news.again(article, FIRST + timedelta(days=1), body="A **six-bar gate** of farm 1 went missing.\n")
    yield Api(news.engine)
    news.engine.dispose()


def _holds(example: Any, found: Any) -> bool:
    """Whether all of an example is in an answer; of lists that are cut short, their begin."""
    if isinstance(example, dict):
        return all(name in found and _holds(value, found[name]) for name, value in example.items())
    if isinstance(example, list):
        return len(found) >= len(example) and all(map(_holds, example, found))
    return bool(example == found)


@pytest.mark.parametrize(("path", "status", "shown"), EXAMPLES, ids=[path for path, _, _ in EXAMPLES])
def test_an_example_is_answered_as_it_says(api: Api, path: str, status: str, shown: str) -> None:
    found = api.get(path, int(status or 200))
    if shown:
        assert _holds(json.loads(shown), found), found
    elif "items" in found:
        assert found["items"]


def test_there_are_examples_with_answers() -> None:
    assert len(EXAMPLES) >= 10
    assert sum(bool(shown) for _, _, shown in EXAMPLES) >= 4


def test_each_path_and_parameter_is_told_of(api: Api) -> None:
    for path, described in api.get("/openapi.json")["paths"].items():
        short = path.removeprefix("/api/v1")
        assert not short or f"| `{short}` |" in TEXT
        for parameter in described["get"]["parameters"]:
            assert parameter["in"] == "path" or f"`{parameter['name']}`" in TEXT


def test_each_status_is_told_of(api: Api) -> None:
    told = set(re.findall(r"^\| (\d{3}) \|", TEXT, re.M))
    described = [each["get"]["responses"] for each in api.get("/openapi.json")["paths"].values()]
    assert {status for responses in described for status in responses} - {"200"} == told
