"""A store, a clock and a service whose crawls are played."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.forcewire.service.playing import Clock, Played, PlayedNursery, Told, orders


@pytest.fixture
def played(tmp_path: Path) -> Played:
    """Five sources, each a quarter of an hour apart."""
    url, clock = f"sqlite:///{tmp_path}/news.db", Clock()
    nursery = PlayedNursery(url, clock)
    wanted = orders(url, ["aldmoor", "brackwater", "cresswold", "dunmere", "eastholm"])
    return Played(url, clock, wanted, Told(), nursery)
