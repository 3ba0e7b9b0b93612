"""What tells that documents may differ, and of which areas."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from feeds.freshness import Mark, mark, touched
from storage.articles import save_new_articles
from storage.database import open_store, reading, writing
from storage.erasing import erase_due
from storage.models import Article, Change, Source, Suppression, Version
from storage.records import Fetched, Precision, Record
from storage.replays import _move_first_seen
from storage.rules import RetentionRule
from storage.suppressions import articles_at, suppress, undo

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
WHO = {"why": "asked for", "who": "a@b", "now": NOW}


@pytest.fixture(autouse=True)
def _news(store: Any) -> None:
    store.source("Northmarch")
    store.source("Sedge and Tarn")
    store.article("northmarch", url="https://www.northmarch.example/news/gate")
    store.article("sedge-and-tarn")


def at(engine: sa.Engine) -> Mark:
    with reading(engine) as conn:
        return mark(conn)


def since(engine: sa.Engine, before: Mark) -> set[str] | None:
    with reading(engine) as conn:
        return touched(conn, before, mark(conn))


def found(conn: sa.Connection) -> Any:
    return articles_at(conn, "https://www.northmarch.example/news/gate")


def edited(store: Any) -> None:
    store.again(1, NOW, body="A **six-bar gate** went missing in the night, and so did the posts.\n")


def minor(store: Any) -> None:
    store.again(1, NOW, image_url="https://i.example/other.jpg")


def restored(store: Any) -> None:
    store.remove(1, NOW)
    store.again(1, NOW + timedelta(hours=1))


def reparsed(store: Any) -> None:
    with store.engine.connect() as conn:
        url, title = conn.execute(sa.select(Article.url, Version.title).join(Version).where(Article.id == 1)).one()
    values = {"url": url, "title": title, "body": "Read **anew**.", "published_precision": Precision.UNKNOWN}
    store.save([Record(source="northmarch", area="", reader="other", reader_version=2, **values)], NOW)


def moved(store: Any) -> None:
    with writing(store.engine) as conn:
        conn.execute(sa.update(Article).where(Article.id == 1).values(address="https://www.northmarch.example/new"))
        told = {"article_id": 1, "change": "moved", "version": 1, "fields": ["url"], "minor": False, "at": NOW}
        conn.execute(sa.insert(Change).values(told))


def suppressed(store: Any) -> None:
    with writing(store.engine) as conn:
        suppress(conn, found(conn), **WHO)


def unsuppressed(store: Any) -> None:
    with writing(store.engine) as conn:
        undo(conn, found(conn), **WHO)


def imported(store: Any) -> None:
    record = Record(
        source="northmarch",
        area="",
        reader="archive",
        reader_version=1,
        url="https://www.northmarch.example/old",
        title="An old story",
        body="It happened.",
        published_at=NOW - timedelta(days=900),
        published_precision=Precision.DAY,
    )
    with writing(store.engine) as conn:
        save_new_articles(conn, [(record, Fetched(url=record.url, at=NOW, reader="archive", reader_version=1))])


EVENTS: list[Callable[[Any], None]] = [
    *(lambda store: store.article("northmarch"), edited, minor, lambda store: store.remove(1, NOW), restored),
    *(reparsed, moved, suppressed, imported),
]
NAMES = ["new", "edited", "minor", "removed", "restored", "reparsed", "moved", "suppressed", "imported"]


@pytest.mark.parametrize("event", EVENTS, ids=NAMES)
def test_what_happens_to_an_article_touches_its_area_alone(store: Any, event: Callable[[Any], None]) -> None:
    before = at(store.engine)
    event(store)
    assert since(store.engine, before) == {"northmarch"}


def flipped(store: Any) -> None:
    """The text of before comes back, which makes no change each time."""
    store.again(1, NOW + timedelta(hours=1), body="A **five-bar gate** went missing.\n\n * blue\n * heavy\n")


def picture_at_another_address(store: Any) -> None:
    store.again(1, NOW + timedelta(hours=1), image_url="https://i.example/other.jpg?size=2")


def erased(store: Any) -> None:
    rule = RetentionRule(erase_after=timedelta(days=1))
    assert erase_due(store.engine, None, rule, now=NOW + timedelta(days=9)) == 1


def spared(store: Any) -> None:
    store.change(1, sensitive=True)
    store.remove(1, NOW)


@pytest.mark.parametrize(
    ("prepare", "event"),
    [(edited, flipped), (minor, picture_at_another_address), (spared, erased)],
    ids=["flip", "picture", "erased"],
)
def test_what_no_change_tells_of_touches_its_area(
    store: Any, prepare: Callable[[Any], None], event: Callable[[Any], None]
) -> None:
    prepare(store)
    before = at(store.engine)
    event(store)
    after = at(store.engine)
    assert after.change == before.change
    assert since(store.engine, before) == {"northmarch"}
    assert since(store.engine, after) == set()


def test_a_first_sight_that_an_import_moves_touches_its_area(store: Any) -> None:
    before = at(store.engine)
    with writing(store.engine) as conn:
        _move_first_seen(conn, {1: NOW - timedelta(days=900)})
    assert since(store.engine, before) == {"northmarch"}


def test_details_that_no_feed_shows_touch_nothing(store: Any) -> None:
    before = at(store.engine)
    store.again(1, NOW, meta={"generated": "12:00"}, modified_at=NOW)
    assert at(store.engine) == before


def test_a_suppression_that_is_undone_touches_its_area(store: Any) -> None:
    suppressed(store)
    before = at(store.engine)
    unsuppressed(store)
    assert since(store.engine, before) == {"northmarch"}


def test_a_crawl_that_found_nothing_touches_nothing(store: Any) -> None:
    before = at(store.engine)
    store.again(1, NOW)
    assert at(store.engine) == before
    assert since(store.engine, before) == set()


def test_what_a_force_says_in_one_area_touches_its_others_where_it_may_answer_an_appeal(
    store: Any, served: Any
) -> None:
    store.source("Upper Tarn", force="Northmarch Police")
    store.article("upper-tarn", references=("40/123/26",))
    before, told = at(store.engine), served.data("upper-tarn/open.atom")
    store.article("northmarch", kind="charge", references=("40/123/26",))
    assert since(store.engine, before) == {"northmarch", "upper-tarn"}
    assert served.data("upper-tarn/open.atom") != told


def test_several_areas_are_told_together(store: Any) -> None:
    before = at(store.engine)
    store.article("northmarch")
    store.article("sedge-and-tarn")
    assert since(store.engine, before) == {"northmarch", "sedge-and-tarn"}


@pytest.mark.parametrize(
    ("given", "areas"),
    [
        ({"area": "Fenwold", "id": "fenwold"}, {"fenwold"}),
        ({"area": "North March", "id": "northmarch"}, {"northmarch", "north-march"}),
        ({"area": "Northmarch", "force": "Northmarch Constabulary"}, {"northmarch"}),
        ({"area": "Northmarch", "home_url": "https://www.northmarch.example/newsroom"}, {"northmarch"}),
        ({"area": "Northmarch", "language": "cy"}, {"northmarch"}),
    ],
    ids=["added", "moved to another area", "renamed", "another home", "another language"],
)
def test_what_is_said_of_a_source_touches_its_areas(store: Any, given: dict[str, Any], areas: set[str]) -> None:
    before = at(store.engine)
    store.source(**given)
    assert since(store.engine, before) == areas


def test_a_source_that_is_gone_touches_its_area(store: Any) -> None:
    store.source("Fenwold")
    before = at(store.engine)
    with writing(store.engine) as conn:
        conn.execute(sa.delete(Source).where(Source.id == "fenwold"))
    assert since(store.engine, before) == {"fenwold"}


def test_what_a_crawl_keeps_in_its_source_touches_nothing(store: Any) -> None:
    before = at(store.engine)
    with writing(store.engine) as conn:
        conn.execute(sa.update(Source).values(habit="{}", walk_open=True, template_changed_at=NOW))
    assert at(store.engine) == before


def test_a_store_put_back_from_a_backup_may_differ_in_everything(store: Any, tmp_path: Path) -> None:
    with sqlite3.connect(str(store.engine.url.database)) as raw:
        raw.execute("VACUUM INTO ?", (str(tmp_path / "backup.db"),))
    edited(store)
    before = at(store.engine)
    backup = open_store(f"sqlite:///{tmp_path / 'backup.db'}")
    assert since(backup, before) is None
    store.engine, old = backup, store.engine
    store.again(1, NOW + timedelta(hours=2), body="A gate went, and was brought back in the morning by its owner.\n")
    assert since(backup, before) is None, "a row of the same number is another one"
    old.dispose()
    backup.dispose()


def test_a_backup_from_before_a_suppression_may_differ_in_everything(store: Any) -> None:
    suppressed(store)
    before = at(store.engine)
    with writing(store.engine) as conn:
        conn.execute(sa.delete(Suppression))
    assert since(store.engine, before) is None


def test_another_store_may_differ_in_everything(store: Any, tmp_path: Path) -> None:
    before = at(store.engine)
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    assert since(other, before) is None
    assert since(store.engine, at(other)) == {"northmarch", "sedge-and-tarn"}, "an empty store is where each one begins"
    other.dispose()


def test_a_mark_is_kept_as_json(store: Any) -> None:
    suppressed(store)
    before = at(store.engine)
    assert Mark.of_plain(json.loads(json.dumps(before.plain()))) == before


@pytest.mark.parametrize(
    "damage", [{}, {"change": 1}, {"change": [1, "", 0], "suppression": None, "untold": [], "sources": []}]
)
def test_what_is_no_mark_is_refused(damage: dict[str, Any]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Mark.of_plain(damage)


def test_a_mark_costs_the_same_in_an_old_store(store: Any) -> None:
    """By what SQLite does, not by the clock: no look-up walks through a table that grows."""
    plans: list[str] = []
    with store.engine.connect() as conn:

        def explain(conn: sa.Connection, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if statement.startswith("SELECT"):
                plans.extend(row[3] for row in conn.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

        sa.event.listen(conn, "before_cursor_execute", explain)
        before = mark(conn)
        shown = touched(conn, before, replace(before, sources=frozenset()))
    assert shown == {"northmarch", "sedge-and-tarn"}
    walked = [plan for plan in plans if plan.startswith("SCAN") and "source" not in plan]
    # The last row is where a table's end is: SQLite calls that a scan too, and LIMIT 1 ends it.
    assert set(walked) <= {"SCAN change", "SCAN suppression"}
    assert not any("article" in plan or "version" in plan for plan in walked)
