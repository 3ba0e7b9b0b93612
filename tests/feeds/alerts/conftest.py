"""Targets that remember what they got, and one run of a search."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds.alerts.running import Report, Run
from feeds.alerts.searches import SavedSearch
from feeds.alerts.state import State
from feeds.alerts.texts import Message
from tests.feeds.conftest import FIRST, NewsStore, store

__all__ = ["store"]


class Postbox:
    """A target. While `broken` holds it takes nothing."""

    def __init__(self, url: str = "json://desk") -> None:
        self.url = self.shown = url
        self.got: list[Message] = []
        self.broken = False

    def send(self, message: Message) -> bool:
        if not self.broken:
            self.got.append(message)
        return not self.broken

    def titles(self) -> list[str]:
        return [message.title for message in self.got]


@pytest.fixture
def box() -> Postbox:
    return Postbox()


@pytest.fixture
def tell(store: NewsStore, tmp_path: Path, box: Postbox) -> Callable[..., Report]:
    """One run for one search, a day after the store's first moment unless `now` says otherwise."""

    def once(*boxes: Postbox, now: Any = FIRST + timedelta(days=3), since: Any = None, **fields: Any) -> Report:
        search = SavedSearch(**{"name": "desk", "to": ("json://desk",)} | fields)
        state = State(tmp_path / "sent.json")
        run = Run(store.engine, state, now, since, "https://news.example.org")
        return run.tell([search], {"desk": boxes or (box,)})

    return once
