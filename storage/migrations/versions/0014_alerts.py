"""What operators were told of the state of sources, platforms and the service itself, and which channels took it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("done_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("key", name="uq_notice_key"),
    )
    undone = sa.text("done_at IS NULL")
    op.create_index("ix_notice_undone", "notice", ["id"], sqlite_where=undone, postgresql_where=undone)
    op.create_table(
        "delivery",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("try_at", moment, nullable=False),
        sa.Column("claimed_until", moment, nullable=True),
        sa.Column("taken_at", moment, nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_delivery_notice_id_notice"),
        sa.PrimaryKeyConstraint("notice_id", "channel", name="pk_delivery"),
    )
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("began_at", moment, nullable=False),
        sa.Column("last_good_at", moment, nullable=True),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("relapses", sa.Integer(), nullable=False),
        sa.Column("well_since", moment, nullable=True),
        sa.Column("told_state", sa.String(), nullable=True),
        sa.Column("noticed_at", moment, nullable=True),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("told_at", moment, nullable=True),
        sa.Column("acknowledged_at", moment, nullable=True),
        sa.Column("acknowledged_by", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("part_of", sa.String(), nullable=True),
        sa.Column("end_told_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_alert_notice_id_notice"),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
    )
    op.create_index("ix_alert_ended_at", "alert", ["ended_at"])
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
    op.drop_table("delivery")
    op.drop_table("notice")
