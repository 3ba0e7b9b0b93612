"""What a list of articles may be asked."""

from __future__ import annotations

from feeds.site.api import moments, scopes
from feeds.site.api.article_shapes import MORE
from feeds.site.api.parameters import TEXT, Parameter, one_of, text

ORDERS = ("published", "first_seen", "changed")

PARAMETERS = (
    scopes.AREA,
    scopes.SOURCE_ID,
    scopes.KIND,
    scopes.words("words that are all in the story; never syntax"),
    Parameter(
        name="reference",
        description="a reference that a reader would quote to police; letters and digits count",
        schema=TEXT,
        read=text,
    ),
    scopes.yes_or_no("withdrawn", "true: only withdrawn stories; false: only those that are there"),
    scopes.since("from this time on, of the time that the list is ordered by"),
    scopes.until("before this time, of the time that the list is ordered by; a day counts whole"),
    Parameter(
        name="changed_since",
        description="with words that we first saw at this time or later; orders by it where order is not given",
        schema=moments.MOMENT,
        read=moments.since,
    ),
    Parameter(
        name="order",
        description="newest first by this time",
        schema={"type": "string", "enum": list(ORDERS), "default": "published"},
        read=one_of(ORDERS),
    ),
    Parameter(
        name="include",
        description="what is left out of a list otherwise",
        schema={"type": "string", "enum": list(MORE)},
        read=one_of(MORE),
        many=True,
    ),
    scopes.LIMIT,
    scopes.CURSOR,
)
