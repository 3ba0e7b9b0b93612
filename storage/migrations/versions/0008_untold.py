"""What is shown of an article differs, and no change tells of it: untold, so that feeds need not be built to see that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("article", sa.Column("untold", sa.Integer(), nullable=True))
    op.create_index("ix_article_untold", "article", ["untold"])


def downgrade() -> None:
    # Not as a batch: SQLite would make the table anew, and cannot while the view of the index of words looks at it.
    op.drop_index("ix_article_untold", "article")
    op.drop_column("article", "untold")
