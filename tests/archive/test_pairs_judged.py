"""How pairs of pages are judged, on invented ones."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bench.page_pairs import Pair
from bench.pair_verdicts import Answers, agreed, passed
from bench.pairs import main

STORY = "Two boats were burgled at Ottlesham marina in the night of 3 March, and a third was damaged at its mooring."


def page(text: str, around: str = "") -> str:
    return f"<html><head><title>Boats burgled in Ottlesham</title></head><body><nav>{around}</nav><main><h1>Boats burgled in Ottlesham</h1><p>{text}</p></main></body></html>"


def saved(folder: Path, rows: list[tuple[str, str, str, str]]) -> Path:
    lines = []
    for n, (label, kind, before, after) in enumerate(rows):
        for name, text in (("b", before), ("a", after)):
            (folder / f"{n}{name}").write_bytes(gzip.compress(text.encode()))
        lines.append(
            json.dumps({"doc": "D", "label": label, "kind": kind, "before": f"{n}b", "after": f"{n}a", "url": None})
        )
    (folder / "pairs.jsonl").write_text("\n".join(lines), "utf-8")
    return folder


EDIT = ("content", "text", page(STORY), page(STORY.replace("3", "4")))
NOISE = ("noise", "", page(STORY, "a1"), page(STORY, "b2"))


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([EDIT, NOISE], 0),
        ([EDIT, ("content", "text", page(STORY), page(STORY, "menu"))], 1),
        ([EDIT, ("noise", "", *EDIT[2:])], 1),
        (
            [
                EDIT,
                (
                    "noise",
                    "",
                    page(STORY),
                    "<html><head><meta http-equiv='refresh' content='0; url=/'></head><p>x</p></html>",
                ),
            ],
            0,
        ),
        ([], 0),
    ],
)
def test_bounds_decide_the_exit_code(tmp_path: Path, rows: list[tuple[str, str, str, str]], code: int) -> None:
    assert main(["--alone", "--pairs", str(saved(tmp_path, rows))]) == code


def test_folder_without_pairs_is_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--pairs", str(tmp_path)]) == 2
    (tmp_path / "pairs.jsonl").write_text('{"doc": "D"}\n', "utf-8")
    assert main(["--pairs", str(tmp_path)]) == 2
    assert "line 1 of" in capsys.readouterr().err


def test_difference_of_one_pair_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--show", "1", "--pairs", str(saved(tmp_path, [EDIT]))]) == 0
    assert "+" + STORY.replace("3", "4") in capsys.readouterr().out


def test_noise_that_every_reading_sees_is_no_false_alarm_and_what_ours_sees_alone_is_one() -> None:
    noise = [Pair(n, "D", "noise", "", "b", "a", "https://www.ravenquay.example/") for n in (1, 2)]
    both, one = Answers({1: ["body"], 2: ["body"]}), Answers({1: ["body"], 2: []})
    assert agreed(noise, {"forcewire": both, "other": both}) == []
    answers = {"forcewire": both, "other": both, "third": one}
    assert [pair.line for pair in agreed(noise, answers)] == [1]
    assert not passed(noise, answers)
    assert passed(noise, answers | {"third": both})
