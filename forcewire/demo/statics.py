"""Style sheets, pictures and error pages: enough for a browser to show the newsroom."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files
from pathlib import PurePosixPath

from forcewire.demo.articles import Site
from forcewire.demo.http_server import Reply
from forcewire.demo.responses import HTML, Document

_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="760" height="428"><rect width="760" height="428" fill="#cdd6e0"/>'
    '<path d="M0 428 L240 190 L420 350 L560 240 L760 428 Z" fill="#8da0b6"/><circle cx="600" cy="110" r="44" fill="#f3e7c4"/></svg>'
)
_MESSAGES = {404: "Page not found", 410: "This page has been removed", 403: "Access denied"}


@cache
def static_document(path: str) -> Document | None:
    """A style sheet, a script or a picture by its ending; None for anything else."""
    ending = PurePosixPath(path).suffix.lower()
    if ending == ".css":
        return Document((files("forcewire.demo.pages") / "templates" / "site.css").read_bytes(), "text/css")
    if ending == ".js":
        return Document(b"", "text/javascript")
    if ending in (".jpg", ".jpeg", ".png", ".gif", ".svg", ".ico"):
        return Document(_PICTURE.encode(), "image/svg+xml")
    return None


def error_page(status: int, site: Site) -> Reply:
    """The site's page for an address it does not have, or no longer has."""
    message = _MESSAGES.get(status, "Something went wrong")
    page = (
        f"<!DOCTYPE html>\n<html><head><title>{message}{escape(site.title_suffix)}</title></head><body><h1>{message}</h1>"
        f"<p>The page you asked for cannot be shown. It may have moved.</p><p><a href='/'>{escape(site.force)}</a></p></body></html>\n"
    )
    return Reply(status, (("Content-Type", HTML),), page.encode())
