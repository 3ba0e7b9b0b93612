"""An area's name in file names and URLs: the crawler checks it, the feeds publish by it."""

from __future__ import annotations

import re


def area_slug(area: str) -> str:
    """The name of an area in file names and URLs: 'Avon and Somerset' is 'avon-and-somerset'."""
    return re.sub(r"[^a-z0-9]+", "-", area.lower().replace("&", "and")).strip("-")
