"""What a site's pages have in common, measured over a sample of its articles: what stands around titles, paths, languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from urllib.parse import urlsplit

from crawler.probing.stated import LEAST_TITLE, SEPARATOR
from crawler.readers.page import Page
from crawler.text import decode, fold, inner_text


@dataclass(slots=True)
class Affixes:
    """What stands before and behind headlines, letter for letter, and in how many of the articles."""

    prefixes: dict[str, int] = field(default_factory=dict)
    suffixes: dict[str, int] = field(default_factory=dict)


def affixes(pages: Sequence[Page]) -> Affixes:
    """What the heads of these articles add to the headline that they show; without a heading what they have in common.

    Only what begins or ends with a separator counts, and with two articles or more only what two of them share: headlines
    end in places and names.
    """
    before: Counter[str] = Counter()
    behind: Counter[str] = Counter()
    for page in pages:
        found = [_around(decode(head), page) for head in (page.title_tag, page.first("og:title") or "") if head]
        before.update({prefix for prefix, _ in found if prefix})
        behind.update({suffix for _, suffix in found if suffix})
    if (
        not behind
        and len({page.title_tag for page in pages}) > 1
        and (shared := _common_end([p.title_tag for p in pages]))
    ):
        behind[shared] = len(pages)
    least = min(2, len(pages))
    return Affixes(
        {text: n for text, n in before.most_common() if n >= least},
        {text: n for text, n in behind.most_common() if n >= least},
    )


def _around(head: str, page: Page) -> tuple[str, str]:
    for element in page.root.iter("h1", "h2", "h3", "h4"):
        shown = decode(inner_text(element))
        if len(shown) < LEAST_TITLE or len(shown) >= len(head):
            continue
        if head.startswith(shown) and SEPARATOR.match(head[len(shown) :]):
            return "", head[len(shown) :]
        if head.endswith(shown) and re.search(rf"(?:{SEPARATOR.pattern})$", head[: -len(shown)]):
            return head[: -len(shown)], ""
    return "", ""


def _common_end(titles: Sequence[str]) -> str:
    backwards = zip(*(reversed(title) for title in titles), strict=False)
    shared = "".join(letters[0] for letters in takewhile(lambda letters: len(set(letters)) == 1, backwards))[::-1]
    found = SEPARATOR.search(shared)
    return shared[found.start() :] if found and len(fold(shared[found.end() :])) > 2 else ""


def shared_folder(urls: Sequence[str]) -> list[str]:
    """The folders that all of these addresses lie in, as far as they hold no digit: a year in a path ends with the year."""
    folders = [urlsplit(url).path.rstrip("/").rsplit("/", 1)[0].strip("/").split("/") for url in urls]
    shared: list[str] = []
    for level in zip(*folders, strict=False):
        if len(set(level)) > 1 or not level[0] or re.search(r"\d", level[0]):
            break
        shared.append(level[0])
    return shared


def article_pattern(articles: Sequence[str], links: Sequence[str]) -> tuple[str, int] | None:
    """A regular expression for the paths of these articles, and how many of the links it fits; None when they share no
    folder.
    """
    if not (shared := shared_folder(articles)):
        return None
    pattern = "^/" + "/".join(re.escape(part).replace(r"\-", "-") for part in shared) + "/[^/]"
    return pattern, sum(1 for url in links if re.search(pattern, urlsplit(url).path))


def repeated_lines(bodies: Sequence[str]) -> list[str]:
    """Lines that stand in every one of three or more bodies: furniture, unless all stories end with the same appeal."""
    if len(bodies) < 3:
        return []
    lines = [{fold(line): line.strip() for line in body.splitlines() if len(fold(line)) > 8} for body in bodies]
    return [line for key, line in lines[0].items() if all(key in other for other in lines[1:])]


def force_in(suffix: str) -> str:
    """The force's name in what stands behind titles: the part that is not 'News'."""
    parts = [part for part in SEPARATOR.split(f" {suffix.strip()} ") if part.strip()]
    parts = [
        part.strip() for part in parts if fold(part) not in ("news", "newsroom", "home", "newyddion", "latestnews")
    ]
    return parts[-1] if parts else ""
