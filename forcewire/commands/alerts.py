"""`forcewire alerts`: what operators were told, and that somebody sees to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from forcewire import options
from forcewire.output import number_of, print_array, print_table

if TYPE_CHECKING:
    from forcewire.alerts.channel import Channel
    from storage.alert_decisions import StoredAlert

_LATELY = timedelta(days=7)


class _AlertsGroup(click.Group):
    """`forcewire alerts` alone lists."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("-h", "--help")):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group("alerts", cls=_AlertsGroup, short_help="Show what operators were told; acknowledge, test, tell.")
def command() -> None:
    """Show what operators were told of sources and of the service itself; acknowledge an alert, send a test, tell what is new."""


@command.command("list")
@click.option("--all", "with_ended", is_flag=True, help="Those that ended within the last week as well.")
@options.database
@options.as_json
def list_alerts(with_ended: bool, database: str | None, as_json: bool) -> None:
    """List the alerts that go on, the oldest first. `forcewire alerts` alone does the same.

    \b
    Example:
      forcewire alerts list --all
    """
    from storage.alerts import ended_since, going_on

    with options.store_to_read(database) as conn:
        found = going_on(conn)
        if with_ended:
            found += ended_since(conn, datetime.now(UTC) - _LATELY)
    if as_json:
        print_array(_row(each) for each in found)
    elif found:
        print_table(
            ("No", "What", "State", "Since (UTC)", "Told (UTC)", "Seen to by", "Ended (UTC)", "Why"),
            [_cells(each) for each in found],
        )
    else:
        click.echo("no alert goes on")


def _row(alert: StoredAlert) -> dict[str, Any]:
    from dataclasses import asdict

    return {name: value for name, value in asdict(alert).items() if name != "notice_id"}


def _cells(alert: StoredAlert) -> tuple[Any, ...]:
    what = f"{alert.subject} ({len(alert.sources)} sources)" if len(alert.sources) > 1 else alert.subject
    seen_to = (
        f"{alert.acknowledged_by}: {alert.note}" if alert.acknowledged_by and alert.note else alert.acknowledged_by
    )
    return alert.id, what, alert.state, alert.began_at, alert.told_at, seen_to, alert.ended_at, alert.why


@command.command("ack")
@click.argument("which", metavar="NUMBER|SOURCE")
@click.option("--note", metavar="TEXT", help="What is being done about it, for the others.")
@options.database
def acknowledge(which: str, note: str | None, database: str | None) -> None:
    """Say that somebody sees to an alert: it is not told again until it is over or gets worse. Its end is told as ever.

    By its number, or by the source that it is about; of sources that broke together, that is the alert of all of them.

    \b
    Example:
      forcewire alerts ack bedfordshire --note "new site, entry to be mended"
    """
    import getpass
    import socket

    from storage.alerts import NoSuchAlertError
    from storage.alerts import acknowledge as acknowledged
    from storage.database import writing

    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user has no name
        user = "somebody"
    try:
        with options.store(database) as engine, writing(engine) as conn:
            found = acknowledged(conn, which, by=f"{user}@{socket.gethostname()}", note=note, now=datetime.now(UTC))
    except NoSuchAlertError as error:
        raise click.ClickException(str(error)) from error
    for each in found:
        click.echo(f"{each.id}, {each.subject}: acknowledged")


@command.command("test")
@options.as_json
def test(as_json: bool) -> None:
    """Send a test through each channel that is set, and say which took it. Exit code 1 when one did not.

    \b
    Example:
      forcewire alerts test
    """
    from forcewire.alerts.channel import ChannelError
    from forcewire.alerts.texts import trial

    message, rows = trial(datetime.now(UTC)), []
    for channel in _channels():
        try:
            channel.send(message)
            rows.append({"channel": channel.shown, "taken": True, "why": None})
        except ChannelError as error:
            rows.append({"channel": channel.shown, "taken": False, "why": str(error)})
    if as_json:
        print_array(rows)
    else:
        for row in rows:
            click.echo(f"{row['channel']}: {'took it' if row['taken'] else row['why']}", err=not row["taken"])
    raise SystemExit(0 if all(row["taken"] for row in rows) else 1)


def _channels() -> list[Channel]:
    from forcewire.alerts.channels import channels

    found = channels(options.settings())
    if not found:
        raise click.ClickException(
            "no channel is set; set FORCEWIRE_ALERT_WEBHOOK, FORCEWIRE_SMTP and FORCEWIRE_ALERT_MAIL_TO, or FORCEWIRE_ALERT_APPRISE"
        )
    return found


@command.command("run")
@options.database
def run(database: str | None) -> None:
    """Tell what changed since the last time, and send the heartbeat where all is well. For cron, after a crawl; `watch` does it by itself.

    Prints nothing in a pipe where nothing went wrong. Exit code 1 when a channel took nothing; it is tried again in the next run.

    \b
    Example:
      forcewire alerts run --database news.db
    """
    import sys

    from forcewire.alerts.heartbeat import beat
    from forcewire.alerts.running import tell

    settings, now = options.settings(), datetime.now(UTC)
    if not settings.heartbeat:
        _channels()
    with options.store(database) as engine:
        report = tell(engine, settings, now)
        beats = beat(engine, settings, now)
    if sys.stdout.isatty():
        sent = f"{number_of(report.told, 'alert')} told, {number_of(report.taken, 'message')} taken"
        click.echo(f"{sent}, {'the heartbeat sent' if beats else 'no heartbeat sent'}")
    for shown, why in report.failed:
        click.echo(f"forcewire: {shown} took nothing: {why}; the next run tries again", err=True)
    raise SystemExit(1 if report.failed else 0)
