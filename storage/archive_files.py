"""Stored articles as the files of an archive: what was given comes back byte for byte, the rest is written anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.archive_form import archive_path, archive_text, stated_url
from storage.chunks import chunks
from storage.originals import Original, first_moment, in_order, known_originals, names_of, texts_by_id
from storage.reads import StoredRecord
from storage.tables import ARTICLE, CHANGE, ORIGINAL

_ROWS = 250  # whose texts are in memory at once


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file below an archive's folder. `since` is when its record was first seen."""

    path: str
    content: bytes
    since: datetime


def archive_files(conn: Connection, rows: Iterable[StoredRecord]) -> Iterator[ArchiveFile]:
    """The files of articles, in their order. An imported article has the paths it was recorded under, one for each of its
    addresses, and the texts that were given; once a crawl has seen an edit, its text of now.
    """
    rows = iter(rows)
    while part := list(islice(rows, _ROWS)):
        ids = [row.article_id for row in part]
        names = names_of(conn, ids)
        known = known_originals(conn, {name for each in names.values() for name in each})
        chosen = {
            row.article_id: [found for name in names[row.article_id] if (found := _standing(row, known[name]))]
            for row in part
            if row.article_id in names
        }
        texts = texts_by_id(conn, [each for originals in chosen.values() for each in originals])
        edited = _edited_by_crawls(conn, list(names))
        for row in part:
            if row.article_id not in names:
                path, text = archive_text(row, row.reuse)
                yield ArchiveFile(path, text.encode("utf-8", "backslashreplace"), row.first_seen_at)
                continue
            for original in chosen[row.article_id]:
                content = texts[original.id or 0]
                if row.article_id in edited:
                    content = _edited(row, content)
                yield ArchiveFile(original.path, content, first_moment(known[original.name]))


def withheld_paths(conn: Connection, withheld: Sequence[Any]) -> list[str]:
    """Where an earlier export may have written articles that are withheld now (rows of `storage.withheld`). A record that has gone
    over to a later article is that one's.
    """
    paths = {archive_path(row.area, row.url, row.reuse) for row in withheld}
    later = ORIGINAL.alias("later")
    ids = [row.id for row in withheld]
    for part in chunks(ids):
        shared = sa.exists().where(later.c.name == ORIGINAL.c.name, later.c.article_id > ORIGINAL.c.article_id)
        paths |= set(conn.scalars(sa.select(ORIGINAL.c.path).where(ORIGINAL.c.article_id.in_(part), sa.not_(shared))))
    return sorted(paths)


def _standing(row: StoredRecord, of_record: Sequence[Original]) -> Original | None:
    """Which of a record's texts stands for the article now; None where the record has gone over to a later article, a
    new story at the same address.
    """
    ordered = [original for _, original in in_order(of_record)]
    if ordered[-1].article_id != row.article_id:
        return None
    # A page that a crawl found back at an earlier text.
    back = [each for each in ordered if each.version == row.version and each.article_id == row.article_id]
    return (back or ordered)[-1]


def _edited_by_crawls(conn: Connection, ids: Sequence[int]) -> set[int]:
    """Which of the articles have a current version that came with an edit a crawl saw."""
    query = (
        sa.select(CHANGE.c.article_id)
        .join(ARTICLE, (ARTICLE.c.id == CHANGE.c.article_id) & (ARTICLE.c.version == CHANGE.c.version))
        .where(CHANGE.c.article_id.in_(ids), CHANGE.c.change == "edited", CHANGE.c.crawl_id.is_not(None))
    )
    return set(conn.scalars(query))


def _edited(row: StoredRecord, given: bytes) -> bytes:
    """The article's text of now, with the address that the file is named by: it is not always the canonical one."""
    url = stated_url(given.decode()) or row.url
    return archive_text(replace(row, url=url))[1].encode("utf-8", "backslashreplace")
