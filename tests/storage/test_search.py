"""Searching: what is found is what a plain look at all texts finds, on either database, and nothing that is withheld."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from storage import search_conditions, search_index
from storage.articles import save_articles
from storage.crawls import register_source
from storage.database import _engine, open_store, reading, upgrade, writing
from storage.erasing import erase_due
from storage.records import Fetched, Precision, Record
from storage.revisions import MIGRATIONS, REVISIONS
from storage.rules import RetentionRule
from storage.search import BadCursor, Page, matching, search
from storage.search_index import check, rebuild
from storage.suppressions import articles_at, suppress, undo
from storage.tables import ARTICLE, VERSION
from tests.storage import postgresql

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WORDS = "lamp mill lane tarn brook ferry copper anvil otter walnut harbour saddle kettle".split()
AREAS = {"sedge": "Sedge & Tarn", "eastmere": "Eastmere"}
KINDS = ("appeal", "court", "missing")

# The invented texts: number to words of title and body. Few words in many orders, so that phrases are found and missed.
_random = random.Random(7)
TEXTS = {n: (_random.choices(WORDS, k=3), _random.choices(WORDS, k=14)) for n in range(1, 121)}


def item(n: int, at: datetime = NOW, **fields: Any) -> tuple[Record, Fetched]:
    source = "eastmere" if n % 4 == 0 else "sedge"
    title, body = TEXTS.get(n, ([f"story{n}"], ["words"]))
    values: dict[str, Any] = {
        "source": source,
        "area": AREAS[source],
        "url": f"https://www.{source}.example/news/story-{n}",
        "title": " ".join(title).capitalize(),
        "body": f"**{' '.join(body[:5]).upper()}** {' '.join(body[5:])}.\n",
        "published_at": datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(hours=n // 2 * 7),
        "published_precision": Precision.MINUTE,
        "kind": KINDS[n % 3],
        "reader": "generic",
        "reader_version": 1,
    } | fields
    record = Record(**values)
    return record, Fetched(url=record.url, at=at, reader="generic", reader_version=1)


def filled(url: str) -> Engine:
    engine = open_store(url)
    with writing(engine) as conn:
        for name, area in AREAS.items():
            home = f"https://www.{name}.example/news/"
            about = {"name": name, "force": f"{name} Police", "area": area, "language": "en", "reader": "generic"}
            register_source(conn, id=name, **about, home_url=home, now=NOW)
        save_articles(conn, None, [item(n) for n in TEXTS])
    return engine


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def texts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A store with the invented texts, which tests only read or undo what they did to it."""
    if request.param == "sqlite":
        engine = filled(f"sqlite:///{tmp_path_factory.mktemp('search')}/store.db")
        yield engine
        engine.dispose()
        return
    with postgresql.server() as url:
        engine = filled(url)
        yield engine
        engine.dispose()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Engine]:
    """The same in a SQLite file of the test's own."""
    engine = filled(f"sqlite:///{tmp_path / 'own.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def undone(texts: Engine) -> Iterator[sa.Connection]:
    """A transaction that is rolled back at the end."""
    with texts.connect() as conn, conn.begin() as transaction:
        yield conn
        transaction.rollback()


def ids(engine: Engine, text: str, **bounds: Any) -> list[int]:
    with reading(engine) as conn:
        return numbers(search(conn, text, limit=500, **bounds))


def numbers(page: Page) -> list[int]:
    return [int(hit.url.rpartition("-")[2]) for hit in page.found]


def store(conn: sa.Connection, n: int, **fields: Any) -> None:
    save_articles(conn, None, [item(n, **fields)])


def row_of(conn: sa.Connection, n: int) -> int:
    return int(conn.execute(sa.select(ARTICLE.c.id).where(ARTICLE.c.url.endswith(f"-{n}"))).scalar_one())


# What is found


def has_phrase(words: list[str], phrase: list[str]) -> bool:
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words)))


def looked_for(terms: list[tuple[str, list[str]]]) -> set[int]:
    """The texts that have all the terms, by looking into each."""
    tests = {
        "phrase": lambda field, phrase: has_phrase(field, phrase),
        "beginning": lambda field, part: any(word.startswith(part[0]) for word in field),
    }
    return {
        n for n, text in TEXTS.items() if all(any(tests[sort](field, term) for field in text) for sort, term in terms)
    }


terms = st.lists(
    st.one_of(
        st.tuples(st.just("phrase"), st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)),
        st.tuples(st.just("beginning"), st.sampled_from(WORDS).map(lambda word: [word[:3]])),
    ),
    min_size=1,
    max_size=3,
)


@pytest.mark.parametrize("walks", [False, True])
@given(wanted=terms)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_words_phrases_and_beginnings_find_what_a_look_at_all_texts_finds(
    texts: Engine, wanted: list[tuple[str, list[str]]], walks: bool
) -> None:
    typed = {"phrase": lambda words: f'"{" ".join(words)}"', "beginning": lambda words: f"{words[0]}*"}
    with pytest.MonkeyPatch.context() as patch:
        if walks:
            patch.setattr(search_conditions, "_SORTED_PER_LOOK", 0)
        found = ids(texts, " ".join(typed[sort](words) for sort, words in wanted))
    assert len(set(found)) == len(found)
    assert set(found) == looked_for(wanted)


SAME = {
    "stabbing": "Two men were stabbed", "STABBED": "Two men were stabbed", "stabb*": "Two men were stabbed",
    "robberies": "A robbery of a jeweller", "cafe": "At the Café Ŵyn", "CAFÉ": "At the Café Ŵyn", "ŵyn": "At the Café Ŵyn",
    "wyn": "At the Café Ŵyn", "Cafe\u0301": "At the Café Ŵyn", "O’Neil": "Mr O'Neil's a-road", "A-road": "Mr O'Neil's a-road",
    '"o neil"': "Mr O'Neil's a-road", "x@y.example": "Write to x@y.example", "y.example": "Write to x@y.example",
    "£1,500": "It cost £1,500", "1,500": "It cost £1,500", "12th": "On the 12th", "5e10": "Model 5e10", "“on the”": "On the 12th",
}  # fmt: skip


def test_forms_accents_and_punctuation_are_found_alike_on_both_databases(undone: sa.Connection) -> None:
    for n, title in enumerate(sorted(set(SAME.values())), start=500):
        store(undone, n, title=title, body="Nothing else.")
    for typed, title in SAME.items():
        assert [hit.title for hit in search(undone, typed).found] == [title], typed
    assert not search(undone, '"neil oneil"').found
    assert not search(undone, '"else nothing"').found
    assert not search(undone, '"jeweller nothing"').found, "a phrase does not reach from the headline into the story"


def test_a_reference_is_found_in_whatever_spelling_and_no_other(undone: sa.Connection) -> None:
    store(undone, 500, references=("46/164171/20",), body="Call us.")
    store(undone, 501, references=("CR-12345-26", "LOG 7 of 1 May"), body="Call us.")
    store(undone, 502, body="Quote 46 164171 20 when you call.")
    for typed in ("46/164171/20", "46164171 20", "46 164171 20", "4616417120", "46-164171-20", "call 46/164171 20"):
        assert 500 in numbers(search(undone, typed)), typed
    assert set(numbers(search(undone, "46/164171/20"))) == {500, 502}
    for typed in ("ref:46/164171/20", "ref:4616417120", 'ref:"46 164171 20"', "REF: 46164171/20"):
        assert numbers(search(undone, typed)) == [500], typed
    assert numbers(search(undone, "cr/12345/26")) == [501]
    for typed in ("46/164171/21", "ref:46/16417", "ref:164171", "ref:20", "quoted:164171"):
        assert not search(undone, typed).found, typed


def test_a_reference_that_an_edit_dropped_finds_the_story_no_more(own: Engine) -> None:
    with writing(own) as conn:
        store(conn, 500, references=("46/164171/20",), body="Call us about the lamp.")
    with writing(own) as conn:
        store(conn, 500, references=(), body="She was found.", at=NOW + timedelta(hours=1))
    assert ids(own, "ref:46/164171/20") == []


def test_bounds_in_the_text_and_beside_it_hold_together(texts: Engine) -> None:
    lamps = set(ids(texts, "lamp"))
    eastmere = {n for n in lamps if n % 4 == 0}
    courts = {n for n in lamps if n % 3 == 1}
    for typed in ("lamp area:sedge-and-tarn", 'lamp AREA:"Sedge & Tarn"', "area: sedge&tarn lamp"):
        assert set(ids(texts, typed)) == lamps - eastmere, typed
    assert set(ids(texts, "lamp", areas=["eastmere"])) == eastmere
    assert ids(texts, "lamp area:eastmere", areas=["Sedge & Tarn"]) == []
    assert set(ids(texts, "lamp kind:court")) == set(ids(texts, "lamp", kinds=["court"])) == courts
    assert set(ids(texts, "lamp kind:court,appeal")) == {n for n in lamps if n % 3 != 2}
    assert set(ids(texts, "area:eastmere kind:court")) == {n for n in TEXTS if n % 4 == 0 and n % 3 == 1}
    assert set(ids(texts, "", areas=["eastmere"])) == {n for n in TEXTS if n % 4 == 0}


def test_days_months_and_years_are_londons(undone: sa.Connection) -> None:
    for n, at in enumerate(("2026-06-30T22:59", "2026-06-30T23:00", "2026-07-31T22:59", "2026-07-31T23:00"), start=500):
        store(
            undone, n, title="zebra", published_at=datetime.fromisoformat(f"{at}+00:00"), at=NOW + timedelta(days=300)
        )
    assert sorted(numbers(search(undone, "zebra since:2026-07 until:2026-07"))) == [501, 502]
    assert sorted(numbers(search(undone, "zebra since:2026-07-01 until:2026-07-31"))) == [501, 502]
    assert sorted(numbers(search(undone, "zebra until:2026-06-30"))) == [500]
    assert len(search(undone, "zebra since:2026 until:2026").found) == 4


@pytest.mark.parametrize("walks", [False, True])
def test_pages_follow_each_other_by_time_and_nothing_is_in_two(
    texts: Engine, walks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if walks:
        monkeypatch.setattr(search_conditions, "_SORTED_PER_LOOK", 0)
    found, cursor, pages = [], None, 0
    with reading(texts) as conn:
        while pages == 0 or cursor is not None:
            page = search(conn, "lamp", limit=7, before=cursor)
            found += page.found
            cursor, pages = page.next, pages + 1
    assert [hit.article_id for hit in found] == [
        hit.article_id for hit in sorted(found, key=lambda h: (h.at, h.article_id), reverse=True)
    ]
    assert {int(hit.url.rpartition("-")[2]) for hit in found} == looked_for([("phrase", ["lamp"])])
    assert len(found) == len({hit.article_id for hit in found}) > 7
    assert pages == -(-len(found) // 7)


@pytest.mark.parametrize(
    "cursor", ["", "x", "20260101T000000.0-", "20260101T000000.0-²", "99999999T000000.0-1", "\0", "1-1" * 99]
)
def test_a_cursor_that_no_page_gave_is_refused(texts: Engine, cursor: str) -> None:
    with reading(texts) as conn, pytest.raises(BadCursor):
        search(conn, "lamp", before=cursor)


# Texts that are no words


syntax = st.sampled_from(
    ['"', "*", "(", ")", "^", ":", "-", "+", "AND", "OR", "NOT", "NEAR(", "title:", "quoted : ", "lamp", "'", "';--", "\\", "\0", "%",
     "area:", "kind:", "since:", "until:", "ref:", "{", "}", "<->", "|", "&", "!", ":*", ":D", "½", "²", "ﬁ", "😀", "\ua66e", "\u0301", "İ"]
)  # fmt: skip


@given(
    text=st.one_of(
        st.text(),
        st.lists(st.one_of(syntax, st.text(max_size=3)), max_size=12).map(" ".join),
        st.lists(syntax).map("".join),
    )
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_is_an_error_and_both_ways_to_search_agree(texts: Engine, text: str) -> None:
    with reading(texts) as conn:
        page = search(conn, text, limit=500)
        same = conn.scalars(sa.select(ARTICLE.c.id).where(matching(text))).all()
    assert sorted(hit.article_id for hit in page.found) == sorted(same)
    assert page.problem is None or not page.found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "nothing to look for"),
        ("  \n", "nothing to look for"),
        ("\0", "nothing to look for"),
        ('"" *', "no word to look for"),
        ("AND", "no word to look for in: AND"),
        ("!?…", "no word to look for in: !?…"),
        ("lamp since:yesterday", "since:yesterday is no day; write since:2026-01-31"),
        ("until:2026-02-30", "is no day"),
        ("until:9999-12-31 until:0000", "is no day"),
        ("ref:/", "ref: wants a reference"),
        ("area:atlantis", "the store has no area 'atlantis'"),
        ("area:eastmeer", "the store has no area 'eastmeer'; near it: Eastmere"),
        ('area:"sedge and tarm"', "near it: Sedge & Tarn"),
        ("lamp kind:nonsense", "there is no kind 'nonsense'; kinds are appeal"),
        ("lamp kind:appeals", "there is no kind 'appeals'; did you mean appeal?"),
        ("area:" + "x" * 9000, "the store has no area"),
        ("x" * 5000, "no word has more than 200 letters"),
    ],
)
def test_what_finds_nothing_says_why(texts: Engine, text: str, told: str) -> None:
    with reading(texts) as conn:
        page = search(conn, text)
    assert page.found == []
    assert told in (page.problem or "")


def test_long_texts_are_cut_and_it_is_said(texts: Engine) -> None:
    with reading(texts) as conn:
        for text, told in (
            ("lamp " * 2000, "only the first 32 words"),
            ("lamp mill " * 2000, "only the first 32 words"),
            ('"' + "lamp " * 100 + '"', "of a phrase"),
            ("(" * 20_000 + " lamp", "only the first 10,000 characters"),
        ):
            assert told in (search(conn, text).note or ""), text[:20]
        assert search(conn, "lamp OR mill").note is not None
        assert search(conn, "lamp \0").found


def test_a_very_long_story_can_be_stored_and_found_whatever_its_letters(undone: sa.Connection) -> None:
    letters = _random.choices(range(0xAC00, 0xD7A4), k=150_000)  # each is three letters to the index
    words = "".join(chr(n) + " " * (at % 4 == 3) for at, n in enumerate(letters))
    for n, body in enumerate((f"zebra {words}", f"zebra {'x' * 300_000}"), start=500):
        store(undone, n, title=f"Long {n}", body=body)
    assert len(search(undone, "zebra").found) == 2
    assert check(undone, texts=True) == []


# The index follows what is stored


def test_what_is_withheld_is_never_found_and_comes_back_with_what_withheld_it(undone: sa.Connection) -> None:
    store(undone, 500, title="Zebra missing", sensitive=True)
    number = row_of(undone, 500)
    this = ARTICLE.update().where(ARTICLE.c.id == number)

    def is_found() -> bool:
        by_words = bool(search(undone, "zebra").found)
        by_bounds = 500 in numbers(search(undone, "area:eastmere", limit=500))
        assert by_words == by_bounds == bool(undone.execute(sa.select(ARTICLE.c.id).where(matching("zebra"))).all())
        assert check(undone, texts=True) == []
        return by_words

    assert is_found()
    said = {"why": "asked", "who": "desk", "now": NOW}
    suppress(undone, articles_at(undone, item(500)[0].url), **said)
    assert not is_found()
    undo(undone, articles_at(undone, item(500)[0].url), **said)
    assert is_found()
    undone.execute(this.values(removed_at=NOW))
    assert not is_found()
    undone.execute(this.values(sensitive=False))
    assert is_found(), "a story that nobody must be spared in is shown as withdrawn"
    undone.execute(this.values(removed_at=None, sensitive=True))
    assert is_found()
    undone.execute(this.values(erased_at=NOW))
    assert not is_found()


def test_only_the_words_that_are_current_are_found(undone: sa.Connection) -> None:
    store(undone, 500, title="A zebra ran", body="It ran down Mill Lane and was not seen again by anybody there.")
    store(
        undone,
        500,
        title="A zebra is found",
        body="It stands on a meadow and eats what the meadow has.",
        at=NOW + timedelta(hours=1),
    )
    assert [numbers(search(undone, typed)) for typed in ("zebra", "meadow", "zebra ran")] == [[500], [500], []]
    undone.execute(
        VERSION.update().where(VERSION.c.article_id == row_of(undone, 500)).values(body="By hand: a giraffe.")
    )
    assert [numbers(search(undone, typed)) for typed in ("giraffe", "meadow")] == [[500], []]
    undone.execute(ARTICLE.update().where(ARTICLE.c.id == row_of(undone, 500)).values(version=1))
    assert numbers(search(undone, "zebra ran")) == [500]
    assert check(undone, texts=True) == []


def test_nothing_of_an_article_that_is_taken_out_is_found(undone: sa.Connection) -> None:
    store(undone, 500, title="A zebra ran")
    number = row_of(undone, 500)
    for table in ("change", "version", "page", "article_reference"):
        undone.execute(sa.text(f"DELETE FROM {table} WHERE article_id = {number}"))
    assert not undone.execute(sa.select(ARTICLE.c.id).where(matching("zebra"))).all()
    undone.execute(ARTICLE.delete().where(ARTICLE.c.id == number))
    assert check(undone, texts=True) == []


def test_a_store_that_was_changed_behind_the_index_is_noticed_and_mended(texts: Engine) -> None:
    lost = "DROP TRIGGER search_version_changed" + (" ON version" if texts.dialect.name == "postgresql" else "")
    with texts.connect() as conn, conn.begin() as transaction:
        conn.execute(sa.text(lost))
        assert check(conn)[0].startswith("the search index is not kept up: the store has lost search_version_changed")
        transaction.rollback()
    gone = "DELETE FROM article_search WHERE article_id IN (SELECT min(id) FROM article)"
    if texts.dialect.name == "sqlite":
        gone = "INSERT INTO article_search(article_search, rowid, title, description, body, quoted) SELECT 'delete', article_id, title, description, body, quoted FROM article_text LIMIT 1"
    with texts.connect() as conn, conn.begin() as transaction:
        conn.execute(sa.text(gone))
        assert check(conn) == ["the search index is not right: 1 articles are missing in it"]
        rebuild(conn)
        assert check(conn, texts=True) == []
        transaction.rollback()
    with texts.connect() as conn, conn.begin() as transaction:
        conn.execute(sa.text(lost))
        conn.execute(VERSION.update().where(VERSION.c.article_id == 1).values(title="A zebra"))
        assert not search_index._has_the_texts(conn)
        rebuild(conn)
        assert search_index._has_the_texts(conn)
        assert numbers(search(conn, "zebra")) == [1]
        transaction.rollback()


@pytest.mark.usefixtures("migrations")
def test_a_store_of_the_revision_before_gets_its_index_with_all_that_may_be_shown(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    engine = filled(url)
    expected = ids(engine, "lamp")
    with writing(engine) as conn:
        conn.execute(ARTICLE.update().where(ARTICLE.c.id == expected[0]).values(suppressed_at=NOW))
    engine.dispose()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    unchecked = _engine(url, foreign_keys=False)
    with writing(unchecked) as conn:
        config.attributes["connection"] = conn
        command.downgrade(config, "0006")
        assert not [name for name in sa.inspect(conn).get_table_names() if search_index.belongs_to_the_index(name)]
        assert conn.scalar(sa.text("SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')")) == 0
    unchecked.dispose()
    assert upgrade(url) == ("0006", REVISIONS[-1])
    engine = open_store(url)
    assert set(ids(engine, "lamp")) == set(expected[1:])
    with writing(engine) as conn:
        assert check(conn, texts=True) == []
        store(conn, 500, title="A zebra ran")
    assert ids(engine, "zebra") == [500]
    engine.dispose()


def test_words_of_an_erased_story_are_in_no_byte_of_the_files_and_its_stems_neither(
    own: Engine, tmp_path: Path
) -> None:
    def stems() -> list[bytes]:
        data = b"".join(path.read_bytes() for path in tmp_path.glob("own.db*"))
        return [stem for stem in (b"ottolin", b"quimbi", b"zanthoxylum") if stem in data.lower()]

    with writing(own) as conn:
        store(
            conn,
            500,
            title="Missing: Ottoline Quimby",
            body="Seen near the zanthoxylum. " * 3,
            kind="missing",
            sensitive=True,
        )
        store(conn, 501, title="Another zebra")
    assert len(stems()) == 3
    with writing(own) as conn:
        conn.execute(ARTICLE.update().where(ARTICLE.c.id == row_of(conn, 500)).values(removed_at=NOW))
    assert ids(own, "zanthoxylum") == []
    assert len(stems()) == 3, "withdrawn, and not yet to be erased"
    week = timedelta(days=7)
    assert erase_due(own, None, RetentionRule(erase_after=week), now=NOW + week) == 1
    assert stems() == []
    assert ids(own, "zebra") == [501]
    with writing(own) as conn:
        assert check(conn, texts=True) == []


# How it is shown


def test_hits_are_marked_in_headline_and_story_and_nothing_else_is(undone: sa.Connection) -> None:
    story = (
        "Nothing at all. " * 60
        + "A **[zebra](https://lamp.example)** was stabbed in the café of *Mill Lane*. "
        + "The end. " * 60
    )
    store(undone, 500, title="Stabbing of <b>zebras</b>", description="Somebody did it.", body=story)
    (hit,) = search(undone, 'stabbed zebra cafe "mill lane"').found
    assert [text for text, is_hit in hit.title_marked if is_hit] == ["Stabbing", "zebras"]
    assert "".join(text for text, _ in hit.title_marked) == hit.title == "Stabbing of <b>zebras</b>"
    assert [text for text, is_hit in hit.snippet if is_hit] == ["zebra", "stabbed", "café", "Mill Lane"]
    snippet = "".join(text for text, _ in hit.snippet)
    assert snippet.startswith("…")
    assert snippet.endswith("…")
    assert "A zebra was stabbed in the café of Mill Lane. The end." in snippet
    assert len(snippet.split()) <= 40


def test_a_story_found_by_its_headline_or_reference_shows_how_it_begins(undone: sa.Connection) -> None:
    store(
        undone, 500, title="A zebra ran", description="How it ran.", body="It ran. " * 40, references=("46/164171/20",)
    )
    for typed in ("zebra", "ref:4616417120"):
        (hit,) = search(undone, typed).found
        snippet = "".join(text for text, _ in hit.snippet)
        assert snippet.startswith("How it ran. It ran. It ran."), typed
        assert snippet.endswith("…")
        assert not any(is_hit for _, is_hit in hit.snippet)


def test_a_story_without_words_can_be_listed(undone: sa.Connection) -> None:
    store(undone, 500, title="", body="", kind="wanted")
    (hit,) = search(undone, "kind:wanted").found
    assert (hit.title_marked, hit.snippet) == ([], [])
