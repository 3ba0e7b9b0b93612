"""A store of invented news with one story of each sort, and its pages as a visitor gets them. Nothing here writes to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from lxml import html
from starlette.testclient import TestClient

from feeds.build import Press
from feeds.site.app import create_app
from feeds.site.context import Site
from storage.database import writing
from storage.records import Precision
from storage.suppressions import articles_at, suppress
from storage.tables import ARTICLE
from tests.feeds.conftest import NewsStore

BASE_URL = "https://news.example.org/police"
FIRST = datetime(2024, 5, 1, 8, tzinfo=UTC)
NAME = "Ottoline Quimby"
DAY = timedelta(days=1)
BODY = """Officers looked for a *five-bar* gate.

# What happened

### Where

Behind [the mill](/mill). [](https://empty.example)

|Colour||
|---|---|
|blue|1|

## What to do

Call 101.
"""


@dataclass
class Got:
    """A page, parsed."""

    status: int
    text: str
    headers: Any

    @property
    def root(self) -> Any:
        return html.document_fromstring(self.text)

    def words(self, path: str) -> list[str]:
        """The texts of what an XPath finds, each in one line."""
        return [" ".join(each.text_content().split()) for each in self.root.xpath(path)]

    @property
    def said(self) -> str:
        """All that the page says to a reader."""
        return self.words("//body")[0]


Get = Callable[[str], Got]


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewsStore]:
    made = NewsStore(tmp_path_factory.mktemp("pages") / "forcewire.db")
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def ids(news: NewsStore) -> dict[str, int]:
    return one_of_each(news)


def one_of_each(news: NewsStore) -> dict[str, int]:
    """Puts a story of each sort into a store, in two areas, and returns them by what they are here for."""
    news.source("Northmarch")
    news.source("Tarn", language="cy", region="Wales")
    found = {
        "plain": news.article(title="Gate & post <b>taken</b>", body=BODY, kind="appeal", references=("12/345/24",)),
        "later": news.article(title="Arrest over a gate", kind="arrest", references=("12/345/24",)),
        "day": news.article(
            title="Dog show",
            kind="campaign",
            published_at=datetime(2024, 5, 1, tzinfo=UTC),
            published_precision=Precision.DAY,
        ),
        "month": news.article(
            title="Old report", published_at=datetime(2024, 3, 1, tzinfo=UTC), published_precision=Precision.MONTH
        ),
        "undated": news.article(title="No day", published_at=None, published_precision=Precision.UNKNOWN),
        "future": news.article(title="Of tomorrow", published_at=FIRST + 400 * DAY),
        "welsh": news.article("tarn", title="Apêl am dystion", description="Mae swyddogion yn apelio.", language="cy"),
        "gone": news.article(title="Market closed", kind="incident", seen_at=FIRST + DAY),
        "spared": news.article(
            title=f"Missing: {NAME}",
            description=f"{NAME} is 14.",
            body=f"Seen {NAME}?\n",
            kind="missing",
            sensitive=True,
        ),
        "withheld": news.article(
            title=f"Child found: {NAME}", body=f"{NAME} is safe.\n", kind="found", sensitive=True, seen_at=FIRST + DAY
        ),
        "suppressed": news.article(title="Wrongly named Ezra Mallow", body="Ezra Mallow.\n"),
    }
    plain = found["plain"]
    news.again(plain, FIRST + DAY, body=BODY.replace("five-bar", "six-bar"))
    news.again(plain, FIRST + 2 * DAY, title="Two arrested over a gate", body=BODY.replace("101", "999"), kind="arrest")
    news.again(found["spared"], FIRST + DAY, title="Missing: a girl", description="She is 14.", body="Seen her?\n")
    news.again(found["spared"], FIRST + 2 * DAY, body="Have you seen her near Tarn?\n")
    news.remove(found["gone"], FIRST + 3 * DAY)
    news.remove(found["withheld"], FIRST + 3 * DAY)
    with writing(news.engine) as conn:
        suppress(
            conn,
            articles_at(conn, _url(conn, found["suppressed"])),
            why="a wrong name",
            who="desk@test",
            now=FIRST + 4 * DAY,
        )
    return found


def _url(conn: sa.Connection, article: int) -> str:
    return str(conn.scalar(sa.select(ARTICLE.c.url).where(ARTICLE.c.id == article)))


@pytest.fixture(scope="module")
def site(news: NewsStore) -> Site:
    return Site(news.engine, Press(BASE_URL), contact="desk@news.example.org")


@pytest.fixture(scope="module")
def get(site: Site, ids: dict[str, int]) -> Get:
    client = TestClient(create_app(site), base_url="https://news.example.org", follow_redirects=False)

    def ask(path: str) -> Got:
        answer = client.get(f"/police{path}")
        return Got(answer.status_code, answer.text, answer.headers)

    return ask
