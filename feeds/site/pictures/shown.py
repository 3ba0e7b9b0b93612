"""A figure as the site shows it: a sentence, a table and a chart of the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feeds.site.pictures.drawing import WIDTH, Chart, draw

DAYS, WEEKS = 30, 12  # that figures look back


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Numbers to show. `alt`: what they say, in a sentence; `note`: what was counted; `rows`: under `columns`, numbers as int;
    `chart`: the same as a picture.
    """

    name: str
    title: str
    alt: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    chart: Chart

    @property
    def width(self) -> int:
        """Of the picture, for its <img>."""
        return WIDTH

    @property
    def height(self) -> int:
        """Of the picture."""
        return self.chart.height

    def svg(self) -> bytes:
        """The picture; the same bytes for the same numbers."""
        return draw(self.chart, self.title, self.alt)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose stories are counted. `sources` None: all."""

    name: str
    sources: Sequence[str] | None = None
