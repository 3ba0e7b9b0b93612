"""Run by Alembic. The connection comes from `storage.revisions`, or, for a developer's `alembic` command, from alembic.ini."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from storage.models import Base
from storage.search_index import belongs_to_the_index

url = context.config.get_main_option("sqlalchemy.url")
connection = context.config.attributes.get("connection")
if connection is None and not context.is_offline_mode():
    connection = sa.create_engine(url or "sqlite:///forcewire.db").connect()

# SQLite can undo a change of its tables as well: with one transaction around all, a crash leaves the store as it was.
if context.is_offline_mode():
    context.configure(url=url, target_metadata=Base.metadata, literal_binds=True)
elif connection is not None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=lambda name, kind, _: not (kind in ("table", "index") and belongs_to_the_index(name)),
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transactional_ddl=True,
    )
with context.begin_transaction():
    context.run_migrations()
