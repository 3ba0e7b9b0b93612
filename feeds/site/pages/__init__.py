"""The pages that people read."""

from __future__ import annotations

from feeds.site.pages.paths import page_paths, render
from feeds.site.pages.routing import error, routes
from feeds.site.pages.writing import PagesReport, write_pages

__all__ = ["PagesReport", "error", "page_paths", "render", "routes", "write_pages"]
