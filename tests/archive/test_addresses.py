"""Addresses of real records: each may be an article of its area's source, and has one canonical form that stays."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from crawler.entries import SourceEntry, load_entries, owner_of
from crawler.urls import canonical

pytestmark = [pytest.mark.archive, pytest.mark.timeout(300)]

AREA_URL = re.compile(r"\A```yaml\narea: (.+)\n(?:.*\n)*?url: (.+)\n")


@pytest.fixture(scope="module")
def addresses(archive_path: Path) -> list[tuple[SourceEntry, str]]:
    """Every distinct address, with the entry of its area."""
    by_area = {entry.area: entry for entry in load_entries().values()}
    found: set[tuple[str, str]] = set()
    with gzip.open(archive_path / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            area, url = AREA_URL.search(json.loads(line)["text"]).groups()  # type: ignore[union-attr]
            found.add((area, yaml.safe_load(url) if url[0] in "'\"?" else url))
    return [(by_area[area], url) for area, url in sorted(found)]


def test_every_address_may_be_an_article_of_its_areas_source_and_of_no_other(
    addresses: list[tuple[SourceEntry, str]],
) -> None:
    entries = load_entries().values()
    refused = Counter(entry.id for entry, url in addresses if not entry.may_be_article(url))
    lost = Counter(entry.id for entry, url in addresses if owner_of(url, entries) != entry)
    assert len(addresses) > 40_000
    assert (refused, lost) == (Counter(), Counter())


def test_the_canonical_form_of_every_address_is_its_own(addresses: list[tuple[SourceEntry, str]]) -> None:
    moved: Counter[str] = Counter()
    for entry, url in addresses:
        once = canonical(url, entry)
        if once is None or canonical(once, entry) != once or not entry.may_be_article(once):
            moved[entry.id] += 1
    assert moved == Counter()
