"""The service of a soak run: as `forcewire watch` starts it, with a clock that runs fast. Run by `tests.soak.run`.

Arguments: the folder with the entries, how many workers, a port, and the clock as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from crawler.clock import FastClock, clock_in
from crawler.entries import load_entry
from crawler.planning import sites_of
from feeds.press import press_of
from feeds.site.context import Site, only_reads
from feeds.site.serving import listen, serve
from forcewire.logs import set_up
from forcewire.monitored import bounds
from forcewire.service.orders import Orders
from forcewire.service.running import loop_factory
from forcewire.service.service import Service
from forcewire.service.telling import Records
from forcewire.settings.model import Settings
from storage.database import open_store


def orders(folder: Path, workers: int, port: int) -> Orders:
    entries = {path.stem: load_entry(path) for path in sorted((folder / "sources").glob("*.toml"))}
    settings = Settings(workers=workers, port=port, publish_dir=folder / "public", delay=0.0, backup_keep=3)
    return Orders(
        settings=settings,
        entries=entries,
        sites=sites_of(entries.values()),
        database_url=f"sqlite:///{folder / 'news.db'}",
        press=press_of(f"http://127.0.0.1:{port}", None, None),
        allow_loopback=True,
        revisit="due",
    )


async def run(folder: Path, workers: int, port: int, clock: FastClock) -> int:
    service = Service(lambda: orders(folder, workers, port), Records(), clock=clock)
    engine = open_store(service.orders.database_url)
    only_reads(engine)
    site = Site(engine, service.orders.press, bounds=bounds(engine, service.orders.settings))
    sockets = listen("127.0.0.1", port)
    return await service.run(lambda stop: serve(site, sockets, stop=stop))


if __name__ == "__main__":
    folder, workers, port, clock = sys.argv[1:]
    given = clock_in(json.loads(clock))
    assert given is not None
    set_up("json", "info")
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        sys.exit(runner.run(run(Path(folder), int(workers), int(port), given)))
