"""The fault matrix as a table:  python -m tests.faults [--out FILE] [--fault NAME] [--role NAME] [--platform NAME]

Every fault of the demo newsroom, and some more, on the site of every platform's reader, hitting the host, the listing, the stories or
robots.txt. What a cell must come to stands in tests/faults/rules.py. Exits 1 where a cell is wrong.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import crawler.settings
from tests.faults.matrix import Cell, Play
from tests.faults.platforms import PLATFORMS
from tests.faults.rules import CELLS

_TIMEOUT = 0.5  # seconds, where a fault keeps us waiting for five


def cells_of(role: str, fault: str, platforms: Sequence[str]) -> list[Cell]:
    """One row of the matrix."""
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # what a server thinks of an asker that goes away
    timeout = _TIMEOUT if fault == "no answer in time" else crawler.settings.DOWNLOAD_TIMEOUT
    with TemporaryDirectory() as folder, mock.patch.object(crawler.settings, "DOWNLOAD_TIMEOUT", timeout):
        return Play([each for each in PLATFORMS if each.name in platforms], Path(folder)).cells(role, fault)


def table(cells: Sequence[Cell]) -> str:
    """The cells as Markdown."""
    lines = ["| hits | fault | platform | must be | is | right |", "|---|---|---|---|---|---|"]
    for cell in cells:
        must = f"{cell.must.state}: {cell.must.trouble or '-'}"
        is_now = f"{cell.state}: {cell.trouble or '-'}"
        right = "yes" if not cell.wrong else "**no**: " + "; ".join(cell.wrong).replace("|", "/").replace("\n", " ")
        lines.append(f"| {cell.role} | {cell.fault} | {cell.platform} | {must} | {is_now} | {right} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="The fault matrix.")
    parser.add_argument("--out", type=Path)
    for name in ("role", "fault", "platform"):
        parser.add_argument(f"--{name}", action="append")
    asked = parser.parse_args()
    names = [each.name for each in PLATFORMS if asked.platform is None or each.name in asked.platform]
    cells: list[Cell] = []
    for role, fault in CELLS:
        if (asked.role is None or role in asked.role) and (asked.fault is None or fault in asked.fault):
            found = cells_of(role, fault, names)
            cells += found
            wrong = [cell for cell in found if cell.wrong]
            print(f"{role} {fault}: {len(found) - len(wrong)} of {len(found)} right", file=sys.stderr)
    print(table(cells))
    wrong = sum(bool(cell.wrong) for cell in cells)
    print(f"\n{len(cells)} cells, {len(cells) - wrong} right, {wrong} wrong")
    if asked.out:
        asked.out.write_text(f"# Fault matrix\n\n{len(cells)} cells, {wrong} wrong.\n\n{table(cells)}\n", "utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
