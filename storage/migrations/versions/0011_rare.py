"""Indexes of what is rare: stories of which their site does not say when, among those that say it, and stories of one kind."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_UNSAID = sa.text("published_at IS NULL OR published_at > first_seen_at")


def upgrade() -> None:
    for columns in (["first_seen_at"], ["source_id", "first_seen_at"]):
        name = f"ix_article_unsaid_{'_'.join(columns)}"
        op.create_index(name, "article", columns, sqlite_where=_UNSAID, postgresql_where=_UNSAID)
    op.create_index("ix_version_kind_article_id", "version", ["kind", "article_id"])


def downgrade() -> None:
    op.drop_index("ix_version_kind_article_id", "version")
    op.drop_index("ix_article_unsaid_source_id_first_seen_at", "article")
    op.drop_index("ix_article_unsaid_first_seen_at", "article")
