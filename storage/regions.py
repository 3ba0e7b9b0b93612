"""The regions that areas lie in, in the order of lists: the nine of England by name, the other countries, and what is beside them."""

from __future__ import annotations

from typing import Literal, get_args

Region = Literal[
    "East Midlands",
    "East of England",
    "London",
    "North East",
    "North West",
    "South East",
    "South West",
    "West Midlands",
    "Yorkshire and the Humber",
    "Wales",
    "Scotland",
    "Northern Ireland",
    "Crown dependencies",
    "United Kingdom",  # forces of no one region: a railway's, a ministry's
]
REGIONS: tuple[str, ...] = get_args(Region)


def region_order(region: str | None) -> int:
    """Where a region stands in a list; a source without one, or with a word of another version, comes last."""
    return REGIONS.index(region) if region in REGIONS else len(REGIONS)
