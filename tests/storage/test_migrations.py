"""Migrations make what the models describe, on either database."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Engine

from storage.answers import _upsert
from storage.database import _engine, reading, upgrade, writing
from storage.models import Base
from storage.revisions import MIGRATIONS, REVISIONS
from storage.search_index import belongs_to_the_index

pytestmark = [
    pytest.mark.usefixtures("migrations"),
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
]


@pytest.fixture
def config() -> Config:
    config = Config(output_buffer=io.StringIO())
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def test_migrations_and_models_agree(engine: Engine, config: Config) -> None:
    with writing(engine) as conn:
        config.attributes["connection"] = conn
        command.check(config)


def test_checks_and_indexes_agree_too(engine: Engine) -> None:
    """Alembic compares no CHECK constraints."""
    other = sa.create_engine("sqlite://")
    Base.metadata.create_all(other)

    def described(engine: Engine) -> dict[str, object]:
        with engine.connect().execution_options(readonly=True) as conn:
            inspector = sa.inspect(conn)
            return {
                table: (
                    sorted((c["name"] or "", c["sqltext"]) for c in inspector.get_check_constraints(table)),
                    sorted((i["name"] or "", i["column_names"]) for i in inspector.get_indexes(table)),
                    sorted(c["name"] or "" for c in inspector.get_unique_constraints(table)),
                )
                for table in inspector.get_table_names()
                if table != "alembic_version" and not belongs_to_the_index(table)
            }

    assert described(engine) == described(other)


def test_names_of_migrations_are_their_revisions(config: Config) -> None:
    script = ScriptDirectory.from_config(config)
    assert tuple(reversed([revision.revision for revision in script.walk_revisions()])) == REVISIONS
    assert script.get_current_head() == REVISIONS[-1]


def test_down_and_up_again(engine: Engine, config: Config) -> None:
    with writing(engine) as conn:
        config.attributes["connection"] = conn
        command.downgrade(config, "base")
        assert sa.inspect(conn).get_table_names() == ["alembic_version"]
        command.upgrade(config, "head")


def test_articles_of_the_first_tables_keep_all_and_can_be_met_at_other_addresses(
    url: str, engine: Engine, config: Config, save: Callable[..., list[str]], page: Callable[..., Any]
) -> None:
    body = "A lamp was taken from Mill Lane on Tuesday night by two men in dark coats. " * 4
    first = page(body=body)
    save(first, page(2))
    kept = sa.text("SELECT id, url, version, first_seen_at, changed_at FROM article ORDER BY id")
    unchecked = _engine(url, foreign_keys=False)
    with writing(unchecked) as conn:
        before = conn.execute(kept).all()
        config.attributes["connection"] = conn
        command.downgrade(config, "0001")
    unchecked.dispose()
    assert upgrade(url) == ("0001", REVISIONS[-1])
    with reading(engine) as conn:
        assert conn.execute(kept).all() == before
    assert save(page(url=first[0].url.replace("/news/", "/appeals/"), body=body)) == ["unchanged"]


def test_two_stories_at_one_address_are_not_taken_back_to_the_first_tables(
    url: str, engine: Engine, config: Config, save: Callable[..., list[str]], page: Callable[..., Any]
) -> None:
    lamp, cycles = (
        "A lamp was taken from Mill Lane by two men. " * 9,
        "Officers found eleven stolen cycles today. " * 9,
    )
    save(page(body=lamp), page(2, body=lamp, title="Another"))
    assert save(page(body=cycles, published_at=datetime(2029, 3, 1, tzinfo=UTC))) == ["new"]
    unchecked = _engine(url, foreign_keys=False)
    with pytest.raises(CommandError, match=r"such stories \(1\)"), writing(unchecked) as conn:  # noqa: PT012
        config.attributes["connection"] = conn
        command.downgrade(config, "0001")
    unchecked.dispose()
    with reading(engine) as conn:
        assert conn.scalar(sa.text("SELECT max(reuse) FROM article")) == 1
        assert conn.scalar(sa.text("SELECT version_num FROM alembic_version")) == REVISIONS[-1]


def test_a_migration_that_fails_leaves_the_store_as_it_was(engine: Engine, config: Config) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine) as conn:  # noqa: PT012  the transaction is the point
        config.attributes["connection"] = conn
        command.downgrade(config, "base")
        raise ZeroDivisionError
    with reading(engine) as conn:
        assert "article" in sa.inspect(conn).get_table_names()


def test_postgresql_gets_its_own_types(config: Config) -> None:
    config.set_main_option("sqlalchemy.url", "postgresql+psycopg://")
    command.upgrade(config, "head", sql=True)
    assert isinstance(config.output_buffer, io.StringIO)
    sql = config.output_buffer.getvalue()
    assert "id SERIAL NOT NULL" in sql
    assert "published_at TIMESTAMP WITH TIME ZONE" in sql
    assert "meta JSON NOT NULL" in sql
    assert "minor BOOLEAN NOT NULL" in sql
    assert "DATETIME" not in sql


def test_postgresql_gets_its_own_upsert() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    sql = str(_upsert("postgresql", "article").compile(dialect=dialect))
    assert "ON CONFLICT (source_id, url) DO UPDATE SET" in sql


def test_no_file_of_a_migration_is_forgotten_by_the_wheel() -> None:
    assert (MIGRATIONS / "env.py").is_file()
    assert (MIGRATIONS / "script.py.mako").is_file()
    assert Path(MIGRATIONS).is_relative_to(Path(__file__).parents[2])
