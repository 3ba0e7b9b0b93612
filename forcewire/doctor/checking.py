"""All checks, one after the other: what stops one of them stops none of the others."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from forcewire.doctor.feed_checks import feed_findings
from forcewire.doctor.findings import Finding, problem
from forcewire.doctor.network_checks import network_findings
from forcewire.doctor.settings_checks import settings_findings
from forcewire.doctor.store_checks import store_findings
from forcewire.doctor.work_checks import backup_findings, clock_findings, schedule_findings, service_findings
from storage.database import open_store, reading
from storage.errors import StoreError
from storage.tables import SITE

if TYPE_CHECKING:
    from forcewire.settings.reading import Reading


def findings(
    said: Reading, url: str, sources: Path | None, now: datetime, *, network: bool, thorough: bool
) -> Iterator[Finding]:
    """What each check found, as they come. `network`: sources that are not on this machine are asked too."""
    yield from settings_findings(said)
    settings = said.settings
    waiting: set[str] = set()
    try:
        engine = open_store(url, must_exist=True)
    except StoreError as error:
        yield problem("store", str(error), "", "see the sentence; docs/operating.md has backup and restore")
    else:
        try:
            yield from store_findings(engine, settings, thorough=thorough)
            with reading(engine) as conn:
                yield from clock_findings(conn, now)
                yield from schedule_findings(conn, now, socket.gethostname())
                yield from service_findings(conn, url, settings, now)
                yield from feed_findings(conn, settings, now)
                waiting = set(conn.scalars(sa.select(SITE.c.address).where(SITE.c.wait_until > now)))
        except StoreError as error:
            yield problem("store", str(error), "", "see the sentence; docs/operating.md has backup and restore")
        finally:
            engine.dispose()
    yield from backup_findings(url, settings, now)
    yield from _of_sources(sources or settings.sources, settings.contact, waiting, network=network)


def _of_sources(sources: Path | None, contact: str | None, waiting: set[str], *, network: bool) -> Iterator[Finding]:
    from crawler.entries import SourceError, load_entries

    try:
        entries = load_entries(sources)
    except SourceError as error:
        yield problem("sources", str(error), str(sources or ""), "correct the entry; docs/sources.md has its keys")
        return
    yield from network_findings([each for each in entries.values() if each.enabled], contact, waiting, network=network)
