"""Pictures kept in memory: each is drawn once for a state of the store and a day, however often it is asked for."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from threading import Lock

import sqlalchemy as sa

from feeds.freshness import Mark, mark
from feeds.site.pictures.figures import figure

_MOST = 1000  # of some 4 KB each


class Pictures:
    """Pictures by name. Many threads may ask at once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[Mark, date, bytes]] = OrderedDict()
        self._lock = Lock()

    def get(self, conn: sa.Connection, name: str, today: date) -> bytes:
        """The picture of a figure as it stands now. Raises `UnknownFigure`."""
        now = mark(conn)
        with self._lock:
            kept = self._kept.get(name)
        if kept is not None and kept[:2] == (now, today):
            return kept[2]
        data = figure(conn, name, today).svg()
        with self._lock:
            self._kept[name] = (now, today, data)
            self._kept.move_to_end(name)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return data
