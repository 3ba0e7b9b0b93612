"""`forcewire sources check`: a listing and three articles of each source, live, twice."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forcewire import looking, options
from forcewire.commands.crawl import chosen
from forcewire.marks import Marks, mark, show_marks
from forcewire.output import number_of, print_array, print_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crawler.entries import SourceEntry
    from crawler.options import CrawlOptions
    from crawler.probing.checked import SourceCheck

# Seconds for one source, as for a crawl's visits: a robots.txt may ask for a minute between two requests.
_LONGEST = 900


@click.command("check", short_help="Try sources live: a listing and three articles, twice.")
@click.argument("source", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All sources there are.")
@click.option("--write", is_flag=True, help="Set known.checked to today in your copy of each entry that is ok.")
@click.option("--verbose", is_flag=True, help="Print every listing, article and note.")
@looking.allow_loopback
@looking.delay
@options.sources_dir
@options.as_json
def command(
    source: tuple[str, ...],
    everything: bool,
    write: bool,
    verbose: bool,
    allow_loopback: bool,
    delay: float | None,
    sources_dir: Path | None,
    as_json: bool,
) -> None:
    """Ask each SOURCE for its listings and three articles, read them twice, and say ok or what is wrong.

    Nothing is stored. A source takes about half a minute; sources of different hosts are tried at the same time. Exit code 1
    when any is wrong. --write notes the day in the entries that are ok, with exit code 1 when that fails: in DIR (my-sources
    unless --sources or FORCEWIRE_SOURCES says otherwise), never in the installed package. A bundled entry is copied to DIR
    for that, and the copy wins over it from then on.

    \b
    Example:
      FORCEWIRE_CONTACT=desk@example.org forcewire sources check bedfordshire cumbria
    """
    if source and everything:
        raise click.UsageError("give either SOURCE ids or --all")
    if not source and not everything and not allow_loopback:
        raise click.UsageError("which sources? name them, or say --all")
    entries = options.entries(looking.readable_folder(sources_dir))
    wanted = list(entries.values()) if everything else chosen(entries, source, loopback=allow_loopback)
    crawl_options = looking.crawl_options(allow_loopback=allow_loopback, delay=delay)
    with looking.plain_errors(), looking.counting(len(wanted), "checked", quiet=as_json) as (say, count):
        checks = run_checks(wanted, crawl_options, say, count)
    folder, today = looking.own_folder(sources_dir), datetime.now(UTC).date()
    marks = mark(checks, folder, today) if write else Marks()
    if as_json:
        print_array(as_row(each) | (marks.of(each.source) if write else {}) for each in checks)
    else:
        show(checks, verbose=verbose)
        if len(checks) > 1 and all(each.wrong and "no such host" in each.wrong[0] for each in checks):
            click.echo("no name could be resolved: is this machine online?", err=True)
        ok = [each.source for each in checks if each.verdict == "ok"]
        if write:
            show_marks(marks, folder, today)
        elif ok:
            click.echo(f"to note it, --write, or checked = {today.isoformat()} below [known]: {', '.join(ok)}")
    raise SystemExit(1 if marks.failed or any(each.verdict != "ok" for each in checks) else 0)


def run_checks(
    wanted: Sequence[SourceEntry],
    crawl_options: CrawlOptions,
    say: Callable[[str], None] = lambda _: None,
    count: Callable[[], None] = lambda: None,
) -> list[SourceCheck]:
    """The checks of these sources, in their order."""
    import asyncio

    from crawler.probing.checked import SourceCheck
    from crawler.probing.checking import check
    from crawler.probing.session import Job, Session, run_jobs

    async def work(session: Session) -> SourceCheck:
        began = time.monotonic()
        try:
            async with asyncio.timeout(_LONGEST):
                found = await check(session, say)
        except TimeoutError:
            found = SourceCheck(
                session.entry.id,
                "wrong",
                [f"not through within {_LONGEST} s, after {number_of(session.requests, 'request')}"],
            )
        found.seconds = round(time.monotonic() - began, 1)
        count()
        return found

    results = run_jobs([Job(entry, work) for entry in wanted], crawl_options)
    return [
        SourceCheck(entry.id, "wrong", [f"a fault of ours: {type(result).__name__}: {result}"])
        if isinstance(result, Exception)
        else result
        for entry, result in zip(wanted, results, strict=True)
    ]


def as_row(each: SourceCheck) -> dict[str, Any]:
    """A check as one object, without the pages it kept."""
    row = asdict(replace(each, kept=[], kept_listing=None))
    return {name: value for name, value in row.items() if not name.startswith("kept")}


def show(checks: Sequence[SourceCheck], *, verbose: bool) -> None:
    """One line a source; with `verbose` all that was seen below it."""
    rows = []
    for each in checks:
        used = next((one for one in each.listings if one.used), None)
        dated = sum(1 for article in each.articles if article.published_at)
        rows.append(
            (
                each.source,
                each.verdict,
                used.kind if used else "",
                used.links if used else 0,
                f"{sum(1 for a in each.articles if not a.wrong)}/{len(each.articles)}",
                dated,
                f"{each.seconds:.0f} s",
                _told(each),
            )
        )
    print_table(("Source", "Verdict", "Listing", "Links", "Articles", "Dated", "Took", "What"), rows)
    if verbose:
        for each in checks:
            _show_all(each)


def _told(each: SourceCheck) -> str:
    if each.wrong:
        more = f" (and {len(each.wrong) - 1} more; --verbose shows them)" if len(each.wrong) > 1 else ""
        return f"{each.wrong[0]}{more}"
    notes = [*each.notes, *(note for article in each.articles for note in article.notes)]
    return f"{number_of(len(notes), 'note')}: {notes[0]}" if notes else ""


def _show_all(each: SourceCheck) -> None:
    click.echo(f"\n{each.source}: {each.verdict}, {number_of(each.requests, 'request')}")
    for line in each.wrong:
        click.echo(f"  wrong: {line}")
    for one in each.listings:
        state = one.trouble or f"{number_of(one.links, 'link')}, {one.dated} with a date"
        click.echo(f"  listing {one.kind}{' (in use)' if one.used else ''}: {state}: {one.url}")
    for article in each.articles:
        when = f"{article.published_at:%Y-%m-%d %H:%M}" if article.published_at else "no date"
        click.echo(f"  article: {when}  {article.title or 'not read'}: {article.url}")
        for note in article.notes:
            click.echo(f"    note: {note}")
    for line in each.notes:
        click.echo(f"  note: {line}")
