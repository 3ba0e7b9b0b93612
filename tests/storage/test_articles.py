"""Saving articles: versions, changes and validators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage import outcomes, versions
from storage.articles import save_articles
from storage.changes import NORMALISATION
from storage.database import reading, writing
from storage.pages import validators
from storage.reads import StoredRecord, records

HOUR = timedelta(hours=1)
Make = Callable[..., Any]
Save = Callable[..., list[str]]
Rows = Callable[[str], list[tuple[Any, ...]]]

CHANGES = "SELECT change, minor, version, fields FROM change ORDER BY id"


def the_record(engine: Engine) -> StoredRecord:
    with reading(engine) as conn:
        (record,) = records(conn)
    return record


def test_a_new_article_has_a_version_a_change_and_validators(
    engine: Engine, save: Save, page: Make, rows: Rows, now: datetime
) -> None:
    item = page()
    assert save(item) == ["new"]
    assert rows(CHANGES) == [("new", 0, 1, "[]")]
    stored = the_record(engine)
    for name in item[0].__dataclass_fields__:
        assert getattr(stored, name) == getattr(item[0], name), name
    assert (stored.version, stored.first_seen_at, stored.last_seen_at, stored.changed_at) == (1, now, now, now)
    with reading(engine) as conn:
        kept = validators(conn, "norchester", item[0].url, reader="generic", reader_version=1)
    assert kept is not None
    assert kept.etag == '"e"'


def test_an_unchanged_article_is_seen_again_and_nothing_more(
    engine: Engine, save: Save, page: Make, rows: Rows, now: datetime
) -> None:
    save(page())
    assert save(page(at=now + HOUR, etag='"f"')) == ["unchanged"]
    assert len(rows("SELECT * FROM version")) == len(rows("SELECT * FROM change")) == 1
    stored = the_record(engine)
    assert (stored.first_seen_at, stored.last_seen_at, stored.changed_at) == (now, now + HOUR, now)
    assert rows("SELECT etag FROM page") == [('"f"',)]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"title": "Man, 43, sought"}, ["title"]),
        ({"description": None}, ["description"]),
        ({"body": "Another text."}, ["body"]),
        ({"title": "A", "body": "B"}, ["title", "body"]),
    ],
)
def test_an_edit_makes_a_version_and_names_the_fields(
    engine: Engine, save: Save, page: Make, now: datetime, fields: dict[str, Any], named: list[str], rows: Rows
) -> None:
    save(page())
    assert save(page(at=now + HOUR, **fields)) == ["edited"]
    assert rows("SELECT number FROM version ORDER BY number") == [(1,), (2,)]
    with reading(engine) as conn:
        change = conn.execute(sa.text("SELECT version, fields FROM change WHERE change = 'edited'")).one()
    assert change.version == 2
    assert change.fields == str(named).replace("'", '"')
    stored = the_record(engine)
    assert (stored.version, stored.changed_at, stored.first_seen_at) == (2, now + HOUR, now)
    assert {name: getattr(stored, name) for name in fields} == fields


def test_spaces_quotes_and_links_make_no_change(save: Save, page: Make, rows: Rows) -> None:
    save(page(body="It's [here](https://a.example/1), **now**."))
    assert save(page(body="It’s\u00a0 [here](https://a.example/2), now.\n")) == ["unchanged"]
    assert rows("SELECT count(*) FROM change") == [(1,)]


def test_a_picture_of_another_query_is_nothing_and_another_picture_is_minor(
    engine: Engine, save: Save, page: Make, rows: Rows
) -> None:
    save(page())
    assert save(page(image_url="https://www.norchester.example/lamp.jpg?h=2")) == ["unchanged"]
    assert the_record(engine).image_url == "https://www.norchester.example/lamp.jpg?h=2"
    assert save(page(image_url="https://www.norchester.example/van.jpg")) == ["minor"]
    assert rows(CHANGES)[1:] == [("edited", 1, 1, '["image_url"]')]
    assert rows("SELECT image_url FROM version") == [("https://www.norchester.example/van.jpg",)]


def test_meta_and_modified_times_follow_the_page_without_a_change(
    engine: Engine, save: Save, page: Make, rows: Rows
) -> None:
    save(page())
    later = datetime(2026, 3, 1, 13, tzinfo=UTC)
    assert save(page(meta={"csrf": "x1"}, modified_at=later)) == ["unchanged"]
    assert rows("SELECT count(*) FROM change") == [(1,)]
    assert (the_record(engine).meta, the_record(engine).modified_at) == ({"csrf": "x1"}, later)


def test_a_text_that_flips_makes_one_change(engine: Engine, save: Save, page: Make, rows: Rows, now: datetime) -> None:
    save(page())
    assert save(page(body="B", at=now + HOUR)) == ["edited"]
    for n in range(2, 6):
        assert save(page(at=now + n * HOUR) if n % 2 == 0 else page(body="B", at=now + n * HOUR)) == ["flip"]
    assert [row[0] for row in rows(CHANGES)] == ["new", "edited"]
    assert rows("SELECT number FROM version ORDER BY number") == [(1,), (2,)]
    assert the_record(engine).version == 2
    assert save(page(at=now + 6 * HOUR)) == ["flip"]
    assert (the_record(engine).version, the_record(engine).changed_at) == (1, now)


def test_after_a_flip_the_next_text_gets_a_number_of_its_own(
    engine: Engine, save: Save, page: Make, rows: Rows
) -> None:
    save(page())
    save(page(body="B"))
    save(page())
    assert save(page(body="C")) == ["edited"]
    assert the_record(engine).version == 3
    assert rows("SELECT version FROM change ORDER BY id") == [(1,), (2,), (3,)]


def test_a_text_of_six_versions_ago_is_an_edit(save: Save, page: Make) -> None:
    for n in range(6):
        save(page(body=f"Text {n}"))
    assert save(page(body="Text 1")) == ["flip"]
    assert save(page(body="Text 0")) == ["edited"]


def test_a_detail_that_flips_makes_one_minor_change(save: Save, page: Make, rows: Rows) -> None:
    save(page())
    assert save(page(published_raw="27 Feb")) == ["minor"]
    for _ in range(3):
        assert save(page()) == ["flip"]
        assert save(page(published_raw="27 Feb")) == ["flip"]
    assert save(page(published_raw="28 Feb")) == ["minor"]
    assert rows("SELECT count(*) FROM change WHERE minor") == [(2,)]


def test_the_first_published_date_stays(engine: Engine, save: Save, page: Make, now: datetime) -> None:
    save(page())
    first = the_record(engine).published_at
    assert save(page(published_at=now, published_raw="1 March 2026")) == ["minor"]
    assert save(page(published_at=now, published_raw="1 March 2026", body="B")) == ["edited"]
    assert the_record(engine).published_at == first
    assert the_record(engine).published_raw == "1 March 2026"


def test_a_date_that_comes_later_is_taken_and_one_that_goes_is_kept(
    engine: Engine, save: Save, page: Make, now: datetime
) -> None:
    none: dict[str, Any] = {"published_at": None, "published_raw": None, "published_from": None}
    save(page(**none))
    assert save(page()) == ["minor"]
    assert the_record(engine).published_at == datetime(2026, 2, 27, 9, 30, tzinfo=UTC)
    assert save(page(**none)) == ["unchanged"]
    assert the_record(engine).published_raw == "09:30, 27 February 2026"


def test_another_reader_version_reparses_and_never_edits(engine: Engine, save: Save, page: Make, rows: Rows) -> None:
    save(page())
    assert save(page(body="Read better", reader_version=2)) == ["reparsed"]
    assert rows(CHANGES)[1:] == [("reparsed", 0, 1, '["body"]')]
    assert rows("SELECT number, body, reader_version FROM version") == [(1, "Read better", 2)]
    assert save(page(body="Read better", reader_version=2)) == ["unchanged"]
    assert save(page(body="The force wrote this", reader_version=2)) == ["edited"]


def test_another_reader_with_the_same_words_is_no_change_but_keeps_its_rendering(
    engine: Engine, save: Save, page: Make, rows: Rows
) -> None:
    save(page(body="Call [us](https://a.example)"))
    assert save(page(body="Call us", reader="drupal")) == ["unchanged"]
    assert rows("SELECT body, reader FROM version") == [("Call us", "drupal")]
    assert rows("SELECT count(*) FROM change") == [(1,)]


def test_a_better_reader_corrects_a_date_that_it_misread(engine: Engine, save: Save, page: Make, now: datetime) -> None:
    save(page())
    assert save(page(published_at=now, reader_version=2)) == ["reparsed"]
    assert the_record(engine).published_at == now


def test_another_normalisation_is_no_edit(save: Save, page: Make, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    save(page(), page(2))
    monkeypatch.setattr(outcomes, "NORMALISATION", NORMALISATION + 1)
    monkeypatch.setattr(versions, "NORMALISATION", NORMALISATION + 1)
    assert save(page(), page(2, body="B")) == ["unchanged", "reparsed"]
    assert rows("SELECT DISTINCT normalisation FROM version") == [(NORMALISATION + 1,)]
    assert rows("SELECT count(*) FROM change WHERE change = 'edited'") == [(0,)]
    assert save(page(), page(2, body="C")) == ["unchanged", "edited"]


@pytest.mark.parametrize(("fields", "after"), [({}, ["restored"]), ({"body": "B"}, ["restored", "edited"])])
def test_a_removed_article_that_answers_is_restored(
    engine: Engine, save: Save, page: Make, rows: Rows, now: datetime, fields: dict[str, Any], after: list[str]
) -> None:
    save(page())
    with writing(engine) as conn:
        conn.execute(sa.text("UPDATE article SET removed_at = :at"), {"at": "2026-03-01 12:00:00.000000"})
    assert save(page(at=now + HOUR, **fields)) == ["restored"]
    assert [row[0] for row in rows(CHANGES)][1:] == after
    assert the_record(engine).removed_at is None
    assert save(page(at=now + HOUR, **fields)) == ["unchanged"]


def test_two_records_of_one_url_in_a_batch_are_an_article_and_its_edit(save: Save, page: Make, rows: Rows) -> None:
    assert save(page(), page(2), page(body="B"), page(), page(body="C")) == ["new", "new", "edited", "flip", "edited"]
    assert rows("SELECT count(*) FROM article") == [(2,)]
    assert rows("SELECT version FROM article ORDER BY id") == [(3,), (1,)]


def test_one_url_in_two_sources_is_two_articles(save: Save, page: Make, rows: Rows) -> None:
    assert save(page(), page(source="eastmere")) == ["new", "new"]
    assert rows("SELECT count(*) FROM article") == [(2,)]


def test_a_large_batch_is_taken_in_parts(save: Save, page: Make) -> None:
    items = [page(n) for n in range(1203)]
    assert save(*items) == ["new"] * 1203
    assert save(*items) == ["unchanged"] * 1203
    assert save() == []


@pytest.mark.parametrize("bad", ["\x00", "\x1b", "\ud83d", "\ufffe"])
def test_odd_characters_are_stripped_from_every_field_and_lose_nothing(
    engine: Engine, save: Save, page: Make, bad: str
) -> None:
    texts = ("title", "description", "body", "published_raw", "published_from", "kind", "language", "image_url")
    fields: dict[str, Any] = dict.fromkeys(texts, f"a{bad}b")
    fields |= dict.fromkeys(("tags", "references", "operations"), (f"a{bad}b",))
    fields["meta"] = {f"k{bad}": {"n": [f"a{bad}b", {f"x{bad}": 1}]}}
    url = f"https://www.norchester.example/a{bad}b"
    outcomes_ = save(page(url=url, etag=f"a{bad}b", **fields), page(2))
    assert outcomes_ == ["new", "new"]
    with reading(engine) as conn:
        stored = next(iter(records(conn)))
        kept = validators(conn, "norchester", url, reader="generic", reader_version=1)
    assert {getattr(stored, name) for name in texts} == {"ab"}
    assert (stored.tags, stored.references, stored.operations) == (("ab",),) * 3
    assert stored.meta == {"k": {"n": ["ab", {"x": 1}]}}
    assert stored.url == "https://www.norchester.example/ab"
    assert kept is not None
    assert kept.etag == "ab"
    assert save(page(url=url, etag=f"a{bad}b", **fields)) == ["unchanged"]


def test_texts_of_any_size_are_kept(engine: Engine, save: Save, page: Make) -> None:
    title, body = "Lamp " * 20_000, "Taken. " * 500_000
    assert save(page(title=title, body=body)) == ["new"]
    assert (the_record(engine).title, the_record(engine).body) == (title, body)


def test_the_page_that_was_asked_for_is_no_longer_pending_nor_its_canonical_one(
    engine: Engine, save: Save, page: Make, now: datetime
) -> None:
    from storage.pages import pending, remember_listing
    from storage.records import Fetched, Link

    asked, canonical = "https://www.norchester.example/n/1", "https://www.norchester.example/news/story-1"
    listing = Fetched(url="https://www.norchester.example/news/", at=now, reader="generic", reader_version=1)
    links = [Link(url=asked), Link(url=canonical), Link(url="https://www.norchester.example/n/2")]
    with writing(engine) as conn:
        remember_listing(conn, "norchester", links, listing, more=False, first=True, now=now)
    save(page(asked=asked))
    with reading(engine) as conn:
        assert [link.url for link in pending(conn, "norchester", limit=9)] == ["https://www.norchester.example/n/2"]


def test_an_error_in_the_batch_leaves_nothing_of_it(engine: Engine, crawl: int, page: Make, rows: Rows) -> None:
    with pytest.raises(sa.exc.StatementError), writing(engine) as conn:  # noqa: PT012  the transaction is the point
        save_articles(conn, crawl, [page(1)])
        save_articles(conn, crawl, [page(2, modified_at=datetime(2026, 1, 1))])  # noqa: DTZ001  a naive time is refused
    assert rows("SELECT count(*) FROM article") == rows("SELECT count(*) FROM page") == [(0,)]


def test_a_page_that_only_spaces_changed_is_known_as_unchanged_the_next_time(
    save: Save, page: Make, rows: Rows
) -> None:
    save(page(body="A  lamp"))
    before = rows("SELECT record_hash FROM version")
    assert save(page(body="A lamp")) == ["unchanged"]
    assert rows("SELECT record_hash FROM version") != before
    assert rows("SELECT body FROM version") == [("A  lamp",)]


def test_an_emoji_is_no_odd_character(engine: Engine, save: Save, page: Make) -> None:
    save(page(title="Lost \U0001f6a8", meta={"og:title": "Lost \U0001f6a8 \\b"}, tags=("\U0001f6a8",)))
    stored = the_record(engine)
    assert (stored.title, stored.meta, stored.tags) == (
        "Lost \U0001f6a8",
        {"og:title": "Lost \U0001f6a8 \\b"},
        ("\U0001f6a8",),
    )


def test_a_page_that_moves_is_the_same_article_told_as_moved_once(
    engine: Engine, save: Save, page: Make, rows: Rows, now: datetime
) -> None:
    moved = "https://www.norchester.example/news/moved"
    save(page(1))
    first = the_record(engine).url
    for hours in (1, 2):
        assert save(page(1, url=moved, asked=first, at=now + hours * HOUR)) == ["unchanged"]
    assert rows("SELECT id, url FROM article") == [(1, first)]
    assert rows(CHANGES) == [("new", 0, 1, "[]"), ("moved", 0, 1, '["url"]')]
    assert the_record(engine).last_seen_at == now + 2 * HOUR
    assert save(page(1, url=moved, asked=first, body="B")) == ["edited"]
    assert save(page(1, url=moved, body="C"), page(1, url=moved, asked=first, body="D")) == ["edited", "edited"]
    assert [row[0] for row in rows(CHANGES)] == ["new", "moved", "edited", "edited", "edited"]
    assert rows("SELECT url, article_id FROM page ORDER BY id") == [(first, 1), (moved, 1)]


@pytest.mark.parametrize("listed_first", [True, False])
def test_a_listing_that_shows_the_new_address_of_a_moved_page_shows_a_known_one(
    engine: Engine, save: Save, page: Make, now: datetime, listed_first: bool
) -> None:
    from storage.pages import pending, remember_listing
    from storage.records import Fetched, Link

    moved = "https://www.norchester.example/news/moved"
    listing = Fetched(url="https://www.norchester.example/news/", at=now, reader="generic", reader_version=1)

    def listed() -> int:
        with writing(engine) as conn:
            new = remember_listing(conn, "norchester", [Link(url=moved)], listing, more=False, first=True, now=now)
        return len(new)

    save(page(1))
    if listed_first:
        assert listed() == 1
    save(page(1, url=moved, asked=the_record(engine).url))
    assert listed() == 0
    with reading(engine) as conn:
        assert pending(conn, "norchester", limit=9) == []


def test_a_short_address_of_a_moved_page_leads_to_its_article(save: Save, page: Make, rows: Rows) -> None:
    moved = "https://www.norchester.example/news/moved"
    save(page(1))
    save(page(1, url=moved, asked="https://www.norchester.example/news/story-1"))
    assert save(page(1, url=moved, asked="https://www.norchester.example/n/1")) == ["unchanged"]
    assert rows("SELECT count(*) FROM article") == [(1,)]
    assert rows("SELECT count(*) FROM change WHERE change = 'moved'") == [(1,)]


def test_a_page_that_moves_to_another_article_leaves_both(save: Save, page: Make, rows: Rows) -> None:
    save(page(1), page(2))
    assert save(page(2, asked="https://www.norchester.example/news/story-1")) == ["unchanged"]
    assert rows("SELECT count(*) FROM article") == [(2,)]
    assert rows("SELECT DISTINCT change FROM change") == [("new",)]


def test_two_pages_that_move_in_one_batch_stay_two_articles(save: Save, page: Make, rows: Rows) -> None:
    save(page(1), page(2))
    items = [
        page(n, url=f"https://www.norchester.example/moved/{n}", asked=f"https://www.norchester.example/news/story-{n}")
        for n in (1, 2)
    ]
    assert save(*items, page(1)) == ["unchanged"] * 3
    assert rows("SELECT count(*) FROM article") == [(2,)]
    assert rows("SELECT article_id FROM change WHERE change = 'moved'") == [(1,), (2,)]


def test_another_entry_reparses_and_never_edits(save: Save, page: Make, rows: Rows) -> None:
    save(page(), page(2))
    assert save(page(body="Read without furniture", entry="a1"), page(2, entry="a1")) == ["reparsed", "unchanged"]
    assert rows(CHANGES)[2:] == [("reparsed", 0, 1, '["body"]')]
    assert rows("SELECT number, entry FROM version") == [(1, "a1")] * 2
    assert save(page(body="The force wrote this", entry="a1"), page(2, body="B", entry="a1")) == ["edited"] * 2
