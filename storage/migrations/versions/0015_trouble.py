"""The class of what a crawl failed of, kept with it instead of guessed from its reason each time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("crawl", sa.Column("trouble", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("crawl", "trouble")
