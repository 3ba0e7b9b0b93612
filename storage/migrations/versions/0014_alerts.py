"""What operators were told of the state of sources, platforms and the service itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("began_at", moment, nullable=False),
        sa.Column("told_at", moment, nullable=True),
        sa.Column("acknowledged_at", moment, nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("end_told_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
    )
    going_on = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_alert_subject_going_on",
        "alert",
        ["subject"],
        unique=True,
        sqlite_where=going_on,
        postgresql_where=going_on,
    )


def downgrade() -> None:
    op.drop_table("alert")
