"""The words by which a headline is known: names, places, and what happened there. A text without any of them tells another story."""

from __future__ import annotations

import re

from storage.changes import Words, normalise
from storage.pieces import overlap

_OTHER_WORDS = 0.2  # at most, of the runs of words, for a text that shows its story no more
_WORD = re.compile(r"[^\W\d_]{4,}")
_FIRST = re.compile(r"[^aeiouwyâêîôûŵŷ]*(?=\w{5})")  # Caerdydd is Gaerdydd and Nghaerdydd too
# What any page may say, of a force too: sites' own words, and those without a meaning of their own.
_COMMON = frozenset(
    """
    about above after again against ahead almost along already also although always among another anyone anything around away back because
    been before behind being believe below beside between both call called came cannot come continue continues could currently does doing done down during
    each either else even ever every everyone face first following four from further give given going good have having hear help here hers herself himself
    however inside into itself just keep know known last late later latest least less like look looking made make many mark might more most much must near
    need never next none nothing number once only onto other others ours over part past people place please possible previous provide public really recent
    regarding right said same says second seek seeking seen several share should show since some someone something soon still such sure take taken than thank
    that their them then there these they thing things this those though thought three through time times today together tomorrow tonight took toward towards under
    until upon used using very view wait want wants were what when where whether which while whose will with within without work would year years yesterday your
    yours able access account address archive article browser click contact content cookies crime department desk details email error find force home information
    item link location login menu message news newsroom notice office officer officers online page pages police policing post press privacy questions read
    release report reported request requested search security service services sign site sorry statement station story support team update updated urgent
    user visit visitor visitors website welcome appeal appeals appealed witness witnesses incident incidents constabulary
    ymlaen wedi gyda mewn neu gael cael bydd oedd sydd hefyd dros wrth ynghylch rhwng ddim gennym ydym ydyn roedd fydd bellach arall eraill hwnnw honno yma yna
    heddlu newyddion tudalen dudalen erthygl gwefan wefan cynnwys datganiad swyddogion gwybodaeth apelio apêl tyst tystion digwyddiad cysylltu stori gwall hafan
    """.split()
)


def tells_another_story(old: Words, new: Words, own: str) -> bool:
    """Whether a text shares nearly nothing with the old one, and holds none of the words by which the old headline is known: where
    it has none, no name that the old text has. The same headline tells the same story. `own`: what the site calls itself, which all of its pages may say.
    """
    if not old.title or normalise(old.title) == normalise(new.title) or overlap(old.body, new.body) > _OTHER_WORDS:
        return False
    known = _telling(old.title, own) or _telling(" ".join(_names(old.body)), own)
    if not known:
        return False
    text = normalise(f"{new.title} {new.description or ''} {new.body}", markdown=True)
    said = {_root(word) for word in _WORD.findall(text.casefold())}
    return not any(word.startswith(root) for root in map(_root, known) for word in said)


def _telling(text: str, own: str) -> set[str]:
    words = {word.casefold() for word in _WORD.findall(normalise(text, markdown=True))}
    return words - _COMMON - {word.casefold() for word in _WORD.findall(own)}


def _root(word: str) -> str:
    """A word as Welsh leaves it when it mutates its beginning."""
    return _FIRST.sub("", word, count=1)


def _names(body: str) -> list[str]:
    """Words with a great letter that begin no sentence."""
    return re.findall(r"(?<=[\w,;] )[A-Z][^\W\d_]{3,}", normalise(body, markdown=True))
