"""What a message says. Of a sensitive story its headline as it stands now, and where it is to be read: no more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from feeds.alerts.selection import Happening
from feeds.text import one_line, shortened, web_address
from storage.kinds import kind_name

_TO_ALL = re.compile(r"@(?=(?:all|channel|everyone|here|room)\b)", re.I)
_MOST_TITLE, _MOST_SUMMARY = 200, 500
_WORDS = {"removed": "Withdrawn", "restored": "Restored", "edited": "Edited"}
_FIELDS = {"title": "headline", "description": "summary", "body": "text"}


@dataclass(frozen=True, slots=True)
class Message:
    """Plain text; the title is one line. `of` are the numbers of the changes it tells."""

    title: str
    body: str
    of: tuple[int, ...] = ()


def single(happening: Happening, base_url: str | None) -> Message:
    """One story. `base_url` is that of the site, where there is one, without a slash at its end."""
    said = "" if happening.sensitive else _said(happening)
    lines = [said, *_links(happening, base_url)]
    return Message(
        f"{one_line(happening.area)}: {_headline(happening)}", "\n".join(filter(None, lines)), (happening.id,)
    )


def digest(name: str, found: Sequence[Happening], base_url: str | None) -> Message:
    """Many stories, by area."""
    parts = []
    for area, group in groupby(sorted(found, key=lambda each: (each.area, each.id)), key=lambda each: each.area):
        stories = [
            "\n".join((f"- {_headline(each)}", *(f"  {link}" for link in _links(each, base_url)))) for each in group
        ]
        parts.append("\n".join((one_line(area), *stories)))
    many = f"{len(found)} {'story' if len(found) == 1 else 'stories'}"
    return Message(f"{one_line(name)}: {many}", "\n\n".join(parts), tuple(each.id for each in found))


def trial(name: str) -> Message:
    """What `--test` sends."""
    return Message(
        f"{one_line(name)}: a test", "This is a test of forcewire notify. What the search finds will come here."
    )


def _headline(happening: Happening) -> str:
    title = shortened(plain_line(happening.title), _MOST_TITLE) or "Without a headline"
    step = None if happening.sensitive else happening.step
    if happening.change == "new":
        what = "New" if happening.kind == "other" or happening.sensitive else kind_name(one_line(happening.kind))
    else:
        what = step if step and happening.change == "edited" else _WORDS[happening.change]
    return f"{what}: {title}"


def _said(happening: Happening) -> str:
    force = one_line(happening.force)
    if happening.change == "removed":
        return f"{force} withdrew this story."
    if happening.change == "restored":
        return f"{force} put this story back."
    if happening.change == "edited":
        names = [_FIELDS.get(name, name) for name in happening.fields] or ["story"]
        return f"{force} edited {' and '.join(filter(None, [', '.join(names[:-1]), names[-1]]))}."
    return shortened(plain_line(happening.description or ""), _MOST_SUMMARY)


def plain_line(text: str) -> str:
    """In one line, and no call to everybody in a chat room: a blank of no width parts it. Discord and Mattermost take text as it is."""
    return _TO_ALL.sub("@\u200b", one_line(text))


def _links(happening: Happening, base_url: str | None) -> list[str]:
    site = f"{base_url}/articles/{happening.article_id}" if base_url else None
    source = web_address(happening.address)
    return [link for link in ((site, source) if happening.change != "removed" else (site or source,)) if link]
