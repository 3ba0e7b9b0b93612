"""The documentation: nothing that a user can type or set is without a line in it, and what it tells to type parses."""

from __future__ import annotations

import re
import runpy
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from crawler.entries import SourceEntry
from crawler.readers import READERS
from forcewire.cli import cli
from forcewire.export import RECORD_FIELDS
from forcewire.settings import KEYS, VARIABLES
from forcewire.settings.keys import SECRET_FILES
from forcewire.settings.model import SourceSettings
from forcewire.settings.reading import read
from storage.models import Base

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md"), *(ROOT / "deploy").glob("**/*.md")])


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that can be called, with its words."""
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(commands(cli))


def sections(page: str) -> dict[str, str]:
    """Heading to text of the parts of a page under '## '."""
    parts = re.split(r"^## (.+)$", (DOCS / page).read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def typed(text: str) -> Iterator[str]:
    """The command lines of a page's shell blocks, and those in `code` that begin with forcewire and an option or word."""
    for block in re.findall(r"```(?:sh|console|bash)\n(.*?)```", text, flags=re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            for part in re.split(r"\s*(?:&&|\|\||;|\|)\s*", line.split(" #")[0]):
                part = re.sub(r"^(?:\$ |\w+=\S+\s+)+", "", part.strip())
                if part.startswith("forcewire "):
                    yield re.sub(r"\s[12]?>>?\s*\S+", "", part)
    for code in re.findall(r"`(forcewire [^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        if not re.search(r"[\[\]|…]", code):
            yield code if " -" in code else f"{code} --help"  # a command's mere name need not be a whole call


def parse(line: str) -> None:
    """Raises `click.UsageError` when the command line would not be understood. Nothing is run."""
    typed_words = shlex.split(line)[1:]
    words = [word for word in typed_words if word not in ("--help", "--version")]
    only_asks = words != typed_words
    command: click.Command = cli
    ctx: click.Context | None = None
    while True:
        ctx = command.make_context(command.name, words, parent=ctx, resilient_parsing=only_asks)
        if not isinstance(command, click.Group):
            return
        words = [*ctx._protected_args, *ctx.args]
        if not words:
            return
        _, found, words = command.resolve_command(ctx, words)
        assert found is not None
        command = found


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_command_and_its_options_are_documented(words):
    headings = [h for h in sections("commands.md") if re.match(rf"`forcewire {' '.join(words)}\b", h)]
    assert len(headings) == 1, f"docs/commands.md has no heading for forcewire {' '.join(words)}"
    text = sections("commands.md")[headings[0]]
    for parameter in COMMANDS[words].params:
        if isinstance(parameter, click.Option) and "--help" not in parameter.opts:
            for name in (*parameter.opts, *parameter.secondary_opts):
                assert re.search(rf"`{name}[` ]", text), f"{name} has no line under {headings[0]}"


def test_docs_name_no_option_that_is_not_there():
    for heading, text in sections("commands.md").items():
        if found := re.match(r"`forcewire ([a-z ]+)", heading):
            command = COMMANDS[tuple(found[1].split())]
            known = {name for p in command.params for name in (*p.opts, *p.secondary_opts)}
            assert set(re.findall(r"^- .*?`(--[a-z-]+)", text, flags=re.MULTILINE)) <= known, heading


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_command_has_help_with_an_example_that_parses(words):
    command = COMMANDS[words]
    assert command.help
    assert "Example:" in command.help
    example = command.help.split("Example:")[1].strip().splitlines()[0]
    parse(re.sub(r"^(\w+=\S+\s+)+|\s*>\s*\S+$", "", example))
    assert f"forcewire {' '.join(words)}" in example


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_option_has_a_help_line(words):
    for parameter in COMMANDS[words].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{parameter.opts[0]} of forcewire {' '.join(words)}"


@pytest.mark.parametrize("name", VARIABLES)
def test_variable_is_documented_with_its_default(name):
    key = KEYS.get(name.removeprefix("FORCEWIRE_").lower())
    default = f" `{key.default}` " if key is not None and key.default is not None else " "
    assert f"\n| `{name}` |{default}| " in sections("operating.md")["Settings"]


def test_secrets_are_marked_in_the_docs_and_nothing_else_is():
    rows = re.findall(
        r"^\| `(FORCEWIRE_\w+)` .*\(secret\) \|$", sections("operating.md")["Settings"], flags=re.MULTILINE
    )
    assert rows == [key.variable for key in KEYS.values() if key.secret]


@pytest.mark.parametrize("name", SourceSettings.model_fields)
def test_key_of_a_table_for_one_source_is_documented(name):
    assert f"\n| `{name}` | " in sections("operating.md")["Settings"]


def test_the_documented_settings_can_be_used(tmp_path):
    [text] = re.findall(r"```toml\n(.*?)```", sections("operating.md")["Settings"], flags=re.DOTALL)
    path = tmp_path / "forcewire.toml"
    path.write_text(text, "utf-8")
    found = read({}, path)
    assert not found.unknown
    assert set(found.said) == {"contact", "database_url", "backup_at", "alert_mail_to"}


def test_docs_and_code_name_no_other_variable():
    variable = re.compile(r"\bFORCEWIRE_[A-Z_]+[A-Z]\b")
    places = [
        *PAGES,
        *(ROOT / "deploy").glob("*/*"),
        *(ROOT / "crawler").rglob("*.py"),
        *(ROOT / "forcewire").rglob("*.py"),
    ]
    for path in places:
        if path.is_file():
            assert set(variable.findall(path.read_text("utf-8"))) <= {*VARIABLES, *SECRET_FILES}, path


@pytest.mark.parametrize("line", sorted({line for page in PAGES for line in typed(page.read_text("utf-8"))}))
def test_command_line_of_the_docs_parses(line):
    parse(line)


def test_a_command_line_that_does_not_parse_is_noticed():
    for wrong in (
        "forcewire crawl --quickly",
        "forcewire fetch",
        "forcewire export --format csv --out x",
        "forcewire export",
    ):
        with pytest.raises(click.UsageError):
            parse(wrong)


def test_command_lines_are_found_in_blocks_and_in_text():
    text = "```sh\nA=b forcewire crawl x && forcewire status > out  # why\n```\nand `forcewire changes --json` or `forcewire demo` there"
    assert list(typed(text)) == [
        "forcewire crawl x",
        "forcewire status",
        "forcewire changes --json",
        "forcewire demo --help",
    ]


@pytest.mark.parametrize(
    "key",
    sorted(
        {*SourceEntry.model_fields, "listing.kind", "listing.url", "assertions.min.links", "assertions.fill"}
        - {"id", "assertions"}
    ),
)
def test_key_of_an_entry_is_documented(key):
    assert re.search(rf"^\| .*`{re.escape(key)}`.* \|", (DOCS / "sources.md").read_text("utf-8"), flags=re.MULTILINE)


def test_the_documented_entry_can_be_used(tmp_path):
    from crawler.entries import load_entry

    [entry] = re.findall(r"```toml\n(.*?)```", (DOCS / "sources.md").read_text("utf-8"), flags=re.DOTALL)
    path = tmp_path / "wexmoor.toml"
    path.write_text(entry, "utf-8")
    assert load_entry(path).area == "Wexmoor"


@pytest.mark.parametrize("name", READERS)
def test_reader_is_documented(name):
    assert f"| `{name}` |" in (DOCS / "reading.md").read_text("utf-8")


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: table.name)
def test_table_and_its_columns_are_documented(table):
    found = re.search(
        rf"^\*\*{table.name}\*\*: (.*?)\n\n", (DOCS / "store.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found, f"docs/store.md has no paragraph on {table.name}"
    for column in table.columns:
        assert re.search(rf"[`,\s]{column.name}[`,\s]", found[1]), f"{table.name}.{column.name}"


def test_fields_of_an_exported_record_are_documented_in_their_order():
    text = sections("store.md")["The record"]
    assert re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.+?) \|", text, flags=re.MULTILINE))) == [*RECORD_FIELDS]


def test_links_between_the_documents_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text("utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_table_of_sources_is_what_the_entries_say():
    written = runpy.run_path(str(DOCS / "sources.py"))["written"]
    page = (DOCS / "sources.md").read_text("utf-8")
    assert page == written(page), "python docs/sources.py makes it anew"
