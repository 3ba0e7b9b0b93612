"""`forcewire notify`: what saved searches find, sent by e-mail, chat or webhook."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from forcewire import options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from feeds.alerts.running import Report
    from feeds.alerts.targets import Target
    from feeds.alerts.texts import Message


class _Printer:
    """Stands in for a target: shows what it would be sent."""

    def __init__(self, url: str, shown: str) -> None:
        self.url, self.shown = url, shown

    def send(self, message: Message) -> bool:
        click.echo(f"to {self.shown}\n{message.title}\n{message.body}\n")
        return True


@click.command("notify", short_help="Send what saved searches find.")
@click.argument("searches", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--state",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where it is kept what was sent. [default: FILE.sent.json]",
)
@click.option(
    "--since", metavar="TIME", type=options.moment, help="Where a search begins that was never told; else now."
)
@click.option("--dry-run", is_flag=True, help="Print what would be sent, send and note nothing.")
@click.option("--test", "trial", metavar="NAME", help="Send one test message to the targets of this search.")
@options.verbose
@options.database
def command(
    searches: Path,
    state: Path | None,
    since: datetime | None,
    dry_run: bool,
    trial: str | None,
    database: str | None,
) -> None:
    """Send each new story, edit, withdrawal and return that a saved search finds to its targets, once. Run it after each crawl.

    Exit code 1 when a message could not be sent; it is tried again in the next run.

    \b
    Example:
      forcewire notify searches.toml --dry-run --since 1d
    """
    from feeds.alerts.running import Run
    from feeds.alerts.searches import AlertError, read_searches
    from feeds.alerts.state import State, alone
    from feeds.alerts.targets import targets

    if trial is not None and dry_run:
        raise click.UsageError("--test sends a message, --dry-run sends none; give one of them")
    options.log_if_verbose()
    kept = state or searches.with_name(f"{searches.name}.sent.json")
    try:
        found = read_searches(searches)
        reached = targets(found)
        if trial is not None:
            _try_out(trial, reached)
        base_url = (options.settings().base_url or "").rstrip("/") or None
        with options.store(database) as engine:
            now = datetime.now(UTC)
            if dry_run:
                shown = {name: [_Printer(each.url, each.shown) for each in these] for name, these in reached.items()}
                report = Run(engine, State(kept), now, since, base_url, keep=False).tell(found, shown)
            else:
                with alone(kept):
                    report = Run(engine, State(kept), now, since, base_url).tell(found, reached)
    except AlertError as error:
        raise click.ClickException(str(error)) from error
    _say(report, dry_run)


def _try_out(name: str, reached: Mapping[str, Sequence[Target]]) -> NoReturn:
    from feeds.alerts.texts import trial

    if name not in reached:
        raise click.ClickException(f"there is no search {name!r}; there are {', '.join(map(repr, reached))}")
    bad = [target.shown for target in reached[name] if not target.send(trial(name))]
    for shown in bad:
        click.echo(f"forcewire: {shown} took no message", err=True)
    if not bad:
        click.echo(f"sent to {', '.join(target.shown for target in reached[name])}")
    raise SystemExit(1 if bad else 0)


def _say(report: Report, dry_run: bool) -> NoReturn:
    from forcewire.output import number_of

    click.echo(f"{number_of(report.sent, 'message')} {'would be sent' if dry_run else 'sent'}")
    if report.begun and not dry_run:
        click.echo(f"{number_of(report.begun, 'target')} watched from now on")
    for name, shown in report.failed:
        click.echo(f"forcewire: search {name}: {shown} took no message; the next run tries again", err=True)
    raise SystemExit(1 if report.failed else 0)
