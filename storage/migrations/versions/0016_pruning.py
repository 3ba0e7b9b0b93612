"""Indexes of what refers to a crawl: without them each old crawl that is deleted has all versions and changes looked through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_SOME = sa.text("crawl_id IS NOT NULL")


def upgrade() -> None:
    for table in ("version", "change"):
        name = f"ix_{table}_crawl_id"
        op.create_index(name, table, ["crawl_id"], sqlite_where=_SOME, postgresql_where=_SOME)


def downgrade() -> None:
    for table in ("change", "version"):
        op.drop_index(f"ix_{table}_crawl_id", table)
