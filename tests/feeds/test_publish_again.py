"""A run after another one: it makes what may differ, and that is all that differs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from feeds import publishing
from feeds.build import EntryMemory, Press, document, document_names
from feeds.identity import DEFAULT_TAGGING_ENTITY
from feeds.last_run import NAME
from feeds.names import path_of
from feeds.publishing import publish
from storage.database import reading, writing
from storage.models import Article, Change
from storage.suppressions import articles_at, suppress, undo

BASE_URL = "https://news.example.org"
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
GATE = "https://www.northmarch.example/news/gate"
WHO = {"why": "asked for", "who": "a@b", "now": NOW}


@pytest.fixture(autouse=True)
def _news(store: Any) -> None:
    store.source("Northmarch")
    store.source("Sedge and Tarn")
    store.article("northmarch", url=GATE, title="A gate of Quillfeather Farm was taken")
    store.article("northmarch", kind="missing", sensitive=True, title="Have you seen Oriel Vantongeren?")
    store.article("northmarch", kind="court", published_at=NOW - timedelta(days=90))
    store.article("sedge-and-tarn")


@pytest.fixture
def again(store: Any, tmp_path: Path) -> Callable[..., Any]:
    def now(**given: Any) -> Any:
        return publish(store.engine, tmp_path / "out", **({"base_url": BASE_URL, "now": NOW} | given))

    return now


def texts(tmp_path: Path) -> dict[str, bytes]:
    files = [path for path in (tmp_path / "out").rglob("[!.]*") if path.is_file()]
    return {path.relative_to(tmp_path / "out").as_posix(): path.read_bytes() for path in files}


def wanted(store: Any) -> dict[str, bytes]:
    """All documents of the store, made at once."""
    memory, press = EntryMemory(), Press(BASE_URL, DEFAULT_TAGGING_ENTITY)
    with reading(store.engine) as conn:
        return {path_of(name): document(conn, press, name, memory=memory).data for name in document_names(conn)}


def edited(store: Any) -> None:
    store.again(1, NOW, body="A **six-bar gate** went missing in the night, and so did all of its posts.\n")


def another_kind(store: Any) -> None:
    store.again(
        1, NOW + timedelta(hours=1), kind="arrest", title="Arrest after the gate of Quillfeather Farm was taken"
    )


def another_day(store: Any) -> None:
    """A later reader finds another date."""
    store.change(3, published_at=NOW - timedelta(days=200))
    told = {"article_id": 3, "change": "reparsed", "version": 1, "fields": ["published_at"], "minor": False, "at": NOW}
    with writing(store.engine) as conn:
        conn.execute(sa.insert(Change).values(told))


def suppressed(store: Any) -> None:
    with writing(store.engine) as conn:
        suppress(conn, articles_at(conn, GATE), **WHO)


def unsuppressed(store: Any) -> None:
    with writing(store.engine) as conn:
        undo(conn, articles_at(conn, GATE), **WHO)


EVENTS: dict[str, Callable[[Any], Any]] = {
    "new": lambda store: store.article("northmarch"),
    "new of another month": lambda store: store.article("northmarch", published_at=NOW - timedelta(days=60)),
    "edited": edited,
    "of another kind": another_kind,
    "withdrawn": lambda store: store.remove(2, NOW),
    "another day": another_day,
    "suppressed": suppressed,
    "not suppressed": unsuppressed,
    "renamed": lambda store: store.source("Sedge and Tarn", force="Tarn Constabulary"),
    "moved to another area": lambda store: store.source("Northmarch and Fen", id="northmarch"),
    "a new area": lambda store: store.source("Fenwold"),
}


def test_whatever_happens_files_are_as_if_all_were_made_anew(store: Any, again: Any, tmp_path: Path) -> None:
    memory = EntryMemory()
    again(memory=memory)
    for number, (name, event) in enumerate(EVENTS.items()):
        event(store)
        report = again(memory=memory if number % 2 else None)
        expected, found = wanted(store), texts(tmp_path)
        vanished = {path.relative_to(tmp_path / "out").as_posix() for path in report.vanished}
        assert found.keys() - vanished == expected.keys(), name
        assert {path for path, data in expected.items() if found[path] != data} == set(), name
        assert report.written or name == "a new area", name


def test_a_run_after_which_nothing_changed_makes_and_writes_nothing(
    again: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again()
    state = tmp_path / "out" / NAME
    before = state.stat().st_mtime_ns, state.stat().st_ino
    monkeypatch.setattr(publishing, "document", None)
    report = again(now=NOW + timedelta(days=1))
    assert (report.written, report.unchanged) == ([], len(texts(tmp_path)))
    assert (state.stat().st_mtime_ns, state.stat().st_ino) == before


def test_only_documents_that_may_differ_are_made(store: Any, again: Any) -> None:
    made: list[str] = []

    def passing(names: Sequence[str]) -> Sequence[str]:
        made[:] = names
        return names

    again(passing=passing)
    everything = len(made)
    store.article("northmarch")
    again()  # learns what the feeds of this area are made of
    store.article("northmarch")
    again(passing=passing)
    assert "northmarch/appeal.json" in made
    assert not [name for name in made if name.startswith("sedge-and-tarn") or "/court" in name]
    assert len(made) < everything / 4
    store.article("northmarch", kind="court")
    again(passing=passing)
    assert "northmarch/court.rss" in made
    assert "northmarch/appeal.rss" not in made


@pytest.mark.parametrize("damage", ["gone", "another size", "another time", "no record", "no JSON", "another's record"])
def test_damage_is_repaired(again: Any, tmp_path: Path, damage: str) -> None:
    again()
    before = texts(tmp_path)
    file, record = tmp_path / "out/feeds/northmarch.rss", tmp_path / "out" / NAME
    if damage == "gone":
        file.unlink()
    elif damage == "another size":
        file.write_bytes(b"<rss/>")
    elif damage == "another time":
        file.write_bytes(file.read_bytes().replace(b"Quillfeather", b"Quillfaether"))
    else:
        file.unlink()
        kept = json.loads(record.read_bytes())
        record.write_text(
            {"no record": "", "no JSON": "{", "another's record": json.dumps(kept | {"made_by": "x"})}[damage]
        )
    report = again(now=NOW + timedelta(days=1))
    assert texts(tmp_path) == before
    assert report.written == [file]


@pytest.mark.parametrize("given", [{"base_url": "https://other.example.org"}, {"tagging_entity": "example.org,2026"}])
def test_published_from_elsewhere_everything_is_made(again: Any, given: dict[str, str]) -> None:
    made: list[str] = []
    everything = len(again().written)
    again(passing=lambda names: made.extend(names) or names, **given)
    assert len(made) == everything


def test_a_withheld_story_is_in_no_file_not_even_of_a_day_where_it_does_not_stand_any_more(
    store: Any, again: Any, tmp_path: Path
) -> None:
    store.change(1, published_at=NOW - timedelta(days=60))
    again()
    store.change(1, published_at=NOW - timedelta(days=400))  # no change tells of it
    suppressed(store)
    again()
    assert b"Vantongeren" in texts(tmp_path)["feeds/northmarch/archive/2024-05.rss"]
    store.remove(2, NOW)
    again()
    held = {path for path, data in texts(tmp_path).items() if b"Quillfeather" in data or b"Vantongeren" in data}
    assert held == set()


def test_a_withheld_story_leaves_files_of_an_area_that_is_gone(store: Any, again: Any, tmp_path: Path) -> None:
    again()
    store.source("Fenwold", id="northmarch")
    report = again()
    left = {path.relative_to(tmp_path / "out").as_posix() for path in report.vanished}
    assert {"feeds/northmarch.rss", "feeds/northmarch.json", "feeds/northmarch/appeal.atom"} <= left
    assert not any("archive" in path for path in texts(tmp_path) if path.startswith("feeds/northmarch"))
    assert b"Quillfeather" in texts(tmp_path)["feeds/northmarch.json"]
    suppressed(store)
    again()
    after = texts(tmp_path)
    assert left <= after.keys()
    assert not [path for path, data in after.items() if b"Quillfeather" in data]
    assert json.loads(after["feeds/northmarch.json"])["items"]


def test_the_hub_is_told_of_each_feed_that_changed_and_of_no_other(
    store: Any, again: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def tell(hub: str, urls: Sequence[str]) -> str:
        assert hub == "https://hub.example.org/"
        told[:] = urls
        return "hub: a line"

    monkeypatch.setattr(publishing, "tell_hub", tell)
    again(hub="https://hub.example.org/")
    store.article("northmarch")
    report = again(hub="https://hub.example.org/")
    stems = [f"{scope}{what}" for scope in ("all", "northmarch") for what in ("", "/appeal", "/open")]
    assert sorted(told) == sorted(
        f"{BASE_URL}/feeds/{stem}.{ending}" for stem in stems for ending in ("atom", "json", "rss")
    )
    assert report.hub == "hub: a line"
    assert again(hub="https://hub.example.org/").hub is None


def test_pages_can_be_written_beside_the_feeds(store: Any, again: Any, tmp_path: Path) -> None:
    asked: list[set[str] | None] = []

    def page(conn: sa.Connection, press: Press, areas: set[str] | None) -> list[tuple[str, bytes]]:
        asked.append(areas)
        return [("areas/northmarch.html", str(conn.scalar(sa.select(sa.func.count(Article.id)))).encode())]

    again(beside=[page])
    store.article("northmarch")
    report = again(beside=[page])
    assert asked == [None, {"northmarch"}]
    assert (tmp_path / "out/areas/northmarch.html").read_bytes() == b"5"
    assert tmp_path / "out/areas/northmarch.html" in report.written


def test_a_run_that_fails_is_made_up_for_by_the_next(
    store: Any, again: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again()
    store.article("northmarch")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", _full_disk)
        with pytest.raises(publishing.PublishError, match="No space left"):
            again()
    again()
    assert texts(tmp_path) == wanted(store)


def _full_disk(self: Path, target: Path) -> None:
    raise OSError(28, "No space left on device")
