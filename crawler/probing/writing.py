"""Writes a new source's entry and its first test cases, and reads the entry back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from crawler.entries import BUNDLED, SourceEntry, SourceError, area_slug, load_entry
from crawler.meaning import describe
from crawler.probing.discovered import Discovered
from crawler.probing.entry_text import Names, entry_text
from crawler.probing.saving import save_cases
from crawler.readers import make_reader

PAGES = "pages"  # the folder of test cases in a person's folder of entries


class EntryExists(Exception):  # noqa: N818  named as what it is
    """Raised where an entry of this id is there already."""


@dataclass(slots=True)
class Written:
    """What was written: the entry's file and, read back, the entry; the folders of its test cases."""

    path: Path
    entry: SourceEntry
    cases: list[Path] = field(default_factory=list)


def new_id(wanted: str | None, area: str) -> str:
    """The id of a new source: as wanted, or made of the area's name."""
    return wanted or area_slug(area)


def check_free(folder: Path, id_: str, *, replace: bool) -> None:
    """Raises `EntryExists` for an id that a source has already, of the person's own or of the bundled ones."""
    if replace:
        return
    if (folder / f"{id_}.toml").exists():
        raise EntryExists(
            f"{folder / f'{id_}.toml'} is there already; --replace overwrites it, --id gives another name"
        )
    if (BUNDLED / f"{id_}.toml").exists():
        raise EntryExists(
            f"a bundled source is called {id_!r}; --replace writes one of your own that wins over it, --id gives another name"
        )


def check_alone(urls: Iterable[str], id_: str, others: Iterable[SourceEntry]) -> None:
    """Raises `EntryExists` for a listing that another source has already: each of its stories would come twice."""
    theirs = {_bare(one.url): (entry.id, one.url) for entry in others if entry.id != id_ for one in entry.listing}
    for url in urls:
        if (taken := theirs.get(_bare(url))) is not None:
            raise EntryExists(
                f"source {taken[0]} has this listing already, and each story would come twice: {taken[1]}; --replace adds it all the same"
            )


def _bare(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"), parts.query


def write_source(
    folder: Path,
    id_: str,
    found: Discovered,
    who: Names,
    *,
    given: str,
    on: date,
    replace: bool,
    say: Callable[[str], None],
) -> Written:
    """Writes the cases below FOLDER/pages/ID/ and FOLDER/ID.toml. The entry is read back, and the cases are there, before it
    gets its name, so that a file that could not be used is never left. Raises `EntryExists`, `CaseExists` and `SourceError`.
    """
    check_free(folder, id_, replace=replace)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{id_}.toml"
    say(f"writing {path}")
    aside = folder / ".new" / f"{id_}.toml"
    aside.parent.mkdir(exist_ok=True)
    try:
        aside.write_text(entry_text(found, who, given=given, on=on), "utf-8")
        try:
            entry = load_entry(aside)
        except SourceError as error:
            raise SourceError(f"the entry made of this site cannot be used: {str(error).partition(': ')[2]}") from error
        cases = _cases(folder / PAGES / id_, found, entry, replace=replace)
        os.replace(aside, path)  # noqa: PTH105  one word for one step
    finally:
        aside.unlink(missing_ok=True)
        aside.parent.rmdir()
    return Written(path, entry, cases)


def _cases(folder: Path, found: Discovered, entry: SourceEntry, *, replace: bool) -> list[Path]:
    reader = make_reader(entry)
    listings = [(one.response, one.kind, reader.listing(one.response, one.kind)) for one in found.listings]
    articles = [
        (each.response, describe(reader.article(each.response, each.link)), each.link) for each in found.articles
    ]
    return save_cases(folder, listings, articles, force=entry.force, replace=replace)
