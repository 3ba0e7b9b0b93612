"""One story, one article: where it is read now, how spellings of its address meet, its body's hash, and reused URLs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op
from alembic.util import CommandError

from storage.addresses import address_key
from storage.changes import body_hash

revision = "0002"
down_revision = "0001"

_MANY = 500


def upgrade() -> None:
    with op.batch_alter_table("article") as table:
        table.add_column(sa.Column("reuse", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("address", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("address_key", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("body_hash", sa.String(), nullable=True))
        table.drop_constraint(op.f("uq_article_source_id_url"), type_="unique")
        table.create_unique_constraint(op.f("uq_article_source_id_url_reuse"), ["source_id", "url", "reuse"])
    if not context.is_offline_mode():
        _fill(op.get_bind())
    with op.batch_alter_table("article") as table:
        for name in ("reuse", "address", "address_key"):
            table.alter_column(name, server_default=None)
    op.create_index(op.f("ix_article_source_id_address_key"), "article", ["source_id", "address_key"])
    op.create_index(op.f("ix_article_source_id_body_hash"), "article", ["source_id", "body_hash"])


def downgrade() -> None:
    if not context.is_offline_mode():
        _refuse_if_reused(op.get_bind())
    op.drop_index(op.f("ix_article_source_id_body_hash"), "article")
    op.drop_index(op.f("ix_article_source_id_address_key"), "article")
    with op.batch_alter_table("article") as table:
        table.drop_constraint(op.f("uq_article_source_id_url_reuse"), type_="unique")
        for name in ("body_hash", "address_key", "address", "reuse"):
            table.drop_column(name)
        table.create_unique_constraint(op.f("uq_article_source_id_url"), ["source_id", "url"])


def _refuse_if_reused(conn: sa.Connection) -> None:
    """The first tables hold one article a URL."""
    if reused := conn.scalar(sa.text("SELECT count(*) FROM article WHERE reuse > 0")):
        raise CommandError(
            f"revision 0001 has no place for a second story at a URL, and this store has such stories ({reused});"
            " keep this revision, or go back to a copy of the store that was made before it"
        )


def _fill(conn: sa.Connection) -> None:
    rows = sa.text(
        "SELECT a.id, a.url, v.body FROM article a JOIN version v ON v.article_id = a.id AND v.number = a.version"
        " WHERE a.id > :last ORDER BY a.id LIMIT :many"
    )
    fill = sa.text("UPDATE article SET address = :url, address_key = :key, body_hash = :hash WHERE id = :id")
    last = 0
    while found := conn.execute(rows, {"last": last, "many": _MANY}).all():
        conn.execute(
            fill, [{"id": r.id, "url": r.url, "key": address_key(r.url), "hash": body_hash(r.body)} for r in found]
        )
        last = found[-1].id
