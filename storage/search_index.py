"""The index of words that migration 0007 makes and the database keeps up: whether it is as it should be, making it anew, and
taking the words out of it that left it.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from storage.database import writing

TOKENIZER = "porter unicode61 remove_diacritics 2"
_TRIGGERS = {
    "sqlite": {
        f"search_{name}"
        for name in (
            "article_added", "article_changed", "article_deleted", "version_added", "version_changed", "version_deleted"
        )
    },
    "postgresql": {"search_article_changed", "search_version_changed"},
}  # fmt: skip
_NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger",
}
_IDS = {"sqlite": "SELECT id FROM article_search_docsize", "postgresql": "SELECT article_id FROM article_search"}
_PAGES_AT_ONCE = 500  # of 4 KB: nobody else writes until they are written


def belongs_to_the_index(name: str | None) -> bool:
    """Whether a table is the index, or one in which SQLite keeps it, or an index is by what is sorted: no model describes them."""
    return name is not None and name.startswith(("article_search", "ix_article_news_at"))


def check(conn: Connection, *, texts: bool = False) -> list[str]:
    """What is wrong with the index, in sentences; none where it is well. It is kept up by triggers, which a store that was put
    together by hand may have lost. `texts`: every text is compared too, which reads them all, and on SQLite needs a transaction
    that may write.
    """
    dialect = conn.dialect.name
    wrong = []
    if lost := sorted(_TRIGGERS[dialect] - set(conn.scalars(sa.text(_NAMES[dialect])))):
        wrong.append(f"the search index is not kept up: the store has lost {', '.join(lost)}; restore it from a backup")
    told = "SELECT article_id FROM article_text"
    for these, others, what in (
        (told, _IDS[dialect], "articles are missing in it"),
        (_IDS[dialect], told, "articles are in it that may not be shown, or are gone"),
    ):
        count = conn.scalar(sa.text(f"SELECT count(*) FROM ({these} EXCEPT {others}) AS differing"))
        if count:
            wrong.append(f"the search index is not right: {count} {what}")
    if texts and not wrong and not _has_the_texts(conn):
        wrong.append("the search index is not right: it has other words than the articles")
    return wrong


def _has_the_texts(conn: Connection) -> bool:
    if conn.dialect.name == "postgresql":
        differing = sa.text(
            "SELECT 1 FROM article_words w JOIN article_search s USING (article_id) WHERE w.words <> s.words"
        )
        return conn.execute(differing).first() is None
    try:
        conn.exec_driver_sql("INSERT INTO article_search(article_search, rank) VALUES ('integrity-check', 1)")
    except sa.exc.DatabaseError as error:
        if "malformed" not in str(error.orig):
            raise
        return False
    return True


def rebuild(conn: Connection) -> None:
    """Makes the index anew from the texts, in the caller's transaction."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("INSERT INTO article_search(article_search) VALUES ('rebuild')")
    else:
        conn.execute(sa.text("DELETE FROM article_search"))
        conn.execute(sa.text("INSERT INTO article_search SELECT article_id, words FROM article_words"))


def drop_left_words(engine: Engine) -> None:
    """Takes the words out of SQLite's file that are in the index no more. It only notes that they left, and forgets them when it
    merges its parts: all are merged here, in short transactions, so that a crawl beside it waits little.

    Not by FTS5's own `secure-delete`: SQLite older than 3.42, a crawl's or an analyst's, could not open the store any more.
    """
    done = engine.dialect.name != "sqlite"
    while not done:
        with writing(engine) as conn:
            raw = conn.connection.driver_connection
            assert raw is not None
            before = raw.total_changes
            conn.exec_driver_sql(
                f"INSERT INTO article_search(article_search, rank) VALUES ('merge', -{_PAGES_AT_ONCE})"
            )
            done = raw.total_changes - before < 2  # how FTS5 says that there was nothing to merge (its manual, 6.8)
