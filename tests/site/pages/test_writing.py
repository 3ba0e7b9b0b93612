"""Pages as files below a folder."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.build import Press
from feeds.files import PublishError
from feeds.site.context import Site
from feeds.site.pages import write_pages
from feeds.site.pages.writing import file_of
from storage.database import writing
from storage.suppressions import articles_at, suppress
from tests.feeds.conftest import NewsStore

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
NAME = "Ezra Mallow"


@pytest.fixture
def store(tmp_path: Path) -> NewsStore:
    made = NewsStore(tmp_path / "forcewire.db")
    made.source("Northmarch")
    made.source("Tarn")
    made.article("northmarch", title="Gate taken")
    made.article("tarn", title="Old news", published_at=datetime(2024, 1, 1, tzinfo=UTC))
    story = made.article("tarn", title=f"{NAME} charged", body=f"{NAME}.\n", url="https://www.tarn.example/news/mallow")
    made.again(story, NOW - timedelta(days=9), body=f"{NAME}, 19.\n")
    return made


def words(out: Path) -> str:
    return "".join(file.read_text("utf-8") for file in out.rglob("*") if file.is_file() and file.name != ".pages.json")


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "index.html"),
        ("/areas/tarn", "areas/tarn/index.html"),
        ("/sitemap.xml", "sitemap.xml"),
        ("/static/site.css", "static/site.css"),
    ],
)
def test_path_has_its_file(path: str, file: str) -> None:
    assert file_of(path) == file


def test_only_what_may_differ_is_made_again(store: NewsStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, out = Site(store.engine, Press("https://news.example.org")), tmp_path / "out"
    first = write_pages(out, site, NOW)
    assert first.written > 20
    assert first.unchanged == first.removed == 0
    made: list[str] = []
    from feeds.site.pages import writing as room

    whole = room.render
    monkeypatch.setattr(
        room, "render", lambda conn, site, path, now: (made.append(path), whole(conn, site, path, now))[1]
    )
    again = write_pages(out, site, NOW)
    assert again.written == 0
    assert not [path for path in made if path.startswith("/articles/")]
    made.clear()
    store.article("northmarch", title="Gate found")
    assert write_pages(out, site, NOW).written > 3
    assert [path for path in made if path.startswith("/articles/")] == ["/articles/1", "/articles/4"]


def test_what_is_withheld_leaves_every_file(store: NewsStore, tmp_path: Path) -> None:
    site, out = Site(store.engine, Press("https://news.example.org")), tmp_path / "out"
    write_pages(out, site, NOW)
    assert NAME in words(out)
    assert (out / "articles/3/diff/1/2/index.html").exists()
    with writing(store.engine) as conn:
        found = articles_at(conn, "https://www.tarn.example/news/mallow")
        suppress(conn, found, why="a wrong name", who="desk@test", now=NOW)
    assert write_pages(out, site, NOW + timedelta(minutes=5)).removed >= 1
    assert NAME not in words(out)
    assert not (out / "articles/3/diff").exists()
    assert "no longer here" in (out / "articles/3/index.html").read_text("utf-8")


def test_folder_of_somebody_else_is_left_alone(store: NewsStore, tmp_path: Path) -> None:
    mine = tmp_path / "out" / "articles" / "mine.html"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with pytest.raises(PublishError, match="articles is there and was not written by us"):
        write_pages(tmp_path / "out", Site(store.engine, Press("https://news.example.org")), NOW)
    assert mine.read_text() == "mine"
