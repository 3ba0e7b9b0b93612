"""What the store needs day by day: a backup in the night, erasing of what is withheld, pruning of what is old."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Engine

from forcewire.service.orders import Orders
from storage.backups import default_folder, kept, nightly
from storage.erasing import erase_due
from storage.pruning import prune

_HERE = ZoneInfo("Europe/London")
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Care:
    """Each part is called often, does what is due, and blocks meanwhile. Raises `StoreError` and `OSError`."""

    orders: Orders
    now: Callable[[], datetime]
    _erased_at: datetime | None = None
    _pruned_at: datetime | None = None

    def back_up(self, _: Engine) -> Path | None:
        """A copy of the store where one is due; the file."""
        settings, now = self.orders.settings, self.now()
        if settings.backup_at is None:
            return None
        folder = settings.backup_dir or default_folder(self.orders.database_url)
        last = None
        if folder is not None and folder.is_dir():
            last = max((each.at for each in kept(folder, self.orders.database_url) if not each.before), default=None)
        if not backup_is_due(last, settings.backup_at, now):
            return None
        return nightly(self.orders.database_url, settings.backup_dir, settings.backup_keep, now)

    def erase(self, engine: Engine) -> int:
        """Erases withheld texts, once an hour; of how many articles."""
        now = self.now()
        if self._erased_at is not None and timedelta(0) <= now - self._erased_at < timedelta(hours=1):
            return 0
        erased = erase_due(engine, None, self.orders.settings.rules.retention, now=now)
        self._erased_at = now
        return erased

    def prune(self, engine: Engine) -> int:
        """Deletes what is kept no longer, once a day; how many rows."""
        now = self.now()
        if self._pruned_at is not None and timedelta(0) <= now - self._pruned_at < _DAY:
            return 0
        gone = prune(engine, self.orders.settings.rules, now, keep_crawls=self.orders.settings.keep_crawls)
        self._pruned_at = now
        return gone.crawls + gone.issues + gone.incidents + gone.alerts + gone.pages


def backup_is_due(last: datetime | None, at: time, now: datetime) -> bool:
    """Whether the newest copy is older than a day, or than the last night's hour `at` (Europe/London). What is dated ahead of the
    clock proves nothing.
    """
    if last is None or last > now or now - last > _DAY:
        return True
    here = now.astimezone(_HERE)
    night = datetime.combine(here.date(), at, tzinfo=_HERE)
    if night > here:
        night = datetime.combine(here.date() - _DAY, at, tzinfo=_HERE)
    return last < night.astimezone(UTC)
