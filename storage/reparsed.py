"""What today's readers make of pages that were kept: our doing, whatever differs, and never an edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.article_rows import write
from storage.articles import save_new_articles
from storage.changes import NORMALISATION, Words
from storage.chunks import chunks
from storage.furniture import known_furniture, story_differences
from storage.kept_pages import Kept, Saved, keep
from storage.known_articles import seen
from storage.outcomes import Decision, Outcome, Seen, Terms, decide
from storage.pieces import differences
from storage.places import Place
from storage.records import Fetched, Record
from storage.tables import KEPT_PAGE
from storage.versions import DETAILS, TEXT, version_values, words_of

# What a page says anew at each look. A later look, at which the text was the same, may have given another value.
_OF_THE_LAST_LOOK = ("modified_at", "image_url", "meta")
_READ_BY = ("reader", "reader_version", "entry")


@dataclass(slots=True, frozen=True)
class Reread:
    """A kept page, what it was read as now, and `entry` as in `Fetched`."""

    kept: Kept
    record: Record
    entry: str


@dataclass(slots=True)
class Difference:
    """What reading a page again does: reparsed with the fields that differ, unchanged, or new where it could not be read before.
    None: nothing, since its article has changed meanwhile, or its story is stored under another address.
    """

    outcome: Outcome | None
    fields: list[str] = field(default_factory=list)
    before: Words | None = None
    after: Words | None = None


def reparse(conn: Connection, items: Sequence[Reread], *, at: datetime, dry_run: bool = False) -> list[Difference]:
    """Stores what today's readers make of kept pages of one source, in the caller's transaction, and says what each item was.

    A text takes the place of that of its version, and a `reparsed` change says so. Nothing else of an article moves: not when it
    was seen, nor whether it is removed. A page that no article was read from becomes one, first seen when it was fetched.
    """
    found: dict[int, Difference] = {}
    old = [(n, item) for n, item in enumerate(items) if item.kept.article_id is not None]
    for part in chunks(old):
        found |= _again(conn, part, at, dry_run)
    new = [(n, item) for n, item in enumerate(items) if item.kept.article_id is None]
    found |= {n: Difference(Outcome.NEW) for n, _ in new} if dry_run else _new(conn, new)
    return [found[n] for n in range(len(items))]


def _again(conn: Connection, items: Sequence[tuple[int, Reread]], at: datetime, dry_run: bool) -> dict[int, Difference]:
    known = seen(conn, [item.kept.article_id for _, item in items if item.kept.article_id is not None])
    furniture = known_furniture(conn, {item.record.source for _, item in items})
    found: dict[int, Difference] = {}
    to_write: list[tuple[Place, Decision]] = []
    hashes: list[dict[str, Any]] = []
    for n, item in items:
        before = known.get(item.kept.article_id or 0)
        if before is None or before.current["version"] != item.kept.version or before.current["erased_at"] is not None:
            found[n] = Difference(None)
            continue
        place = _place(n, item)
        if _says_the_same(item, before.current, place.values):
            found[n] = Difference(Outcome.UNCHANGED)
            continue
        pieces = furniture.get(item.record.source, frozenset())
        decision, is_own = _decide(item, before, place, pieces, at)
        fields = decision.changes[-1]["fields"] if decision.changes else []
        found[n] = Difference(decision.outcome, fields, words_of(before.current), words_of(decision.version))
        to_write.append((place, decision))
        if is_own:
            hashes.append({"page": item.kept.id, "hash": decision.version["record_hash"]})
    if to_write and not dry_run:
        write(conn, None, to_write)
        if hashes:
            this = KEPT_PAGE.c.id == sa.bindparam("page")
            conn.execute(KEPT_PAGE.update().where(this).values(record_hash=sa.bindparam("hash")), hashes)
    return found


def _says_the_same(item: Reread, old: Any, new: dict[str, Any]) -> bool:
    """Whether today's reader reads the page as it was read then, under the same name."""
    return (
        item.kept.record_hash == new["record_hash"]
        and old["normalisation"] == NORMALISATION
        and all(old[name] == new[name] for name in _READ_BY)
    )


def _decide(item: Reread, before: Seen, place: Place, furniture: frozenset[str], at: datetime) -> tuple[Decision, bool]:
    """What to write, and whether what is stored of the article is this page's: not so when a later look found the same words with
    other details, or with furniture set aside.
    """
    old, new = before.current, place.values
    is_own = item.kept.record_hash == old["record_hash"]
    if not is_own:
        same_reading = item.kept.record_hash == new["record_hash"]
        kept = (*TEXT, *DETAILS) if same_reading else tuple(name for name in _OF_THE_LAST_LOOK if old[name])
        new.update({name: old[name] for name in (*kept, "record_hash")})
        if not story_differences(differences(words_of(old), words_of(new)), furniture):
            new.update({name: old[name] for name in TEXT})
    place.weigh()
    there = {"removed_at": None, "erased_at": None}
    decision = decide(Seen(dict(old) | there, before.versions, before.states), new, at, Terms(reparsed=True))
    decision.article |= {name: old[name] for name in ("removed_at", "erased_at", "last_seen_at")}
    return decision, is_own


def _place(n: int, item: Reread) -> Place:
    known = SimpleNamespace(id=item.kept.article_id)
    values = version_values(item.record, item.entry)
    return Place(n, item.record, _fetched(item), item.kept.link.url, values, known=known)


def _fetched(item: Reread) -> Fetched:
    """Without validators: the next crawl asks for it in full."""
    record, kept = item.record, item.kept
    return Fetched(
        url=kept.link.url,
        at=kept.fetched_at,
        status=kept.page.status,
        reader=record.reader,
        reader_version=record.reader_version,
        entry=item.entry,
    )


def _new(conn: Connection, items: Sequence[tuple[int, Reread]]) -> dict[int, Difference]:
    known = save_new_articles(conn, [(item.record, _fetched(item)) for _, item in items])
    found: dict[int, Difference] = {}
    for (n, item), article_id in zip(items, known, strict=True):
        found[n] = Difference(None if article_id is not None else Outcome.NEW)
        if article_id is None:
            saved = Saved(item.record, _fetched(item), Outcome.NEW, item.kept.page)
            keep(conn, item.record.source, [saved])
    return found
