"""The archive of real records: where it lies, and a sample of it. Its text stays there; nothing of it is printed."""

from __future__ import annotations

import gzip
import json
import os
import random
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "archive"
_FENCE = "\n```\n\n"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where PyYAML has libyaml


@dataclass(frozen=True, slots=True)
class ArchiveRecord:
    """One record as it is kept: the block of keys, and the body as the Markdown that html2text made of the page."""

    area: str
    block: dict[str, Any]
    body: str

    def key(self, name: str) -> str | None:
        """A value by its dotted name: `og.title`."""
        value: Any = self.block
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value if isinstance(value, str) else None


def archive_folder() -> tuple[Path, bool]:
    """Where the archive should be, and whether it is there: FORCEWIRE_ARCHIVE, else `../shared/archive`."""
    folder = Path(os.environ.get("FORCEWIRE_ARCHIVE") or BESIDE)
    return folder, (folder / "articles.jsonl.gz").is_file()


def sampled(folder: Path, areas: Collection[str], count: int, seed: int) -> dict[str, list[ArchiveRecord]]:
    """`count` records of each area, or all where there are fewer: the same ones for the same seed."""
    return {area: [parsed(text) for text in of] for area, of in texts(folder, areas, count, seed).items()}


def texts(
    folder: Path, areas: Collection[str], count: int, seed: int, *, held_out: bool = False
) -> dict[str, list[str]]:
    """The same as they are kept; 0 stands for all. Areas without any record are left out.

    `held_out`: without every fifth and every eighth record, on which most of the rules for 46 areas were worked out.
    """
    found: dict[str, list[str]] = {area: [] for area in areas}
    with gzip.open(folder / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if held_out and (number % 5 == 0 or number % 8 == 0):
                continue
            if (area := line.partition('"news/')[2].partition("/")[0]) in found:
                found[area].append(json.loads(line)["text"])
    return {area: random.Random(seed).sample(of, min(count or len(of), len(of))) for area, of in found.items() if of}


def parsed(text: str) -> ArchiveRecord:
    """A record from its text: a fenced YAML block, an empty line, the body."""
    head, body = text.split(_FENCE, 1)
    block = yaml.load(head.removeprefix("```yaml\n"), _LOADER)
    return ArchiveRecord(block["area"], block, body)
