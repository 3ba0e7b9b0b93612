"""What a story is about, told from its words: kind, references, operations, and whether it must not live on after its force
withdraws it. Readable rules over headline and body, the same for every site.
"""

from __future__ import annotations

from crawler.meaning.kinds import kind
from crawler.meaning.operations import operations
from crawler.meaning.references import references
from crawler.meaning.sensitive import sensitive
from storage.records import Record


def describe(record: Record) -> Record:
    """Fills in what the words of a record tell; the record itself, for chaining."""
    day = record.published_at.date() if record.published_at else None
    record.kind = kind(record.title, record.description, record.body)
    record.references = references(record.title, record.body, area=record.area, published=day)
    record.operations = operations(record.title, record.body)
    record.sensitive = sensitive(record.title, record.body, record.kind)
    return record
