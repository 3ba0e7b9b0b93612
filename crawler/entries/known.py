"""How well the facts of an entry are known: nobody may take a guess for something that was seen."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

Evidence = Literal["page", "public code", "inferred", "memory"]

EVIDENCE: dict[Evidence, str] = {
    "page": "seen on a stored copy of the page or feed",
    "public code": "in a public program that reads it; nobody tried it again",
    "inferred": "follows from what is known of the platform or of other pages",
    "memory": "supported by nothing that was seen",
}


class Known(BaseModel):
    """What the facts of an entry rest on; None where nothing is known. A listing says the same of its own address.

    `platform`: which platform the site runs on. `article`: the shape of article addresses. `hosts`: which hosts belong to
    the source. `checked`: the day on which the entry was last tried on the live site, None when it never was.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    platform: Evidence | None = None
    article: Evidence | None = None
    hosts: Evidence | None = None
    checked: date | None = None
    note: str = ""
