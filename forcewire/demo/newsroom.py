"""A newsroom of several invented forces: each site on its own loopback port, all served by one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from forcewire.demo import entries
from forcewire.demo.articles import NewsArticle, Site
from forcewire.demo.clock import Happening, Schedule
from forcewire.demo.events import Event
from forcewire.demo.faults import Fault
from forcewire.demo.http_server import Host, Reply, Request
from forcewire.demo.pressroom import Pressroom
from forcewire.demo.request_log import Asked, RequestLog
from forcewire.demo.responses import Document
from forcewire.demo.server_thread import ServerThread

CLOCK = datetime(2026, 6, 16, 8, 0, tzinfo=UTC)
_TICK = timedelta(minutes=1)
_F = TypeVar("_F", bound=Fault)


class Newsroom:
    """Serves sites while the `with` block runs.

    `sites` are pairs of a site and its stories; without them it is the demo's six forces. `port` is the first site's,
    the next ones follow; 0 takes free ones. `now` is the newsroom's clock: it stands still, and moves on by a minute
    (or to the time given) with each event. Raises `OSError` when a port is taken.
    """

    def __init__(
        self,
        sites: Sequence[tuple[Site, Sequence[NewsArticle]]] | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        now: datetime = CLOCK,
    ) -> None:
        if host not in ("127.0.0.1", "localhost"):
            raise ValueError(f"{host}: the newsroom serves loopback only")
        if sites is None:
            from forcewire.demo.news import demo_sites

            sites = demo_sites(now)
        self.now = now
        self.log = RequestLog()
        self._schedule = Schedule()
        self._host, self._port = host, port
        self._rooms = {site.id: Pressroom(site, articles, now) for site, articles in sites}
        self._server = ServerThread()

    def __enter__(self) -> Self:
        hosts = [Host(room.answer, self._recorder(room.site.id)) for room in self._rooms.values()]
        ports = self._server.start(hosts, self._port)
        for room, port in zip(self._rooms.values(), ports, strict=True):
            room.site = room.site.changed(base_url=f"http://{self._host}:{port}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    def _recorder(self, site: str) -> Callable[[Request, Reply, float, int], None]:
        log = self.log

        def record(request: Request, reply: Reply, at: float, at_once: int) -> None:
            log.add(
                Asked(
                    site,
                    request.method,
                    request.target,
                    reply.status,
                    at,
                    at_once,
                    request.header(b"user-agent") or "",
                    request.header(b"if-none-match"),
                    request.header(b"if-modified-since"),
                    request.header(b"accept-encoding") or "",
                    self.now,
                )
            )

        return record

    @property
    def sites(self) -> list[Site]:
        """The sites as they are now, with their addresses."""
        return [room.site for room in self._rooms.values()]

    @property
    def base_urls(self) -> dict[str, str]:
        """The address of each site by its id, without a slash at the end."""
        return {site.id: site.base_url for site in self.sites}

    @property
    def base_url(self) -> str:
        """The address of the first site."""
        return self.sites[0].base_url

    def room(self, site: str | None = None) -> Pressroom:
        """The state of a site (the first one), to look at."""
        return self._rooms[site] if site is not None else next(iter(self._rooms.values()))

    def articles(self, site: str | None = None) -> list[NewsArticle]:
        """The stories that a site lists, newest first."""
        return self._server.call(lambda: list(self.room(site).newest()))

    def play(self, events: Event | Iterable[Event], *, at: datetime | None = None) -> None:
        """Let things happen, each a minute after the other, or all at a time given. Raises `EventError`."""
        for event in [events] if isinstance(events, Event) else list(events):
            self.now = at or self.now + _TICK
            self._server.call(lambda event=event: self._happen(event))  # type: ignore[misc]

    def _happen(self, event: Event) -> None:
        room = self._rooms[event.site]
        room.now = self.now
        event.happen(room)

    def schedule(self, happenings: Iterable[Happening]) -> None:
        """What is to happen from now on, in place of what was to happen before."""
        self._schedule = Schedule(happenings)

    def advance(self, to: datetime) -> list[Happening]:
        """Let everything happen that is due until `to`, each at its moment, and return it. Nothing is drawn until it is asked
        for: a month of a fleet takes about a second. Raises `EventError`.
        """
        due = self._schedule.due(to)

        def happen() -> None:
            for happening in due:
                self.now = happening.at
                self._happen(happening.event)
            self.now = max(self.now, to)
            for room in self._rooms.values():
                room.now = self.now

        self._server.call(happen)
        return due

    def fault(self, site: str, fault: _F) -> _F:
        """Switch a fault on; its `happened` counts. Several may be on at once."""
        self._server.call(lambda: self._rooms[site].faults.append(fault))
        return fault

    def mend(self, site: str | None = None) -> None:
        """Switch all faults of a site, or of all sites, off."""
        for room in self._rooms.values() if site is None else [self._rooms[site]]:
            self._server.call(room.faults.clear)

    def robots(self, site: str, text: str | None = None, *, status: int = 200) -> None:
        """Replace the site's robots.txt, or its status (500, 403, 404); without a text the kind's own stays."""
        room = self._rooms[site]

        def change() -> None:
            room.robots_status = status
            room.robots = Document((room.kind.robots if text is None else text).encode(), "text/plain", self.now)

        self._server.call(change)

    def settings(
        self, site: str, *, latency: float | None = None, validators: bool | None = None, ticking: bool | None = None
    ) -> None:
        """`latency`: seconds before each answer. `validators`: whether the site sends ETag and Last-Modified.

        `ticking`: every answer's "Current timestamp" is a minute later than the last one's, and nothing is validated.
        """
        room = self._rooms[site]

        def change() -> None:
            room.latency = room.latency if latency is None else latency
            room.validators = room.validators if validators is None else validators
            room.ticking = room.ticking if ticking is None else ticking
            room.forget()

        self._server.call(change)

    def redraw(self, site: str, **changes: object) -> None:
        """Change settings of a site: `padding`, `page_size`, `feed_items`, ..."""
        room = self._rooms[site]

        def change() -> None:
            room.site = room.site.changed(**changes)
            room.forget()

        self._server.call(change)

    def warm(self, *, zipped: bool = True) -> int:
        """Render every article page now, zipped or plain, so that a benchmark measures its client; returns how many."""
        asked = {b"accept-encoding": b"gzip" if zipped else b"identity"}
        for room in self._rooms.values():
            for path in list(room.articles):
                self._server.call(lambda room=room, path=path: room.answer(Request("GET", path, asked)))  # type: ignore[misc]
        return sum(len(room.articles) for room in self._rooms.values())

    def write_entries(self, folder: Path, *, kinds: tuple[str, ...] = (), links: int = 3) -> list[Path]:
        """A TOML source entry a site; `kinds` chooses and orders the listings, `links` is the least a crawl must find."""
        return entries.write_entries(self.sites, folder, kinds=kinds, links=links)
