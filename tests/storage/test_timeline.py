"""What became of a story, and which articles are of one incident."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.crawls import register_source
from storage.database import reading, writing
from storage.kinds import NAMES
from storage.timeline import course, kind_name, related, step, steps

Save = Callable[..., list[str]]
Make = Callable[..., Any]

CRIME = ("40/12345/26",)


def linked(engine: Engine, article_id: int) -> list[int]:
    with reading(engine) as conn:
        return [each.article_id for each in related(conn, article_id)]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("appeal", "arrest", "Appeal → Arrest"),
        ("missing", "found", "Missing → Found"),
        ("burglary", "court", "Burglary → Court"),
        ("appeal", "appeal", None),
        ("other", "arrest", None),
        ("arrest", "other", None),
        (None, "arrest", None),
        ("arrest", None, None),
    ],
)
def test_a_step_is_named_where_a_story_became_another(before: str | None, after: str | None, said: str | None) -> None:
    assert step(before, after) == said


def test_every_kind_that_a_reader_says_has_a_name() -> None:
    from crawler.meaning.kinds import kind

    assert kind.__doc__
    said = {word.strip(" .") for word in kind.__doc__.replace(" or ", ", ").split(",")}
    assert said == set(NAMES)
    assert {kind_name(each) for each in said} == set(NAMES.values())


def test_the_timeline_is_the_versions_in_order(engine: Engine, save: Save, page: Make, now: datetime) -> None:
    told = [("appeal", "Appeal"), ("arrest", "Man arrested"), ("court", "Man jailed")]
    for n, (kind, title) in enumerate(told):
        save(page(kind=kind, title=title, at=now + timedelta(days=n)))
    with reading(engine) as conn:
        found = steps(conn, 1)
        assert steps(conn, 2) == []
    assert [(each.version, each.kind, each.title) for each in found] == [
        (n, *each) for n, each in enumerate(told, start=1)
    ]
    assert [each.at for each in found] == [now + timedelta(days=n) for n in range(3)]


def test_articles_that_quote_one_reference_are_related_within_a_force(engine: Engine, save: Save, page: Make) -> None:
    save(
        page(1, references=CRIME),
        page(2, references=("40-12345-26", "CAD 9"), kind="arrest"),
        page(3, references=("40/99999/26",)),
        page(4, source="eastmere", area="Eastmere", references=CRIME),
        page(5),
    )
    assert linked(engine, 1) == [2]
    assert linked(engine, 2) == [1]
    assert [linked(engine, n) for n in (3, 4, 5, 99)] == [[], [], [], []]
    with reading(engine) as conn:
        (other,) = related(conn, 1)
    assert (other.source, other.kind, other.references) == ("norchester", "arrest", ["40-12345-26"])
    assert (other.title, other.url) == ("Appeal 2 after lamp is taken", "https://www.norchester.example/news/story-2")


def test_two_sources_of_one_force_are_linked(engine: Engine, save: Save, page: Make, now: datetime) -> None:
    with writing(engine) as conn:
        register_source(
            conn, id="norchester-cctv", name="Faces", force="Norchester Police", area="Norchester", language="en",
            reader="generic", home_url="https://faces.example/", now=now,
        )  # fmt: skip
    save(page(1, references=CRIME), page(2, source="norchester-cctv", references=CRIME))
    assert linked(engine, 1) == [2]


def test_what_an_older_version_quoted_still_links(engine: Engine, save: Save, page: Make, now: datetime) -> None:
    save(page(1, references=CRIME), page(2, references=CRIME))
    save(page(1, references=(), title="Man jailed", at=now + timedelta(hours=1)))
    assert linked(engine, 2) == [1]
    with reading(engine) as conn:
        assert related(conn, 2)[0].references == ["401234526"]


@pytest.mark.parametrize("column", ["suppressed_at", "removed_at", "erased_at"])
def test_no_article_that_is_withheld_is_named_nor_asked(engine: Engine, save: Save, page: Make, column: str) -> None:
    save(page(1, references=CRIME, sensitive=True), page(2, references=CRIME))
    with writing(engine) as conn:
        conn.execute(sa.text(f"UPDATE article SET {column} = last_seen_at WHERE id = 1"))
    assert (linked(engine, 1), linked(engine, 2)) == ([], [])
    with reading(engine) as conn:
        assert [(each.kind, each.title) for each in steps(conn, 1)] == [("appeal", None)]


@pytest.mark.parametrize(("articles", "days", "links"), [(21, 61, 0), (21, 60, 20), (20, 300, 19)])
def test_a_number_that_many_quote_for_long_is_no_incident(
    engine: Engine, save: Save, page: Make, articles: int, days: int, links: int
) -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    dates = [first] * (articles - 1) + [first + timedelta(days=days)]
    save(*(page(n, references=("01632 960001",), published_at=at) for n, at in enumerate(dates)))
    assert len(linked(engine, 1)) == links


@pytest.mark.parametrize(
    ("reference", "days", "links"),
    [
        ("370 of 12 March", 250, 1),
        ("370 of 12 March", 365, 0),
        ("CAD 1234/30MAR", 365, 0),
        ("370 of 12 March 2025", 365, 1),
        ("40/12345/25", 900, 1),
    ],
)
def test_a_number_of_a_day_is_another_one_next_year(
    engine: Engine, save: Save, page: Make, reference: str, days: int, links: int
) -> None:
    first = datetime(2025, 3, 12, tzinfo=UTC)
    save(*(page(n, references=(reference,), published_at=first + timedelta(days=n * days)) for n in range(2)))
    assert len(linked(engine, 1)) == links


def test_the_course_of_a_story_names_each_kind_once(engine: Engine, save: Save, page: Make, now: datetime) -> None:
    for n, kind in enumerate(("appeal", "appeal", "other", "arrest", "appeal")):
        save(page(kind=kind, title=f"Title {n}", at=now + timedelta(days=n)))
    with reading(engine) as conn:
        assert course(steps(conn, 1)) == "Appeal → Arrest → Appeal"
    assert course([]) == ""
