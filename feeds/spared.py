"""What may be shown of an edit. Of a sensitive article no word that its page does not carry now: where a force takes a name out
of an appeal, a diff would keep it.
"""

from __future__ import annotations

import re
from typing import Any

from storage.changes import Words
from storage.diffs import html

# Of an entry; a longer difference is a story written anew, which is read at its source.
MOST_DIFFERENCE = 100_000

_GONE_WORDS = re.compile("<del>.*?</del>", re.DOTALL)


def shown_difference(row: Any, before: Any, after: Any) -> str:
    """What differs between two versions as HTML (`storage.diffs.html`), as far as it may be shown. '' where a reader sees none,
    or may see none.

    `row` has `sensitive` of the article, `version`, the number of the later version, and `current`, the number of the
    article's current one; `before` and `after` have `title`, `description` and `body`. Of what is withheld, ask nothing here.
    """
    if row.sensitive and row.version != row.current:
        return ""
    found = html(*(Words(version.title, version.description, version.body) for version in (before, after)))
    if row.sensitive:
        found = _GONE_WORDS.sub("<del>[…]</del>", found)
    return found if len(found) <= MOST_DIFFERENCE else "<p>Too much of it is new to be shown here.</p>"
