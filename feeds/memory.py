"""Rendered entries that a caller keeps between calls, so that one new article costs one rendering, not hundreds."""

from __future__ import annotations


class EntryMemory:
    """Entries and their bytes in each format, by article. An entry is taken from it only while all that goes into it is as it was.

    Bounded; not to be shared by threads that build at the same time.
    """
