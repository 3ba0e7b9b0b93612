"""`forcewire config`: what the settings are, where each came from, and whether they can be used."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import click

from forcewire import options
from forcewire.output import print_array, print_table


@click.group("config", short_help="Show and check the settings, or print a file of them.")
def command() -> None:
    """Settings come from options, then the environment, then one TOML file, then their defaults.

    The file is that of --config or FORCEWIRE_CONFIG, else forcewire.toml in the working folder, else
    /etc/forcewire/forcewire.toml.
    """


@command.command("show", short_help="Show each setting and where it came from.")
@options.as_json
def show(as_json: bool) -> None:
    """Show every setting with its value and where that came from: an option, a variable, FILE:LINE or the default. Passwords
    and addresses that let anybody in are masked.

    \b
    Example:
      forcewire config show --json
    """
    from forcewire.settings.shown import rows

    found = list(rows(options.reading()))
    if as_json:
        print_array({"key": row.key, "value": row.value, "from": row.origin} for row in found)
    else:
        print_table(("Key", "Value", "From"), [(row.key, row.value, row.origin) for row in found])


@command.command("check", short_help="Check the settings; exit code 1 where something is wrong.")
@options.sources_dir
def check(sources_dir: Path | None) -> NoReturn:
    """Say what is wrong with the settings: a value that cannot be used, a key that nothing reads, a [source.ID] for no source.

    Exit code 1 where something is wrong. A file with secrets that everybody may read is a warning.

    \b
    Example:
      forcewire config check --sources /etc/forcewire/sources
    """
    from forcewire.settings.checking import problems

    found = problems(sources_dir)
    for line in (*found.problems, *found.warnings):
        click.echo(f"forcewire: {line}", err=True)
    if not found.problems:
        click.echo(f"{found.file or 'no file of settings; the environment alone'}: nothing is wrong")
    raise SystemExit(1 if found.problems else 0)


@command.command("example", short_help="Print a file of settings, with each key at its default.")
def example() -> None:
    """Print a TOML file with a comment for each key. Every line is commented out: what is not said stays at its default.

    \b
    Example:
      forcewire config example > forcewire.toml
    """
    from forcewire.settings.shown import example_file

    click.echo(example_file(), nl=False)
