"""Telling a WebSub hub what has something new, where `serve` is what hands feeds out: also when nobody asks for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

import anyio.to_thread
import sqlalchemy as sa

from feeds.build import EntryMemory, Press, document_names
from feeds.names import MEDIA_TYPES, OPML, path_of
from feeds.outlines import outline
from feeds.site.watching import Watch
from feeds.websub import told
from storage.database import StoreError, reading

log = logging.getLogger("forcewire.site")

EVERY = 10.0  # seconds: what changes within them is told together


class Announcer:
    """Looks at the store now and then, and tells the hub once of each feed that is made of something else since. What feeds are made of when
    it begins is known to the hub, or was told by whoever ran before.
    """

    def __init__(self, watch: Watch, hub: str) -> None:
        self._watch, self._hub = watch, hub
        self._outlines: dict[str, str] | None = None
        self._touched: set[str] | None = set()
        watch.also(self._note)

    async def run(self) -> None:
        """Goes on until it is cancelled."""
        while True:
            try:
                await self.round()
            except StoreError:
                pass  # whoever asks for something is told, and the log with it
            except Exception:  # the outermost edge: one round that failed is not the last one
                log.exception("the hub could not be told of what is new")
            await asyncio.sleep(EVERY)

    async def round(self) -> None:
        """Looks once, and tells what is found. Raises `StoreError`."""
        await self._watch.look()
        if self._outlines is not None and self._touched == set():
            return
        areas, self._touched = self._touched, set()
        try:
            urls = await self._changed(areas if self._outlines is not None else None)
        except BaseException:
            self._note(areas)
            raise
        if urls and (line := await told(self._hub, urls)):
            log.error("%s", line)

    def _note(self, areas: set[str] | None) -> None:
        self._touched = None if areas is None or self._touched is None else self._touched | areas

    async def _changed(self, areas: set[str] | None) -> list[str]:
        """The URLs of the feeds of these areas that are made of something else now, once that is what they would be answered with."""
        engine, press = self._watch.site.engine, self._watch.site.press
        found = await anyio.to_thread.run_sync(_outlines, engine, press, areas, abandon_on_cancel=True)
        known, self._outlines = self._outlines, (self._outlines or {}) | found
        if known is None:
            return []
        await self._watch.look_anew()
        return _urls(press, (stem for stem, digest in found.items() if known.get(stem) != digest))


def _outlines(engine: sa.Engine, press: Press, areas: set[str] | None) -> dict[str, str]:
    memory = EntryMemory()
    with reading(engine) as conn:
        names = document_names(conn, areas=areas, archives=False)
        stems = dict.fromkeys(name.rpartition(".")[0] for name in names if name != OPML)
        return {stem: outline(conn, press, stem, memory) for stem in stems}


def _urls(press: Press, stems: Iterable[str]) -> list[str]:
    return [f"{press.base_url}/{path_of(f'{stem}.{format}')}" for stem in stems for format in MEDIA_TYPES]
