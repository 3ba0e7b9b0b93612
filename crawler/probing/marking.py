"""Sets `known.checked` in a person's copy of an entry; every other letter of the file stays as it is."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crawler.entries import BUNDLED, SourceError, load_entry

_TABLE = re.compile(r"^\[known\][ \t]*(?:#[^\n]*)?$", re.M)
_NEXT_TABLE = re.compile(r"^\[", re.M)
_INLINE = re.compile(r"^(known[ \t]*=[ \t]*\{)([^{}\n]*)(\})", re.M)
_CHECKED = re.compile(r"""\bchecked[ \t]*=[ \t]*(?:"[^"\n]*"|'[^'\n]*'|[^\s,}#]+)""")


@dataclass(slots=True, frozen=True)
class Marked:
    """The file that says the day now. `copied`: it was made of the bundled entry, and wins over that from now on."""

    path: Path
    copied: bool


def mark_checked(folder: Path, source: str, on: date) -> Marked:
    """Writes the day into FOLDER/SOURCE.toml, which is made of the bundled entry where there is none.

    Raises `SourceError` when the file would then say anything else than before but for the day.
    """
    path = folder / f"{source}.toml"
    origin = path if path.exists() else BUNDLED / f"{source}.toml"
    try:
        text = origin.read_text("utf-8")
    except OSError as error:
        raise SourceError(f"{origin}: {error.strerror}") from error
    before = load_entry(origin)
    by_hand = f"{path}: known.checked could not be set; set it to {on.isoformat()} by hand"
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / ".new" / path.name
    aside.parent.mkdir(exist_ok=True)
    try:
        aside.write_text(marked(text, on), "utf-8")
        try:
            after = load_entry(aside)
        except SourceError as error:
            raise SourceError(by_hand) from error
        if after.known.checked != on or after.model_copy(update={"known": before.known}) != before:
            raise SourceError(by_hand)
        os.replace(aside, path)  # noqa: PTH105  one word for one step
    finally:
        aside.unlink(missing_ok=True)
        aside.parent.rmdir()
    return Marked(path, copied=origin != path)


def marked(text: str, on: date) -> str:
    """The text of an entry with the day of its last live check."""
    line = f"checked = {on.isoformat()}"
    if inline := _INLINE.search(text):
        inside = inline[2].strip().rstrip(",")
        inside = _CHECKED.sub(line, inside) if _CHECKED.search(inside) else f"{inside}, {line}" if inside else line
        return f"{text[: inline.start()]}{inline[1]} {inside} {inline[3]}{text[inline.end() :]}"
    if (table := _TABLE.search(text)) is None:
        return f"{text.rstrip()}\n\n[known]\n{line}\n"
    following = _NEXT_TABLE.search(text, table.end())
    end = following.start() if following else len(text)
    inside = text[table.end() : end]
    if found := re.search(rf"^{_CHECKED.pattern}", inside, re.M):
        inside = inside[: found.start()] + line + inside[found.end() :]
    else:
        inside = f"\n{line}{inside}" if inside.startswith("\n") else f"\n{line}\n{inside}"
    return text[: table.end()] + inside + text[end:]
