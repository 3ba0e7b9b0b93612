"""The pages that people read."""

from __future__ import annotations

from feeds.site.pages.paths import page_paths, render
from feeds.site.pages.routing import error, routes

__all__ = ["error", "page_paths", "render", "routes"]
