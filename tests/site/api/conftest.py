"""A store with two areas, and the API over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.api.newsroom import Api, News


@pytest.fixture
def news(tmp_path: Path) -> Iterator[News]:
    made = News(tmp_path / "forcewire.db")
    yield made
    made.engine.dispose()


@pytest.fixture
def api(news: News) -> Api:
    return Api(news.engine)
