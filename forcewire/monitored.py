"""When the site counts as not ready, by the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feeds.site.monitoring.bounds import Bounds
from storage.backups import default_folder

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from forcewire.settings.model import Settings


def bounds(engine: Engine, settings: Settings) -> Bounds:
    """What /health/ready and /metrics go by, for `feeds.site.context.Site`."""
    return Bounds(
        ready_after=settings.ready_after,
        disk_free=settings.disk_free,
        publish_dir=settings.publish_dir,
        backups=settings.backup_dir or default_folder(str(engine.url)),
    )
