"""What watching needs: furniture, kept pages, sites, incidents, suppressions, references; and columns of what is unsettled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.changes import body_hash

revision = "0005"
down_revision = "0004"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _add_columns()
    _create_tables()
    _fill()


def _add_columns() -> None:
    with op.batch_alter_table("source") as table:
        table.add_column(sa.Column("template_changed_at", _TIME, nullable=True))
        table.add_column(sa.Column("habit", sa.String(), nullable=True))
    with op.batch_alter_table("article") as table:
        table.add_column(sa.Column("sensitive", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("suppressed_at", _TIME, nullable=True))
        table.add_column(sa.Column("erased_at", _TIME, nullable=True))
    with op.batch_alter_table("change") as table:
        table.add_column(sa.Column("version_before", sa.Integer(), nullable=True))
    with op.batch_alter_table("page") as table:
        table.add_column(sa.Column("due_at", _TIME, nullable=True))
        table.add_column(sa.Column("listed", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("unconfirmed_hash", sa.String(), nullable=True))
        table.add_column(sa.Column("unconfirmed_since", _TIME, nullable=True))
        table.add_column(sa.Column("wavering", sa.Integer(), nullable=False, server_default="0"))
        table.create_index(op.f("ix_page_source_id_due_at"), ["source_id", "due_at"])
    with op.batch_alter_table("article") as table:
        table.alter_column("sensitive", server_default=None)
    with op.batch_alter_table("page") as table:
        table.alter_column("wavering", server_default=None)
        table.alter_column("listed", server_default=None)


def _create_tables() -> None:
    op.create_table(
        "furniture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("found_at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_furniture_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_furniture")),
        sa.UniqueConstraint("source_id", "digest", name=op.f("uq_furniture_source_id_digest")),
    )
    op.create_table(
        "kept_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("served_url", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("record_hash", sa.String(), nullable=True),
        sa.Column("fetched_at", _TIME, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_kept_page_source_id_source")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_kept_page_article_id_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_page")),
    )
    op.create_index(op.f("ix_kept_page_article_id_version"), "kept_page", ["article_id", "version"])
    op.create_index(op.f("ix_kept_page_source_id_url"), "kept_page", ["source_id", "url"])
    op.create_index(op.f("ix_kept_page_fetched_at"), "kept_page", ["fetched_at"])
    op.create_table(
        "site",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("robots", sa.LargeBinary(), nullable=True),
        sa.Column("robots_at", _TIME, nullable=True),
        sa.Column("wait_until", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_site")),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=True),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("began_at", _TIME, nullable=False),
        sa.Column("last_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(op.f("ix_incident_ended_at_kind"), "incident", ["ended_at", "kind"])
    op.create_table(
        "suppression",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.CheckConstraint("action IN ('suppress','undo')", name=op.f("ck_suppression_action")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_suppression_article_id_article")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
    )
    op.create_index(op.f("ix_suppression_article_id"), "suppression", ["article_id"])
    op.create_table(
        "article_reference",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("force", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_reference_article_id_article")),
        sa.PrimaryKeyConstraint("article_id", "key", name=op.f("pk_article_reference")),
    )
    op.create_index(op.f("ix_article_reference_force_key"), "article_reference", ["force", "key"])


def _fill() -> None:
    """What the rows there are say of the new columns: whatever was checked is due at once, and finds its own rhythm."""
    op.execute(
        sa.text(
            "UPDATE article SET sensitive = :yes WHERE id IN (SELECT article_id FROM version WHERE sensitive = :yes)"
        ).bindparams(yes=True)
    )
    op.execute(sa.text("UPDATE page SET due_at = checked_at WHERE article_id IS NOT NULL"))
    op.execute(
        sa.text("UPDATE change SET version_before = version - 1 WHERE change = 'edited' AND minor = :no").bindparams(
            no=False
        )
    )
    if not op.get_context().as_sql:
        _fill_references()
        _fill_body_hashes()


def _fill_body_hashes() -> None:
    """The normalisation takes out what it left before: that a link opens in a new window."""
    bind = op.get_bind()
    told = sa.text(
        "SELECT a.id, v.body FROM article a JOIN version v ON v.article_id = a.id AND v.number = a.version"
        " WHERE a.body_hash IS NOT NULL AND lower(v.body) LIKE :words"
    )
    rows = bind.execute(told.bindparams(words="%(%open%in%new%")).all()
    if rows:
        fill = sa.text("UPDATE article SET body_hash = :hash WHERE id = :id")
        bind.execute(fill, [{"id": row.id, "hash": body_hash(row.body)} for row in rows])


def _fill_references() -> None:
    bind = op.get_bind()
    version = sa.table("version", sa.column("article_id"), sa.column("references", sa.JSON()))
    article = sa.table("article", sa.column("id"), sa.column("source_id"))
    source = sa.table("source", sa.column("id"), sa.column("force"))
    target = sa.table("article_reference", sa.column("article_id"), sa.column("key"), sa.column("force"))
    rows = bind.execute(
        sa.select(version.c.article_id, version.c.references, source.c.force)
        .join(article, article.c.id == version.c.article_id)
        .join(source, source.c.id == article.c.source_id)
    )
    keys = {
        (article_id, key, force)
        for article_id, references, force in rows
        for reference in references or ()
        if (key := "".join(letter for letter in reference.upper() if letter.isalnum()))
    }
    if keys:
        bind.execute(target.insert(), [{"article_id": a, "key": k, "force": f} for a, k, f in sorted(keys)])


def downgrade() -> None:
    for table in ("article_reference", "suppression", "incident", "site", "kept_page", "furniture"):
        op.drop_table(table)
    with op.batch_alter_table("page") as batch:
        batch.drop_index(op.f("ix_page_source_id_due_at"))
        for column in ("wavering", "unconfirmed_since", "unconfirmed_hash", "listed", "due_at"):
            batch.drop_column(column)
    with op.batch_alter_table("change") as batch:
        batch.drop_column("version_before")
    with op.batch_alter_table("article") as batch:
        for column in ("erased_at", "suppressed_at", "sensitive"):
            batch.drop_column(column)
    with op.batch_alter_table("source") as batch:
        batch.drop_column("habit")
        batch.drop_column("template_changed_at")
