"""Which pairs of real pages are seen as a change of title, description or body, and which are false alarms.

python -m bench.pairs                    the pairs of FORCEWIRE_PAIRS, beside visible text and trafilatura
python -m bench.pairs --pairs FOLDER     others in the same form
python -m bench.pairs --show 12          what is told of the pair on line 12
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.page_pairs import Pair, load_pairs, page, pairs_folder, readings
from bench.pair_verdicts import FALSE, SEEN, Answers, agreed, groups, judged, passed
from storage.diffs import document, unified


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; 1 when a bound is missed, 2 when there are no pairs."""
    parser = argparse.ArgumentParser(prog="python -m bench.pairs", description=__doc__)
    parser.add_argument(
        "--pairs", type=Path, metavar="FOLDER", help="where pairs.jsonl lies (default: FORCEWIRE_PAIRS)"
    )
    parser.add_argument("--alone", action="store_true", help="only ours")
    parser.add_argument("--show", type=int, metavar="LINE", help="the difference of one pair, as ours tells it")
    parser.add_argument("--json", action="store_true", help="the figures as one object")
    args = parser.parse_args(arguments)
    folder = args.pairs or pairs_folder()[0]
    try:
        pairs = load_pairs(folder)
        if args.show is not None:
            return _show(folder, pairs, args.show)
        answers = {name: judged(folder, pairs, reading) for name, reading in readings(alone=args.alone).items()}
    except (OSError, EOFError, ValueError) as error:
        print(f"no pairs to judge: {error}", file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps(_figures(pairs, answers)))
    else:
        _table(pairs, answers)
    return 0 if passed(pairs, answers) else 1


def _figures(pairs: Sequence[Pair], answers: dict[str, Answers]) -> dict[str, object]:
    of = groups(pairs)
    counts = {name: {kind: len(one.seen(some)) for kind, some in of.items()} for name, one in answers.items()}
    noise = of.get("noise", [])
    lines = {name: [pair.line for pair in some] for name, some in _alarms(noise, answers).items()}
    return {"pairs": {kind: len(some) for kind, some in of.items()}, "seen": counts, "noise": lines}


def _alarms(noise: Sequence[Pair], answers: dict[str, Answers]) -> dict[str, list[Pair]]:
    seen, shared = answers["forcewire"].seen(noise), agreed(noise, answers)
    return {"seen by all": shared, "seen by ours alone or by some": [pair for pair in seen if pair not in shared]}


def _table(pairs: Sequence[Pair], answers: dict[str, Answers]) -> None:
    of = groups(pairs)
    print(f"{'':28}{'pairs':>7}{'unread':>8}" + "".join(f"{name:>14}" for name in answers))
    for name, some in of.items():
        unread = sum(1 for pair in some if pair.line in answers["forcewire"].unread)
        cells = "".join(f"{len(one.seen(some)):>14}" for one in answers.values())
        print(f"{name:28}{len(some):>7}{unread:>8}{cells}")
    text, noise, ours = of.get("content/text", []), of.get("noise", []), answers["forcewire"]
    if text:
        print(f"\nwords changed and seen: {len(ours.seen(text)) / len(text):.1%} (bound {SEEN:.0%})")
    for pair in text:
        if pair not in ours.seen(text):
            print(f"  missed: line {pair.line}, {pair.doc}")
    if noise:
        share = len(ours.seen(noise)) / len(noise)
        print(f"noise taken for a change: {share:.1%} (bound {FALSE:.0%}, but for pairs that all see)")
    for name, some in _alarms(noise, answers).items():
        for pair in some:
            print(f"  {name}: line {pair.line}, {pair.doc}: {', '.join(ours.fields[pair.line])}")


def _show(folder: Path, pairs: Sequence[Pair], line: int) -> int:
    pair = next((one for one in pairs if one.line == line), None)
    if pair is None:
        print(f"no pair on line {line}: there are {len(pairs)}", file=sys.stderr)
        return 2
    reading = readings(alone=True)["forcewire"]
    texts = [reading(page(folder, name), pair.url) for name in (pair.before, pair.after)]
    shown = ["(a page that is refused)\n" if text is None else document(text) for text in texts]
    print(unified(*shown, before=pair.before, after=pair.after), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
