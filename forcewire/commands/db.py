"""`forcewire db`: the store itself."""

from __future__ import annotations

import click

from forcewire import options


@click.group("db", short_help="Look after the store.")
def command() -> None:
    """Look after the store."""


@command.command("upgrade")
@options.database
def upgrade_store(database: str | None) -> None:
    """Bring the store to this version's tables. Nothing happens where it is there already.

    \b
    Example:
      forcewire db upgrade --database /var/lib/forcewire/forcewire.db
    """
    from sqlalchemy import make_url

    from storage.database import upgrade
    from storage.errors import place

    url = options.database_url(database)
    with options.plain_store_errors():
        before, after = upgrade(url)
    where = place(make_url(url))  # without the password that a URL may hold
    if before == after:
        click.echo(f"{where} is at revision {after} already")
    else:
        click.echo(f"{where}: from {f'revision {before}' if before else 'nothing'} to revision {after}")
