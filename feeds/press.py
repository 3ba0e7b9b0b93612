"""Where documents are published, which is no business of the store's."""

from __future__ import annotations

from dataclasses import dataclass

from feeds.identity import DEFAULT_TAGGING_ENTITY, is_tagging_entity
from feeds.text import web_address


class PressError(Exception):
    """What an operator said of where documents are published cannot be used. One line."""


@dataclass(frozen=True, slots=True)
class Press:
    """What documents say of where they are published. `base_url` ends without a slash; `hub` is a WebSub hub's URL."""

    base_url: str
    tagging_entity: str = DEFAULT_TAGGING_ENTITY
    hub: str | None = None


def press_of(base_url: str, tagging_entity: str | None = None, hub: str | None = None) -> Press:
    """What documents say of where they are published, from what an operator said. Raises `PressError`."""
    served_at, told = web_address(base_url), web_address(hub) if hub else None
    if served_at is None:
        raise PressError(f"base URL {base_url!r} is no http address")
    if tagging_entity and not is_tagging_entity(tagging_entity):
        raise PressError(f"{tagging_entity!r} is no name for ids; write it as in 'news.example.org,2026'")
    if hub and told is None:
        raise PressError(f"hub {hub!r} is no http address")
    return Press(served_at.rstrip("/"), tagging_entity or DEFAULT_TAGGING_ENTITY, told)
