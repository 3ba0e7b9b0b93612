"""kill -9 at every commit of a crawl: the next one leaves what an unharmed crawl leaves, nothing lost, doubled or false."""

from __future__ import annotations

import json
import pickle
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.planning import planned
from storage.database import open_store, writing
from storage.schedule import plan

SCRIPT = Path(__file__).with_name("killed_crawls.py")
ROOT = Path(__file__).parents[2]
EDITED, NEW, GONE = 1, 2, 3

# What must be as if nobody had been killed: all that is told, and all that is stored but for moments and the numbers of crawls.
LEFT = {
    "changes": "SELECT a.url, c.change, c.version, c.version_before, c.minor, c.fields FROM change c JOIN article a ON a.id = c.article_id",
    "articles": "SELECT url, reuse, address, version, body_hash, removed_at IS NULL, sensitive FROM article",
    "versions": "SELECT a.url, v.number, v.title, v.body, v.content_hash FROM version v JOIN article a ON a.id = v.article_id",
    "kept pages": """SELECT k.url, a.url, k.version, k.body, k.error IS NULL FROM kept_page k
        LEFT JOIN article a ON a.id = k.article_id""",
    "pages": """SELECT p.url, p.role, a.url, p.etag, p.unconfirmed_hash, p.wavering, p.error IS NULL FROM page p
        LEFT JOIN article a ON a.id = p.article_id""",
    "furniture": "SELECT digest FROM furniture",
    "incidents": "SELECT kind, ended_at IS NULL FROM incident",
    "issues": "SELECT DISTINCT kind FROM issue",
    "schedule": "SELECT source_id, claimed_at IS NULL, cut_off, next_due_at > armed_at FROM schedule",
}


def left_in(file: Path) -> dict[str, list[Any]]:
    raw = sqlite3.connect(file)
    try:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        assert raw.execute("SELECT count(*) FROM crawl WHERE finished_at IS NULL").fetchone() == (0,)
        return {name: sorted(raw.execute(query).fetchall(), key=repr) for name, query in LEFT.items()}
    finally:
        raw.close()


def kill_at_each_commit(folder: Path, entry: Any) -> list[Path]:
    """The stores after a crawl was killed at its first commit, its second and so on; the last crawl came to its end."""
    (folder / "entry.pickle").write_bytes(pickle.dumps(entry))
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [folder / f"{n}.db" for n in range(1, json.loads(done.stdout) + 1)]


@pytest.mark.slow
def test_a_first_crawl(site: Any, make_entry: Any, tmp_path: Path) -> None:
    paths = site.stories(5)
    site.listing(*paths[:3], next_path="/news/2/")
    site.listing(*paths[3:], path="/news/2/")
    store = open_store(f"sqlite:///{tmp_path / 'before.db'}")
    with writing(store) as conn:
        plan(conn, planned([make_entry()]), datetime.now(UTC))
    store.dispose()
    *killed, whole = kill_at_each_commit(tmp_path, make_entry())
    expected = left_in(whole)
    assert [row[1] for row in expected["changes"]] == ["new"] * 5
    assert expected["schedule"] == [("fenwold", 1, 0, 1)]
    assert len(killed) >= 5, "a crawl has commits enough to be killed at"
    assert {file.name: left_in(file) for file in killed} == {file.name: expected for file in killed}


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_crawl_with_an_edit_a_withdrawal_and_pages_that_cannot_be_read(
    site: Any, make_entry: Any, crawl: Any, tmp_path: Path
) -> None:
    paths = {n: site.story(n) for n in range(1, 8)}
    hidden = paths.pop(NEW)
    site.listing(*paths.values())
    assert crawl(database_url=f"sqlite:///{tmp_path / 'before.db'}").verdict == "ok"
    answer = type(site.pages["/news/"])
    site.listing(hidden, *paths.values(), "/news/story-20/", "/news/story-21/")
    site.story(EDITED, "A van and a boat were taken.")
    site.pages[paths[GONE]] = answer("", 404)
    site.pages["/news/story-20/"] = answer("<html><body><form class='contact'></form></body></html>")
    site.pages["/news/story-21/"] = answer("<html><body><p>No headline.</p></body></html>")
    *killed, whole = kill_at_each_commit(tmp_path, make_entry())
    expected = left_in(whole)
    told = [row[:3] for row in expected["changes"] if row[1] != "new"]
    assert told == [(site.base + paths[EDITED], "edited", 2), (site.base + paths[GONE], "removed", 1)]
    assert [(row[0], row[4]) for row in expected["kept pages"] if row[1] is None] == [
        (f"{site.base}/news/story-{n}/", 0) for n in (20, 21)
    ]
    assert len(killed) >= 6
    assert {file.name: left_in(file) for file in killed} == {file.name: expected for file in killed}
