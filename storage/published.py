"""When a story was published, as feeds, pages and figures say it: one rule for all of them."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from storage.tables import ARTICLE

# No force had a news page before; an earlier date is a slip, and checkers of feeds take it for one.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

# A date that lies after the moment we saw the story is a slip of the site's, or a time typed in the wrong zone. Readers
# hide such an entry until its day, or keep it on top for years; the moment we saw it is nearer the truth.
UNSAID = sa.or_(ARTICLE.c.published_at.is_(None), ARTICLE.c.published_at > ARTICLE.c.first_seen_at)
"""Most of UNDATED, in the words of an index."""
UNDATED = sa.or_(UNSAID, ARTICLE.c.published_at < EARLIEST)
DATED = sa.and_(ARTICLE.c.published_at >= EARLIEST, ARTICLE.c.published_at <= ARTICLE.c.first_seen_at)
"""The opposite of UNDATED, as an index of published_at can go by."""
PUBLISHED = sa.case((UNDATED, ARTICLE.c.first_seen_at), else_=ARTICLE.c.published_at)
