from __future__ import annotations

import json
from datetime import UTC, datetime

from forcewire.output import json_line, number_of, print_array, print_table


def test_table_in_a_pipe_is_aligned_and_cuts_nothing(capsys):
    print_table(("Area", "Title"), [("Wexmoor", "x" * 300), ("Tarn", None)], "Stories:")
    assert capsys.readouterr().out.splitlines() == ["Stories:", "area     title", "Wexmoor  " + "x" * 300, "Tarn"]


def test_control_characters_of_a_headline_do_not_reach_the_terminal(capsys):
    print_table(("Title",), [("a\x1b[31mred\nline\x07",)])
    assert capsys.readouterr().out == "title\na [31mred line \n".replace(" \n", "\n")


def test_brackets_of_a_headline_are_no_markup(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    print_table(("Title",), [("[red]Appeal[/red] [UPDATED]",)])
    assert "[red]Appeal[/red] [UPDATED]" in capsys.readouterr().out


def test_json_line_is_one_line_that_utf8_can_hold():
    line = json_line({"at": datetime(2026, 6, 16, tzinfo=UTC), "title": "half \ud83d pair\u2029"})
    assert line.encode("utf-8")
    assert json.loads(line) == {"at": "2026-06-16T00:00:00+00:00", "title": "half \ud83d pair\u2029"}


def test_array_of_nothing_is_an_array(capsys):
    print_array([])
    assert capsys.readouterr().out == "[]\n"


def test_one_of_something_is_in_the_singular():
    assert [number_of(n, "note") for n in (0, 1, 2, 1200)] == ["0 notes", "1 note", "2 notes", "1,200 notes"]
    assert number_of(1, "version or address", "versions or addresses") == "1 version or address"
    assert number_of(2, "version or address", "versions or addresses") == "2 versions or addresses"
