"""`forcewire db`: the store itself."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from forcewire import options
from forcewire.commands.db_group import DbGroup


@click.group("db", cls=DbGroup, short_help="Look after the store: upgrade, check, backup, restore, prune.")
def command() -> None:
    """Look after the store."""


@command.command("upgrade")
@click.option("--no-backup", is_flag=True, help="Do not copy the store first: you have a backup.")
@options.database
def upgrade_store(no_backup: bool, database: str | None) -> None:
    """Bring the store to this version's tables. It is backed up first, and refused while a crawl or the service uses it. Nothing happens
    where it is there already; broken off, it leaves the store as it was.

    \b
    Example:
      forcewire db upgrade --database /var/lib/forcewire/forcewire.db
    """
    from sqlalchemy import make_url

    from storage.errors import place
    from storage.upgrading import upgrade_safely

    url = options.database_url(database)
    with options.plain_store_errors():
        done = upgrade_safely(url, options.settings().backup_dir, datetime.now(UTC), backs_up=not no_backup)
    where = place(make_url(url))  # without the password that a URL may hold
    if done.backup is not None:
        click.echo(f"backed up first: {done.backup}")
    if done.before == done.after:
        click.echo(f"{where} is at revision {done.after} already")
    else:
        click.echo(f"{where}: from {f'revision {done.before}' if done.before else 'nothing'} to revision {done.after}")


@command.command("check")
@click.option("--rebuild", is_flag=True, help="Make the search index anew from the stored texts.")
@options.database
def check_store(rebuild: bool, database: str | None) -> None:
    """Look whether the store is as it should be: the file's pages and indexes, what refers to what, the numbers of versions, and
    whether the search index has the words of the stored texts, all of them and no others. Says what to do; exit code 1 where something
    is wrong. Others wait as long as it takes.

    \b
    Example:
      forcewire db check --rebuild
    """
    from storage import search_index
    from storage.database import writing
    from storage.soundness import flaws

    with options.store(database) as engine:
        if rebuild:
            with writing(engine) as conn:
                search_index.rebuild(conn)
        wrong = flaws(engine)
    for flaw in wrong[:-1]:
        click.echo(f"{flaw.what}; {flaw.do}", err=True)
    if wrong:
        raise click.ClickException(f"{wrong[-1].what}; {wrong[-1].do}")
    click.echo("the store is as it should be, and so is the search index")
