"""Pages served before and after, with what is known of each pair: where they lie, and how they are read.

A folder holds `pairs.jsonl`, one pair a line: `doc`, `label` (content, technical, noise), `kind` (text, links-or-markup; absent for
noise), `before` and `after` (gzipped HTML, paths inside the folder), `url` (or null), and where the text was kept as Markdown
`md_before` and `md_after`. No text of them is part of this project.
"""

from __future__ import annotations

import gzip
import json
import logging
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree
from scrapy.http import HtmlResponse

from crawler.entries import SourceEntry
from crawler.readers import make_reader
from crawler.selectors import ReadError
from storage.changes import Words

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "real-pages" / "terms"
_UNSEEN = ("script", "style", "noscript", "template", "head")
_SPACE = re.compile(r"\s+")

Reading = Callable[[bytes, str], Words | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of `pairs.jsonl`; the first is number 1."""

    line: int
    doc: str
    label: str
    kind: str
    before: str
    after: str
    url: str
    md_before: str | None = None
    md_after: str | None = None

    @property
    def group(self) -> str:
        return f"{self.label}/{self.kind}" if self.kind else self.label


def pairs_folder() -> tuple[Path, bool]:
    """Where the pairs should be, and whether they are there: FORCEWIRE_PAIRS, else `../shared/real-pages/terms`."""
    folder = Path(os.environ.get("FORCEWIRE_PAIRS") or BESIDE)
    return folder, (folder / "pairs.jsonl").is_file()


def load_pairs(folder: Path) -> list[Pair]:
    """Every pair of a folder. Raises `OSError`, and `ValueError` (with the line) for what is no pair."""
    found = []
    for number, text in enumerate((folder / "pairs.jsonl").read_text("utf-8").splitlines(), 1):
        try:
            row = json.loads(text)
            found.append(
                Pair(
                    number,
                    row["doc"],
                    row["label"],
                    row.get("kind") or "",
                    row["before"],
                    row["after"],
                    row.get("url") or f"https://www.ravenquay.example/{number}",
                    row.get("md_before"),
                    row.get("md_after"),
                )
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"line {number} of {folder / 'pairs.jsonl'} is no pair: {error!r}") from error
    return found


def page(folder: Path, name: str) -> bytes:
    """A page as it was served."""
    return gzip.decompress((folder / name).read_bytes())


def entry_for(url: str) -> SourceEntry:
    """An entry of an invented source that is read by the generic reader."""
    host = urlsplit(url).hostname or "www.ravenquay.example"
    return SourceEntry.model_validate(
        {
            "id": "ravenquay",
            "name": "Ravenquay",
            "force": "Ravenquay Police",
            "area": "Ravenquay",
            "reader": "generic",
            "hosts": (host,),
            "listing": ({"kind": "html", "url": f"https://{host}/"},),
            "interval": "1h",
            "assertions": {"min": {"links": 1}, "fill": {}},
        }
    )


def forcewire(body: bytes, url: str) -> Words | None:
    """The record's three fields; None for a page that the reader refuses, which a crawl never takes for an edit."""
    try:
        record = make_reader(entry_for(url)).article(HtmlResponse(url, body=body))
    except ReadError:
        return None
    return Words(record.title, record.description, record.body)


def visible_text(body: bytes, url: str) -> Words | None:
    """All text but that of scripts, styles and the head, white space evened."""
    root = etree.HTML(body, etree.HTMLParser(encoding="utf-8", huge_tree=True))
    if root is None:
        return None
    etree.strip_elements(root, *_UNSEEN, with_tail=False)
    etree.strip_tags(root, etree.Comment)
    return Words("", None, _SPACE.sub(" ", "\n".join(str(part) for part in root.itertext())).strip())


def trafilatura(body: bytes, url: str) -> Words | None:
    """The text that trafilatura takes for the page's main content, as it comes, but without comments."""
    from trafilatura import extract

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return Words("", None, extract(body, url=url, include_comments=False) or "")


def readings(*, alone: bool = False) -> dict[str, Reading]:
    """Each way of reading a page by its name, ours first."""
    found: dict[str, Reading] = {"forcewire": forcewire}
    if not alone:
        found["visible text"] = visible_text
        if find_spec("trafilatura") is not None:
            found["trafilatura"] = trafilatura
    return found
