"""Feeds of changes: what is told, under which id, and what is never said."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from feeds.publishing import publish
from storage.database import open_store, writing
from storage.erasing import erase_due
from storage.models import Article, Change
from storage.rules import RetentionRule
from storage.suppressions import articles_at, suppress, undo

FIRST = datetime(2024, 5, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
NAME = "Ottoline Quimby"
URL = "https://www.northmarch.example/news/missing-ottoline-quimby"


@pytest.fixture(autouse=True)
def _sources(store: Any) -> None:
    store.source("Northmarch")
    store.source("Sedge and Tarn")


@pytest.fixture
def story(store: Any) -> int:
    return int(store.article(title="Gate & post taken", body="A gate was taken on 3 May.\n", kind="appeal"))


@pytest.fixture
def missing(store: Any) -> int:
    """A sensitive appeal, edited once: the same name in address, headline, text and picture."""
    words = {"description": f"{NAME} is 14.", "image_url": f"https://i.example/{NAME}.jpg", "kind": "missing"}
    article = store.article(url=URL, title=f"Missing: {NAME}", body=f"Seen {NAME}?\n", sensitive=True, **words)
    store.again(article, FIRST + DAY, body=f"Have you seen {NAME}?\n")
    return int(article)


def entries(made: Any, name: str = "northmarch/changes.atom") -> list[Any]:
    feed = made.read(name)
    assert feed.bozo == 0, name
    assert made.read(name.replace(".atom", ".rss")).bozo == 0
    assert [entry.id for entry in feed.entries] == [
        entry.id for entry in made.read(name.replace(".atom", ".rss")).entries
    ]
    return list(feed.entries)


def to_the_second(moment: str) -> str:
    """An entry's moment without what tells it from the others of its second."""
    return re.sub(r"\.\d{6}\+", "+", moment)


def feed_files(made: Any) -> dict[str, tuple[bytes, int, int]]:
    """What is there for readers: not the note of how far the run came."""
    return {name: state for name, state in made.files().items() if not name.startswith(".")}


def all_bytes(made: Any) -> bytes:
    return b"".join(data for data, *_ in feed_files(made).values())


def names_nobody(made: Any) -> bool:
    """Whether no byte of any document has a part of the name, in whatever spelling; nor the kind of story, but where documents
    say their own name."""
    ours = rb"/missing\.(rss|atom|json)|: missing people|appeals? to find somebody who is missing|:feed/[a-z-]+/missing"
    return not re.search(
        rb"ottoline|quimby|missing", re.sub(ours, b"", all_bytes(made), flags=re.IGNORECASE), re.IGNORECASE
    )


def test_an_edit_is_an_entry_with_its_words_and_the_version_in_its_id(store: Any, story: int, published: Any) -> None:
    store.again(story, FIRST + DAY, title="Gate & post found", body="A gate was taken on 4 May.\n")
    (entry,) = entries(published())
    news = published().read("northmarch.atom").entries[0]
    assert entry.title == "Edited: Gate & post found"
    assert (entry.link, entry.author, entry.published) == (news.link, "Northmarch Police", "2024-05-02T08:00:00+00:00")
    assert (to_the_second(entry.updated), entry.id) == (entry.published, f"{news.id}/edited/2")
    assert "Northmarch Police edited headline and text. Seen on 2 May 2024, 08:00 UTC." in entry.content[0].value
    assert "<del>3</del><ins>4</ins> May" in entry.content[0].value
    assert {(tag.term, tag.scheme.rpartition(":")[2]) for tag in entry.tags} == {
        ("northmarch", "area"),
        ("appeal", "kind"),
        ("edited", "change"),
    }


def test_an_edit_that_makes_an_arrest_of_an_appeal_says_so(store: Any, story: int, published: Any) -> None:
    store.again(story, FIRST + DAY, title="Man held over gate", kind="arrest")
    (entry,) = entries(published())
    assert entry.title == "Appeal → Arrest: Man held over gate"
    assert "(Appeal → Arrest)" in entry.content[0].value


def test_each_edit_is_an_entry_of_its_own_and_the_latest_is_first(store: Any, story: int, published: Any) -> None:
    for n in (1, 2, 3):
        store.again(story, FIRST + n * DAY, body=f"A gate was taken, says version {n + 1}.\n")
    found = entries(published())
    assert [entry.id.rpartition("/")[2] for entry in found] == ["4", "3", "2"]
    assert len(published().read("northmarch.atom").entries) == 1


def test_minor_changes_and_our_own_doing_and_moves_are_no_entries_and_touch_no_updated(
    store: Any, story: int, published: Any
) -> None:
    store.again(story, FIRST + timedelta(hours=2), body="An edit, so that there is a version before.\n")
    before = published().files()
    store.again(story, FIRST + DAY, image_url="https://i.example/other.jpg")
    with writing(store.engine) as conn:
        for change in ("moved", "reparsed"):
            told = {"article_id": story, "crawl_id": 1, "change": change, "version": 2, "at": FIRST + 2 * DAY}
            conn.execute(sa.insert(Change).values(**told, minor=False, fields=["body"]))
    made = published()
    assert len(entries(made)) == 1
    assert made.files()["northmarch/changes.atom"] == before["northmarch/changes.atom"]
    assert to_the_second(made.read("northmarch.atom").entries[0].updated) == "2024-05-01T10:00:00+00:00"


def test_what_an_import_knows_of_years_ago_is_no_entry(store: Any, story: int, published: Any) -> None:
    store.again(story, FIRST + DAY, body="Other words.\n")
    with writing(store.engine) as conn:
        conn.execute(sa.update(Change).values(crawl_id=None))
    assert entries(published()) == []


def test_a_withdrawal_and_a_return_are_entries_numbered_by_occasion(store: Any, story: int, published: Any) -> None:
    for n in (1, 3):
        store.remove(story, FIRST + n * DAY)
        store.again(story, FIRST + (n + 1) * DAY)
    found = entries(published())
    assert [(entry.title, entry.id.partition("/northmarch/")[2].partition("/")[2]) for entry in found] == [
        ("Restored: Gate & post taken", "restored/2"),
        ("Withdrawn: Gate & post taken", "removed/2"),
        ("Restored: Gate & post taken", "restored/1"),
        ("Withdrawn: Gate & post taken", "removed/1"),
    ]
    assert all(entry.link == "https://www.northmarch.example/news/1" for entry in found)
    assert "A gate was taken" not in found[1].content[0].value


def test_all_has_the_changes_of_every_area_and_an_area_only_its_own(store: Any, story: int, published: Any) -> None:
    other = store.article("sedge-and-tarn")
    store.remove(story, FIRST + DAY)
    store.remove(other, FIRST + 2 * DAY)
    made = published()
    assert [entry.author for entry in entries(made, "all/changes.atom")] == [
        "Sedge and Tarn Police",
        "Northmarch Police",
    ]
    assert [entry.author for entry in entries(made)] == ["Northmarch Police"]
    assert made.read("all/changes.atom").feed.title == "UK police news: changes"
    own = [link.href for link in made.read("northmarch/changes.rss").feed.links if link.rel == "self"]
    assert own == ["https://news.example.org/feeds/northmarch/changes.rss"]


def test_removal_of_a_sensitive_story_leaves_a_tombstone_and_nothing_else(
    store: Any, missing: int, story: int, published: Any
) -> None:
    assert len(entries(published())) == 1
    assert not names_nobody(published())
    store.remove(missing, FIRST + 2 * DAY)
    made = published()
    (entry,) = entries(made)
    assert names_nobody(made)
    assert entry.title == "A story of Northmarch Police was withdrawn"
    assert (entry.published, entry.get("links", [])) == ("2024-05-03T08:00:00+00:00", [])
    said = "Northmarch Police (Northmarch) withdrew a story. It was seen gone on 3 May 2024, 08:00 UTC."
    assert re.sub("<[^>]+>", "", entry.content[0].value) == said
    assert {tag.term for tag in entry.tags} == {"northmarch", "removed"}
    assert [entry.title for entry in made.read("northmarch.atom").entries] == ["Gate & post taken"]


def test_erasing_changes_no_byte_of_a_feed(store: Any, missing: int, published: Any) -> None:
    store.remove(missing, FIRST + 2 * DAY)
    before = feed_files(published())
    assert erase_due(store.engine, None, RetentionRule(), now=FIRST + 30 * DAY) == 1
    assert feed_files(published()) == before


def test_a_sensitive_story_that_is_put_back_is_named_again_but_not_what_was_erased(
    store: Any, missing: int, published: Any
) -> None:
    store.remove(missing, FIRST + 2 * DAY)
    erase_due(store.engine, None, RetentionRule(), now=FIRST + 30 * DAY)
    store.again(missing, FIRST + 31 * DAY, title="Found safe", body="Thank you.\n", description=None, image_url=None)
    made = published()
    assert [entry.title for entry in entries(made)] == ["Restored: Found safe", "Withdrawn: Found safe"]
    assert b"Quimby?" not in all_bytes(made)
    assert [entry.title for entry in made.read("northmarch.atom").entries] == ["Found safe"]


def test_of_a_sensitive_story_no_word_is_told_that_its_page_does_not_carry_now(
    store: Any, missing: int, published: Any
) -> None:
    words = {"title": "Girl found safe", "description": None, "body": "A girl who was away is home, thank you.\n"}
    store.again(missing, FIRST + 2 * DAY, **words, sensitive=False, image_url=None, kind="found")
    made = published()
    found = entries(made)
    assert [entry.title for entry in found] == ["Missing → Found: Girl found safe", "Edited: Girl found safe"]
    assert "<ins>A girl who was away is home" in found[0].content[0].value
    for entry in found:
        assert not re.search("ottoline quimby|have you seen", str(entry.content), re.IGNORECASE)
    plain = store.article(title="Gate taken", body="By Mr Bell.\n")
    store.again(plain, FIRST + 3 * DAY, body="By nobody.\n")
    assert "Mr Bell" in str(entries(published())[0].content)


def test_suppressed_is_nothing_at_all_in_any_feed_until_it_is_undone(store: Any, missing: int, published: Any) -> None:
    before = published().files()
    with writing(store.engine) as conn:
        suppress(conn, articles_at(conn, URL), why="asked for", who="me@desk", now=FIRST + 3 * DAY)
    made = published()
    assert (entries(made), entries(made, "all/changes.atom"), names_nobody(made)) == ([], [], True)
    assert made.read("northmarch.atom").feed.updated == made.read("northmarch/changes.atom").feed.updated
    assert made.read("northmarch.atom").feed.updated == "2024-05-04T08:00:00+00:00"
    store.again(missing, FIRST + 4 * DAY, body=f"More of {NAME}.\n")
    assert names_nobody(published())
    with writing(store.engine) as conn:
        undo(conn, articles_at(conn, URL), why="a mistake", who="me@desk", now=FIRST + 5 * DAY)
    assert len(entries(published())) == 2
    assert published().files()["northmarch.atom"][0] != before["northmarch.atom"][0]


def test_a_suppressed_story_that_was_withdrawn_once_and_is_there_has_no_entry(
    store: Any, missing: int, published: Any
) -> None:
    store.remove(missing, FIRST + 2 * DAY)
    store.again(missing, FIRST + 3 * DAY)
    assert len(entries(published())) == 3
    with writing(store.engine) as conn:
        suppress(conn, articles_at(conn, URL), why="asked for", who="me@desk", now=FIRST + 4 * DAY)
    assert entries(published()) == []


@pytest.mark.parametrize("sensitive", [True, False])
def test_a_suppressed_story_that_is_withdrawn_leaves_a_tombstone(
    store: Any, missing: int, published: Any, sensitive: bool
) -> None:
    store.change(missing, sensitive=sensitive)
    with writing(store.engine) as conn:
        suppress(conn, articles_at(conn, URL), why="asked for", who="me@desk", now=FIRST + 3 * DAY)
    store.remove(missing, FIRST + 4 * DAY)
    made = published()
    assert [entry.title for entry in entries(made)] == ["A story of Northmarch Police was withdrawn"]
    assert names_nobody(made)


def test_a_store_put_back_from_yesterdays_backup_says_nothing_twice(
    store: Any, story: int, missing: int, tmp_path: Path
) -> None:
    def today(url: str, later: timedelta) -> set[str]:
        """What happens today, as the store sees it that runs; the ids that its feeds then have."""
        engine = open_store(url)
        running, store.engine = store.engine, engine
        store.again(story, FIRST + 9 * DAY + later, body="Edited today.\n")
        store.remove(missing, FIRST + 9 * DAY + later)
        publish(engine, tmp_path / "out", base_url="https://news.example.org")
        store.engine = running
        engine.dispose()
        return {
            found
            for path in (tmp_path / "out").rglob("*.atom")
            for found in re.findall("<id>(.*?)</id>", path.read_text())
        }

    store.again(story, FIRST + 8 * DAY, body="Edited yesterday.\n")
    store.engine.dispose()
    shutil.copy(tmp_path / "forcewire.db", tmp_path / "backup.db")
    said = today(store.url, timedelta(0))
    assert said == today(f"sqlite:///{tmp_path / 'backup.db'}", timedelta(hours=5))


def test_feed_files_of_a_vanished_area_lose_what_is_withheld_and_nothing_else(
    store: Any, missing: int, story: int, published: Any
) -> None:
    store.again(story, FIRST + DAY, body="Other words.\n")
    published(tagging_entity="old.example.org,2020")
    store.source("Southmarch", id="northmarch")
    made = published()
    assert not names_nobody(made)
    before = made.data("northmarch.rss")
    store.remove(missing, FIRST + 2 * DAY)
    made = published()
    assert names_nobody(made)
    assert [entry.title for entry in made.read("northmarch.rss").entries] == ["Gate & post taken"]
    assert [entry.title for entry in made.read("northmarch.atom").entries] == ["Gate & post taken"]
    assert [entry.title for entry in made.read("northmarch/changes.rss").entries] == ["Edited: Gate & post taken"]
    assert made.data("northmarch.rss") != before
    assert published().files() == made.files()


def test_the_same_store_gives_the_same_bytes(store: Any, story: int, missing: int, published: Any) -> None:
    store.again(story, FIRST + DAY, body="Other words.\n")
    before = published(now=FIRST + 9 * DAY).files()
    assert published(now=FIRST + 10 * DAY).files() == before


def test_words_that_no_xml_can_hold_and_marks_of_html_break_no_feed(store: Any, story: int, published: Any) -> None:
    store.again(story, FIRST + DAY, title="x", body="Other words.\n")
    store.rewrite(story, title="R&D <b>\x0b\ufffe", body="&amp; <script>alert(1)</script> \x01 ]]> word\n")
    with writing(store.engine) as conn:
        conn.execute(sa.text("UPDATE version SET body = body || 'more <i>' WHERE number = 2"))
    (entry,) = entries(published())
    assert "<script" not in entry.content[0].value
    assert "<ins><br />more &lt;i&gt;</ins>" in entry.content[0].value


def test_an_edit_that_writes_a_long_story_anew_is_told_without_its_words(store: Any, published: Any) -> None:
    article = store.article(body="\n\n".join(f"Old paragraph {n} of many. {'x' * 60}" for n in range(900)))
    store.again(article, FIRST + DAY, body="\n\n".join(f"Quite another thing {n}. {'y' * 60}" for n in range(900)))
    (entry,) = entries(published())
    assert "Too much of it is new" in entry.content[0].value
    assert len(entry.content[0].value) < 1000


def test_article_without_a_change_has_no_entry(story: int, published: Any) -> None:
    made = published()
    assert entries(made) == []
    assert made.read("northmarch/changes.atom").feed.updated == "2024-05-01T08:00:00+00:00"


def test_edit_of_before_the_store_knew_which_version_was_current_is_compared_to_the_one_before(
    store: Any, story: int, published: Any
) -> None:
    store.again(story, FIRST + DAY, body="A gate was taken on 4 May.\n")
    with writing(store.engine) as conn:
        conn.execute(sa.update(Change).values(version_before=None))
        assert conn.scalar(sa.select(Article.version).where(Article.id == story)) == 2
    assert "<del>3</del><ins>4</ins>" in entries(published())[0].content[0].value
