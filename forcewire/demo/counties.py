"""Invented forces in any number: a county, its towns and the page shape of one of the six kinds."""

from __future__ import annotations

from random import Random

from forcewire.demo.articles import Site
from forcewire.demo.forces import FORCES

# The shape that most real forces share comes most often here as well, so that a platform has many sources.
_ORDER = (
    "single_online_home", "mynewsdesk", "govuk", "wordpress", "drupal", "own_newsroom",
    "single_online_home", "single_online_home", "wordpress", "single_online_home", "drupal", "single_online_home",
)  # fmt: skip
_FIRST = (
    "Quern", "Hallowel", "Thistler", "Osierm", "Emberl", "Sallowin", "Tansym", "Brackenth", "Larkover", "Wintersk",
    "Merrowt", "Foxgrov", "Alderq",
)  # fmt: skip
_LAST = ("anshire", "adale", "olmoor", "imarch", "ewold", "ockland", "untarn")
_TOWN = (
    "Black",
    "Stone",
    "Upper ",
    "Quill",
    "Market ",
    "Fallow",
    "Gorse",
    "Nether ",
    "Harrow",
    "Candle",
    "Pike",
    "Sedge",
)
_TOWNS = ("thorpwick", "lanefold", "combequay", "birkholm", "hythelow", "cragmarsh", "fordsallow", "netherwick")
_NAMES = ("{} Constabulary", "{} Police")


def invented_site(number: int) -> Site:
    """The force with a number from 0 on, of 91; after that the names come again with a numeral. Always the same."""
    patterns = {site.kind: site for site in FORCES}
    pattern = patterns[_ORDER[number % len(_ORDER)]]
    turn, place = divmod(number, len(_FIRST) * len(_LAST))
    county = _FIRST[place % len(_FIRST)] + _LAST[place % len(_LAST)] + (f" {turn + 1}" if turn else "")
    force = "Civil " + county + " Constabulary" if pattern.kind == "govuk" else _NAMES[number % 2].format(county)
    random = Random(f"towns of {county}")
    towns = tuple(
        (first + last).title() for first, last in zip(random.sample(_TOWN, 8), _shuffled(random), strict=True)
    )
    suffix = pattern.title_suffix.replace(pattern.force, force)
    organisations = f"Civil {county} Police Authority and {force}" if pattern.organisations else ""
    area = force.removesuffix(" Constabulary").removesuffix(" Police")
    return pattern.changed(
        id=area.lower().replace(" ", "-"),
        force=force,
        area=area,
        towns=towns,
        title_suffix=suffix,
        organisations=organisations,
    )


def _shuffled(random: Random) -> list[str]:
    return random.sample(_TOWNS, len(_TOWNS))
