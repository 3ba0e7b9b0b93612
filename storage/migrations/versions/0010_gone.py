"""Indexes of what is withdrawn or suppressed, of which there is little beside the rest: feeds say what went last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    for column in ("removed_at", "suppressed_at"):
        some = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_article_{column}", "article", [column], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    op.drop_index("ix_article_suppressed_at", "article")
    op.drop_index("ix_article_removed_at", "article")
