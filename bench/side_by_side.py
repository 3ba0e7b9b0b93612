"""What the watchers reported, held against what happened, side by side."""

from __future__ import annotations

from typing import Any

from bench.watching import Round

ROUNDS = {
    "first": "First round: everything is seen for the first time",
    "unchanged": "Nothing changed",
    "changed": "1 % of the articles edited, some published, a banner on two sites",
}
_HEAD = ("", "CPU s", "clock s", "requests", "MB sent", "told", "false", "missed", "new seen")


def table(rounds: dict[str, dict[str, Round]], told: dict[str, Any]) -> list[str]:
    """The rounds side by side."""
    lines = []
    for name in ROUNDS:
        lines += ["", ROUNDS[name], "".join(f"{head:>10}" if n else f"{head:28}" for n, head in enumerate(_HEAD))]
        edited, new = (set(told[what]) if name == "changed" else set() for what in ("edited", "new"))
        for watcher in sorted(rounds, key=lambda watcher: not watcher.startswith("Forcewire")):
            if (found := rounds[watcher].get(name)) is None:
                continue
            seen = found.reported & edited
            cells = [f"{found.cpu:.1f}", f"{found.seconds:.0f}", f"{found.requests}", f"{found.bytes / 1e6:.1f}"]
            if name != "first":
                false = found.reported - edited
                cells += [f"{len(found.reported)}", f"{len(false)}", f"{len(edited - seen)}"]
                cells += [f"{len(found.new & new)}" if name == "changed" else ""]
            lines.append(f"{watcher:28}" + "".join(f"{cell:>10}" for cell in cells) + _causes(found, told, edited))
    return lines


def _causes(found: Round, told: dict[str, Any], edited: set[str]) -> str:
    false = found.reported - edited
    counts = {what: len(false & set(told.get(what, ()))) for what in ("time", "mail", "banner")}
    parts = [f"{what} {count}" for what, count in counts.items() if count]
    if found.failed:
        parts.append(f"{found.failed} failed")
    return f"  ({', '.join(parts)})" if parts else ""
