"""Erasing: what was withdrawn and must be spared is gone from every table and from the bytes of the files."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage import pages
from storage.articles import save_articles
from storage.crawls import add_issue
from storage.database import open_store, reading, writing
from storage.erasing import cut_log, erase_due
from storage.imports import Import, save_originals
from storage.originals import Original, digest_of, packed
from storage.reads import records
from storage.records import Fetched, Link
from storage.rules import RetentionRule
from storage.tables import ARTICLE, CHANGE, FURNITURE, KEPT_PAGE, PAGE, REFERENCE, VERSION

NAME = "Ottoline Quimby"
WEEK = timedelta(days=7)
RULE = RetentionRule(erase_after=WEEK)


def remove(engine: Engine, at: datetime, *ids: int) -> None:
    with writing(engine) as conn:
        conn.execute(ARTICLE.update().where(ARTICLE.c.id.in_(ids)).values(removed_at=at))


def bytes_of(file: Path) -> bytes:
    return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))


@pytest.fixture
def missing(save: Callable[..., list[str]], page: Callable[..., Any], engine: Engine, now: datetime) -> int:
    """An appeal with the name in every place that the store has for a text, edited once; beside it a story that stays."""
    words = {
        "title": f"Missing: {NAME}",
        "description": f"{NAME} was last seen on Mill Lane.",
        "body": f"Have you seen **{NAME}**?\n\n{NAME} is 14.\n" + "She has a lamp. " * 40,
        "kind": "missing",
        "sensitive": True,
        "tags": (NAME,),
        "references": (f"LOG {NAME}",),
        "operations": (f"Operation {NAME}",),
        "published_raw": f"today, by {NAME}",
        "image_url": f"https://www.norchester.example/{NAME}.jpg",
        "meta": {"author": NAME, "nested": [{"a": NAME}]},
    }
    link = Link(url=page(1)[0].url, title=f"Missing: {NAME}", published_raw=f"{NAME} day")
    with writing(engine) as conn:
        listing = Fetched(url="https://www.norchester.example/news/", at=now, reader="generic", reader_version=1)
        pages.remember_listing(conn, "norchester", [link], listing, more=False, first=True, now=now)
    save(page(1, **words), page(2))
    save(page(1, **words | {"body": f"{NAME} has been seen in Eastmere.\n", "at": now + timedelta(hours=1)}))
    save(page(1, **words | {"body": f"{NAME} has been seen in Eastmere.\n", "image_url": None, "at": now + WEEK}))
    kept = {
        "source_id": "norchester",
        "url": page(1)[0].url,
        "served_url": page(1)[0].url,
        "fetched_at": now,
        "status": 200,
    }
    with writing(engine) as conn:
        for article, body in ((1, NAME.encode()), (None, f"unread {NAME}".encode())):
            plain = zlib.compress(body, 0)  # so that it stands in the file's bytes
            conn.execute(KEPT_PAGE.insert().values(**kept, article_id=article, version=article, body=plain))
        about = {"source_id": "norchester", "crawl_id": None, "url": page(1)[0].url, "now": now}
        add_issue(conn, **about, kind="bad item", message=f"no day in {NAME}")
        add_issue(conn, **about | {"url": None}, kind="furniture", message=f"on all pages: {NAME}")
        banner = {
            "source_id": "norchester",
            "digest": "d",
            "text": f"help find {NAME}",
            "found_at": now,
            "seen_at": now,
        }
        conn.execute(FURNITURE.insert().values(banner))
        conn.execute(REFERENCE.insert().values(article_id=1, key=NAME.upper(), force="Norchester Police"))
    return 1


def test_text_of_a_removed_sensitive_article_is_in_no_byte_of_the_files(
    engine: Engine, file: Path, missing: int, now: datetime
) -> None:
    assert NAME.encode() in bytes_of(file)
    assert NAME.upper().encode() in bytes_of(file)
    remove(engine, now, missing)
    assert erase_due(engine, "norchester", RULE, now=now + WEEK) == 1
    for spelling in (NAME, NAME.upper(), "Ottoline", "seen in Eastmere"):
        assert spelling.encode() not in bytes_of(file), spelling
    assert b"A lamp was taken from **Mill Lane**" in bytes_of(file)


def test_what_is_left_of_an_erased_article_tells_no_word_and_no_hash_of_one(
    engine: Engine, missing: int, now: datetime
) -> None:
    remove(engine, now, missing)
    erase_due(engine, None, RULE, now=now + WEEK)
    with reading(engine) as conn:
        versions = conn.execute(
            sa.select(VERSION).where(VERSION.c.article_id == missing).order_by(VERSION.c.number)
        ).all()
        article = conn.execute(sa.select(ARTICLE).where(ARTICLE.c.id == missing)).one()
        states = set(conn.scalars(sa.select(CHANGE.c.state).where(CHANGE.c.article_id == missing)))
        page = conn.execute(sa.select(PAGE).where(PAGE.c.article_id == missing)).one()
    assert [(row.number, row.kind, row.sensitive) for row in versions] == [(1, "missing", True), (2, "missing", True)]
    for row in versions:
        assert {row.title, row.body, row.content_hash, row.record_hash} == {""}
        assert (row.tags, row.references, row.operations, row.meta) == ([], [], [], {})
        assert {row.description, row.published_raw, row.image_url} == {None}
    assert (article.erased_at, article.body_hash, article.version) == (now + WEEK, None, 2)
    assert states == {None}
    assert (page.listed_title, page.listed_date, page.unconfirmed_hash) == (None, None, None)


@pytest.mark.parametrize(
    ("removed", "after", "erased"),
    [
        (True, WEEK - timedelta(seconds=1), 0),
        (True, WEEK, 1),
        (False, 52 * WEEK, 0),
    ],
)
def test_it_is_erased_so_long_after_the_removal_and_not_before(
    engine: Engine, missing: int, now: datetime, removed: bool, after: timedelta, erased: int
) -> None:
    if removed:
        remove(engine, now, missing)
    assert erase_due(engine, None, RULE, now=now + after) == erased
    assert erase_due(engine, None, RULE, now=now + after) == 0


def test_never_keeps_it_and_other_sources_wait_for_their_turn(engine: Engine, missing: int, now: datetime) -> None:
    remove(engine, now, missing)
    assert erase_due(engine, None, RetentionRule(erase_after=None), now=now + 1000 * WEEK) == 0
    assert erase_due(engine, "eastmere", RULE, now=now + WEEK) == 0
    assert erase_due(engine, "norchester", RULE, now=now + WEEK) == 1


def test_a_removed_article_that_is_not_sensitive_is_erased_only_when_it_was_suppressed_long_enough(
    engine: Engine, missing: int, now: datetime
) -> None:
    remove(engine, now, 2)
    assert erase_due(engine, None, RULE, now=now + 9 * WEEK) == 0
    with writing(engine) as conn:
        conn.execute(ARTICLE.update().where(ARTICLE.c.id == 2).values(suppressed_at=now + 9 * WEEK))
    assert erase_due(engine, None, RULE, now=now + 9 * WEEK) == 0
    assert erase_due(engine, None, RULE, now=now + 10 * WEEK) == 1


def test_a_suppressed_article_whose_page_lives_is_not_erased(engine: Engine, missing: int, now: datetime) -> None:
    with writing(engine) as conn:
        conn.execute(ARTICLE.update().values(suppressed_at=now))
    assert erase_due(engine, None, RULE, now=now + 9 * WEEK) == 0


def test_nothing_is_written_where_nothing_is_due(engine: Engine, missing: int, now: datetime) -> None:
    written: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *args: written.append(args[2]))
    assert erase_due(engine, None, RULE, now=now + 9 * WEEK) == 0
    assert written
    assert not [statement for statement in written if not statement.startswith(("BEGIN", "SELECT"))]
    assert "BEGIN IMMEDIATE" not in written


def test_words_that_stood_in_the_file_before_they_were_replaced_are_gone_as_well(
    engine: Engine, file: Path, save: Callable[..., list[str]], page: Callable[..., Any], now: datetime
) -> None:
    """Rows grow, pages split, versions are written over: each leaves copies in parts of the file that are free."""
    chosen = random.Random(4)
    for step in range(40):
        numbers = chosen.sample(range(60), 12)
        at = now + timedelta(hours=step)
        save(*(page(n, body=f"Token{n}x " * chosen.choice((3, 90, 900)), sensitive=True, at=at) for n in numbers))
    with reading(engine) as conn:
        ids = {int(url.rpartition("-")[2]): row for row, url in conn.execute(sa.select(ARTICLE.c.id, ARTICLE.c.url))}
    gone = sorted(ids)[::2]
    remove(engine, now, *(ids[n] for n in gone))
    assert erase_due(engine, None, RULE, now=now + 9 * WEEK) == len(gone)
    data = bytes_of(file)
    assert [n for n in gone if f"Token{n}x".encode() in data] == []
    assert all(f"Token{n}x".encode() in data for n in ids if n not in gone)


@pytest.fixture
def reader(url: str) -> Iterator[Engine]:
    engine = open_store(url)
    yield engine
    engine.dispose()


def test_a_reader_keeps_nobody_waiting_and_the_log_is_cut_once_it_left(
    engine: Engine, reader: Engine, file: Path, missing: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.erasing._MOST_WAIT_MS", 50)
    remove(engine, now, missing)
    with reading(reader) as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(VERSION)).scalar() == 3
        assert erase_due(engine, None, RULE, now=now + WEEK) == 1
    assert cut_log(engine)
    assert NAME.encode() not in bytes_of(file)


def test_an_erased_article_whose_page_answers_again_is_restored_with_its_text_and_no_edit(
    engine: Engine, missing: int, page: Callable[..., Any], save: Callable[..., list[str]], now: datetime
) -> None:
    remove(engine, now, missing)
    erase_due(engine, None, RULE, now=now + WEEK)
    again = page(1, title="Found", body="Safe and well, back at home.\n", kind="found", at=now + 2 * WEEK)
    assert save(again) == ["restored"]
    with reading(engine) as conn:
        (record,) = (each for each in records(conn) if each.article_id == missing)
        changes = list(
            conn.scalars(sa.select(CHANGE.c.change).where(CHANGE.c.article_id == missing).order_by(CHANGE.c.id))
        )
        erased = conn.scalar(sa.select(ARTICLE.c.erased_at).where(ARTICLE.c.id == missing))
    assert (record.title, record.version, record.removed_at, erased) == ("Found", 2, None, None)
    assert changes == ["new", "edited", "edited", "restored"]
    assert save(page(1, title="Found", body="Safe and well, back at home.\n", kind="found", at=now + 3 * WEEK)) == [
        "unchanged"
    ]


def test_an_import_does_not_bring_the_text_back(
    engine: Engine, file: Path, missing: int, page: Callable[..., Any], now: datetime
) -> None:
    remove(engine, now, missing)
    erase_due(engine, None, RULE, now=now + WEEK)
    text = f"```yaml\ntitle: {NAME}\n```\n\n{NAME}\n".encode()
    given = Original(
        name="n/1.md", path="n/1.md", seen_at=now, latest=True, digest=digest_of(text), zipped=packed(text)
    )
    with writing(engine) as conn:
        assert save_originals(conn, [(given, page(1, title=NAME, body=f"{NAME}\n"))], lambda _: []) == [Import.JOINED]
    cut_log(engine)
    assert NAME.encode() not in bytes_of(file)
    with reading(engine) as conn:
        assert conn.scalar(sa.text("SELECT count(*) FROM original")) == 0


def test_an_article_that_was_suppressed_is_not_taken_out_by_an_import(
    engine: Engine, page: Callable[..., Any], now: datetime
) -> None:
    from storage.suppressions import articles_at, suppress

    def give(text: bytes, at: datetime, latest: bool, **words: Any) -> None:
        given = Original(
            name="n/1.md", path="n/1.md", seen_at=at, latest=latest, digest=digest_of(text), zipped=packed(text)
        )
        with writing(engine) as conn:
            save_originals(
                conn, [(given, page(1, reader="archive", at=at, **words))], lambda rest: [page(1) for _ in rest]
            )

    give(b"one", now, True)
    with writing(engine) as conn:
        suppress(conn, articles_at(conn, page(1)[0].url), why="asked for", who="me@desk", now=now)
    give(b"two", now + timedelta(days=1), False, body="Another text, a day later.\n")
    with reading(engine) as conn:
        assert conn.execute(sa.select(ARTICLE.c.id, ARTICLE.c.suppressed_at)).all() == [(1, now)]
        assert list(records(conn)) == []


def test_an_article_stays_sensitive_when_its_page_is_cut_down_to_a_line(
    engine: Engine, save: Callable[..., list[str]], page: Callable[..., Any], now: datetime
) -> None:
    with writing(engine) as conn:
        save_articles(conn, None, [page(1, sensitive=True)])
    save(page(1, title="Appeal ended", body="Thank you.\n", sensitive=False, at=now + timedelta(hours=1)))
    with reading(engine) as conn:
        assert conn.execute(sa.select(ARTICLE.c.sensitive, VERSION.c.sensitive).join(VERSION)).all() == [
            (True, True),
            (True, False),
        ]
