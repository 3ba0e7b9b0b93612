"""What commands print: JSON for programs, a table at a terminal, plain aligned lines in a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click


def plain(value: Any) -> Any:
    """A value as JSON knows it: times as ISO 8601, dataclasses and rows as objects. Raises TypeError for what is neither."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Path):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} is nothing JSON knows")


def json_line(value: Any) -> str:
    """One line of JSON. Half a surrogate pair, which no UTF-8 can hold, stays in its JSON escape."""
    line = json.dumps(value, ensure_ascii=False, default=plain)
    return line.encode("utf-8", "backslashreplace").decode("utf-8")


def number_of(count: int, one: str, more: str | None = None) -> str:
    """A count and what is counted: '1 note', '1,200 notes'. `more`: the plural, where an s does not make it."""
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"


def print_object(value: Any) -> None:
    """One JSON object, indented."""
    text = json.dumps(value, ensure_ascii=False, default=plain, indent=2)
    click.echo(text.encode("utf-8", "backslashreplace").decode("utf-8"))


def print_array(rows: Iterable[Any]) -> None:
    """One JSON array with a row on each line, printed as the rows come."""
    end = "["
    for row in rows:
        click.echo(end + "\n" + json_line(row), nl=False)
        end = ","
    click.echo("[]" if end == "[" else "\n]")


def print_table(headings: Sequence[str], rows: Sequence[Sequence[Any]], title: str | None = None) -> None:
    """A table at a terminal; elsewhere aligned columns, nothing cut, for mail and grep."""
    cells = [[_cell(value) for value in row] for row in rows]
    if sys.stdout.isatty():
        _rich_table(headings, cells, title)
        return
    if title:
        click.echo(title)
    for line in aligned([[heading.lower() for heading in headings], *cells]):
        click.echo(line)


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows in columns two spaces apart, without spaces at the end."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _rich_table(headings: Sequence[str], rows: Sequence[Sequence[str]], title: str | None) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for number, heading in enumerate(headings):
        digits = all(row[number].replace(",", "").isdigit() for row in rows) and rows
        table.add_column(heading, justify="right" if digits else "left")
    for row in rows:
        # Text, not str: a headline may hold square brackets, which rich would take for its markup.
        table.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row))
    Console().print(table)


_STYLES = {
    "ok": "green",
    "sure": "green",
    "doubtful": "red",
    "wrong": "red",
    "new": "green",
    "degraded": "yellow",
    "edited": "yellow",
    "failed": "red",
    "removed": "red",
    "withdrawn": "red",
    "interrupted": "red",
    "restored": "cyan",
}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return one_line(str(value))


def one_line(text: str) -> str:
    """Text without line ends and what else a terminal acts upon."""
    return "".join(c if c.isprintable() else " " for c in text)
