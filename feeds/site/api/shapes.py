"""What answers are made of. The models that answers are serialised with are those that the OpenAPI document is made from."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from feeds.text import web_address
from storage.text import storable, storable_json


class Shape(BaseModel):
    """The base of all of them: what is not described is not answered."""

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)


def _followable(url: str | None) -> str | None:
    """A URL that a program may follow or set into a page: what RFC 3986 lets into none is percent-encoded, which no stored URL
    of a crawl needs; None for one that is no http address.
    """
    return web_address(storable(url))


Text = Annotated[str, BeforeValidator(storable)]
Address = Annotated[str | None, BeforeValidator(_followable)]
Meta = Annotated[dict[str, Any], BeforeValidator(storable_json)]
Time = Annotated[datetime, Field(description="ISO 8601, UTC")]
Number = Annotated[int, Field(ge=0)]


class Problem(Shape):
    """What went wrong (RFC 9457). `detail` is a sentence for a person."""

    type: str = "about:blank"
    title: str
    status: int = Field(ge=400, le=599)
    detail: Text
    parameter: Text | None = Field(default=None, description="the parameter that cannot be used")
    near: list[Text] = Field(default=[], description="names that may have been meant")
    id: Number | None = Field(default=None, description="of an article that is withheld")
    force: Text | None = Field(default=None, description="of an article that is withheld: whose it was")
    at: Time | None = Field(default=None, description="of an article that is withheld: since when")
