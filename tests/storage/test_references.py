"""What is kept of the references that articles quote."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlalchemy.engine import Engine

from storage.database import _engine, upgrade, writing
from storage.references import forget_references, reference_key
from storage.revisions import MIGRATIONS

Rows = Callable[[str], list[tuple[Any, ...]]]
Save = Callable[..., list[str]]
Make = Callable[..., Any]

ALL = "SELECT article_id, key, force FROM article_reference ORDER BY article_id, key"


@pytest.mark.parametrize(
    ("one", "other"),
    [("40/12345/26", "40-12345-26"), ("CAD 1234/30Mar", "cad1234 30MAR"), ("370 of 12 March", "370 OF 12 MARCH")],
)
def test_spellings_of_a_reference_have_one_key(one: str, other: str) -> None:
    assert reference_key(one) == reference_key(other)


def test_other_numbers_have_other_keys() -> None:
    assert (
        len({reference_key(each) for each in ("40/12345/26", "40/12345/27", "370 of 12 March", "370 of 13 March")}) == 4
    )


def test_references_of_new_articles_are_kept_with_the_force(save: Save, page: Make, rows: Rows) -> None:
    save(
        page(1, references=("40/12345/26", "40-12345-26", "CAD 7")),
        page(2, references=("---",)),
        page(3, source="eastmere", area="Eastmere", references=("40/12345/26",)),
    )
    assert rows(ALL) == [
        (1, "401234526", "Norchester Police"),
        (1, "CAD7", "Norchester Police"),
        (3, "401234526", "Eastmere Police"),
    ]


def test_an_edit_adds_references_and_takes_none_away(save: Save, page: Make, rows: Rows, now: Any) -> None:
    save(page(1, references=("40/1/26",)))
    save(page(1, references=("40/2/26",), title="Another title", at=now + timedelta(hours=1)))
    save(page(1, references=(), title="A third title", at=now + timedelta(hours=2)))
    assert [key for _, key, _ in rows(ALL)] == ["40126", "40226"]


def test_what_only_an_older_reader_took_for_a_reference_goes(save: Save, page: Make, rows: Rows, now: Any) -> None:
    save(page(1, references=("16:13",)), page(2, references=("40/1/26",)))
    save(page(1, references=("40/2/26",), reader_version=2, at=now + timedelta(hours=1)))
    assert [row[:2] for row in rows(ALL)] == [(1, "40226"), (2, "40126")]


def test_forgotten_articles_have_none(save: Save, page: Make, rows: Rows, engine: Engine) -> None:
    save(page(1, references=("40/1/26",)), page(2, references=("40/2/26",)))
    with writing(engine) as conn:
        forget_references(conn, [1])
    assert [row[0] for row in rows(ALL)] == [2]


def test_articles_without_references_cost_no_statement_and_many_with_them_one(
    save: Save, page: Make, engine: Engine
) -> None:
    said: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    save(*(page(n, references=()) for n in range(20)))
    assert not any("article_reference" in statement for statement in said)
    save(*(page(n, references=("40/1/26", "40/2/26")) for n in range(20, 40)))
    assert sum("article_reference" in statement for statement in said) == 1


def test_a_store_from_before_gets_the_same_references(
    url: str, engine: Engine, save: Save, page: Make, rows: Rows, now: Any
) -> None:
    save(page(1, references=("40/12345/26", "CAD 1234/30MAR")), page(2, references=("---",)))
    save(page(1, references=("370 of 12 March",), title="Another title", at=now + timedelta(hours=1)))
    kept = rows(ALL)
    config = Config(output_buffer=io.StringIO())
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    unchecked = _engine(url, foreign_keys=False)
    with writing(unchecked) as conn:
        config.attributes["connection"] = conn
        command.downgrade(config, "0004")
    unchecked.dispose()
    upgrade(url)
    assert rows(ALL) == kept
    assert len(kept) == 3
