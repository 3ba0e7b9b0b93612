"""Templates: HTML that is escaped unless a function of ours made it, and a name that is missing is an error."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from feeds.site.context import Site
from feeds.site.pages import times
from storage.areas import area_slug
from storage.kinds import NAMES, kind_name

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")

NAVIGATION = (
    ("/#areas", "Areas"),
    ("/changes", "Changes"),
    ("/search", "Search"),
    ("/subscribe", "Subscribe"),
    ("/status", "Status"),
    ("/about", "About"),
)


def render(site: Site, template: str, *, path: str | None, as_file: bool = False, **values: Any) -> str:
    """A template's HTML. `path` is the page's own below the base URL: its canonical address, and what the navigation marks; an
    error has none."""
    return (
        _environment()
        .get_template(template)
        .render(
            site=site,
            url=site.url,
            base_url=site.press.base_url,
            path=path,
            as_file=as_file,
            navigation=[item for item in NAVIGATION if not (as_file and item[0] == "/search")],
            **values,
        )
    )


def static_bytes(name: str) -> bytes:
    """A file of static/. Raises `FileNotFoundError`."""
    return (files("feeds.site") / "static" / name).read_bytes()


@cache
def static_path(name: str) -> str:
    """The path of a file of static/ with a mark of its content, so that it may be kept for ever."""
    return f"/static/{name}?v={sha256(static_bytes(name)).hexdigest()[:10]}"


def language_of(text: str | None) -> str:
    """A story's language as a tag of RFC 5646; English where it is none."""
    return text if text and _LANGUAGE.fullmatch(text) else "en"


def with_query(path: str, **query: Any) -> str:
    """A path with those parameters that are not empty."""
    given = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(given)}" if given else path


def count_words(number: int, one: str, many: str | None = None) -> str:
    """'1 story', '1,200 stories'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("feeds.site", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        moment=times.moment,
        clock=times.clock,
        day=times.day_words,
        weekday=times.weekday_words,
        kind_name=kind_name,
        slug=area_slug,
        language=language_of,
        count=count_words,
    )
    environment.globals.update(
        stated=times.stated,
        ago=times.ago,
        static=static_path,
        with_query=with_query,
        kind_names=NAMES,
    )
    return environment
