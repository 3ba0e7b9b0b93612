"""kill -9 in the middle of crawls and publications: nothing is lost, doubled or half-written, and the next one goes on.

Some of what `make test-faults` does hundreds of times.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.faults.kills import Killed, kill_at_random
from tests.faults.whole import torn_feeds, torn_rows

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
Run = tuple[Path, Killed]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("killed")
    return folder, kill_at_random(25, 7, folder)


def test_what_was_killed_loses_and_doubles_nothing(run: Run) -> None:
    _, killed = run
    assert killed.kills.total() >= 25
    assert min(killed.kills["crawl"], killed.kills["publish"]) >= 3, killed
    assert killed.unharmed, killed
    assert killed.report.found["new"] >= 50, killed


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM version WHERE id = (SELECT max(id) FROM version)",
        "INSERT INTO change (article_id, version, change, minor, fields, at) SELECT article_id, version, change, minor, fields, at FROM change LIMIT 1",
        "UPDATE article SET removed_at = first_seen_at WHERE id = 1",
        "UPDATE article SET address = (SELECT address FROM article WHERE id = 2) WHERE source_id = (SELECT source_id FROM article WHERE id = 2)",
    ],
    ids=["no version", "told twice", "gone untold", "two of one address"],
)
def test_torn_rows_are_seen(run: Run, tmp_path: Path, harm: str) -> None:
    copy = tmp_path / "news.db"
    copy.write_bytes((run[0] / "news.db").read_bytes())
    assert list(torn_rows(copy)) == []
    with sqlite3.connect(copy) as conn:
        conn.execute(harm)
    assert list(torn_rows(copy))


@pytest.mark.parametrize("ending", ["rss", "atom", "json"])
def test_torn_feeds_are_seen(run: Run, tmp_path: Path, ending: str) -> None:
    whole = run[0] / "public" / "feeds" / f"all.{ending}"
    (copy := tmp_path / "feeds" / whole.name).parent.mkdir()
    copy.write_bytes(whole.read_bytes())
    assert list(torn_feeds(tmp_path)) == []
    copy.write_bytes(whole.read_bytes()[:-100])
    assert list(torn_feeds(tmp_path))
