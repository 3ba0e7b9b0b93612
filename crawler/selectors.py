"""Required values come from `only()` or `some()`: a page that lost one raises, and is never read as an empty string."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class ReadError(Exception):
    """A page could not be read. The message says what was looked for, and where."""

    def __init__(self, what: str, url: str) -> None:
        super().__init__(f"{what} on {url}")
        self.what = what
        self.url = url


class PageChanged(ReadError):  # noqa: N818  named as what it is
    """Raised when a page lacks something that every page of its kind has: the site changed, or this is no article."""


class NoArticles(PageChanged):
    """Raised for a listing whose every link is no article of the source. In an index others may have some."""


class NotNews(ReadError):  # noqa: N818
    """Raised when a page is readable but is no article: a listing, a search page, a contact form."""


class SentOn(NotNews):
    """Raised for a page that shows nothing and sends its visitors on at once, by its head; `target` is where."""

    def __init__(self, target: str, url: str) -> None:
        super().__init__(f"a page that sends on to {target}", url)
        self.target = target


def only(found: Sequence[T], what: str, url: str) -> T:
    """The single value found. Raises `PageChanged` when there is none or more than one."""
    if len(found) != 1:
        raise PageChanged(f"{len(found)} of {what} instead of one" if found else f"no {what}", url)
    return found[0]


def some(found: Sequence[T], what: str, url: str) -> Sequence[T]:
    """The values found, at least one. Raises `PageChanged` when there is none."""
    if not found:
        raise PageChanged(f"no {what}", url)
    return found
