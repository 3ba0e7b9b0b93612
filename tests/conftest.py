"""For all tests. A new store is a copy of one that the migrations made: they cost 0.3 s of CPU and more with each release, a copy 2 ms."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings

from storage import database
from storage.revisions import REVISIONS

Migrate = Callable[[str], tuple[str | None, str]]


def pytest_configure() -> None:
    """Hypothesis fails an example that takes 200 ms, where no CI is announced: what is slow is a benchmark's to say."""
    settings.register_profile("untimed", parent=settings(), deadline=None)
    settings.load_profile("untimed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest first, which are those that may take longest: at the end of a run no processor waits for one of them."""
    usual = float(config.getini("timeout"))

    def may_take(item: pytest.Item) -> float:
        mark = item.get_closest_marker("timeout")
        return max(usual, float(mark.args[0])) if mark else usual

    items.sort(key=may_take, reverse=True)


def _copying(migrate: Migrate, folder: Path) -> Migrate:
    """`migrate`, but a SQLite file that is not there yet is copied from one that it made at the first call."""
    template = folder / "new.db"

    def copied(url: str) -> tuple[str | None, str]:
        file = database.file_of(sa.make_url(url))
        if file is None or file.exists():
            return migrate(url)
        if not template.exists():
            migrate(f"sqlite:///{template}")
        whole = file.with_name(f".{file.name}.copied")
        shutil.copyfile(template, whole)
        try:
            os.link(whole, file)
        except FileExistsError:
            return migrate(url)
        finally:
            whole.unlink()
        return None, REVISIONS[-1]

    return copied


@pytest.fixture(autouse=True, scope="session")
def _new_stores_are_copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Migrate]:
    """For every test of this process; processes that tests start run the migrations as ever."""
    migrate = database._migrate
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_migrate", _copying(migrate, tmp_path_factory.mktemp("template")))
        yield migrate


@pytest.fixture
def migrations(_new_stores_are_copies: Migrate, monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations themselves, for tests of how a store is made."""
    monkeypatch.setattr(database, "_migrate", _new_stores_are_copies)
