"""Drupal, as West Yorkshire runs it: the date is typed by hand in the story's first line, in dozens of shapes, or not at all."""

from __future__ import annotations

from typing import ClassVar

from crawler.readers.generic import GenericReader


class DrupalReader(GenericReader):
    """A first line that says nothing but a date is the publication date and no part of the story."""

    name: ClassVar[str] = "drupal"
    not_news: ClassVar[str | None] = r"/(?:taxonomy|user|node/add|search|sites/default)(?:/|$)"
