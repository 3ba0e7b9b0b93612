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


@command.command("check")
@click.option("--rebuild", is_flag=True, help="Make the search index anew from the stored texts.")
@options.database
def check_store(rebuild: bool, database: str | None) -> None:
    """Look whether the search index has the words of the stored texts, all of them and no others. A store that was put together
    by hand, or by a tool that copies tables, may have lost that. Others wait as long as it takes.

    \b
    Example:
      forcewire db check --rebuild
    """
    from storage import search_index
    from storage.database import writing

    with options.store(database) as engine, writing(engine) as conn:
        if rebuild:
            search_index.rebuild(conn)
        wrong = search_index.check(conn, texts=True)
    for sentence in wrong:
        click.echo(sentence, err=True)
    if wrong:
        raise click.ClickException(
            "the search index is not as it should be; forcewire db check --rebuild makes it anew"
        )
    click.echo("the search index is as it should be")
