"""What the commands that look at a site share: their options, a sign of life at a terminal, errors in one line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forcewire import options

if TYPE_CHECKING:
    from crawler.options import CrawlOptions

OWN_FOLDER = Path("my-sources")

allow_loopback = click.option(
    "--allow-loopback", is_flag=True, help="Let a site on this machine be asked (tests, the demo)."
)
delay = click.option(
    "--delay",
    metavar="SECONDS",
    type=options.delay,
    help="Seconds between two requests to one host. Raises a live site's delay; lowers it only on loopback.",
)
replace = click.option("--replace", is_flag=True, help="Overwrite what is there.")


def crawl_options(*, allow_loopback: bool, delay: float | None) -> CrawlOptions:
    """How the site is asked: contact and delay of the environment where no option says otherwise."""
    from crawler.options import CrawlOptions

    settings = options.settings()
    return CrawlOptions(
        contact=settings.contact, allow_loopback=allow_loopback, delay=settings.delay if delay is None else delay
    )


def own_folder(given: Path | None) -> Path:
    """Where a person's own entries are: the option, FORCEWIRE_SOURCES, or my-sources in the working folder."""
    return given or options.settings().sources or OWN_FOLDER


def readable_folder(given: Path | None) -> Path | None:
    """The folder to read entries from: as `own_folder`, but my-sources only where there is one."""
    return given or options.settings().sources or (OWN_FOLDER if OWN_FOLDER.is_dir() else None)


@contextmanager
def working(what: str, *, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Says at a terminal what is being done; yields a function that says what is done next."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(stderr=True)

    def text(now: str) -> Text:
        whole = Text(now)
        whole.truncate(console.width - 4, overflow="ellipsis")  # the spinner's cell and a margin: a status would wrap
        return whole

    with console.status(text(what)) as status:
        yield lambda now: status.update(text(now))


@contextmanager
def counting(
    total: int, what: str, *, quiet: bool = False
) -> Iterator[tuple[Callable[[str], None], Callable[[], None]]]:
    """A bar at a terminal; yields a function that says what is done now, and one that counts a thing as done."""
    if quiet or not sys.stderr.isatty():
        yield (lambda _: None), (lambda: None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.table import Column

    now = TextColumn(
        "{task.fields[now]}", markup=False, style="dim", table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1)
    )
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        now,
    )
    with Progress(*columns, console=Console(stderr=True), expand=True, transient=True) as progress:
        task = progress.add_task(what, total=total, now="")
        yield (lambda text: progress.update(task, now=text)), (lambda: progress.advance(task))


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turns what a look at a site may raise into one line for a person."""
    from crawler.entries import SourceError
    from crawler.failures import FetchFailed, StopCrawl
    from crawler.options import CrawlRefused
    from crawler.probing.session import LookFailed
    from crawler.probing.trouble import NoNews, explained

    try:
        yield
    except (FetchFailed, StopCrawl) as error:
        raise click.ClickException(str(explained(error))) from error
    except (CrawlRefused, LookFailed, NoNews, SourceError) as error:
        raise click.ClickException(str(error)) from error
