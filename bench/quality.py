"""How right the record is: every area of the archive, from its own text and from drawn pages, beside other libraries.

python -m bench.quality                  a sample of each area
python -m bench.quality --count 0        every record, half an hour
python -m bench.quality --text           from the archive's own text alone, no pages and no peers
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict

from scrapy.http import HtmlResponse

from bench import peers
from bench.scores import Score
from crawler import dates
from crawler.archived import archived_record
from crawler.dates.lines import _date_line
from crawler.entries import SourceEntry, load_entries
from crawler.meaning import describe
from crawler.readers import make_reader
from crawler.readers.page import open_page
from crawler.readers.published import publication
from crawler.selectors import ReadError
from storage.records import Precision, Record
from tests.archive.drawing import TEMPLATES, foreign_page, own_page
from tests.archive.records import ArchiveRecord, archive_folder, parsed, texts
from tests.archive.stated import Stated, stated

_HEAD = {
    "records": "records", "failed": "unread", "known": "dated", "day_right": "right", "day_none": "none", "day_wrong": "wrong",
    "timed": "timed", "minute_right": "minute", "title_clean": "title", "furniture_left": "furnit.", "story_lost": "lost",
    "references": "refs",
}  # fmt: skip
_TITLES = {
    "From the archive's own text": "text",
    "Drawn like the area's own site, read by its entry's reader": "own",
    "Drawn in four foreign templates, read by the generic reader": "generic",
}
Answers = Sequence[tuple[ArchiveRecord, str, Stated]]


def from_text(answers: Answers, entry: SourceEntry) -> Score:
    """The archive's own text, as an import reads it."""
    return _scored(answers, lambda number, record, text, answer: lambda: archived_record(text, entry))


def from_pages(answers: Answers, entry: SourceEntry, *, generic: bool) -> Score:
    """Drawn pages: in the area's own shape by its entry's reader, or in foreign templates, in turn, by the generic one."""
    reader = make_reader(entry, "generic" if generic else None)

    def reading(number: int, record: ArchiveRecord, text: str, answer: Stated) -> Callable[[], Record]:
        page = drawn(number, record, answer) if generic else own_page(record, answer)
        url = answer.url.partition("#")[0]
        return lambda: reader.article(HtmlResponse(url, body=page, encoding="utf-8"))

    return _scored(answers, reading)


def drawn(number: int, record: ArchiveRecord, answer: Stated) -> bytes:
    """A record in the template of its number."""
    return foreign_page(record, answer, TEMPLATES[number % len(TEMPLATES)])


def _scored(answers: Answers, reading: Callable[[int, ArchiveRecord, str, Stated], Callable[[], Record]]) -> Score:
    score = Score()
    for number, (record, text, answer) in enumerate(answers):
        read = reading(number, record, text, answer)
        start = time.process_time()
        try:
            found = read()
        except ReadError:
            score.records += 1
            score.failed += 1
            continue
        finally:
            score.seconds += time.process_time() - start
        score.record(answer, describe(found))
    return score


def page_dates(pages: Sequence[tuple[Stated, bytes]]) -> Score:
    """The date of a page whose story was not read: what there is to compare with a library that finds dates alone."""
    score = Score()
    for answer, body in pages:
        page = open_page(HtmlResponse(answer.url, body=body, encoding="utf-8"))
        start = time.process_time()
        found, _ = publication(page, None)
        score.seconds += time.process_time() - start
        score.records += 1
        exact = found.at is not None and found.precision in (Precision.MINUTE, Precision.DAY)
        score.date(answer, found.at.astimezone(dates.LONDON).date() if found.at and exact else None)
    return score


def date_strings(strings: Sequence[Stated]) -> Score:
    """The printed strings alone, none of them seen before."""
    score = Score()
    _date_line.cache_clear()
    for answer in strings:
        start = time.process_time()
        found = dates.date_line(answer.date_line) or dates.find(answer.date_line)
        score.seconds += time.process_time() - start
        score.records += 1
        score.date(answer, found.day if found else None)
    return score


def _row(name: str, score: Score) -> str:
    cells = "".join(f"{getattr(score, field):>8}" for field in _HEAD)
    return f"{name:34}{cells}{100 * score.f1:>8.2f}{score.milliseconds:>8.2f}"


def _table(title: str, scores: dict[str, Score]) -> None:
    print(f"\n{title}\n{'':34}{''.join(f'{name:>8}' for name in _HEAD.values())}{'F1 %':>8}{'ms':>8}")
    for name, score in scores.items():
        print(_row(name, score))


def main() -> int:
    """Prints the tables; 1 when a bound of the comparison is missed, 2 when the archive is not there."""
    parser = argparse.ArgumentParser(prog="python -m bench.quality", description=__doc__)
    parser.add_argument("--count", type=int, default=60, help="records an area; 0 for all (default %(default)s)")
    parser.add_argument("--seed", type=int, default=7, help="which records (default %(default)s)")
    parser.add_argument("--area", action="append", help="only these areas")
    parser.add_argument("--held-out", action="store_true", help="without those that most rules were worked out on")
    parser.add_argument("--text", action="store_true", help="only from the archive's own text")
    parser.add_argument("--json", action="store_true", help="the figures as one object")
    args = parser.parse_args()
    folder, there = archive_folder()
    if not there:
        print(f"no archive at {folder}: set FORCEWIRE_ARCHIVE", file=sys.stderr)
        return 2
    entries = {entry.area: entry for entry in load_entries().values()}
    tables: dict[str, dict[str, Score]] = {"text": {}, "own": {}, "generic": {}}
    beside: dict[str, Score] = {}
    if not args.text and (absent := peers.missing()):
        print(f"not beside {', '.join(absent)}: pip install -e '.[bench]'", file=sys.stderr)
    for area, of in texts(folder, args.area or entries, args.count, args.seed, held_out=args.held_out).items():
        if sys.stderr.isatty():
            print(f"\r{area:30}", end="", file=sys.stderr)
        answers = [(record, text, stated(record)) for text in of for record in [parsed(text)]]
        tables["text"][area] = from_text(answers, entries[area])
        if args.text:
            continue
        tables["own"][area] = from_pages(answers, entries[area], generic=False)
        tables["generic"][area] = from_pages(answers, entries[area], generic=True)
        # Area by area: a machine that is busier for a minute is so for all of them.
        for name, score in _beside(answers, tables["generic"][area]).items():
            beside.setdefault(name, Score()).add(score)
    if args.json:
        named = {name: {area: asdict(score) for area, score in table.items()} for name, table in tables.items()}
        print(json.dumps(named | {"beside": {name: asdict(score) for name, score in beside.items()}}))
    else:
        for title, name in _TITLES.items():
            if tables[name]:
                _table(title, tables[name] | {"all": _sum(tables[name])})
        if beside:
            _table("The same foreign pages, and the printed date strings", beside)
    return _verdict(beside)


def _beside(answers: Answers, ours: Score) -> dict[str, Score]:
    """Ours and the peers', on the same pages and strings one after the other."""
    pages = [(answer, drawn(n, record, answer)) for n, (record, _, answer) in enumerate(answers)]
    strings = [answer for _, _, answer in answers if answer.date_line]
    runs: dict[str, Callable[[], Score]] = {
        "pages: htmldate": lambda: peers.htmldate(pages),
        "pages: trafilatura": lambda: peers.trafilatura(pages),
        "strings: dateparser": lambda: peers.dateparser(strings),
    }
    absent = peers.missing()
    return {
        "pages: forcewire, all of it": ours,
        "pages: forcewire, dates alone": page_dates(pages),
        "strings: forcewire": date_strings(strings),
    } | {name: run() for name, run in runs.items() if name.split()[-1] not in absent}


def _sum(scores: dict[str, Score]) -> Score:
    total = Score()
    for score in scores.values():
        total.add(score)
    return total


def _verdict(beside: dict[str, Score]) -> int:
    """The time of a whole read beside trafilatura's, and of the dates beside htmldate's, both from a parsed page."""
    missed = 0
    for ours, other, most in (
        ("pages: forcewire, all of it", "pages: trafilatura", 1 / 3),
        ("pages: forcewire, dates alone", "pages: htmldate", 1 / 10),
    ):
        if other in beside:
            ratio = beside[ours].milliseconds / beside[other].milliseconds
            missed += ratio > most
            print(f"time, {ours} / {other}: {ratio:.3f} (at most {most:.3f})", file=sys.stderr)
    return int(missed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
