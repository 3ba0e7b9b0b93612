"""The `db` group: its larger commands are imported when they are asked for."""

from __future__ import annotations

from importlib import import_module

import click

LATER = ("backup", "restore", "prune")


class DbGroup(click.Group):
    """`upgrade` and `check` are there at once, the others have a module each: forcewire.commands.db_NAME."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *LATER]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in LATER:
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module(f"forcewire.commands.db_{cmd_name}").command
        return command
