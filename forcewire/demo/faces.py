"""Pages that differ at each request though nothing happened: masked mail, counters, tests on readers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from forcewire.demo.articles import NewsArticle
from forcewire.demo.faults import Fault

_MAIL = re.compile(r'<a href="mailto:[^"]+">[^<]+</a>')
_PRESS_OFFICE = '<p>The press office can be reached at <a href="mailto:press@example.org">press@example.org</a>.</p>'


@dataclass(kw_only=True)
class Masked(Fault):
    """Mail addresses are masked, with other letters at each request."""

    random: Random

    def article(self, article: NewsArticle) -> NewsArticle:
        return replace(article, body_html=article.body_html + _PRESS_OFFICE)

    def html(self, page: str) -> str:
        return _MAIL.sub(lambda found: self._mask(), page)

    def _mask(self) -> str:
        code = f"{self.random.getrandbits(160):040x}"
        rest = "".join(self.random.choices("abcdefghijkl", k=self.random.randrange(4)))
        return f'{rest}<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="{code}">[email&#160;protected]</a>'


@dataclass(kw_only=True)
class Stamped(Fault):
    """Every page ends with how long it took and how many looked at it: other numbers at each request."""

    random: Random

    def html(self, page: str) -> str:
        line = f"Page created in {self.random.random():.4f} s for visitor {self.random.randrange(10**6)}"
        return page.replace(
            "</body>", f'<div class="debug" id="r{self.random.getrandbits(32):x}"><p>{line}</p></div></body>'
        )


@dataclass(kw_only=True)
class TwoFaces(Fault):
    """The story at `path` comes in two ways: a test on readers, or two servers apart. Which one, chance decides at each
    request, or they take turns.
    """

    random: Random
    change: Callable[[NewsArticle], NewsArticle]
    turns: bool = False

    def article(self, article: NewsArticle) -> NewsArticle:
        other = self.happened % 2 == 0 if self.turns else self.random.random() < 0.5
        return self.change(article) if other else article


def other_headline(article: NewsArticle) -> NewsArticle:
    """The headline of a test on readers, with a line below the text that the other face does not have."""
    line = "<p>Sign up to hear from us first.</p>"
    return replace(article, title=f"{article.title}: what we know", body_html=article.body_html + line)


def other_picture(article: NewsArticle) -> NewsArticle:
    """Another token in the picture's address and other spaces, as of a server that was not updated."""
    return replace(
        article, body_html=article.body_html.replace(" a ", " a\u00a0"), meta={"og:image": "/pic.jpg?token=2"}
    )
