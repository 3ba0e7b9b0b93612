"""The elements above an element, looked up once for all that stand in one parent."""

from __future__ import annotations

from itertools import islice

from lxml.etree import _Element

_DEEPEST = 120


class Ancestors:
    """The ancestors of one page's elements."""

    def __init__(self) -> None:
        self._of: dict[_Element, tuple[_Element, ...]] = {}

    def of(self, element: _Element) -> tuple[_Element, ...]:
        """An element's ancestors, nearest first, without itself."""
        parent = element.getparent()
        if parent is None:
            return ()
        known = self._of.get(parent)
        if known is None:
            known = self._of[parent] = (parent, *islice(parent.iterancestors(), _DEEPEST))
        return known
