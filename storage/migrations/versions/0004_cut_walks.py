"""How many pages a walk through a listing had come when its bound cut it: walk_cut_at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("source") as table:
        table.add_column(sa.Column("walk_cut_at", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("source") as table:
        table.drop_column("walk_cut_at")
