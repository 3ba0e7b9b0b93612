"""What is there to import below a path: files of an archive, and JSON Lines of its rows, gzipped or not."""

from __future__ import annotations

import gzip
import json
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import IO

from forcewire.importing.given import (
    MOST_TEXT,
    Given,
    Refused,
    RefusedError,
    checked_size,
    given_row,
    is_likely,
    recorded_path,
)

_LONGEST_ROW = 4 * MOST_TEXT  # JSON may write a letter with six
_FENCE = b"```yaml"
_TRIED = 20  # rows of a file: when none of them is JSON, it is no archive
_BOM = b"\xef\xbb\xbf"
_GZIP = b"\x1f\x8b"
_NO_JSON, _NO_UTF8 = "no JSON", "not UTF-8"
_NO_ROW = (_NO_JSON, _NO_UTF8)


OnBytes = Callable[[int], None]


class NoArchiveError(Exception):
    """There is nothing to import at a path. The message is one line: what, and what to name instead."""


def given(path: Path, now: datetime, on_bytes: OnBytes = lambda count: None) -> Iterator[Given | Refused]:
    """All texts at a path in a steady order, and what must be refused. Read as a stream: memory does not grow with the
    archive. `on_bytes` is told of the bytes of files as they are read. Raises `NoArchiveError` at once.
    """
    if not path.exists():
        raise NoArchiveError(f"{path}: no such file or folder")
    texts = _in_folder(path, now, on_bytes) if path.is_dir() else _alone(path, now, on_bytes)
    first = next(texts, None)
    if first is None:
        raise NoArchiveError(
            f"{path}: no archive in it; name a folder with files as AREA/SHA-1.md, or with .jsonl or .jsonl.gz"
        )
    return chain([first], texts)


def bytes_at(path: Path) -> int:
    """How many bytes `given` will tell of."""
    files = (file for file in _files(path, path) if isinstance(file, Path)) if path.is_dir() else iter([path])
    return sum(_size(file) for file in files)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _in_folder(folder: Path, now: datetime, on_bytes: OnBytes) -> Iterator[Given | Refused]:
    for file in _files(folder, folder):
        if isinstance(file, Refused):
            yield file
        else:
            yield from _given_file(file, file.relative_to(folder), now, on_bytes)


def _alone(file: Path, now: datetime, on_bytes: OnBytes) -> Iterator[Given | Refused]:
    return _given_file(file, Path(file.name), now, on_bytes, alone=True)


def _files(folder: Path, top: Path) -> Iterator[Path | Refused]:
    """Files that are an archive's, or stand among them. A README beside or above an archive is none of its files."""
    inner: list[Path] = []
    found: list[Path] = []
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Refused(str(folder.relative_to(top)), f"cannot be read: {error.strerror or error}")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            inner.append(Path(entry.path))
        elif entry.name.endswith((".md", ".jsonl", ".jsonl.gz")):
            found.append(Path(entry.path))
    among = any(_is_record(file) for file in found)
    for file in found:
        if file.suffix != ".md" or among or _begins_as_record(file):
            yield file
    for each in inner:
        yield from _files(each, top)


def _is_record(file: Path) -> bool:
    return file.suffix == ".md" and len(file.stem) == 40 and set(file.stem) <= set("0123456789abcdef")


def _begins_as_record(file: Path) -> bool:
    try:
        if not file.is_file():
            return False
        with file.open("rb") as stream:
            return stream.read(len(_FENCE)) == _FENCE
    except OSError:
        return False


def _given_file(
    file: Path, relative: Path, now: datetime, on_bytes: OnBytes, *, alone: bool = False
) -> Iterator[Given | Refused]:
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            yield Refused(str(relative), "no regular file")
        elif file.name.endswith(".md") or (alone and _begins_as_record(file)):
            yield _given_text(file, relative, now)
            on_bytes(_size(file))
        else:
            yield from _rows(file, str(relative), now, on_bytes)
    except OSError as error:
        yield Refused(str(relative), f"cannot be read: {error.strerror or error}")


def _given_text(file: Path, relative: Path, now: datetime) -> Given | Refused:
    """A file states no moment: its own time is the latest at which the text can have been collected."""
    try:
        # Below an area's folder itself, or alone: the record is still that area's.
        named = relative if len(relative.parts) > 1 else Path(file.resolve().parent.name, file.name)
        path = recorded_path(named.as_posix())
        with file.open("rb") as stream:
            text = checked_size(stream.read(MOST_TEXT + 1))
            changed = datetime.fromtimestamp(int(os.fstat(stream.fileno()).st_mtime), UTC)
        return Given(str(relative), path, text, changed if is_likely(changed, now) and changed <= now else now, True)
    except RefusedError as error:
        return Refused(str(relative), str(error).removeprefix(f"{named.as_posix()!r}: "))


def _rows(file: Path, name: str, now: datetime, on_bytes: OnBytes) -> Iterator[Given | Refused]:
    """The rows of a file. One without any is refused as a whole, in one line, and not read to its end."""
    held: list[Refused] | None = []  # until a row is JSON
    number = 0
    for number, line in enumerate(_lines(file, on_bytes), 1):
        where = f"{name} row {number}"
        row = (
            Refused(where, line)
            if isinstance(line, str)
            else _given_line(line.removeprefix(_BOM) if number == 1 else line, where, now)
        )
        if held is not None and isinstance(row, Refused) and row.reason in _NO_ROW:
            held.append(row)
            if len(held) == number == _TRIED:
                yield Refused(
                    name, _no_archive(file, f"none of its first {_TRIED} lines is JSON; the rest is not read")
                )
                return
            continue
        yield from held or ()
        held = None
        yield row
    if held:
        yield Refused(name, _no_archive(file, "none of its lines is JSON"))
    if number == 0:
        yield Refused(name, "empty")


def _no_archive(file: Path, why: str) -> str:
    with file.open("rb") as raw:
        zipped = raw.read(2) == _GZIP
    return "not a gzip file" if file.suffix == ".gz" and not zipped else f"no archive: {why}"


def _lines(file: Path, on_bytes: OnBytes) -> Iterator[bytes | str]:
    """The lines that are not blank; a text says why one cannot be read. A line that is too long is passed over without
    being kept.
    """
    with file.open("rb") as raw:
        zipped = raw.read(2) == _GZIP
        raw.seek(0)
        told = 0
        stream: IO[bytes] = gzip.GzipFile(fileobj=raw) if zipped else raw  # type: ignore[assignment]
        try:
            while line := stream.readline(_LONGEST_ROW):
                on_bytes(raw.tell() - told)
                told = raw.tell()
                if len(line) == _LONGEST_ROW and not line.endswith(b"\n"):
                    while (more := stream.readline(_LONGEST_ROW)) and not more.endswith(b"\n"):
                        pass
                    yield f"longer than {_LONGEST_ROW:,} bytes"
                elif not line.isspace():
                    yield line
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            yield f"the gzip file is cut or damaged from here on ({error})"


def _given_line(line: bytes, where: str, now: datetime) -> Given | Refused:
    try:
        row = json.loads(line)
    except UnicodeDecodeError:
        return Refused(where, _NO_UTF8)
    except (ValueError, RecursionError):
        return Refused(where, _NO_JSON)
    try:
        return given_row(row, where, now)
    except RefusedError as error:
        return Refused(where, str(error))
