"""`forcewire crawl`: one pass over the sources."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from forcewire import options
from forcewire.output import print_array
from forcewire.settings import INTERRUPTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crawler.entries import SourceEntry
    from crawler.run import CrawlSummary


@click.command("crawl", short_help="Read the sources once and store what is new.")
@click.argument("source", nargs=-1)
@options.sources_dir
@click.option("--allow-loopback", is_flag=True, help="Let sources on this machine be read (tests, the demo).")
@click.option(
    "--delay",
    metavar="SECONDS",
    type=options.delay,
    help="Seconds between two requests to one host. Raises a live site's delay; lowers it only on loopback.",
)
@click.option(
    "--revisit",
    type=click.Choice(["auto", "all", "due"]),
    default="auto",
    show_default=True,
    help="Which stored articles to look at again: those due by their age, or all. auto: all on this machine, else those due.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Share the sources out over so many processes.",
)
@click.option("--due", is_flag=True, help="Only what is due by the store's schedule; safe to run each minute.")
@click.option(
    "--most", metavar="N", type=click.IntRange(1), help="With --due: at most N sources, the longest waiting first."
)
@options.verbose
@options.database
@options.as_json
def command(
    source: tuple[str, ...],
    sources_dir: Path | None,
    allow_loopback: bool,
    delay: float | None,
    revisit: Literal["auto", "all", "due"],
    processes: int,
    due: bool,
    most: int | None,
    database: str | None,
    as_json: bool,
) -> None:
    """Read each SOURCE once, or all of them: store new articles, notice edited and withdrawn ones.

    With --allow-loopback, all of them are those on this machine: a test never reads a real site unless it is named.

    With --due only those whose time has come are read, and none that another process is reading: for cron, each minute, also
    beside `forcewire watch`. Where nothing is due it says what is next.

    Exit code 1 when any verdict is failed or degraded. Ctrl-C ends the crawl cleanly; what was read is stored.

    \b
    Example:
      FORCEWIRE_CONTACT=desk@example.org forcewire crawl bedfordshire cumbria
    """
    if most is not None and not due:
        raise click.UsageError("--most is for --due")
    import gc

    # A thousand modules make no garbage, and looking for it among them takes an eighth of their time, then and later.
    gc.disable()
    from crawler.due_pass import crawl_due, nothing_due
    from crawler.planning import sites_of
    from crawler.run import CrawlOptions, CrawlRefused, crawl_sources
    from forcewire.progress import pages_read, was_interrupted, watcher

    gc.freeze()
    gc.enable()

    settings = options.settings()
    verbose = options.log_if_verbose()
    every = options.entries(sources_dir)
    entries = chosen(every, source, loopback=allow_loopback)
    crawl_options = CrawlOptions(
        database_url=options.database_url(database),
        contact=settings.contact,
        allow_loopback=allow_loopback,
        delay=settings.delay if delay is None else delay,
        revisit=revisit,
        rules=settings.rules,
        processes=processes,
        log_level="INFO" if verbose else "CRITICAL",
        sites=sites_of(every.values()),
    )
    next_up = None
    try:
        with options.plain_store_errors(), watcher(quiet=as_json) as on_event:
            if due:
                scheduled = {entry.id: entry for entry in chosen(every, (), loopback=allow_loopback)}
                done = crawl_due(scheduled, entries, crawl_options, most=most, on_event=on_event)
                summaries, interrupted, next_up = done.summaries, done.interrupted, done.next_up
            else:
                summaries = crawl_sources(entries, crawl_options, on_event)
                interrupted = was_interrupted(entries, summaries)
    except CrawlRefused as error:
        raise click.ClickException(str(error)) from error
    if verbose:
        from forcewire.logged_crawls import say_crawl

        for summary in summaries:
            say_crawl(summary)
    if as_json:
        print_array(as_row(summary) for summary in summaries)
    elif due and not summaries and not interrupted:
        click.echo(nothing_due(next_up, datetime.now(UTC)))
    if interrupted:
        read = sum(pages_read(summary.counts) for summary in summaries)
        click.echo(f"forcewire: interrupted; {read} pages were read and are stored", err=True)
        raise SystemExit(INTERRUPTED)
    raise SystemExit(1 if any(summary.verdict != "ok" for summary in summaries) else 0)


def chosen(entries: Mapping[str, SourceEntry], names: Sequence[str], *, loopback: bool = False) -> list[SourceEntry]:
    """The entries of these ids; when none is named, all that are enabled, and of these only those on this machine where
    `loopback` is set and there are any. Ends the command with one line for a name that is none.
    """
    for name in names:
        if name not in entries:
            raise click.ClickException(f"no source is called {name!r}; forcewire sources list shows them")
    if names:
        return [entries[name] for name in dict.fromkeys(names)]
    every = [entry for entry in entries.values() if entry.enabled]
    here = [entry for entry in every if entry.loopback] if loopback else []
    return here or every


def as_row(summary: CrawlSummary) -> dict[str, Any]:
    """A summary as one flat row."""
    from dataclasses import asdict

    row = asdict(summary)
    return {
        "source": row.pop("source"),
        "verdict": row.pop("verdict"),
        "reason": row.pop("reason"),
        **row.pop("counts"),
        **row,
    }
