"""How right the verdict on real edits is: the archive's history through reader and store, and invented edits of every area.

python -m bench.edits                     the history beside the project, drawn, imported and crawled; then invented edits
python -m bench.edits --history FILE      another history.jsonl.gz of the same form
python -m bench.edits --fast              without the crawls
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from crawler.entries import load_entries
from tests.archive.edits import Edit, history
from tests.archive.edits_crawled import crawled
from tests.archive.edits_invented import invented
from tests.archive.edits_replayed import WAYS, Replay, replay
from tests.archive.records import archive_folder, sampled

_EDITS = ("right", "fields", "missed", "twice", "other")
_OTHERS = ("none", "minor", "false")
_OTHER_STORIES = 6  # of each area, which never change


def main() -> int:
    """Prints the tables; 1 when any verdict is wrong, 2 when there is no history."""
    parser = argparse.ArgumentParser(prog="python -m bench.edits", description=__doc__)
    parser.add_argument("--history", type=Path, help="a history.jsonl.gz (default: the archive's)")
    parser.add_argument(
        "--seed", type=int, default=7, help="which records the invented edits are made to (default %(default)s)"
    )
    parser.add_argument("--fast", action="store_true", help="without the crawls")
    args = parser.parse_args()
    folder, there = archive_folder()
    file = args.history or folder / "history.jsonl.gz"
    if not file.is_file():
        print(f"no history at {file}: give --history, or set FORCEWIRE_ARCHIVE", file=sys.stderr)
        return 2
    steps = history(file)
    if not steps:
        print(f"no later text of any record in {file}", file=sys.stderr)
        return 2
    _classes([edit for of in steps.values() for edit in of])
    _head()
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        store = Path(name)
        for n, (way, reading) in enumerate(WAYS.items()):
            wrong += _row(way, replay(steps, reading, store / f"{n}.db"))
        if there and not args.fast:  # a listing of one story would be no listing
            others = sampled(folder, {of[0].after.area for of in steps.values()}, _OTHER_STORIES, args.seed)
            wrong += _row("crawled", crawled(steps, others, store, at_once=0))
        if there:
            made = dict(_invented(folder, args.seed))
            for n, (way, reading) in enumerate(WAYS.items()):
                wrong += _row(f"invented, {way}", replay(made, reading, store / f"invented {n}.db"))
    return int(wrong > 0)


def _invented(folder: Path, seed: int) -> Iterator[tuple[str, Sequence[Edit]]]:
    """Each made and then taken back, which is a flip."""
    areas = {entry.area for entry in load_entries().values()}
    for _, edit in invented(sampled(folder, areas, 60, seed), seed):
        yield edit.path, (edit, replace(edit, before=edit.after, after=edit.before, returns=True))


def _classes(edits: Sequence[Edit]) -> None:
    """How the rule sorts them, so that what is on the edge can be seen."""
    print(f"{len(edits)} later texts; an edit is wanted for {sum(bool(edit.wanted) for edit in edits)}")
    kinds = Counter("story, as it was once before" if edit.fields and edit.returns else edit.kind for edit in edits)
    for kind, count in kinds.most_common():
        print(f"  {count:>4}  {kind}")


def _head() -> None:
    print(
        f"\n{'':46}{'edits':>7}{''.join(f'{name:>8}' for name in _EDITS)}{'others':>9}{''.join(f'{name:>8}' for name in _OTHERS)}"
    )


def _row(name: str, found: Replay) -> int:
    """Prints one way, and what is wrong with it: by area, class and path alone. How many are wrong."""
    counts = found.counts()
    edits, others = (sum(n for (wanted, _), n in counts.items() if wanted is kind) for kind in (True, False))
    cells = "".join(f"{counts[True, verdict]:>8}" for verdict in _EDITS)
    print(f"{name:46}{edits:>7}{cells}{others:>9}{''.join(f'{counts[False, verdict]:>8}' for verdict in _OTHERS)}")
    for each in found.bad():
        print(f"    {each.verdict}: {each.edit.path}, {each.edit.kind}, wanted {', '.join(each.edit.wanted) or 'none'}")
    return len(found.bad())


if __name__ == "__main__":
    raise SystemExit(main())
