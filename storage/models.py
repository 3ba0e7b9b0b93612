"""The tables. A column's doc says what it holds; times are aware UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import JSON, TypeDecorator

from storage.errors import DamagedError


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"a time without a zone: {value!r}")
    return value.astimezone(UTC)


@lru_cache(maxsize=256)
def _sqlite_text(value: datetime | None) -> str | None:
    """As SQLAlchemy writes it. Remembered, because a page that is stored has one moment in seven columns."""
    return None if value is None else _in_utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


class UtcDateTime(TypeDecorator[datetime]):
    """SQLite keeps no zone: aware times go in as naive UTC and come back aware. A naive time is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        return _sqlite_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        read = super().result_processor(dialect, coltype)
        if dialect.name != "sqlite" or read is None:
            return read

        def process(value: Any) -> Any:
            try:
                return read(value)
            except (ValueError, TypeError, OverflowError) as error:
                raise DamagedError("a time that is none") from error

        return process

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # PostgreSQL answers in the time zone of the session.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Names of constraints are fixed, so that a migration can find them on either database."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, list[str]: JSON, list[dict[str, Any]]: JSON}  # noqa: RUF012


def _index_of_some(column: str) -> sa.Index:
    """Of the few rows in which the column has a value."""
    some = sa.text(f"{column} IS NOT NULL")
    return sa.Index(None, column, sqlite_where=some, postgresql_where=some)


# Where a site says nothing of when, or says a time that was still to come.
IS_UNSAID = sa.text("published_at IS NULL OR published_at > first_seen_at")


def _index_of_unsaid(*columns: str) -> sa.Index:
    """Of the articles that stand at the moment they were seen: few, but of some sources all."""
    name = f"ix_article_unsaid_{'_'.join(columns)}"
    return sa.Index(name, *columns, sqlite_where=IS_UNSAID, postgresql_where=IS_UNSAID)


class Source(Base):
    """One place we read, as its entry last described it."""

    __tablename__ = "source"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    force: Mapped[str]
    area: Mapped[str] = mapped_column(index=True)
    region: Mapped[str | None] = mapped_column(doc="one of `storage.regions`; NULL: its entry names none")
    language: Mapped[str]
    reader: Mapped[str]
    home_url: Mapped[str] = mapped_column(doc="the first listing: where a person would look")
    added_at: Mapped[datetime]
    walk_open: Mapped[bool] = mapped_column(
        default=False, doc="a walk through the listing's pages began and has not reached its end: do not stop early"
    )
    walk_cut_at: Mapped[int | None] = mapped_column(
        doc="pages that a walk was cut after by its bound, with stories behind; a higher bound looks for them"
    )
    template_changed_at: Mapped[datetime | None] = mapped_column(
        doc="when its pages last came in another design: what differs from texts read before may be ours"
    )
    habit: Mapped[str | None] = mapped_column(
        doc="JSON: how often its articles change, as last counted, and the setting that due_at of its pages was planned with"
    )


class Crawl(Base):
    """One run over one source. `verdict` is NULL while it runs."""

    __tablename__ = "crawl"
    __table_args__ = (
        sa.CheckConstraint("verdict IN ('ok','degraded','failed')", name="verdict"),
        sa.Index(None, "source_id", "id"),
        sa.Index(None, "source_id", "verdict", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(sa.ForeignKey("source.id"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    verdict: Mapped[str | None] = mapped_column(doc="ok, degraded or failed")
    reason: Mapped[str | None] = mapped_column(doc="one line: why the verdict is not ok")
    trouble: Mapped[str | None] = mapped_column(doc="the class of that: dns, tls, timeout, blocked, page changed ...")
    pid: Mapped[int | None]
    process_began: Mapped[str | None] = mapped_column(
        doc="when the machine says that process began: a pid is given out again after a restart"
    )
    host: Mapped[str | None] = mapped_column(doc="the machine it runs on; pid means something only there")
    reader: Mapped[str]
    reader_version: Mapped[int]
    entry: Mapped[str] = mapped_column(doc="a digest of what the entry told the reader")
    requests: Mapped[int] = mapped_column(default=0)
    bytes: Mapped[int] = mapped_column(default=0)
    links: Mapped[int] = mapped_column(default=0, doc="article links on the listing")
    new: Mapped[int] = mapped_column(default=0)
    edited: Mapped[int] = mapped_column(default=0)
    removed: Mapped[int] = mapped_column(default=0)
    restored: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0, doc="read again in full, nothing changed")
    not_modified: Mapped[int] = mapped_column(default=0, doc="answered 304")
    failed: Mapped[int] = mapped_column(default=0, doc="pages that could not be fetched or read")


class Article(Base):
    """The stored identity: one story of a source, known by the first canonical URL it was read at. Its words are in `version`."""

    __tablename__ = "article"
    __table_args__ = (
        sa.UniqueConstraint("source_id", "url", "reuse"),
        sa.Index(None, "source_id", "published_at"),
        sa.Index(None, "source_id", "first_seen_at"),
        sa.Index(None, "source_id", "address_key"),
        sa.Index(None, "source_id", "body_hash"),
        _index_of_some("removed_at"),
        _index_of_some("suppressed_at"),
        _index_of_unsaid("first_seen_at"),
        _index_of_unsaid("source_id", "first_seen_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(sa.ForeignKey("source.id"))
    url: Mapped[str] = mapped_column(doc="never changes: the feeds' ids are made of it")
    reuse: Mapped[int] = mapped_column(
        default=0, doc="0 for the first story at its URL, 1 when the force put another story there, and so on"
    )
    address: Mapped[str] = mapped_column(
        doc="where the story is read now: another URL than `url` once the force moved it"
    )
    address_key: Mapped[str] = mapped_column(doc="of `url`: equal for two spellings of one address")
    body_hash: Mapped[str | None] = mapped_column(doc="of the current body after normalisation; NULL for a short one")
    version: Mapped[int] = mapped_column(doc="the number of the version that is current")
    published_at: Mapped[datetime | None] = mapped_column(
        index=True, doc="the first value the site claimed; a later claim is modified_at of the version"
    )
    published_precision: Mapped[str]
    first_seen_at: Mapped[datetime] = mapped_column(index=True)
    last_seen_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(doc="when we first saw the current text", index=True)
    removed_at: Mapped[datetime | None]
    sensitive: Mapped[bool] = mapped_column(
        default=False,
        doc="whether any of its versions was: a page that is cut down to a line keeps its name's protection",
    )
    suppressed_at: Mapped[datetime | None] = mapped_column(doc="when an operator said that nothing of it is published")
    erased_at: Mapped[datetime | None] = mapped_column(doc="when its stored text was erased")
    untold: Mapped[int | None] = mapped_column(
        index=True,
        doc="a number that rises over the whole store: the last time that what is shown of it differed though no change tells of"
        " it (a flip, erasing, another address of its picture); NULL: never",
    )


class Version(Base):
    """An article's content as seen at one time, numbered from 1."""

    __tablename__ = "version"
    __table_args__ = (
        sa.UniqueConstraint("article_id", "number"),
        sa.Index(None, "kind", "article_id"),
        _index_of_some("crawl_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"))
    number: Mapped[int]
    crawl_id: Mapped[int | None] = mapped_column(sa.ForeignKey("crawl.id"))
    seen_at: Mapped[datetime]
    title: Mapped[str]
    description: Mapped[str | None]
    body: Mapped[str]
    published_at: Mapped[datetime | None]
    published_precision: Mapped[str]
    published_raw: Mapped[str | None]
    published_from: Mapped[str | None]
    modified_at: Mapped[datetime | None]
    language: Mapped[str]
    kind: Mapped[str]
    tags: Mapped[list[str]]
    references: Mapped[list[str]]
    operations: Mapped[list[str]]
    sensitive: Mapped[bool]
    image_url: Mapped[str | None]
    meta: Mapped[dict[str, Any]]
    reader: Mapped[str]
    reader_version: Mapped[int]
    entry: Mapped[str] = mapped_column(doc="a digest of what the entry told the reader")
    content_hash: Mapped[str] = mapped_column(doc="of title, description and body after normalisation")
    record_hash: Mapped[str] = mapped_column(
        doc="of all that the page last gave, byte for byte: tells an unchanged page without reading its row"
    )
    normalisation: Mapped[int] = mapped_column(doc="the number of the normalisation that made content_hash")


# Of most stories nothing is told but that they are new. A query that says it in the same words goes by the index of the rest.
IS_TOLD = sa.text("change <> 'new' AND change <> 'reparsed'")


class Change(Base):
    """Between two versions or states. `fields` names what differs."""

    __tablename__ = "change"
    __table_args__ = (
        sa.CheckConstraint("change IN ('new','edited','removed','restored','moved','reparsed')", name="change"),
        sa.Index("ix_change_told_at", "at", sqlite_where=IS_TOLD, postgresql_where=IS_TOLD),
        _index_of_some("crawl_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"), index=True)
    version: Mapped[int]
    version_before: Mapped[int | None] = mapped_column(
        doc="of an edit: the number of the version that was current before"
    )
    crawl_id: Mapped[int | None] = mapped_column(sa.ForeignKey("crawl.id"))
    change: Mapped[str]
    minor: Mapped[bool] = mapped_column(default=False)
    fields: Mapped[list[str]]
    state: Mapped[str | None] = mapped_column(
        doc="of a minor change: short hashes of the details before and after, to know a picture that flips back and forth"
    )
    at: Mapped[datetime] = mapped_column(index=True)


class Page(Base):
    """A URL we ask for: its validators, and what is owed to it. An article page without `article_id` is pending: it was
    seen on a listing and is not stored yet, so it is asked for again even when the listing answers 304.
    """

    __tablename__ = "page"
    __table_args__ = (
        sa.UniqueConstraint("source_id", "url"),
        sa.CheckConstraint("role IN ('listing','article')", name="role"),
        sa.Index(None, "source_id", "article_id"),
        sa.Index(None, "source_id", "due_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(sa.ForeignKey("source.id"))
    url: Mapped[str] = mapped_column(doc="as it was asked for; the article's own may differ")
    role: Mapped[str] = mapped_column(doc="listing or article")
    article_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article.id"))
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    reader: Mapped[str | None]
    reader_version: Mapped[int | None] = mapped_column(doc="validators of another reader version are not sent")
    entry: Mapped[str | None] = mapped_column(doc="nor are those of an entry that told the reader something else")
    status: Mapped[int | None] = mapped_column(doc="the last HTTP status; NULL before the first answer")
    checked_at: Mapped[datetime | None]
    found_at: Mapped[datetime]
    listed_title: Mapped[str | None]
    listed_date: Mapped[str | None] = mapped_column(doc="the date printed beside the link, as printed")
    failures: Mapped[int] = mapped_column(default=0, doc="in a row; 0 after a good answer")
    rejections: Mapped[int] = mapped_column(default=0, doc="in a row: the page could be read and was no article")
    error: Mapped[str | None]
    next_at: Mapped[datetime | None] = mapped_column(doc="not to be asked for before; NULL: at once")
    gone_since: Mapped[datetime | None] = mapped_column(doc="the first of the answers in a row that it is gone")
    gone_answers: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(doc="when its stored article is to be looked at again; NULL: never")
    listed: Mapped[bool] = mapped_column(
        default=False, doc="whether the source's listing showed it the last time it was read"
    )
    unconfirmed_hash: Mapped[str | None] = mapped_column(
        doc="content_hash of a text that was seen once, and is an edit when it is seen again"
    )
    unconfirmed_since: Mapped[datetime | None] = mapped_column(doc="since when it was seen, at each look")
    wavering: Mapped[int] = mapped_column(default=0, doc="looks in a row at which the page gave another text each time")


class Issue(Base):
    """Something a crawl noticed and a person should see."""

    __tablename__ = "issue"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(sa.ForeignKey("source.id"), index=True)
    crawl_id: Mapped[int | None] = mapped_column(sa.ForeignKey("crawl.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(doc="page changed, listing empty, blocked, timeout, future date ...")
    url: Mapped[str | None]
    message: Mapped[str]


class Original(Base):
    """A text as an archive gave it, byte for byte: imported, and exported again."""

    __tablename__ = "original"
    __table_args__ = (sa.UniqueConstraint("name", "latest", "seen_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"), index=True)
    version: Mapped[int] = mapped_column(doc="the number of the version that it is, or that says the same")
    name: Mapped[str] = mapped_column(doc="the record: the last folder and the file's name of path")
    path: Mapped[str] = mapped_column(doc="where an export writes it, as it was recorded first")
    seen_at: Mapped[datetime] = mapped_column(doc="of this text; where it is the latest, of the record's first text")
    latest: Mapped[bool] = mapped_column(doc="the record's latest text: an archive's file, or a row of articles")
    digest: Mapped[str] = mapped_column(doc="SHA-256 of the text, in hex")
    text: Mapped[bytes] = mapped_column(doc="UTF-8, packed by zlib")


class Furniture(Base):
    """A piece of text that came or went on many pages of a source at once: a banner, a footer. It makes no edit."""

    __tablename__ = "furniture"
    __table_args__ = (sa.UniqueConstraint("source_id", "digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(sa.ForeignKey("source.id"))
    digest: Mapped[str] = mapped_column(doc="SHA-256 of the piece after normalisation, in hex")
    text: Mapped[str] = mapped_column(doc="the piece after normalisation")
    found_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(doc="when it last made a difference")


class KeptPage(Base):
    """A page as it was served: the one behind a version, or one that could not be read."""

    __tablename__ = "kept_page"
    __table_args__ = (
        sa.Index(None, "article_id", "version"),
        sa.Index(None, "source_id", "url"),
        sa.Index(None, "fetched_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(sa.ForeignKey("source.id"))
    url: Mapped[str] = mapped_column(doc="as it was asked for")
    served_url: Mapped[str] = mapped_column(doc="that answered, after redirects; an API's where that was asked")
    article_id: Mapped[int | None] = mapped_column(sa.ForeignKey("article.id"), doc="NULL: no article was read from it")
    version: Mapped[int | None] = mapped_column(doc="the number of the version that was read from it")
    record_hash: Mapped[str | None] = mapped_column(
        doc="the version's when the page was kept: another one by now means that its details are of a later look"
    )
    fetched_at: Mapped[datetime]
    status: Mapped[int]
    content_type: Mapped[str | None]
    body: Mapped[bytes] = mapped_column(doc="packed by zlib")
    error: Mapped[str | None] = mapped_column(doc="why it could not be read")


class Site(Base):
    """What a host said of how it wants to be asked, kept between crawls."""

    __tablename__ = "site"
    address: Mapped[str] = mapped_column(primary_key=True, doc="scheme and host: https://www.example.police.uk")
    robots: Mapped[bytes | None] = mapped_column(doc="its robots.txt as served; NULL: it has none")
    robots_at: Mapped[datetime | None] = mapped_column(doc="when it was asked for; it holds for a day (RFC 9309, 2.4)")
    wait_until: Mapped[datetime | None] = mapped_column(doc="it asked to be left alone until then (Retry-After)")


class Schedule(Base):
    """When a source is due, and which process crawls it now. `site`: equal for sources that share a host; of them one at most
    is claimed. A source that its entries do not name any more, or that is only crawled by hand, has a row while it is claimed.
    """

    __tablename__ = "schedule"
    __table_args__ = (
        sa.Index(
            "uq_schedule_site_claimed",
            "site",
            unique=True,
            sqlite_where=sa.text("claimed_at IS NOT NULL"),
            postgresql_where=sa.text("claimed_at IS NOT NULL"),
        ),
    )
    source_id: Mapped[str] = mapped_column(primary_key=True, doc="of `source`, which has it from its first crawl on")
    site: Mapped[str]
    interval_seconds: Mapped[float] = mapped_column(doc="its entry's interval")
    hours: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True), doc="its entry's hours, NULL: all")
    next_due_at: Mapped[datetime | None] = mapped_column(index=True, doc="NULL: never, the row is for its claim only")
    armed_at: Mapped[datetime] = mapped_column(doc="when next_due_at was set, by the clock of then")
    cut_off: Mapped[int] = mapped_column(default=0, doc="crawls in a row that did not come to their end")
    claimed_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None] = mapped_column(doc="when a claim of another machine counts as lost")
    claimed_pid: Mapped[int | None]
    claimed_began: Mapped[str | None] = mapped_column(doc="as `process_began` of a crawl")
    claimed_host: Mapped[str | None]


class Alert(Base):
    """Something that is not well, a source, a platform or the service itself: what operators were told of it, and that it is over."""

    __tablename__ = "alert"
    __table_args__ = (
        sa.Index(
            "uq_alert_subject_going_on",
            "subject",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(doc="source:ID, platform:READER, network or service:WHAT")
    state: Mapped[str] = mapped_column(doc="as it was seen last: quiet, stale, blocked, broken")
    sources: Mapped[list[str]]
    why: Mapped[str]
    trouble: Mapped[str | None] = mapped_column(doc="its class, as `trouble` of a crawl")
    began_at: Mapped[datetime]
    last_good_at: Mapped[datetime | None]
    opened_at: Mapped[datetime] = mapped_column(doc="when it was noticed; `began_at` may lie before it")
    relapses: Mapped[int] = mapped_column(doc="how often it came back within a day before")
    well_since: Mapped[datetime | None] = mapped_column(doc="it looks well since then, and may yet come back")
    told_state: Mapped[str | None] = mapped_column(doc="the worst that a notice says; NULL: none does yet")
    noticed_at: Mapped[datetime | None] = mapped_column(doc="of the last notice that says it")
    notice_id: Mapped[int | None] = mapped_column(sa.ForeignKey("notice.id"), doc="the first notice that says it")
    told_at: Mapped[datetime | None] = mapped_column(doc="NULL until a channel took that notice")
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None]
    note: Mapped[str | None]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    part_of: Mapped[str | None] = mapped_column(doc="the subject that it went into: sources that broke together")
    end_told_at: Mapped[datetime | None] = mapped_column(doc="when a channel took the notice that it is over")


class Notice(Base):
    """One message to operators, made with what it tells, and sent after that."""

    __tablename__ = "notice"
    __table_args__ = (
        sa.Index(
            "ix_notice_undone",
            "id",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True, doc="random: receivers tell by it what they have already")
    at: Mapped[datetime]
    items: Mapped[list[dict[str, Any]]] = mapped_column(doc="JSON: what it tells, as it was then")
    done_at: Mapped[datetime | None] = mapped_column(doc="no channel is to be tried any more")


class Delivery(Base):
    """A notice on its way through one channel, which takes it once."""

    __tablename__ = "delivery"
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notice.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True, doc="webhook, mail, or apprise: and a digest of its URL")
    tries: Mapped[int]
    try_at: Mapped[datetime] = mapped_column(doc="not before then")
    claimed_until: Mapped[datetime | None] = mapped_column(doc="a process is sending it")
    taken_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(doc="why the last try failed, without secrets")


class Condition(Base):
    """Something of the service itself that is not as it should be, on one machine. The row goes when it is well again."""

    __tablename__ = "condition"
    name: Mapped[str] = mapped_column(primary_key=True, doc="what: backup, publish, alerts, sources ...")
    host: Mapped[str] = mapped_column(primary_key=True, doc="the machine whose service says so")
    since: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(doc="when it was last seen to be so")
    message: Mapped[str]


class Incident(Base):
    """One thing that went wrong on a source, or on many sources of one platform at the same time."""

    __tablename__ = "incident"
    __table_args__ = (sa.Index(None, "ended_at", "kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(doc="mass removal, blocked, pages unreadable, template changed ...")
    platform: Mapped[str | None] = mapped_column(
        doc="the reader that the sources share; NULL where it is one source's own"
    )
    sources: Mapped[list[str]]
    began_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(doc="when it was last noticed")
    ended_at: Mapped[datetime | None] = mapped_column(doc="when all its sources were ok again; NULL while it goes on")
    message: Mapped[str]


class Suppression(Base):
    """An operator's word that nothing of an article is published any more, or that it may be again. Never deleted."""

    __tablename__ = "suppression"
    __table_args__ = (sa.CheckConstraint("action IN ('suppress','undo')", name="action"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"), index=True)
    action: Mapped[str]
    why: Mapped[str]
    who: Mapped[str] = mapped_column(doc="who gave the command: user@host")
    at: Mapped[datetime]


class ArticleReference(Base):
    """What an article's versions quote to police, so that the articles of one incident find each other."""

    __tablename__ = "article_reference"
    __table_args__ = (sa.Index(None, "force", "key"),)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True, doc="the reference in capital letters and digits alone")
    force: Mapped[str]
