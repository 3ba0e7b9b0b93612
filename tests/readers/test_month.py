"""A month of a fleet's life as subscribers see it: each new story once, each change once, nothing lost, nothing twice."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from feeds.identity import DEFAULT_TAGGING_ENTITY, change_id, entry_id
from forcewire.demo.fleet import Fleet
from storage.areas import area_slug
from storage.database import open_store, reading
from storage.models import Article, Change, Source
from storage.withheld import is_withheld
from tests.demo.playing import play
from tests.readers.programs import PROGRAMS, Program, Shown

DAYS = 30
_MISSING = [
    f"{command} (apt-get install {package})" for command, (package, _) in PROGRAMS.items() if not shutil.which(command)
]

pytestmark = [
    pytest.mark.readers,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(bool(_MISSING) and not os.environ.get("CI"), reason=f"not installed: {', '.join(_MISSING)}"),
]


class Subscribers:
    """The programs, each subscribed to every area's feed and feed of changes, which ask once a day."""

    def __init__(self, folder: Path, serve: Callable[[Path], str]) -> None:
        self.folder, self.database, self._serve = folder, folder / "news.db", serve
        self.programs: list[Program] = []
        self.days: list[dict[str, list[Shown]]] = []
        self.wanted: list[tuple[set[str], set[str]]] = []
        """Of each day: ids that must have been shown by its end, and those that nothing may be shown of any more."""

    def __call__(self, at: datetime) -> None:
        if at.hour != 6:
            return
        if not self.programs:
            url = self._serve(self.database)
            feeds = {
                f"{area}{sort}": f"{url}/feeds/{area}{path}.atom"
                for area in self._areas()
                for sort, path in (("", ""), (".changes", "/changes"))
            }
            self.programs = [made(self.folder / command, feeds) for command, (_, made) in PROGRAMS.items()]
        else:
            time.sleep(2)  # a server sees within two seconds what a crawl of another process stored
        self.days.append({program.name: program.poll() for program in self.programs})
        self.wanted.append(self._wanted())

    def _areas(self) -> list[str]:
        with reading(store := open_store(f"sqlite:///{self.database}")) as conn:
            areas = [area_slug(area) for area in conn.scalars(sa.select(Source.area).order_by(Source.area))]
        store.dispose()
        return areas

    def _wanted(self) -> tuple[set[str], set[str]]:
        """From the rows of the store, not from what the feeds make of them."""
        columns = (Article.source_id, Article.url, Article.reuse, Article.removed_at, is_withheld().label("withheld"))
        query = sa.select(Change.id, Change.article_id, Change.change, Change.version, *columns).join(
            Article, Article.id == Change.article_id
        )
        query = query.where(sa.not_(Change.minor), Change.change.in_(("new", "edited", "removed", "restored")))
        shown, gone, nth = set(), set(), Counter[Any]()
        with reading(store := open_store(f"sqlite:///{self.database}")) as conn:
            for row in conn.execute(query.order_by(Change.id)):
                nth[row.article_id, row.change] += 1
                article = entry_id(DEFAULT_TAGGING_ENTITY, row.source_id, row.url, row.reuse)
                number = row.version if row.change == "edited" else nth[row.article_id, row.change]
                mine = article if row.change == "new" else change_id(article, row.change, number)
                is_gone = (
                    row.removed_at is not None if row.change == "new" else row.withheld and row.change != "removed"
                )
                (gone if is_gone else shown).add(mine)
        store.dispose()
        return shown, gone


def test_month_is_shown_by_each_reader_as_it_was(tmp_path: Path, serve: Callable[[Path], str]) -> None:
    subscribers = Subscribers(tmp_path, serve)
    fleet = Fleet(4, DAYS, seed=205, busy=6, a_day=(0.3, 3))
    played = play(fleet, tmp_path, every=timedelta(hours=12), after=subscribers)
    assert len(subscribers.days) == DAYS
    assert played.report.faultless, played
    for program in subscribers.programs:
        shown = [each for day in subscribers.days for each in day[program.name]]
        times = Counter(each.id for each in shown)
        known = set(subscribers.wanted[0][0])
        seen = {each.id for each in subscribers.days[0][program.name]}
        for (wanted, gone), day in zip(subscribers.wanted[1:], subscribers.days[1:], strict=True):
            new = {each.id for each in day[program.name]}
            if program.name == "sfeed":
                new -= (
                    seen  # a story with another headline is another line to it; the same headline twice is found below
                )
            assert wanted - known <= new, (program.name, "lost")
            assert new <= (wanted - known) | gone, (program.name, "an old entry as new")
            known |= wanted
            seen |= new
        twice = {id for id, count in times.items() if count > 1}
        if program.name == "sfeed":
            titles = {id: {each.title for each in shown if each.id == id} for id in twice}
            assert all(len(titles[id]) == times[id] for id in twice), "the same headline twice"
        else:
            assert not twice, program.name
        print(program.name, len(times), "entries,", sum(times.values()), "times shown")
