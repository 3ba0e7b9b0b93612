"""What a person types to search: words, "phrases", beginnings*, area: kind: since: until: ref:. Nothing of it is ever syntax to
a database: each word is taken out, letters and digits alone, and put into quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from storage.days import start_of
from storage.references import reference_key
from storage.search_words import Run, Term, folded, is_of_a_reference, parted

MOST_TERMS = 32
_LONGEST = 10_000  # characters of a query that are looked at
_LONGEST_WORD = 200  # letters; PostgreSQL has no words of more than 2,000
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_NAMED = re.compile(r'(area|kind|since|until|ref):\s*("[^"]*"?|[^\s"]+)', re.IGNORECASE)
_PLAIN = re.compile(r'"[^"]*"?\*?|[^\s"]+')
_PERIOD = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(slots=True)
class Query:
    """A text that was understood: an article must have all `terms`, and lie within the rest, where that is given. `since` is the
    first moment, `until` the first after the last.

    `problem`: one sentence on why nothing can be found by it. `note`: one on what was left out.
    """

    terms: list[Term | Run] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None
    problem: str | None = None
    note: str | None = None

    @property
    def is_bounded(self) -> bool:
        """Whether it says more than words."""
        return bool(self.areas or self.kinds or self.since or self.until)


def parse(text: str) -> Query:
    """What a text asks for. Raises nothing, whatever the text."""
    query = Query()
    if len(text) > _LONGEST:
        query.note = f"only the first {_LONGEST:,} characters were looked at"
        text = text[:_LONGEST]
    text = text.replace("\0", " ").translate(_QUOTES)
    plain: list[str] = []
    at = 0
    while found := (_NAMED.match(text, at) or _PLAIN.search(text, at)):
        # An operator begins a word: what stands before it was taken by then.
        if found.re is _PLAIN and (named := _NAMED.match(text, found.start())):
            found = named
        at = found.end()
        if found.re is _NAMED:
            _take(query, plain)
            _named(query, found[1].lower(), found[2].strip('"').strip())
        elif found[0].startswith('"'):
            _take(query, plain)
            _add(query, found[0], in_quotes=True)
        elif found[0] != "AND":  # all words are wanted anyway
            plain.append(found[0])
            if found[0] in ("OR", "NOT"):
                query.note = "OR and NOT are looked for as words: all words must be there"
    _take(query, plain)
    return _weighed(query, text)


def _weighed(query: Query, text: str) -> Query:
    if len(query.terms) > MOST_TERMS:
        del query.terms[MOST_TERMS:]
        query.note = f"only the first {MOST_TERMS} words were looked for"
    if any(len(word) > _LONGEST_WORD for term in query.terms for word in _words_of(term)):
        query.problem = f"no word has more than {_LONGEST_WORD} letters"
    if not query.terms and not query.is_bounded and query.problem is None:
        told = " ".join(text.split())[:40]
        query.problem = (
            f"there is no word to look for in: {told}" if told else "there is nothing to look for: type a word"
        )
    return query


def _words_of(term: Term | Run) -> list[str]:
    terms = term.terms if isinstance(term, Run) else (term,)
    return [word for each in terms for word in (*each.words, each.key)]


def _take(query: Query, plain: list[str]) -> None:
    """Words without quotes, one by one; those that may be parts of one reference together too."""
    start = 0
    while start < len(plain):
        end = start
        while end < len(plain) and is_of_a_reference(plain[end]):
            end += 1
        if 2 <= end - start <= 5 and sum(map(str.isdigit, "".join(plain[start:end]))) >= 6:
            run = Query()
            for part in plain[start:end]:
                _add(run, part)
            terms = tuple(term for term in run.terms if isinstance(term, Term))
            query.terms.append(Run(terms, reference_key(folded("".join(plain[start:end])))))
        else:
            end = max(end, start + 1)
            for part in plain[start:end]:
                _add(query, part)
        start = end
    plain.clear()


def _add(query: Query, part: str, *, in_quotes: bool = False) -> None:
    words = parted(part)
    begins = part.endswith("*")
    if not words:
        return
    if len(words) > MOST_TERMS:
        words = words[:MOST_TERMS]
        query.note = f"only the first {MOST_TERMS} words of a phrase were looked for"
    digits = sum(map(str.isdigit, part))
    is_reference = digits >= 4 and not begins and len(words) <= 6 and (in_quotes or is_of_a_reference(part))
    query.terms.append(Term(tuple(words), begins, reference_key(folded(part)) if is_reference else ""))


def _named(query: Query, name: str, value: str) -> None:
    if name == "area":
        query.areas.append(value)
    elif name == "kind":
        query.kinds += [kind.strip().lower() for kind in value.split(",") if kind.strip()]
    elif name == "ref":
        if key := reference_key(folded(value)):
            query.terms.append(Term((), False, key))
        else:
            query.problem = "ref: wants a reference, as in ref:46/164171/20"
    elif (period := _period(value)) is None:
        query.problem = f"{name}:{value[:40]} is no day; write {name}:2026-01-31"
    elif name == "since":
        query.since = max(query.since or period[0], period[0])
    else:
        query.until = min(query.until or period[1], period[1])


def _period(value: str) -> tuple[datetime, datetime] | None:
    """A day, month or year in London: its first moment and the first after it. None for what is none."""
    found = _PERIOD.fullmatch(value)
    if found is None or not value.isascii():
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        if day is not None:
            last = first
        else:
            last = first.replace(day=28, month=month or 12) + timedelta(days=4)
            last -= timedelta(days=last.day)
        return start_of(first), start_of(last + timedelta(days=1))
    except (ValueError, OverflowError):
        return None
