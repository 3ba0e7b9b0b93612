"""Whether a store and a folder of feeds are whole, looked at as they lie after a kill: nothing is opened by the product's own code."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

# Each finds rows that cannot be there unless something was written by half or twice.
_TORN = {
    "an article without its current version": """SELECT url FROM article a WHERE NOT EXISTS
        (SELECT 1 FROM version v WHERE v.article_id = a.id AND v.number = a.version)""",
    "a version that is nobody's, or beyond the current one": """SELECT v.id FROM version v LEFT JOIN article a ON a.id = v.article_id
        WHERE a.id IS NULL OR v.number > a.version""",
    "versions with a gap": """SELECT article_id FROM version GROUP BY article_id HAVING max(number) <> count(*) OR min(number) <> 1""",
    "an article that was not told as new, or more than once": """SELECT a.url FROM article a LEFT JOIN change c
        ON c.article_id = a.id AND c.change = 'new' GROUP BY a.id HAVING count(c.id) <> 1""",
    "an edit without both its versions": """SELECT c.id FROM change c WHERE c.change = 'edited' AND NOT c.minor AND (
        NOT EXISTS (SELECT 1 FROM version v WHERE v.article_id = c.article_id AND v.number = c.version)
        OR NOT EXISTS (SELECT 1 FROM version v WHERE v.article_id = c.article_id AND v.number = c.version_before))""",
    "one edit told twice": """SELECT article_id FROM change WHERE change = 'edited' AND NOT minor
        GROUP BY article_id, version HAVING count(*) > 1""",
    "a withdrawal that was not told, or that the article does not know": """SELECT a.url FROM article a LEFT JOIN change c ON c.id =
        (SELECT max(id) FROM change WHERE article_id = a.id AND change IN ('removed', 'restored'))
        WHERE (coalesce(c.change, '') = 'removed') <> (a.removed_at IS NOT NULL)""",
    "one story at two addresses of one source": """SELECT source_id FROM article WHERE reuse = 0 GROUP BY source_id, address
        HAVING count(*) > 1""",
}


def torn_rows(file: Path) -> Iterator[str]:
    """What is broken in a SQLite store. One that is not made yet, or has no table yet, is whole. A copy is looked at: opening the store
    would already mend what a kill left.
    """
    if not file.exists():
        return
    with TemporaryDirectory() as folder:
        copy = Path(folder) / file.name
        for name in (file.name, f"{file.name}-wal"):
            if file.with_name(name).exists():
                shutil.copyfile(file.with_name(name), copy.with_name(name))
        yield from _torn_in(copy)


def _torn_in(file: Path) -> Iterator[str]:
    conn = sqlite3.connect(file)
    try:
        if not conn.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            return
        for pragma, good in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
            if (said := conn.execute(f"PRAGMA {pragma}").fetchall()) != good:
                yield f"{pragma}: {said[:3]}"
        for what, query in _TORN.items():
            if found := conn.execute(query).fetchall():
                yield f"{what}: {found[:3]}"
    finally:
        conn.close()


def torn_feeds(folder: Path) -> Iterator[str]:
    """Feeds under their own names that do not parse, or hold an entry twice. What lies aside (.name.aside) is nobody's."""
    for path in sorted(folder.glob("feeds*/**/*")) + sorted(folder.glob("*.opml")):
        if path.is_dir() or path.name.startswith("."):
            continue
        try:
            ids = _ids(path)
        except (ValueError, etree.XMLSyntaxError) as error:
            yield f"{path.name}: {error}"
            continue
        if len(ids) != len(set(ids)):
            yield f"{path.name}: an entry twice"


def _ids(path: Path) -> list[str]:
    if path.suffix == ".json":
        return [item["id"] for item in json.loads(path.read_bytes())["items"]]
    root = etree.fromstring(path.read_bytes())
    return [
        str(each)
        for each in root.xpath(
            "//*[local-name() = 'item']/guid/text() | //*[local-name() = 'entry']/*[local-name() = 'id']/text()"
        )
    ]
