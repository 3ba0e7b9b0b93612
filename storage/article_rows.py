"""What saving writes of articles: new ones, what was decided about known ones, and moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.changes import body_hash
from storage.outcomes import Decision
from storage.places import Place, holders
from storage.references import keep_references, renew_references
from storage.tables import ARTICLE, CHANGE, VERSION
from storage.untold import note_untold
from storage.versions import COLUMNS

_SEEN_AGAIN = ARTICLE.update().where(ARTICLE.c.id == sa.bindparam("article")).values(last_seen_at=sa.bindparam("seen"))

_MOVE = ARTICLE.update().where(ARTICLE.c.id == sa.bindparam("article")).values(address=sa.bindparam("to"))
_UPDATE_ARTICLE = (
    ARTICLE.update()
    .where(ARTICLE.c.id == sa.bindparam("row"))
    .values(
        {
            name: sa.bindparam(name)
            for name in (
                "version",
                "changed_at",
                "last_seen_at",
                "removed_at",
                "erased_at",
                "published_at",
                "published_precision",
                "body_hash",
            )
        }
        # Whatever a page says later, the article was once about somebody who must be spared.
        | {"sensitive": sa.or_(ARTICLE.c.sensitive, sa.bindparam("is_sensitive"))}
    )
)
_UPDATE_VERSION = (
    VERSION.update()
    .where(VERSION.c.id == sa.bindparam("row"))
    .values({column.name: sa.bindparam(column.name) for column in COLUMNS})
)


def seen_again(conn: Connection, articles: Iterable[tuple[int, datetime]]) -> None:
    """These were there at these moments, and are as they were."""
    conn.execute(_SEEN_AGAIN, [{"article": article_id, "seen": at} for article_id, at in articles])


def move(conn: Connection, crawl_id: int | None, moved: Sequence[Place]) -> None:
    """Their articles' address is where they were read now, which is told."""
    conn.execute(_MOVE, [{"article": place.known.id, "to": place.url} for place in moved])
    about = {"crawl_id": crawl_id, "change": "moved", "minor": False, "fields": ["url"]}
    conn.execute(
        CHANGE.insert(),
        [{**about, "article_id": p.known.id, "version": p.known.version, "at": p.fetched.at} for p in moved],
    )


def insert_new(conn: Connection, crawl_id: int | None, new: Sequence[Place]) -> dict[int, int]:
    """Stores first versions; the articles' ids by the places' numbers."""
    articles = [
        {
            "source_id": place.source,
            **where,
            "version": 1,
            "published_at": place.values["published_at"],
            "published_precision": place.values["published_precision"],
            "first_seen_at": place.fetched.at,
            "last_seen_at": place.fetched.at,
            "changed_at": place.fetched.at,
            "sensitive": place.values["sensitive"],
        }
        for place, where in zip(new, holders(new), strict=True)
    ]
    rows = conn.execute(ARTICLE.insert().returning(ARTICLE.c.source_id, ARTICLE.c.url, ARTICLE.c.id), articles)
    by_address = {(row.source_id, row.url): row.id for row in rows}
    ids = {place.n: by_address[place.at] for place in new}
    about = [{"article_id": ids[place.n], "crawl_id": crawl_id} for place in new]
    conn.execute(
        VERSION.insert(),
        [{**a, "number": 1, "seen_at": p.fetched.at, **p.values} for a, p in zip(about, new, strict=True)],
    )
    conn.execute(
        CHANGE.insert(),
        [
            {**a, "version": 1, "change": "new", "minor": False, "fields": [], "at": p.fetched.at}
            for a, p in zip(about, new, strict=True)
        ],
    )
    keep_references(conn, [(ids[place.n], place.values["references"]) for place in new])
    return ids


def write(conn: Connection, crawl_id: int | None, decisions: Sequence[tuple[Place, Decision]]) -> None:
    """Stores what became of known articles."""
    made = [(place.known.id, decision) for place, decision in decisions]
    conn.execute(
        _UPDATE_ARTICLE,
        [
            {
                **decision.article,
                "is_sensitive": decision.version["sensitive"],
                "body_hash": _body_hash(p, decision),
                "row": p.known.id,
            }
            for p, decision in decisions
        ],
    )
    if kept := [{**decision.version, "row": decision.version_id} for _, decision in made if decision.version_id]:
        conn.execute(_UPDATE_VERSION, kept)
    if added := [(article_id, decision) for article_id, decision in made if not decision.version_id]:
        conn.execute(
            VERSION.insert(),
            [
                {
                    **decision.version,
                    "article_id": article_id,
                    "crawl_id": crawl_id,
                    "number": decision.article["version"],
                    "seen_at": decision.article["changed_at"],
                }
                for article_id, decision in added
            ],
        )
    if changes := [
        {**change, "article_id": article_id, "crawl_id": crawl_id}
        for article_id, decision in made
        for change in decision.changes
    ]:
        conn.execute(CHANGE.insert(), changes)
    keep_references(conn, [(article_id, decision.version["references"]) for article_id, decision in made])
    if untold := [article_id for article_id, decision in made if decision.untold]:
        note_untold(conn, untold)
    if ours := [c["article_id"] for c in changes if c["change"] == "reparsed" and "references" in c["fields"]]:
        renew_references(conn, ours)


def _body_hash(place: Place, decision: Decision) -> str | None:
    return body_hash(decision.version["body"]) if decision.keeps_text else place.body_hash
