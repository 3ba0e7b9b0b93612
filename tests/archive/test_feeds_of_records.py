"""Each area's feeds, built of its nastiest real records: no fault that W3C's feed validator would find, and none of feedparser's."""

from __future__ import annotations

import gzip
import heapq
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from feeds.build import EntryMemory, Press, document, document_names
from forcewire import cli
from storage.database import open_store, reading
from tests.feeds.validator import faults

pytestmark = [pytest.mark.archive, pytest.mark.slow]

_OF_AREA = 8
_LOOKED_AT = re.compile(r"^[^/]+$|/(open|missing|other)\.atom|^all/archive/2021-02")
_NASTY = re.compile(r"[<>\[\]|\\`]|&#?\w+|[^\x20-\x7e\n’‘“”–£]|\]\(|javascript|%")


def nastiest(archive: Path) -> list[str]:
    """Rows of the archive: of each area those with the most marks, strange letters and addresses."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    with gzip.open(archive / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            of_area = found.setdefault(line.partition('"news/')[2].partition("/")[0], [])
            row = (len(_NASTY.findall(line)), number, line)
            (heapq.heappush if len(of_area) < _OF_AREA else heapq.heappushpop)(of_area, row)
    return [line for of_area in found.values() for _, _, line in of_area]


def test_no_document_of_the_nastiest_records_has_a_fault(archive_path: Path, tmp_path: Path) -> None:
    rows = nastiest(archive_path)
    assert len({json.loads(row)["path"].split("/")[1] for row in rows}) > 40
    (tmp_path / "articles.jsonl").write_text("".join(rows), "utf-8")
    store = tmp_path / "news.db"
    try:
        code = cli.run(["import", "archive", str(tmp_path / "articles.jsonl"), "--database", str(store)])
    except SystemExit as ended:
        code = int(ended.code or 0)
    assert code == 0
    found, memory, press = [], EntryMemory(), Press("https://news.example.org", hub="https://hub.example.org/")
    engine = open_store(f"sqlite:///{store}")
    with reading(engine) as conn:
        names = [name for name in document_names(conn) if _LOOKED_AT.search(name)]
        for name in names:
            data = document(conn, press, name, memory=memory).data
            found += faults(name, data, datetime.now(UTC) + timedelta(days=1))
            if "/" not in name and name.endswith((".rss", ".atom")):
                read = feedparser.parse(data, response_headers={"content-type": "application/xml; charset=utf-8"})
                found += [f"{name}: {read.bozo_exception}"] if read.bozo else []
    engine.dispose()
    assert len(names) > 300
    assert [fault[:80] for fault in found] == []  # no more of a record's text than that is printed
