"""When each source is due, who crawls it now, and what of the service is not well."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "schedule",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("interval_seconds", sa.Double(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=True),
        sa.Column("next_due_at", moment, nullable=True),
        sa.Column("armed_at", moment, nullable=False),
        sa.Column("cut_off", sa.Integer(), nullable=False),
        sa.Column("claimed_at", moment, nullable=True),
        sa.Column("claimed_until", moment, nullable=True),
        sa.Column("claimed_pid", sa.Integer(), nullable=True),
        sa.Column("claimed_began", sa.String(), nullable=True),
        sa.Column("claimed_host", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("source_id", name="pk_schedule"),
    )
    op.create_index("ix_schedule_next_due_at", "schedule", ["next_due_at"])
    claimed = sa.text("claimed_at IS NOT NULL")
    op.create_index(
        "uq_schedule_site_claimed",
        "schedule",
        ["site"],
        unique=True,
        sqlite_where=claimed,
        postgresql_where=claimed,
    )
    op.create_table(
        "condition",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("last_at", moment, nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", "host", name="pk_condition"),
    )


def downgrade() -> None:
    op.drop_table("condition")
    op.drop_table("schedule")
