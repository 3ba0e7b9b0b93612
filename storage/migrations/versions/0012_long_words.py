"""On PostgreSQL a text is cut after its letters were taken apart, not only before: Korean ones become three, and a long story of them
was more than an index of lexemes can hold, so that it could not be stored at all.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_FIELDS = (("title", 2000, "A"), ("coalesce(description, '')", 10000, "B"), ("body", 150000, "C"), ("coalesce(quoted, '')", 10000, "D"))  # fmt: skip


def upgrade() -> None:
    _view("left(forcewire_words(left({name}, {most})), {most})")


def downgrade() -> None:
    _view("forcewire_words(left({name}, {most}))")


def _view(words: str) -> None:
    if op.get_context().dialect.name != "postgresql":
        return
    fields = " || ".join(
        f"setweight(to_tsvector('forcewire', {words.format(name=name, most=most)} || ' \ua66e\ua66e'), '{weight}')"
        for name, most, weight in _FIELDS
    )
    op.execute(
        sa.text(f"CREATE OR REPLACE VIEW article_words AS SELECT article_id, {fields} AS words FROM article_text")
    )
