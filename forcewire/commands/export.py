"""`forcewire export`: stored articles as files."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from forcewire import options
from forcewire.output import number_of


@click.command("export", short_help="Write stored articles as text files or JSON lines.")
@click.option(
    "--format",
    "form",
    required=True,
    type=click.Choice(["archive", "jsonl"]),
    help="A tree of text files, or JSON lines.",
)
@click.option(
    "--out",
    required=True,
    metavar="PATH",
    type=click.Path(path_type=Path, allow_dash=True),
    help="A folder for archive, a file for jsonl; '-' prints jsonl.",
)
@options.source_id
@options.area
@click.option(
    "--since",
    metavar="TIME",
    type=options.moment,
    help="Only articles first seen from this time on: 2026-11-22 or an age such as 7d.",
)
@options.database
def command(
    form: str, out: Path, source: str | None, area: str | None, since: datetime | None, database: str | None
) -> None:
    """Write the stored articles, each as it stands now, withdrawn ones too (removed_at says so in jsonl). Those that are
    withheld, suppressed or withdrawn and about somebody who must be spared, are left out, and counted on stderr; an
    archive's files of them from an earlier export are deleted.

    archive: PATH/<area>/<SHA-1 of the URL>.md, a block of YAML and the body as Markdown; what was imported comes back
    byte for byte under the path it was recorded under. jsonl: a line an article.

    \b
    Example:
      forcewire export --format jsonl --area Bedfordshire --out bedfordshire.jsonl
    """
    to_stdout = str(out) == "-"
    if to_stdout and form == "archive":
        raise click.UsageError("--out -: an archive is a folder and cannot be printed")
    _check_place(form, out)
    from forcewire.export import export_archive, export_jsonl, take_out, write_jsonl
    from forcewire.progress import counted
    from storage.archive_files import archive_files, withheld_paths
    from storage.reads import records
    from storage.withheld import withheld_articles

    with options.store_to_read(database) as conn:
        source, area = options.stored(conn, source, area)
        rows = records(conn, source=source, area=area, since=since)
        withheld = withheld_articles(conn, source=source, area=area, since=since)
        if withheld:
            click.echo(f"forcewire: {_left_out(len(withheld))}", err=True)
        if to_stdout:
            write_jsonl(rows, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            return
        if form == "archive":
            if taken := take_out(withheld_paths(conn, withheld), out):
                click.echo(f"forcewire: {number_of(taken, 'file')} of theirs deleted from {out}", err=True)
            with counted(archive_files(conn, rows), "files") as files:
                said = number_of(export_archive(files, out), "file")
        else:
            with counted(rows, "articles") as watched:
                said = number_of(export_jsonl(watched, out), "article")
    click.echo(f"{said} written to {out}", err=True)


def _left_out(count: int) -> str:
    said = "article is withheld and left out" if count == 1 else "articles are withheld and left out"
    return f"{count:,} {said}: suppressed, or withdrawn and sensitive"


def _check_place(form: str, out: Path) -> None:
    if form == "archive" and out.exists() and not out.is_dir():
        raise click.ClickException(f"{out}: a file is there; an archive is a folder")
    if form == "jsonl" and out.is_dir():
        raise click.ClickException(f"{out}: a folder is there; jsonl is a file")
