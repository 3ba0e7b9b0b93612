"""What is shown of an article differs, and no change tells of it: a text that flips back, a picture's new address, an earlier first
sight, erasing. It is numbered, so that whoever keeps what was shown can ask which articles that holds for since.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.chunks import chunks
from storage.tables import ARTICLE


def note_untold(conn: Connection, ids: Sequence[int]) -> None:
    """What is shown of these articles, by row number, is not what it was."""
    number = (conn.scalar(sa.select(sa.func.max(ARTICLE.c.untold))) or 0) + 1
    for part in chunks(ids):
        conn.execute(ARTICLE.update().where(ARTICLE.c.id.in_(part)).values(untold=number))
