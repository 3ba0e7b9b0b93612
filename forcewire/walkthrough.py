"""The demo: a newsroom is crawled and published, a day goes by in it, and it is crawled again."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from crawler.entries import load_entry
from crawler.run import CrawlOptions, CrawlSummary, crawl_sources
from feeds.publishing import PublishReport, publish
from forcewire import options
from forcewire.demo.day import Step, morning_before, play_day, the_day
from forcewire.demo.newsroom import Newsroom
from forcewire.output import print_table
from forcewire.progress import was_interrupted, watcher
from forcewire.settings import INTERRUPTED
from storage.database import open_store, reading
from storage.reads import StoredChange, changes, records
from storage.rules import RemovalRule

OWN = ".forcewire-demo"  # marks a folder that the demo made, and may empty when it runs again
BASE_URL = "http://localhost:8000"
# An article counts as withdrawn at its first 404: the demo has no hour to wait for a second one.
AT_ONCE = RemovalRule(answers=1, after=timedelta(0))


def walk_through(folder: Path, *, keep_serving: bool) -> None:
    """Runs the demo in a folder. Ends the command with one line where the folder is somebody else's."""
    prepare(folder)
    morning = morning_before(datetime.now(UTC))
    url = f"sqlite:///{folder / 'forcewire.db'}"
    with options.plain_store_errors(), Newsroom(now=morning) as newsroom:
        newsroom.write_entries(folder / "sources")
        _say(f"A newsroom of {len(newsroom.sites)} invented forces is open on this machine. First crawl:")
        _crawl(folder, url)
        _show_what_came(url)
        _publish(url, folder)
        steps = the_day(morning)
        _say("A day goes by in the newsroom.")
        _show_day(steps, morning)
        play_day(newsroom, steps, morning)
        _say("Second crawl. Every stored article is asked for again; what did not change answers 304 Not Modified:")
        last = _last_change(url)
        summaries = _crawl(folder, url)
        _show_changes(_changes_after(url, last), summaries)
        _publish(url, folder)
        _say_where(folder)
        if keep_serving:
            _serve(newsroom)


def prepare(folder: Path) -> None:
    """An empty folder of the demo's own. What an earlier demo left in it is removed; anything else stays untouched."""
    if folder.exists() and not folder.is_dir():
        raise click.ClickException(f"{folder}: a file is there; name another folder with --out")
    if folder.exists() and not (folder / OWN).is_file() and any(folder.iterdir()):
        raise click.ClickException(f"{folder}: not empty, and not made by the demo; name another folder with --out")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / OWN).touch()
    for name in ("forcewire.db", "forcewire.db-wal", "forcewire.db-shm"):
        (folder / name).unlink(missing_ok=True)
    for name in ("feeds", "sources"):
        shutil.rmtree(folder / name, ignore_errors=True)


def _crawl(folder: Path, url: str) -> list[CrawlSummary]:
    entries = [load_entry(path) for path in sorted((folder / "sources").glob("*.toml"))]
    crawl_options = CrawlOptions(database_url=url, allow_loopback=True, delay=0.05, revisit="all", removal=AT_ONCE)
    with watcher(quiet=False) as on_event:
        summaries = crawl_sources(entries, crawl_options, on_event)
    if was_interrupted(entries, summaries):
        _say("Interrupted; what was read is stored.")
        raise SystemExit(INTERRUPTED)
    if failed := [summary for summary in summaries if summary.verdict == "failed"]:
        raise click.ClickException(f"the crawl of {failed[0].source} failed: {failed[0].reason}")
    return summaries


def _show_what_came(url: str) -> None:
    engine = open_store(url)
    with reading(engine) as conn:
        newest = list(records(conn, newest_first=True))
    engine.dispose()
    stories = Counter(record.area for record in newest)
    latest = {record.area: record for record in reversed(newest)}
    rows = [
        (area, stories[area], f"{record.published_at:%d %b %H:%M}" if record.published_at else "", _short(record.title))
        for area, record in sorted(latest.items())
    ]
    click.echo()
    print_table(("Area", "Stories", "Newest (UTC)", "Its headline"), rows, f"{len(newest)} stories came:")


def _show_day(steps: Sequence[Step], morning: datetime) -> None:
    for step in steps:
        click.echo(f"  {morning + step.after:%H:%M}  {step.what}")


def _last_change(url: str) -> int:
    engine = open_store(url)
    with reading(engine) as conn:
        latest = changes(conn, limit=1)
    engine.dispose()
    return latest[-1].id if latest else 0


def _changes_after(url: str, last: int) -> list[StoredChange]:
    engine = open_store(url)
    with reading(engine) as conn:
        found = changes(conn, after_id=last)
    engine.dispose()
    return found


def _show_changes(found: Sequence[StoredChange], summaries: Sequence[CrawlSummary]) -> None:
    order = {"new": 0, "edited": 1, "removed": 2}
    shown = sorted((c for c in found if not c.minor), key=lambda change: (order.get(change.change, 3), change.area))
    names = {"removed": "withdrawn"}
    rows = [(names.get(c.change, c.change), c.area, _short(c.title or "(withheld)"), c.fields) for c in shown]
    click.echo()
    print_table(("Change", "Area", "Headline", "What differs"), rows, f"{len(shown)} changes:")
    same = sum(summary.counts.not_modified + summary.counts.unchanged for summary in summaries)
    minor = len(found) - len(shown)
    click.echo(f"{same} other stories are as they were. Minor changes, such as a new picture: {minor}.")


def _publish(url: str, folder: Path) -> PublishReport:
    engine = open_store(url)
    report = publish(engine, folder, base_url=BASE_URL, now=datetime.now(UTC))
    engine.dispose()
    _say(f"Published: {len(report.written)} feeds written, {report.unchanged} unchanged.")
    return report


def _say_where(folder: Path) -> None:
    forcewire, store = _own_name(), shlex.quote(str(folder / "forcewire.db"))
    _say("Done. What is where:")
    click.echo(f"  feeds     {folder / 'feeds' / 'all.atom'}, and RSS, Atom and JSON Feed for each area")
    click.echo(f"  database  {folder / 'forcewire.db'} (SQLite)")
    click.echo(f"  entries   {folder / 'sources'}: how each source is described")
    _say("What to try next:")
    for command, why in (
        (f"{forcewire} changes --database {store} --change edited", "what was edited, and which fields"),
        (f"{forcewire} status --database {store}", "how each source is"),
        (f"{forcewire} export --database {store} --format jsonl --out -", "every record as JSON"),
        (
            f"{forcewire} serve --database {store}",
            f"the newsroom's site: open {BASE_URL}/ in a browser, subscribe to {BASE_URL}/feeds/all.rss",
        ),
        (f"{forcewire} sources list", "the forces that can be crawled for real"),
    ):
        click.echo(f"  {command}\n      {why}")


def _own_name() -> str:
    """How this program can be called again from here: it need not be on the PATH."""
    here = Path(sys.argv[0])
    if here.name != "forcewire":
        return f"{shlex.quote(sys.executable)} -m forcewire"
    found = shutil.which("forcewire")
    return "forcewire" if found and Path(found).samefile(here) else shlex.quote(os.path.relpath(here))


def _serve(newsroom: Newsroom) -> None:
    from threading import Event

    _say("The newsroom stays open. Ctrl-C ends it.")
    for site in newsroom.sites:
        click.echo(f"  {site.base_url}/   {site.force}")
    try:
        Event().wait()
    except KeyboardInterrupt:
        click.echo()


def _short(text: str) -> str:
    """Cut to fit a terminal's line; in a pipe, whole."""
    return text if len(text) <= 64 or not sys.stdout.isatty() else text[:63].rstrip() + "…"


def _say(message: str) -> None:
    click.echo(f"\n{click.style(message, bold=True)}")
