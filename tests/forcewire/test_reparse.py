"""`forcewire reparse`, with the bundled entries: bad input, what it prints, and its exit code."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.entries import load_entries
from crawler.readers import make_reader
from storage.articles import save_articles
from storage.crawls import Counts, finish_crawl, register_source, start_crawl
from storage.database import open_store, writing
from storage.kept_pages import Saved, keep, keep_unread
from storage.records import Fetched, Record, Served
from tests.forcewire.conftest import NOW

SOURCE = "bedfordshire"
URL = "https://www.beds.police.uk/news/bedfordshire/news/2026/june/{n}/"
PAGE = """<html><head><title>{title}</title><meta property="og:type" content="article"></head><body><main><h1>{title}</h1>
<p>Officers want to hear from anyone who saw a grey van near Mill Lane on Monday evening.</p>
<p>It was last seen by the bridge, going towards the market. {more}</p></main></body></html>"""


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def stored(database: str) -> Callable[..., None]:
    """A store with stories of a real source, whose texts an older reader read worse than today's does where `worse` says so."""

    def store(worse: tuple[int, ...] = ()) -> None:
        entry = load_entries(None)[SOURCE]
        engine = open_store(database)
        with writing(engine) as conn:
            register_source(
                conn, id=SOURCE, name=entry.name, force=entry.force, area=entry.area, language="en", reader=entry.reader,
                home_url=entry.listing[0].url, now=NOW,
            )  # fmt: skip
            crawl = start_crawl(
                conn, SOURCE, reader=entry.reader, reader_version=1, now=NOW, pid=os.getpid(), host=socket.gethostname()
            )
            for n in (1, 2, 3):
                item, body = article(n, "Call 101.", cut=n in worse)
                (outcome,) = save_articles(conn, crawl, [item])
                served = Served(url=item[1].url, content_type="text/html; charset=utf-8", body=body)
                keep(conn, SOURCE, [Saved(*item, outcome, served)])
            finish_crawl(conn, crawl, verdict="ok", reason=None, counts=Counts(), now=NOW)
        engine.dispose()

    return store


def article(n: int, more: str, *, cut: bool) -> tuple[tuple[Record, Fetched], bytes]:
    from crawler.meaning import describe
    from crawler.reparsing import _response
    from storage.kept_pages import Kept
    from storage.records import Link

    entry = load_entries(None)[SOURCE]
    reader = make_reader(entry)
    url = URL.format(n=n)
    body = PAGE.format(title=f"Appeal {n} after grey van is seen", more=more).encode()
    served = Served(url=url, content_type="text/html; charset=utf-8", body=body)
    kept = Kept(
        id=1, link=Link(url=url), page=served, fetched_at=NOW, article_id=None, version=None, record_hash=None, withheld=False
    )  # fmt: skip
    record = describe(reader.article(_response(kept), Link(url=url)))
    record.url = url
    if cut:
        record.body = record.body.replace(" Call 101.", "")
    fetched = Fetched(
        url=url, at=NOW + timedelta(minutes=n), reader=record.reader, reader_version=record.reader_version, entry=entry.digest
    )  # fmt: skip
    return (record, fetched), body


def test_what_differs_is_shown_word_by_word_and_a_dry_run_leaves_it(forcewire: Any, stored: Any, database: str) -> None:
    stored(worse=(2,))
    for _ in range(2):
        ran = forcewire("reparse", SOURCE, "--dry-run", "--database", database)
        assert ran.code == 0
        assert ran.out.splitlines()[0] == f"{SOURCE}: reparsed: {URL.format(n=2)}"
        assert "{+Call 101.+}" in ran.out
        assert ran.out.splitlines()[-1] == "3 kept pages; 1 would be reparsed (body 1)"
    assert forcewire("reparse", "--database", database).out.splitlines()[-1] == "3 kept pages; 1 reparsed (body 1)"
    assert forcewire("reparse", "--database", database).out == "3 kept pages; 0 reparsed\n"


def test_it_is_never_an_edit(forcewire: Any, stored: Any, database: str) -> None:
    stored(worse=(1, 2, 3))
    forcewire("reparse", "--database", database)
    rows = forcewire("changes", "--json", "--database", database).json
    assert [row["change"] for row in rows] == ["new"] * 3
    ours = forcewire("changes", "--change", "reparsed", "--json", "--database", database).json
    assert [(row["change"], row["fields"]) for row in ours] == [("reparsed", ["body"])] * 3


def test_json_has_counts_and_the_text_before_and_after(forcewire: Any, stored: Any, database: str) -> None:
    stored(worse=(3,))
    found = forcewire("reparse", "--dry-run", "--json", "--database", database).json
    assert {name: found[name] for name in ("dry_run", "pages", "unchanged", "reparsed", "new", "lost", "fields")} == {
        "dry_run": True, "pages": 3, "unchanged": 2, "reparsed": 1, "new": 0, "lost": 0, "fields": {"body": 1},
    }  # fmt: skip
    (page,) = found["found"]
    assert (page["source"], page["url"], page["outcome"]) == (SOURCE, URL.format(n=3), "reparsed")
    assert "Call 101." in page["after"]["body"]
    assert "Call 101." not in page["before"]["body"]


def test_a_page_that_cannot_be_read_any_more_makes_the_exit_code_1(
    forcewire: Any, stored: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored()
    monkeypatch.setattr("crawler.reparsing._read", lambda reader, kept, now: "no headline")
    ran = forcewire("reparse", "--database", database)
    assert ran.code == 1
    assert ran.out.splitlines()[-1] == "3 kept pages; 0 reparsed; 3 cannot be read any more"
    assert ran.out.splitlines()[:2] == [f"{SOURCE}: unreadable: {URL.format(n=1)}", "  no headline"]


def test_many_differences_are_cut_for_a_person(
    forcewire: Any, stored: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(worse=(1, 2, 3))
    monkeypatch.setattr("forcewire.shown_reparse._MOST_SHOWN", 2)
    lines = forcewire("reparse", "--dry-run", "--database", database).out.splitlines()
    assert len([line for line in lines if ": reparsed: " in line]) == 2
    assert f"{SOURCE}: and 1 more; --json has them all" in lines


def test_an_unknown_source_is_one_line(forcewire: Any, stored: Any, database: str) -> None:
    stored()
    ran = forcewire("reparse", "bedforshire", "--database", database)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("forcewire: no source is called 'bedforshire'")


def test_a_store_that_is_not_there_is_one_line(forcewire: Any, tmp_path: Path) -> None:
    ran = forcewire("reparse", "--database", tmp_path / "none.db")
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1


def test_without_kept_pages_there_is_nothing_to_do(forcewire: Any, database: str) -> None:
    open_store(database).dispose()
    ran = forcewire("reparse", SOURCE, "--database", database)
    assert (ran.code, ran.out) == (0, "no kept pages\n")


def test_a_running_crawl_is_one_line_and_exit_code_1(forcewire: Any, stored: Any, database: str) -> None:
    stored()
    engine = open_store(database)
    with writing(engine) as conn:
        start_crawl(conn, SOURCE, reader="x", reader_version=1, now=NOW, pid=os.getpid(), host=socket.gethostname())
    engine.dispose()
    ran = forcewire("reparse", "--database", database)
    assert ran.code == 1
    assert "is still running" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert ran.out == ""


def test_pages_of_a_source_without_an_entry_are_left(forcewire: Any, stored: Any, database: str) -> None:
    stored()
    engine = open_store(database)
    with writing(engine) as conn:
        register_source(
            conn, id="wexholt", name="W", force="W", area="W", language="en", reader="generic", home_url="https://w.example/", now=NOW
        )  # fmt: skip
        keep_unread(
            conn, "wexholt", "https://w.example/1", Served(url="https://w.example/1", body=b"x"), "nothing", NOW
        )
    engine.dispose()
    ran = forcewire("reparse", "--database", database)
    assert (ran.code, ran.out) == (0, "3 kept pages; 0 reparsed\n")
    assert "wexholt has kept pages and no entry" in ran.err
