"""A worker of its own process that claims until nothing is left. Run by tests that start several at once.

Argument: the database URL. Waits for a line on stdin, then prints each source that it claimed.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from storage.database import open_store, writing
from storage.schedule import claim, this_process

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def main(url: str) -> None:
    store = open_store(url)
    print("ready", flush=True)
    sys.stdin.readline()
    nothing = 0
    while nothing < 3:  # who loses a race gets less, and may get the rest a moment later
        with writing(store) as conn:
            claims = claim(conn, NOW, limit=2, owner=this_process())
        nothing = 0 if claims else nothing + 1
        for each in claims:
            print(each.source_id, flush=True)
    print("done", flush=True)
    sys.stdin.readline()  # a claim lives as long as its process


if __name__ == "__main__":
    main(sys.argv[1])
