"""Where documents are published, which is no business of the store's."""

from __future__ import annotations

from dataclasses import dataclass

from feeds.identity import DEFAULT_TAGGING_ENTITY


@dataclass(frozen=True, slots=True)
class Press:
    """What documents say of where they are published. `base_url` ends without a slash; `hub` is a WebSub hub's URL."""

    base_url: str
    tagging_entity: str = DEFAULT_TAGGING_ENTITY
    hub: str | None = None
