"""Saving what an archive gave: the first texts of many articles at once, further ones of an article by replaying it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from sqlalchemy.engine import Connection

from storage.articles import save_new_articles
from storage.originals import Original, keep_originals, known_originals
from storage.places import Item
from storage.replays import ReadAgain, articles_at, join


class Import(StrEnum):
    """What saving a given text did. KNOWN: it is stored already. JOINED: it is another text of a stored article, or the
    article's text at another address. TWICE: another text of its record, of the same moment, is stored; it was left out.
    """

    NEW = "new"
    JOINED = "joined"
    KNOWN = "known"
    TWICE = "twice"


def told_apart(original: Original, known: Iterable[Original]) -> Import:
    """What a text is beside what is known of its record: NEW where that is nothing."""
    verdict = Import.NEW
    for other in known:
        verdict = Import.JOINED
        if other.latest != original.latest:
            continue
        if other.digest == original.digest and (
            other.seen_at == original.seen_at or (original.latest and other.seen_at < original.seen_at)
        ):
            return Import.KNOWN
        if other.seen_at == original.seen_at:
            return Import.TWICE
    return verdict


def save_originals(conn: Connection, items: Sequence[tuple[Original, Item]], read_again: ReadAgain) -> list[Import]:
    """Stores given texts with what was read from them, in order, and says what each was. Nothing is committed here.

    `read_again` gives the items of texts that were stored before, in order.
    """
    known = known_originals(conn, [original.name for original, _ in items])
    verdicts: list[Import] = []
    for original, _ in items:
        of_record = known.setdefault(original.name, [])
        verdicts.append(told_apart(original, of_record))
        if of_record:
            original.path = of_record[0].path  # as it was recorded first
        if verdicts[-1] in (Import.NEW, Import.JOINED):
            of_record.append(original)
    new = [n for n, verdict in enumerate(verdicts) if verdict is Import.NEW]
    for n in _save_new(conn, [items[n] for n in new]):
        verdicts[new[n]] = Import.JOINED
    more = [item for item, verdict in zip(items, verdicts, strict=True) if verdict is Import.JOINED]
    if more:
        join(conn, more, read_again)
    return verdicts


def _save_new(conn: Connection, new: Sequence[tuple[Original, Item]]) -> list[int]:
    """Saves the first texts of records, and says which of them are of an article that was there."""
    known = save_new_articles(conn, [item for _, item in new])
    for (original, _), article_id in zip(new, known, strict=True):
        original.article_id = article_id
    stored = [pair for pair, article_id in zip(new, known, strict=True) if article_id is None]
    if stored:
        articles = articles_at(conn, [item for _, item in stored])
        for (original, _), (article_id, version) in zip(stored, articles, strict=True):
            original.article_id, original.version = article_id, version
        keep_originals(conn, [original for original, _ in stored])
    return [n for n, article_id in enumerate(known) if article_id is not None]
