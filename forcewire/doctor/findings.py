"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """UNCHECKED: nobody looked, which is no good answer and no bad one."""

    OK = "ok"
    UNCHECKED = "not checked"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(slots=True, frozen=True, kw_only=True)
class Finding:
    """`check`: the part that was looked at; `what` is so, `where`, and what to `do`: empty where nothing is to be done."""

    check: str
    level: Level
    what: str
    where: str = ""
    do: str = ""


def ok(check: str, what: str, where: str = "") -> Finding:
    """It is well."""
    return Finding(check=check, level=Level.OK, what=what, where=where)


def warning(check: str, what: str, where: str, do: str) -> Finding:
    """It works, and may not for long, or not as is wanted."""
    return Finding(check=check, level=Level.WARNING, what=what, where=where, do=do)


def problem(check: str, what: str, where: str, do: str) -> Finding:
    """It does not work."""
    return Finding(check=check, level=Level.PROBLEM, what=what, where=where, do=do)


def unchecked(check: str, what: str, where: str = "", do: str = "") -> Finding:
    """Nobody looked."""
    return Finding(check=check, level=Level.UNCHECKED, what=what, where=where, do=do)
