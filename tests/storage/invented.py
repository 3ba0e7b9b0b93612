"""A store of invented stories and changes, written straight into its tables, and what was written: to count by hand."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Connection

from storage.crawls import register_source
from storage.tables import ARTICLE, CHANGE, CRAWL, REFERENCE, VERSION

LONDON = ZoneInfo("Europe/London")
CLOCKS_BACK, CLOCKS_FORWARD = date(2026, 10, 25), date(2026, 3, 29)
HOSTILE = "</text><script>alert(1)</script>"
SOURCES = {"wexmoor": "Wexmoor", "wexmoor-city": "Wexmoor", "ostry": "Ostry & <b>Vale</b>"}
KINDS = ("appeal", "missing", "court", "other", HOSTILE)


@dataclass(slots=True)
class Story:
    """An invented story. `at`: when it was published, None for an undated one; `seen`: when it was first seen."""

    source: str
    at: datetime | None
    seen: datetime
    precision: str = "minute"
    kind: str = "appeal"
    description: str | None = "A gate was taken."
    body: str = "A gate was taken."
    image: str | None = None
    references: tuple[str, ...] = ()
    withheld: str | None = None

    @property
    def is_dated(self) -> bool:
        """Whether it states a moment that can be believed: not one that was still to come when it was seen."""
        return self.at is not None and datetime(1990, 1, 1, tzinfo=UTC) <= self.at <= self.seen

    @property
    def day(self) -> date:
        """The day in London that it stands at."""
        at = self.at if self.at is not None and self.is_dated else self.seen
        return at.astimezone(LONDON).date()


@dataclass(slots=True)
class Told:
    """An invented change."""

    source: str
    what: str
    at: datetime
    minor: bool = False
    imported: bool = False


@dataclass(slots=True)
class Invented:
    """All that was written."""

    stories: list[Story] = field(default_factory=list)
    changes: list[Told] = field(default_factory=list)


def invent(around: date, seed: int, number: int = 400) -> Invented:
    """Stories and changes of some forty days around one, at any second, many of them about midnight, and one at each hour of
    the day itself and of those beside it.
    """
    chance, made = random.Random(seed), Invented()
    noon = datetime(around.year, around.month, around.day, 12, tzinfo=UTC)

    def moment() -> datetime:
        at = noon + timedelta(seconds=chance.uniform(-25 * 86400, 20 * 86400))
        return at.replace(hour=chance.choice((22, 23, 0, 1))) if chance.random() < 0.4 else at

    hours = [noon + timedelta(hours=n, minutes=59) for n in range(-40, 40)]
    made.stories += [Story("ostry", at, at, kind="court") for at in hours]
    for _ in range(number):
        at, seen = moment(), moment()
        if chance.random() < 0.7:
            at, seen = sorted((at, seen))
        precision = chance.choice(("minute", "minute", "day"))
        if precision == "day":
            at = at.replace(hour=0, minute=0, second=0, microsecond=0)
        undated = chance.random() < 0.15
        made.stories.append(
            Story(
                chance.choice(list(SOURCES)),
                None if undated else at,
                seen,
                "unknown" if undated else precision,
                chance.choice(KINDS),
                chance.choice((None, "", "A lamp.")),
                chance.choice(("", "A lamp was lit.")),
                chance.choice((None, "", "https://img.example/a.jpg")),
                chance.choice(((), ("12/3",), ("12/3", "4/5"))),
                chance.choice(("suppressed", "spared", "erased")) if chance.random() < 0.1 else None,
            )
        )
        what = chance.choice(("edited", "edited", "removed", "restored", "reparsed", "moved", "new"))
        made.changes.append(
            Told(chance.choice(list(SOURCES)), what, moment(), chance.random() < 0.2, chance.random() < 0.2)
        )
    return made


def write(conn: Connection, made: Invented, added_at: datetime) -> None:
    """Writes it all into an empty store."""
    for source, area in SOURCES.items():
        force = f"{area} Police"
        url = f"https://www.{source}.example/"
        register_source(
            conn, id=source, name=force, force=force, area=area, language="en", reader="generic", home_url=url, now=added_at
        )  # fmt: skip
    crawl = add_crawl(conn, "wexmoor", added_at)
    article_of = {story.source: n for n, story in enumerate(made.stories, 1)}
    changes = [
        {
            "article_id": article_of[told.source], "version": 1, "change": told.what, "minor": told.minor,
            "fields": [], "at": told.at, "crawl_id": None if told.imported else crawl,
        }
        for told in made.changes
    ]  # fmt: skip
    references = [
        {"article_id": n, "key": key, "force": story.source}
        for n, story in enumerate(made.stories, 1)
        for key in story.references
    ]
    articles = [_article(n, story) for n, story in enumerate(made.stories, 1)]
    versions = [_version(n, story) for n, story in enumerate(made.stories, 1)]
    for table, rows in (ARTICLE, articles), (VERSION, versions), (CHANGE, changes), (REFERENCE, references):
        if rows:
            conn.execute(table.insert(), rows)


def _article(n: int, story: Story) -> dict[str, Any]:
    url = f"https://www.{story.source}.example/{n}"
    spared = story.withheld == "spared"
    return {
        "id": n, "source_id": story.source, "url": url, "reuse": 0, "address": url, "address_key": url, "version": 1,
        "published_at": story.at, "published_precision": story.precision,
        "first_seen_at": story.seen, "last_seen_at": story.seen, "changed_at": story.seen,
        "sensitive": spared, "removed_at": story.seen if spared else None,
        "suppressed_at": story.seen if story.withheld == "suppressed" else None,
        "erased_at": story.seen if story.withheld == "erased" else None,
    }  # fmt: skip


def _version(n: int, story: Story) -> dict[str, Any]:
    return {
        "article_id": n, "number": 1, "seen_at": story.seen, "title": f"Gate {n}", "description": story.description,
        "body": story.body, "published_at": story.at, "published_precision": story.precision, "language": "en",
        "kind": story.kind, "tags": [], "references": list(story.references), "operations": [], "sensitive": False,
        "image_url": story.image, "meta": {}, "reader": "generic", "reader_version": 1, "entry": "",
        "content_hash": "", "record_hash": "", "normalisation": 1,
    }  # fmt: skip


def add_crawl(
    conn: Connection,
    source: str,
    at: datetime,
    verdict: str | None = "ok",
    reason: str | None = None,
    *,
    trouble: str | None = None,
    **more: int,
) -> int:
    """A crawl that took a minute. `more`: its counts."""
    ended = None if verdict is None else at + timedelta(minutes=1)
    counts = (
        "requests",
        "bytes",
        "links",
        "new",
        "edited",
        "removed",
        "restored",
        "unchanged",
        "not_modified",
        "failed",
    )
    row = {
        "source_id": source, "started_at": at, "finished_at": ended, "verdict": verdict, "reason": reason, "trouble": trouble, "pid": 1,
        "host": "desk", "reader": "generic", "reader_version": 1, "entry": "", **dict.fromkeys(counts, 0), "links": 20,
    }  # fmt: skip
    return int(conn.execute(CRAWL.insert().returning(CRAWL.c.id), row | more).scalar_one())
