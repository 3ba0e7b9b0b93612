"""`forcewire COMMAND`: the group, and what becomes of an error: one line on stderr and an exit code, never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from forcewire.options import CONFIG
from forcewire.settings import INTERRUPTED, unknown_variables

COMMANDS = (
    "demo", "crawl", "watch", "publish", "serve", "changes", "search", "notify", "suppress", "status", "sources", "read", "reparse", "export", "import",
    "db", "config", "alerts", "doctor",
)  # fmt: skip

_MODULES = {"import": "import_archive"}  # where the name is a word of Python's


class LazyGroup(click.Group):
    """Imports a command's module when it is asked for. The modules are light: what is heavy (Scrapy, SQLAlchemy,
    pydantic, rich) is imported inside the command, so that help costs little more than Python's own start.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"forcewire.commands.{_MODULES.get(cmd_name, cmd_name)}").command
        return command


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        click.echo(f"forcewire {metadata.version('forcewire')}")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Try: forcewire demo",
)
@click.option("--database", metavar="URL", help="The store, for whichever command follows.")
@click.option("--config", metavar="FILE", type=click.Path(path_type=Path), help="The file of settings.")
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Say the version.")
@click.pass_context
def cli(ctx: click.Context, database: str | None, config: Path | None) -> None:
    """Read UK police forces' news, notice what is new, edited or withdrawn, publish feeds per area."""
    ctx.obj = database
    ctx.meta[CONFIG] = config


def run(args: Sequence[str] | None = None) -> int:
    """Runs one command line and returns its exit code: 0 good, 1 a bad answer, 2 wrong usage, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 is no reason to stop
    for warning in unknown_variables(os.environ):
        _say(warning)
    try:
        answer: Any = cli.main(args=args, prog_name="forcewire", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "forcewire"
        _say(f"{error.format_message().rstrip('.')}; see {command} --help")
        return error.exit_code
    except click.ClickException as error:
        _say(error.format_message())
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more when it ends
        return 1
    except OSError as error:
        _say(f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error))
        return 1
    return answer if isinstance(answer, int) else 0


def _say(message: str) -> None:
    click.echo("forcewire: " + " ".join(message.split()), err=True)


def main() -> None:
    """The console script."""
    sys.exit(run())
