"""What cannot be imported is named with the reason and counted; the rest is imported, and nothing ends in a traceback."""

from __future__ import annotations

import gzip
import json
import os

import pytest

from tests.forcewire.importing.conftest import FIRST, story, tree, write_files, write_rows

GOOD = [story(n) for n in range(1, 6)]
FENCE = "```yaml\n"


def broken(text: bytes, n: int = 9) -> tuple[str, bytes]:
    """A path that is right for story n, with this in it."""
    return story(n).path, text


WHOLE = story(9).text.encode()


def with_line(line: str) -> tuple[str, bytes]:
    """Story 9 with this line more in its block."""
    return broken(WHOLE.replace(b"\nurl: ", f"\n{line}\nurl: ".encode()))


BAD_FILES = {
    "empty": (broken(b""), "empty"),
    "blank": (broken(b"\n \n"), "empty"),
    "cut in the block": (broken(WHOLE[:60]), "cut"),
    "cut in the body": (broken(WHOLE[:-15]), "cut"),
    "no YAML": (broken(WHOLE.replace(b"area: ", b"area: [")), "YAML"),
    "YAML of another kind": (broken(b"```yaml\n- a\n- b\n```\n\nA story of a lamp.\n"), "no block of keys"),
    "no UTF-8": (broken(WHOLE.replace(b"rainy", b"r\xe4iny")), "not UTF-8"),
    "UTF-16": (broken(WHOLE.decode().encode("utf-16")), "cut"),
    "no body": (broken(WHOLE[: WHOLE.index(b"```\n\n") + 5] + b"\n"), "no body"),
    "no archive file": (broken(b"# A note\n\nThat somebody left here.\n"), "no archive file"),
    "null bytes": (broken(bytes(2000)), "cut"),
    "no url": (broken(WHOLE.replace(b"\nurl: ", b"\nhref: ")), "no url"),
    "no area": (broken(WHOLE.replace(b"area: ", b"aria: ")), "no area"),
    "no title": (broken(WHOLE.replace(b"\ntitle: ", b"\nheading: ")), "no title"),
    "an area that nobody reads": (broken(WHOLE.replace(b"area: Norchester", b"area: Wexholt")), "sources add"),
    "a URL of another force": (
        (story(9, url="https://www.eastmere.example/news/1").path, story(9, url="https://www.eastmere.example/news/1").text.encode()),
        "no host of norchester",
    ),
    "an endless URL": (
        broken(WHOLE.replace(b"/news/story-9\n", b"/news/story-9-" + b"a-" * 1_000_000 + b"\n")),
        "a url of 2,000,0",
    ),
    "a name of another URL": ((f"news/Norchester/{'0' * 40}.md", WHOLE), "SHA-1"),
    "a name that is no SHA-1": (("news/Norchester/story.md", WHOLE), "SHA-1"),
    "an absurd size": (broken(WHOLE + b"a long story\n" * 400_000), "bytes"),
    "aliases that multiply": (
        broken(
            "".join(
                [
                    FENCE,
                    "a0: &a0 {x: lol}\n",
                    *(f"a{n}: &a{n} {{{', '.join(f'k{i}: *a{n - 1}' for i in range(9))}}}\n" for n in range(1, 12)),
                    "area: Norchester\ntitle: t\nurl: https://www.norchester.example/news/story-9\n```\n\nA story.\n",
                ]
            ).encode()
        ),
        "alias",
    ),
    "a deep block": (broken((FENCE + "a: " + "[" * 5000 + "\n```\n\nA story.\n").encode()), "YAML"),
    "brackets that end a process": (with_line(f"x: {'[' * 100_000}{']' * 100_000}"), "readable YAML"),
    "blocks within each other": (with_line("\n".join(f"{'  ' * n}x:" for n in range(1200)) + " y"), "levels"),
    "a tag of a truth": (with_line("x: !!bool foo"), "a tag"),
    "a tag of a moment": (with_line("x: !!timestamp foo"), "a tag"),
    "a tag of a number": (with_line('x: !!int ""'), "a tag"),
    "a number of 6,000 digits": (with_line(f"x: 0x{'f' * 6000}"), "a number of 6,002 characters"),
    "a number in sixties that takes hours": (with_line(f"x: 1{':10' * 600_000}"), "a number of 1,800,001 characters"),
    "a number in sixties that no fraction holds": (with_line(f"x: 1{':1' * 190}.5"), "YAML"),
}  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_named_with_its_reason_and_the_rest_imported(bring, give, tmp_path, name):
    (path, content), reason = BAD_FILES[name]
    folder = write_files(tmp_path / "files", GOOD)
    (folder / path).write_bytes(content)
    ran = bring(folder)
    assert (ran.code, ran.json["new"], ran.json["refused"]) == (1, 5, 1)
    (line,) = ran.err.splitlines()
    assert path in line
    (problem,) = ran.json["problems"]
    assert problem["name"] == path
    assert reason in problem["reason"]
    assert line == f"forcewire: {path}: {problem['reason']}"
    assert give() == {each.path: each.text.encode() for each in GOOD}


ROW = GOOD[0].row()
BAD_ROWS = {
    "no JSON": ("{", "no JSON"),
    "no object": ("[1]", "no JSON object"),
    "a number": ("7", "no JSON object"),
    "deep": ("[" * 100_000, "no JSON"),
    "no path": ({"first_seen": FIRST, "text": "x"}, "path"),
    "no text": ({"first_seen": FIRST, "path": story(9).path}, "text"),
    "a text of another type": ({**ROW, "text": 7}, "text"),
    "no moment": ({"path": story(9).path, "text": story(9).text}, "seen"),
    "no time": (story(9).row("yesterday"), "no moment"),
    "a time without a zone": (story(9).row("2020-12-28T12:50:07"), "time zone"),
    "a time to come": (story(9).row("2999-12-28T12:50:07+00:00"), "today"),
    "a time before the web": (story(9).row("1066-10-14T12:00:00+00:00"), "1995"),
    "the edge of time": (story(9).row("0001-01-01T00:00:00+10:00"), "no moment"),
    "an action that is none": (story(9).history(FIRST, "D"), "neither A"),
    "half a character": (json.dumps(story(9).row() | {"text": "\ud800"}), "UTF-8"),
    "a path out of the folder": ({**ROW, "path": f"../{story(9).path}"}, "no path"),
    "an absolute path": ({**ROW, "path": f"/{story(9).path}"}, "no path"),
    "a path with a way up in it": ({**ROW, "path": "news/../" + story(9).path}, "no path"),
    "a path without a folder": ({**ROW, "path": story(9).path.rpartition("/")[2]}, "no path"),
    "a path with a null": ({**ROW, "path": "news/\0/" + story(9).path.rpartition("/")[2]}, "no path"),
    "a long path": ({**ROW, "path": "n/" * 600 + story(9).path}, "no path"),
    "the same record again with another text": (story(1, body="Another story of a lamp.\n").row(), "another text"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_bad_row_is_named_by_its_number_and_the_rest_imported(bring, tmp_path, name):
    row, reason = BAD_ROWS[name]
    rows = [each.row() for each in GOOD]
    ran = bring(write_rows(tmp_path / "rows.jsonl.gz", [*rows[:3], row, *rows[3:]]))
    assert (ran.code, ran.json["new"], ran.json["refused"]) == (1, 5, 1)
    (line,) = ran.err.splitlines()
    assert line.startswith("forcewire: rows.jsonl.gz row 4: ")
    assert reason in line


def test_a_gzip_that_is_cut_gives_what_stands_before_the_cut(bring, tmp_path):
    file = write_rows(tmp_path / "a.jsonl.gz", [story(n, body=os.urandom(3000).hex() + ".\n").row() for n in range(30)])
    file.write_bytes(file.read_bytes()[:-20_000])
    ran = bring(file)
    assert (ran.code, ran.json["refused"]) == (1, 1)
    assert 5 < ran.json["new"] < 30
    assert "cut or damaged" in ran.err


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.jsonl", b"", "empty"),
        ("empty.jsonl.gz", b"", "empty"),
        ("empty.gz", gzip.compress(b"", mtime=0), "empty"),
        ("picture.jpg", os.urandom(200_000), "no archive: none of its "),
        (
            "text.txt",
            b"A line of text.\n" * 1000,
            "no archive: none of its first 20 lines is JSON; the rest is not read",
        ),
        ("note.txt", b"A line of text.\nAnother.\n", "no archive: none of its lines is JSON"),
        ("bad.jsonl.gz", b"A line of text.\n", "not a gzip file"),
        ("bad.jsonl.gz", b"A line of text.\n" * 1000, "not a gzip file"),
        ("text.jsonl.gz", gzip.compress(b"A line of text.\n", mtime=0), "no archive: none of its lines is JSON"),
    ],
)
def test_a_file_that_is_no_archive_says_so_in_few_lines(bring, tmp_path, name, content, reason):
    (tmp_path / name).write_bytes(content)
    ran = bring(tmp_path / name)
    assert (ran.code, ran.json["new"], ran.json["refused"]) == (1, 0, 1)
    assert ran.err.startswith(f"forcewire: {name}: {reason}")
    assert ran.err.count("\n") == 1


def test_rows_below_a_line_that_is_none_are_imported(bring, tmp_path):
    ran = bring(write_rows(tmp_path / "a.jsonl", ["A heading", "Another", *(each.row() for each in GOOD)]))
    assert (ran.code, ran.json["new"], ran.json["refused"]) == (1, 5, 2)
    assert [each["name"] for each in ran.json["problems"]] == ["a.jsonl row 1", "a.jsonl row 2"]
    assert len(ran.err.splitlines()) <= 21


@pytest.mark.parametrize("name", ["nothing", "folder"])
def test_where_there_is_no_archive_no_store_is_made(bring, tmp_path, name):
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    (tmp_path / "folder" / "README.md").write_text("# Of something else\n")
    ran = bring(tmp_path / name)
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1
    assert str(tmp_path / name) in ran.err
    assert not (tmp_path / "news.db").exists()


def test_what_is_no_regular_file_or_not_there_is_named_and_never_waited_for(bring, tmp_path):
    folder = write_files(tmp_path / "files", GOOD)
    os.mkfifo(folder / "news" / "Norchester" / f"{'1' * 40}.md")
    (folder / "news" / "Norchester" / f"{'2' * 40}.md").symlink_to("nowhere")
    ran = bring(folder)
    assert (ran.code, ran.json["new"], ran.json["refused"]) == (1, 5, 2)
    assert "no regular file" in ran.err
    assert "cannot be read" in ran.err


def test_a_file_between_records_is_named_and_one_above_them_is_none_of_ours(bring, tmp_path):
    folder = write_files(tmp_path / "files", GOOD)
    (folder / "README.md").write_text("# About\n")
    (folder / "news" / "Norchester" / ".hidden.md").write_text("x")
    (folder / "news" / "Norchester" / "notes.txt").write_text("x")
    assert bring(folder, "a.db").code == 0
    (folder / "news" / "Norchester" / "notes.md").write_text("# Notes\n")
    ran = bring(folder, "b.db")
    assert (ran.code, ran.json["new"], ran.json["refused"]) == (1, 5, 1)
    assert "news/Norchester/notes.md" in ran.err


def test_very_many_refusals_are_fifty_lines_and_a_count(bring, tmp_path):
    rows = [{**story(n).row(), "path": f"news/Norchester/{n:040x}.md"} for n in range(120)]
    ran = bring(write_rows(tmp_path / "a.jsonl", rows))
    assert (ran.code, ran.json["refused"], len(ran.json["problems"])) == (1, 120, 50)
    lines = ran.err.splitlines()
    assert len(lines) == 51
    assert lines[-1] == "forcewire: and 70 more were refused"


def test_a_single_text_is_counted_in_the_singular(forcewire, sources, tmp_path):
    store = tmp_path / "news.db"
    folder = write_files(tmp_path / "files", GOOD[:1])
    ran = forcewire("import", "archive", folder, "--sources", sources, "--database", store)
    assert ran.out == "1 text: 1 new article, 0 further versions or addresses, 0 stored already, 0 refused\n"
    for form, out, said in (("archive", "out", "1 file"), ("jsonl", "out.jsonl", "1 article")):
        ran = forcewire("export", "--format", form, "--out", tmp_path / out, "--database", store)
        assert ran.err == f"{said} written to {tmp_path / out}\n"


def test_the_summary_for_a_person_is_one_line(forcewire, sources, tmp_path):
    folder = write_files(tmp_path / "files", GOOD)
    ran = forcewire("import", "archive", folder, "--sources", sources, "--database", tmp_path / "news.db")
    assert ran.out == "5 texts: 5 new articles, 0 further versions or addresses, 0 stored already, 0 refused\n"
    assert (ran.code, ran.err) == (0, "")


def test_a_record_that_was_refused_is_imported_once_its_area_has_an_entry(bring, give, sources, tmp_path):
    folder = write_files(tmp_path / "files", [*GOOD, story(1, "Wexholt")])
    assert bring(folder).json["refused"] == 1
    entry = (sources / "eastmere.toml").read_text()
    (sources / "wexholt.toml").write_text(entry.replace("Eastmere", "Wexholt").replace("eastmere", "wexholt"))
    ran = bring(folder)
    assert (ran.code, ran.json["new"], ran.json["known"]) == (0, 1, 5)
    assert give() == tree(folder)


def test_names_with_strange_bytes_end_in_no_traceback(bring, tmp_path):
    folder = write_files(tmp_path / "files", GOOD)
    strange = folder / "news" / os.fsdecode(b"\xff\xfe") / f"{'a' * 40}.md"
    strange.parent.mkdir()
    strange.write_bytes(WHOLE)
    ran = bring(folder)
    assert (ran.code, ran.json["new"], ran.json["refused"]) == (1, 5, 1)
    json.dumps(ran.json)
