"""Real processes that claim at once: every source once, one of a site, and none that falls over the others."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest
import sqlalchemy as sa

from storage.database import open_store, writing
from storage.schedule import Planned, claim, plan, this_process
from storage.tables import SCHEDULE
from tests.storage import postgresql
from tests.storage.claiming_process import NOW

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow

WORKERS, SITES = 3, 40


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
    else:
        with postgresql.server() as url:
            yield url


def told(out: IO[str]) -> list[str]:
    """What a worker claimed, until it is done."""
    lines = []
    while (line := out.readline()) not in ("done\n", ""):
        lines.append(line.strip())
    return lines


def test_workers_that_claim_at_once_share_out_what_is_due(url: str) -> None:
    store = open_store(url)
    sources = [Planned(f"s{n}-{part}", f"site{n}", timedelta(minutes=15)) for n in range(SITES) for part in (1, 2)]
    with writing(store) as conn:
        plan(conn, sources, NOW - timedelta(days=1))
    call = [sys.executable, "-m", "tests.storage.claiming_process", url]
    workers = [
        subprocess.Popen(
            call, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(WORKERS)
    ]
    for each in workers:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in workers:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    shares = []
    for each in workers:
        assert each.stdout is not None
        shares.append(told(each.stdout))
    claimed = [name for share in shares for name in share]
    assert max(Counter(name.partition("-")[0] for name in claimed).values()) == 1
    assert len(claimed) == SITES, "one of each site"
    with writing(store) as conn:
        assert claim(conn, NOW, limit=9, owner=this_process()) == [], "they live"
    for each in workers:
        each.kill()
        _, errors = each.communicate()
        assert errors == ""
    with writing(store) as conn:
        again = claim(conn, NOW, limit=SITES + 1, owner=this_process())
        held = conn.scalar(sa.select(sa.func.count()).where(SCHEDULE.c.claimed_at.is_not(None)))
    assert len(again) == SITES == held, "claims of the dead are taken over at once"
    store.dispose()
