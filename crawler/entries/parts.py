"""What an entry is put together from: its listings, and what every crawl of it must satisfy."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from crawler.entries.known import Evidence


class Strict(BaseModel):
    """A table of an entry: an unknown key is an error, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ListingEntry(Strict):
    """An incoming page of links. The first of an entry's listings that answers is used."""

    kind: Literal["html", "rss", "atom", "api", "sitemap"]
    url: str
    known: Evidence | None = None


class Minimum(Strict):
    """The least a crawl must find. On links of the listing, not on new articles: a quiet day is normal."""

    links: int = Field(ge=1)


class Assertions(Strict):
    """What every crawl of the source must satisfy: `fill` is the share (0 to 1) of articles that have a field."""

    min: Minimum
    fill: dict[Literal["published_at", "description", "title", "body", "image_url"], float]

    @field_validator("fill")
    @classmethod
    def _shares(cls, fill: dict[str, float]) -> dict[str, float]:
        for name, share in fill.items():
            if not 0 <= share <= 1:
                raise ValueError(f"{name} = {share} is not a share between 0 and 1")
        return fill
