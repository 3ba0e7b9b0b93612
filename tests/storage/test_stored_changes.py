"""A change with all that is known of it, and the two texts it is between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.database import reading, writing
from storage.stored_changes import change_of, changes, words_of_change

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def stored(save: Callable[..., list[str]], page: Callable[..., Any], now: datetime) -> None:
    """An appeal that becomes an arrest, then gets another picture."""
    save(page())
    arrest = {"title": "Man, 34, arrested", "kind": "arrest", "sensitive": True}
    save(page(**arrest, at=now + HOUR))
    save(page(**arrest, image_url="https://www.norchester.example/man.jpg", at=now + 2 * HOUR))


def test_an_edit_says_which_versions_and_kinds_it_is_between(engine: Engine, crawl: int) -> None:
    with reading(engine) as conn:
        new, edit, minor = changes(conn)
    assert (edit.version_before, edit.version, edit.kind_before, edit.kind) == (1, 2, "appeal", "arrest")
    assert (edit.step, edit.crawl, edit.reader, edit.reader_version) == ("Appeal → Arrest", crawl, "generic", 1)
    assert (new.version_before, new.kind_before, new.step, new.withheld) == (None, None, None, False)
    assert (minor.minor, minor.step) == (True, None)


def test_the_kind_before_is_found_too(engine: Engine) -> None:
    with reading(engine) as conn:
        assert [change.id for change in changes(conn, kind="appeal")] == [1, 2]
        assert [change.id for change in changes(conn, kind="arrest", minor=False)] == [2]
        assert changes(conn, kind="court") == []


def test_the_texts_of_a_change(engine: Engine) -> None:
    with reading(engine) as conn:
        new, edit, minor = (words_of_change(conn, change) for change in changes(conn))
    assert edit[0] is not None
    assert edit[1] is not None
    assert (edit[0].title, edit[1].title) == ("Appeal 1 after lamp is taken", "Man, 34, arrested")
    assert new == (None, edit[0])
    assert minor == (None, edit[1])


def test_a_change_is_found_by_its_number(engine: Engine) -> None:
    with reading(engine) as conn:
        found = change_of(conn, 2)
        assert found == changes(conn)[1]
        assert change_of(conn, 99) is None


@pytest.mark.parametrize("column", ["suppressed_at", "removed_at", "erased_at"])
def test_of_what_is_withheld_no_word_is_read(engine: Engine, column: str) -> None:
    with writing(engine) as conn:
        conn.execute(sa.text(f"UPDATE article SET {column} = last_seen_at"))
    with reading(engine) as conn:
        for change in changes(conn):
            assert (change.withheld, change.title) == (True, None)
            assert words_of_change(conn, change) == (None, None)


def test_a_withdrawn_article_about_nobody_keeps_its_words(engine: Engine) -> None:
    with writing(engine) as conn:
        conn.execute(sa.text("UPDATE article SET removed_at = last_seen_at, sensitive = 0"))
    with reading(engine) as conn:
        assert {change.withheld for change in changes(conn)} == {False}


def test_an_erased_text_is_none_of_a_change(engine: Engine) -> None:
    """The article was erased, and its page came back."""
    with writing(engine) as conn:
        conn.execute(sa.text("UPDATE version SET title = '', body = '', normalisation = 0 WHERE number = 1"))
    with reading(engine) as conn:
        new, edit, _ = (words_of_change(conn, change) for change in changes(conn))
    assert new == (None, None)
    assert edit[0] is None
    assert edit[1] is not None
