"""Archives (RFC 5005): a new subscriber pages back to the first story, and misses none and has none twice."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from lxml import etree

from feeds import archives
from feeds.build import UnknownFeed, touched_archives
from feeds.identity import DEFAULT_TAGGING_ENTITY, entry_id
from storage.database import reading, writing
from storage.models import Change, Suppression
from storage.records import Precision, Record
from storage.suppressions import articles_at, suppress

NS = {"a": "http://www.w3.org/2005/Atom", "fh": "http://purl.org/syndication/history/1.0"}
NS["at"] = "http://purl.org/atompub/tombstones/1.0"
FIRST = datetime(2024, 5, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
BASE = "https://news.example.org/feeds/"


def records(count: int, start: datetime, step: timedelta, source: str = "northmarch", name: str = "s") -> list[Record]:
    return [
        Record(
            source=source,
            area="",
            url=f"https://www.{source}.example/{name}/{n}",
            title=f"{name} {n}",
            body=f"What {name} {n} is about.\n",
            published_at=None if n % 9 == 5 else start - n * step,
            published_precision=Precision.UNKNOWN if n % 9 == 5 else Precision.MINUTE,
            reader="generic",
            reader_version=1,
        )
        for n in range(count)
    ]


@pytest.fixture
def filled(store: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Some two hundred stories of two areas, on the edges of months and days too, and more at once than the newest take."""
    monkeypatch.setattr(archives, "MOST_OF_PART", 7)
    store.source("Northmarch")
    store.source("Sedge and Tarn")
    store.save(records(90, FIRST, 2 * DAY), FIRST + timedelta(hours=1))
    store.save(records(60, FIRST, timedelta(hours=5), "sedge-and-tarn"), FIRST + timedelta(hours=1))
    edges = ("2024-02-29T23:59:59.999999", "2024-03-01T00:00:00", "2024-03-31T23:59:59", "2024-04-01T00:00:00.000001")
    for n, edge in enumerate(edges):
        store.article(
            title=f"edge {n}", published_at=datetime.fromisoformat(edge).replace(tzinfo=UTC), seen_at=FIRST + DAY
        )
    return store


def links(root: Any) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in root.findall("a:link", NS)}


def walked(served: Any, scope: str) -> list[tuple[str, Any]]:
    """The archive documents of a scope as a subscriber comes to them, the newest first, each with its name."""
    found, name = [], links(etree.fromstring(served.data(f"{scope}.atom"))).get("prev-archive")
    while name is not None:
        name = name.removeprefix(BASE)
        root = etree.fromstring(served.data(name))
        found.append((name, root))
        name = links(root).get("prev-archive")
    return found


def ids(root: Any) -> list[str]:
    return [entry.findtext("a:id", namespaces=NS) for entry in root.findall("a:entry", NS)]


def all_ids(store: Any, source: str) -> set[str]:
    with store.engine.connect() as conn:
        rows = conn.execute(sa.text("SELECT source_id, url FROM article WHERE source_id LIKE :s"), {"s": source})
        return {entry_id(DEFAULT_TAGGING_ENTITY, row.source_id, row.url) for row in rows}


@pytest.mark.parametrize(
    ("scope", "source"), [("northmarch", "northmarch"), ("sedge-and-tarn", "sedge-and-tarn"), ("all", "%")]
)
def test_a_walk_meets_each_story_once(filled: Any, served: Any, scope: str, source: str) -> None:
    documents = walked(served, scope)
    met = Counter(id for _, root in documents for id in ids(root))
    assert set(met) == all_ids(filled, source)
    assert set(met.values()) == {1}
    assert max(len(ids(root)) for _, root in documents) == 7
    assert {name for name, _ in documents} == {
        name for name in served.names() if name.startswith(f"{scope}/archive/") and name.endswith(".atom")
    }


def test_the_newest_stories_of_a_feed_are_in_its_archive_as_well(filled: Any, served: Any) -> None:
    met = {id for _, root in walked(served, "northmarch") for id in ids(root)}
    assert set(ids(etree.fromstring(served.data("northmarch.atom")))) < met


def test_stories_come_back_in_time_and_the_way_back_is_the_way_there(filled: Any, served: Any) -> None:
    documents = walked(served, "northmarch")
    dates = [
        entry.findtext("a:published", namespaces=NS) for _, root in documents for entry in root.findall("a:entry", NS)
    ]
    assert dates == sorted(dates, reverse=True)
    for (newer, _), (name, root) in pairwise(documents):
        assert links(root)["next-archive"] == BASE + newer, name
    assert "next-archive" not in links(documents[0][1])
    for name, root in documents:
        assert links(root)["current"] == f"{BASE}northmarch.atom"
        assert root.find("fh:archive", NS) is not None
        assert root.findtext("a:id", namespaces=NS) == f"tag:{DEFAULT_TAGGING_ENTITY}:feed/northmarch", name
    assert etree.fromstring(served.data("northmarch.atom")).find("fh:archive", NS) is None


def test_rss_and_json_feeds_can_be_walked_too(filled: Any, served: Any) -> None:
    count, name = 0, "northmarch.rss"
    while name:
        root = etree.fromstring(served.data(name))
        linked = {link.get("rel"): link.get("href") for link in root[0].findall("a:link", NS)}
        count += len(root.findall("channel/item")) if "archive" in name else 0
        assert (root.find("channel/fh:archive", NS) is not None) == ("archive" in name)
        name = linked.get("prev-archive", BASE).removeprefix(BASE)
    assert count == len(all_ids(filled, "northmarch"))
    seen: Counter[str] = Counter()
    name = "northmarch.json"
    while name:
        feed = json.loads(served.data(name))
        seen.update(item["id"] for item in feed["items"] if "archive" in name)
        name = feed.get("next_url", BASE).removeprefix(BASE)
    assert (set(seen), set(seen.values())) == (all_ids(filled, "northmarch"), {1})


def archive_bytes(served: Any, scope: str) -> dict[str, bytes]:
    return {name: served.data(name) for name in served.names() if name.startswith(f"{scope}/archive/")}


def numbers(store: Any) -> dict[str, int]:
    with reading(store.engine) as conn:
        last = (conn.scalar(sa.select(sa.func.max(table.id))) or 0 for table in (Change, Suppression))
        return dict(zip(("change", "suppression"), last, strict=True))


def test_a_withdrawal_touches_its_own_document_and_leaves_a_tombstone_there(filled: Any, served: Any) -> None:
    before, since = archive_bytes(served, "northmarch"), numbers(filled)
    filled.remove(40, FIRST + 9 * DAY)
    after = archive_bytes(served, "northmarch")
    assert after.keys() == before.keys()
    changed = {name for name in after if after[name] != before[name]}
    (atom,) = (name for name in changed if name.endswith(".atom"))
    assert changed == {atom.replace(".atom", ending) for ending in (".atom", ".rss", ".json")}
    (deleted,) = etree.fromstring(after[atom]).findall("at:deleted-entry", NS)
    assert deleted.get("ref").encode() in before[atom]
    assert deleted.get("ref").encode() not in after[atom.replace("atom", "rss")]
    assert deleted.get("when") == "2024-05-10T08:00:00+00:00"
    with reading(filled.engine) as conn:
        assert changed <= set(touched_archives(conn, **since))


def test_what_is_suppressed_is_in_no_archive(filled: Any, served: Any) -> None:
    with writing(filled.engine) as conn:
        suppress(
            conn,
            articles_at(conn, "https://www.northmarch.example/s/19"),
            why="asked for",
            who="me@desk",
            now=FIRST + 9 * DAY,
        )
    assert any(b"/s/18" in data for data in archive_bytes(served, "all").values())
    assert all(b"www.northmarch.example/s/19" not in data for data in archive_bytes(served, "all").values())


def test_a_late_story_touches_its_own_period_and_what_leads_there(filled: Any, served: Any) -> None:
    before, since = archive_bytes(served, "northmarch"), numbers(filled)
    filled.article(title="late", published_at=datetime(2024, 3, 9, tzinfo=UTC), seen_at=FIRST + 9 * DAY)
    after = archive_bytes(served, "northmarch")
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed
    assert {name[:26] for name in changed} <= {"northmarch/archive/2024-03", "northmarch/archive/2024-04"}
    with reading(filled.engine) as conn:
        touched = set(touched_archives(conn, **since))
    assert changed <= touched
    assert len(touched) < len(after)


def test_an_archive_never_says_when_to_come_again(filled: Any, served: Any) -> None:
    root = etree.fromstring(served.data("northmarch/archive/2024-03.rss"))
    assert root.find("channel/ttl") is None


@pytest.mark.parametrize(
    "name",
    [
        *("northmarch/archive/2024-13.atom", "northmarch/archive/1999-01.atom", "northmarch/archive/2024-03-01.atom"),
        *("all/archive/2024-03.atom", "all/archive/2024-02-30.atom", "northmarch/archive/2024-03_99.atom"),
    ],
)
def test_an_archive_that_is_not_there_is_unknown(filled: Any, served: Any, name: str) -> None:
    with pytest.raises(UnknownFeed, match="there is no feed"):
        served.data(name)
