"""Indexes that long lists are read along: an area's stories by when they were first seen, and what happened to stories after they
were new, of which there is little beside the rest.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_TOLD = sa.text("change <> 'new' AND change <> 'reparsed'")


def upgrade() -> None:
    op.create_index("ix_article_source_id_first_seen_at", "article", ["source_id", "first_seen_at"])
    op.create_index("ix_change_told_at", "change", ["at"], sqlite_where=_TOLD, postgresql_where=_TOLD)


def downgrade() -> None:
    op.drop_index("ix_change_told_at", "change")
    op.drop_index("ix_article_source_id_first_seen_at", "article")
