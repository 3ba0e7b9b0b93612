"""The archive form, byte for byte."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest
import yaml

from storage.archive_form import archive_text
from storage.records import Record

Make = Callable[..., Any]


def block(text: str) -> dict[str, Any]:
    head, _ = text.split("\n```\n\n", 1)
    loaded: dict[str, Any] = yaml.safe_load(head.removeprefix("```yaml\n"))
    return loaded


def test_a_record_is_written_byte_for_byte(page: Make) -> None:
    record, _ = page(
        title="Lamp’s thief: sought",
        description="A lamp\u00a0was taken",
        body="Mill Lane – “shut”.\n",
        published_raw="27 Feb 2026",
        meta={
            "og:title": "Lamp | Norchester Police",
            "og:description": "A lamp&#039;s gone",
            "og:site_name": "Norchester Police",
            "article:published_time": "2026-02-27T09:30:00+00:00",
            "position": "2",
            "json-ld": [{"@type": "NewsArticle"}],
        },
    )
    path, text = archive_text(record)
    assert path == f"Norchester/{sha1(record.url.encode()).hexdigest()}.md"
    assert text == (
        "```yaml\n"
        "area: Norchester\n"
        "article:\n"
        "  published:\n"
        "    time: '2026-02-27T09:30:00+00:00'\n"
        "og:\n"
        '  description: "A lamp\\_was taken"\n'
        "  site:\n"
        "    name: Norchester Police\n"
        "  title: Lamp | Norchester Police\n"
        "position: '2'\n"
        "publish:\n"
        "  date: 27 Feb 2026\n"
        'title: "Lamp\\u2019s thief: sought"\n'
        "url: https://www.norchester.example/news/story-1\n"
        "```\n"
        "\n"
        "Mill Lane – “shut”.\n"
    )


def test_only_keys_that_exist(page: Make) -> None:
    record, _ = page(description=None, published_raw=None, meta={"og:description": "old", "n": None, "l": []})
    assert block(archive_text(record)[1]) == {"area": "Norchester", "title": record.title, "url": record.url}


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"og:image": "a", "og:image:url": "b"}, {"image": {"url": "b"}}),
        ({"og:image:url": "b", "og:image": "a"}, {"image": {"url": "b"}}),
        ({"og:image_x:y": "c", "og:image:x": "b", "og:image": "a"}, {"image": {"x": {"y": "c"}}}),
        ({"og": "a", "og::image": "b", "_": "c", "": "d"}, {"image": "b"}),
        ({"og:description:en": "a"}, {}),
        ({"og:image": ["first", "second"]}, {"image": "first"}),
    ],
)
def test_a_name_that_is_leaf_and_branch_keeps_the_branch(page: Make, meta: dict[str, Any], expected: Any) -> None:
    record, _ = page(meta=meta)
    found = block(archive_text(record)[1])
    assert found["og"] == {"description": record.description} | expected
    assert found["title"] == record.title


@pytest.mark.parametrize(
    "name", ["title", "url", "area", "publish", "publish:date", "title:x", "url_x", "publish:date:x", "og"]
)
def test_what_the_record_says_wins_over_meta_of_the_same_name(page: Make, name: str) -> None:
    record, _ = page(meta={name: "other", f"{name}:deep:er": "other"})
    found = block(archive_text(record)[1])
    assert (found["area"], found["title"], found["url"]) == (record.area, record.title, record.url)
    assert found["publish"]["date"] == record.published_raw
    assert found["og"]["description"] == record.description


@pytest.mark.parametrize("area", ["../up", "a/b", "..", "/", "a\\b", "a\0b"])
def test_an_area_is_one_folder(page: Make, area: str) -> None:
    path, _ = archive_text(page(area=area)[0])
    folder, name = path.rsplit("/", 1)
    assert "/" not in folder
    assert "\\" not in folder
    assert folder.strip(".")
    assert len(name) == 43


def test_a_body_ends_in_one_line_end(page: Make) -> None:
    assert archive_text(page(body="Text")[0])[1].endswith("\n\nText\n")
    assert archive_text(page(body="Text\n")[0])[1].endswith("\n\nText\n")


@pytest.mark.archive
def test_real_records_come_out_with_their_bytes_and_path() -> None:
    folder = os.environ.get("FORCEWIRE_ARCHIVE")
    if not folder:
        pytest.skip("FORCEWIRE_ARCHIVE does not name the archive of real records")
    texts, paths, total = 0, 0, 0
    with gzip.open(Path(folder) / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 20:
                continue
            row = json.loads(line)
            path, text = archive_text(as_record(row["text"]))
            texts += text != row["text"]
            paths += f"news/{path}" != row["path"]
            total += 1
    assert total > 2000
    assert texts == 0
    assert paths <= 9, "nine records lost the commas of their URL after they were named"


def as_record(text: str) -> Record:
    head, body = text.split("\n```\n\n", 1)
    loaded = yaml.load(head.removeprefix("```yaml\n"), Loader=yaml.CSafeLoader)
    area, title, url = loaded.pop("area"), loaded.pop("title", ""), loaded.pop("url")
    description = loaded.get("og", {}).pop("description", None)
    raw = loaded.pop("publish", {}).get("date")
    return Record(
        source="x", area=area, url=url, title=title, body=body, description=description, published_raw=raw,
        meta=dict(flat(loaded)), reader="x", reader_version=1,
    )  # fmt: skip


def flat(tree: dict[str, Any], path: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in tree.items():
        found += flat(value, f"{path}{key}:") if isinstance(value, dict) else [(path + key, value)]
    return found
