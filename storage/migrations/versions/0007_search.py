"""The index of words, which the database itself keeps up: whatever writes an article or a version, by whatever program, changes
the index in the same transaction. It has the current text of each article that may be shown, and nothing else.

The text is not stored twice: on SQLite the index reads it from the view `article_text`, on PostgreSQL it is a table of lexemes.

A later migration that makes SQLite copy `article` or `version` (a batch that does more than add columns) takes view and triggers out
before, and makes them again: a copy loses the triggers without a word, and fails while the view looks at the table.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_FIELDS = ("title", "description", "body", "quoted")
_TOLD_APART = ("title", "description", "body", '"references"', "number")
_ARTICLE = ("version", "removed_at", "suppressed_at", "erased_at", "sensitive")
# What references are written with; they are looked for without it. PostgreSQL takes out whatever is no letter and no digit.
_MARKS = (*("\\u00a0", *(f"\\u201{n}" for n in (0, 1, 2, 3, 4, 8, 9))), *" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


# By this hits are sorted (`storage.search.NEWS_AT`): what most articles have is looked for from the newest article on.
_NEWS_AT = """CREATE INDEX ix_article_news_at ON article (
    (CASE WHEN (published_at IS NULL OR published_at > first_seen_at) THEN first_seen_at ELSE published_at END), id)"""


def upgrade() -> None:
    _run([_NEWS_AT])
    if op.get_context().dialect.name == "sqlite":
        _run(_sqlite())
    else:
        _run(_postgresql())


def downgrade() -> None:
    _run(["DROP INDEX ix_article_news_at"])
    if op.get_context().dialect.name == "sqlite":
        names = ("article_added", "article_changed", "article_deleted", "version_added", "version_changed")
        _run(f"DROP TRIGGER search_{name}" for name in (*names, "version_deleted"))
        _run(["DROP TABLE article_search", "DROP VIEW article_text"])
        return
    _run(f"DROP TRIGGER search_{table}_changed ON {table}" for table in ("article", "version"))
    _run(
        f"DROP FUNCTION forcewire_{name}"
        for name in ("article_changed()", "version_changed()", "index_article(integer)")
    )
    _run(["DROP TABLE article_search", "DROP VIEW article_words", "DROP VIEW article_text"])
    _run(["DROP FUNCTION forcewire_quoted(json)", "DROP FUNCTION forcewire_words(text)"])
    _run(["DROP TEXT SEARCH CONFIGURATION forcewire", "DROP TEXT SEARCH DICTIONARY forcewire_stem"])


def _run(statements: Iterator[str] | list[str]) -> None:
    for statement in statements:
        op.execute(sa.text(statement.replace(":", "\\:")))


def _shown(row: str) -> str:
    return f"({row}.suppressed_at IS NULL AND {row}.erased_at IS NULL AND NOT ({row}.removed_at IS NOT NULL AND {row}.sensitive))"


def _text(quoted: str) -> str:
    return f"""CREATE VIEW article_text AS
        SELECT a.id AS article_id, v.title, v.description, v.body, {quoted} AS quoted
        FROM article a JOIN version v ON v.article_id = a.id AND v.number = a.version
        WHERE {_shown("a")}"""


def _sqlite() -> Iterator[str]:
    yield _text(_quoted("v"))
    yield f"""CREATE VIRTUAL TABLE article_search USING fts5(
        {", ".join(_FIELDS)}, content='article_text', content_rowid='article_id',
        tokenize='porter unicode61 remove_diacritics 2')"""
    yield _trigger("article_added", "INSERT ON article", f"{_put('v')} {_of('NEW')} AND {_shown('NEW')};")
    # Whether a text is in the index hangs on one row of `article` and one of `version`, so that each of these says by itself
    # what went and what came, in whatever order the rows are written.
    same = f"({_shown('OLD')} AND {_shown('NEW')} AND OLD.version = NEW.version)"
    yield _trigger(
        "article_changed",
        f"UPDATE OF {', '.join(_ARTICLE)} ON article",
        f"{_take('v')} {_of('OLD')} AND {_shown('OLD')} AND NOT {same};"
        f" {_put('v')} {_of('NEW')} AND {_shown('NEW')} AND NOT {same};",
    )
    yield _trigger("article_deleted", "DELETE ON article", f"{_take('v')} {_of('OLD')} AND {_shown('OLD')};")
    yield _trigger("version_added", "INSERT ON version", f"{_put('NEW')} {_by('NEW')};")
    yield _trigger(
        "version_changed",
        f"UPDATE OF {', '.join((*_TOLD_APART, 'article_id'))} ON version",
        f"{_take('OLD')} {_by('OLD')}; {_put('NEW')} {_by('NEW')};",
        " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in (*_TOLD_APART, "article_id")),
    )
    yield _trigger("version_deleted", "DELETE ON version", f"{_take('OLD')} {_by('OLD')};")
    # Its parts are merged less often than FTS5 would: saving in batches takes a tenth less time, and a search no more.
    yield "INSERT INTO article_search(article_search, rank) VALUES ('automerge', 8)"
    yield "INSERT INTO article_search(article_search) VALUES ('rebuild')"


def _trigger(name: str, event: str, what: str, when: str = "") -> str:
    return f"CREATE TRIGGER search_{name} AFTER {event} {f'WHEN {when}' if when else ''} BEGIN {what} END"


def _values(row: str) -> str:
    return f"{row}.article_id, {row}.title, {row}.description, {row}.body, {_quoted(row)}"


def _put(row: str) -> str:
    return f"INSERT INTO article_search(rowid, {', '.join(_FIELDS)}) SELECT {_values(row)}"


def _take(row: str) -> str:
    return f"INSERT INTO article_search(article_search, rowid, {', '.join(_FIELDS)}) SELECT 'delete', {_values(row)}"


def _of(row: str) -> str:
    return f"FROM version v WHERE v.article_id = {row}.id AND v.number = {row}.version"


def _by(row: str) -> str:
    return f"FROM article a WHERE a.id = {row}.article_id AND a.version = {row}.number AND {_shown('a')}"


def _quoted(row: str) -> str:
    """References as letters and digits alone, so that a part of one is none. Of the list's JSON, which is ASCII, and without the
    functions for JSON: FTS5 reads no view that uses a virtual table, and `json_each` is one.
    """
    keys = f"""SELECT replace({row}."references", '", "', char(10)) AS key"""
    for start in range(0, len(_MARKS), 8):  # more in one expression, and SQLite's parser has no room for it
        key = "key"
        for mark in _MARKS[start : start + 8]:
            key = f"replace({key}, {_literal(mark)}, '')"
        keys = f"SELECT {key} AS key FROM ({keys})"
    return f"""CASE WHEN {row}."references" = '[]' THEN '' ELSE ({keys}) END"""


def _literal(mark: str) -> str:
    return "''''" if mark == "'" else f"'{mark}'"


_SEARCH_TABLE = """CREATE TABLE article_search (
    article_id integer PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE, words tsvector NOT NULL)"""
_CHANGED = """CREATE FUNCTION forcewire_{table}_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN PERFORM forcewire_index_article(OLD.{article}); END IF;
        IF TG_OP <> 'DELETE' THEN PERFORM forcewire_index_article(NEW.{article}); END IF;
        RETURN NULL;
    END $$"""


def _postgresql() -> Iterator[str]:
    yield "CREATE TEXT SEARCH DICTIONARY forcewire_stem (TEMPLATE = snowball, LANGUAGE = porter)"
    yield "CREATE TEXT SEARCH CONFIGURATION forcewire (COPY = simple)"
    kinds = "asciiword, word, numword, int, uint, float, sfloat, version"
    yield f"ALTER TEXT SEARCH CONFIGURATION forcewire ALTER MAPPING FOR {kinds} WITH forcewire_stem"
    # Words are parted and accents folded as SQLite does, and not as the parser of PostgreSQL would: 46/164171/20 is a path to it.
    yield f"""CREATE FUNCTION forcewire_words(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
        SELECT regexp_replace(regexp_replace(normalize($1, NFD), '[\\u0300-\\u036f]+', '', 'g'), '[{_parting()}]+', ' ', 'g') $$"""
    yield """CREATE FUNCTION forcewire_quoted(json) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
        SELECT string_agg(replace(forcewire_words(value), ' ', ''), ' ') FROM json_array_elements_text($1) $$"""
    yield _text('forcewire_quoted(v."references")')
    # A lexeme that no text has ends each field, so that no phrase reaches from one into the next. An index of lexemes has at
    # most a megabyte, hence the bound.
    fields = " || ".join(
        f"setweight(to_tsvector('forcewire', forcewire_words(left({name}, {most})) || ' \ua66e\ua66e'), '{weight}')"
        for name, most, weight in (
            ("title", 2000, "A"), ("coalesce(description, '')", 10000, "B"), ("body", 150000, "C"),
            ("coalesce(quoted, '')", 10000, "D"),
        )
    )  # fmt: skip
    yield f"CREATE VIEW article_words AS SELECT article_id, {fields} AS words FROM article_text"
    yield _SEARCH_TABLE
    yield """CREATE FUNCTION forcewire_index_article(integer) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM article_search WHERE article_id = $1;
            INSERT INTO article_search SELECT article_id, words FROM article_words WHERE article_id = $1;
        END $$"""
    yield _CHANGED.format(table="article", article="id")
    yield _CHANGED.format(table="version", article="article_id")
    differs = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _ARTICLE)
    yield f"""CREATE TRIGGER search_article_changed AFTER UPDATE OF {", ".join(_ARTICLE)} ON article
        FOR EACH ROW WHEN ({differs}) EXECUTE FUNCTION forcewire_article_changed()"""
    yield f"""CREATE TRIGGER search_version_changed AFTER INSERT OR DELETE OR UPDATE OF {", ".join(_TOLD_APART)} ON version
        FOR EACH ROW EXECUTE FUNCTION forcewire_version_changed()"""
    yield "INSERT INTO article_search SELECT article_id, words FROM article_words"
    yield "CREATE INDEX ix_article_search_words ON article_search USING gin (words)"


def _parting() -> str:
    """Characters that are no letter, no digit and nothing of private use, as ranges of a regular expression."""
    apart = [n for n in (*range(1, 0x3040), *range(0xFE00, 0x10000), *range(0x1F000, 0x1FB00)) if not _is_of_a_word(n)]
    ranges: list[list[int]] = []
    for n in apart:
        if ranges and ranges[-1][1] == n - 1:
            ranges[-1][1] = n
        else:
            ranges.append([n, n])
    return "".join(_escape(first) + (f"-{_escape(last)}" if last > first else "") for first, last in ranges)


def _is_of_a_word(n: int) -> bool:
    return unicodedata.category(chr(n))[0] in "LNM" or unicodedata.category(chr(n)) == "Co"


def _escape(n: int) -> str:
    return f"\\u{n:04x}" if n < 0x10000 else f"\\U{n:08x}"
