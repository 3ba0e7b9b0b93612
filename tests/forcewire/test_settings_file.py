"""The file of settings: what comes first, what is refused and where, what is shown and what is not."""

from __future__ import annotations

import os
import re
import tomllib
from contextlib import suppress
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from forcewire.settings import KEYS
from forcewire.settings import toml_file as toml_files
from forcewire.settings.keys import unknown_variables
from forcewire.settings.model import Settings
from forcewire.settings.reading import BadSettingsError, read
from forcewire.settings.shown import example_file, rows
from forcewire.settings.toml_file import read_file
from forcewire.settings.values import SettingError

SECRET = "hunter2-and-more"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file of this machine counts."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(toml_files, "PLACES", (Path("forcewire.toml"), tmp_path / "etc.toml"))


def written(text: str, name: str = "my.toml", mode: int = 0o600) -> Path:
    path = Path(name)
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def problems(*where: Any, **said: str) -> list[str]:
    with pytest.raises(BadSettingsError) as caught:
        read({f"FORCEWIRE_{name.upper()}": value for name, value in said.items()}, *where)
    return caught.value.problems


def test_option_before_environment_before_file_before_default() -> None:
    file = written('database_url = "file.db"\ncontact = "file@x.example"\nport = 1')
    environ = {"FORCEWIRE_DATABASE_URL": "env.db", "FORCEWIRE_CONTACT": "env@x.example"}
    found = read(environ, file, {"database_url": "option.db"})
    assert (found.settings.database_url, found.settings.contact) == ("sqlite:///option.db", "env@x.example")
    assert (found.settings.port, found.settings.host) == (1, "127.0.0.1")
    assert [found.where(name) for name in ("database_url", "contact", "port", "host")] == [
        "--database",
        "FORCEWIRE_CONTACT",
        "my.toml:3",
        "default",
    ]


def test_the_file_is_the_named_one_or_the_first_that_is_there() -> None:
    assert read({}).file is None
    written("port = 1", "etc.toml")
    assert read({}).settings.port == 1
    written("port = 2", "forcewire.toml")
    assert read({}).settings.port == 2
    written("port = 3", "three.toml")
    assert read({"FORCEWIRE_CONFIG": "three.toml"}).settings.port == 3
    assert read({"FORCEWIRE_CONFIG": "three.toml"}, written("port = 4")).settings.port == 4


@pytest.mark.parametrize("environ", [{}, {"FORCEWIRE_CONFIG": "nowhere.toml"}])
def test_a_named_file_that_is_missing_is_an_error(environ: dict[str, str]) -> None:
    with pytest.raises(SettingError, match=r"^nowhere\.toml: there is no such file"):
        read(environ, None if environ else Path("nowhere.toml"))


def test_an_empty_value_counts_as_not_set_and_what_it_hides_counts() -> None:
    file = written('contact = ""\nbase_url = "https://x.example"\nalert_mail_to = []')
    found = read({"FORCEWIRE_BASE_URL": " "}, file)
    assert (found.settings.contact, found.settings.base_url) == (None, "https://x.example")
    assert found.settings.alert_mail_to == ()


def test_all_wrong_values_at_once_each_with_its_place() -> None:
    file = written('port = "x"\n\ncrawl_time = 30\nbackup_at = 25\n[source.wexmoor]\nenabled = "maybe"\n')
    assert problems(file, watch="soon", revisits="0") == [
        "FORCEWIRE_REVISITS: '0' is no whole number of 1 or more",
        "FORCEWIRE_WATCH: 'soon' is no time; write it as in 15m, 1h or 90d, or never",
        "my.toml:1: port: 'x' is no port; write a number from 0 to 65535, 0 for a free one",
        "my.toml:3: crawl_time: '30' is no time; write it as in 15m, 1h or 90d",
        "my.toml:4: backup_at: '25' is no time of day; write it as in 03:30, or never",
        "my.toml:6: source.wexmoor.enabled: input should be a valid boolean, unable to interpret input",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("port = x", "line 1, column 8: Invalid value"),
        ("a = 1\nb = [1\n", "at its end: Unclosed array"),
        ("a = 1\na = 2\n", "line 2, column 6: Cannot overwrite a value"),
        ("x = " + "[" * 5000, "brackets within brackets without end"),
    ],
)
def test_what_is_no_toml_is_one_line_with_its_place(text: str, told: str) -> None:
    with pytest.raises(SettingError) as caught:
        read({}, written(text))
    assert str(caught.value) == f"my.toml: {told}"


def test_what_is_no_utf_8_and_what_is_no_file_are_one_line() -> None:
    Path("my.toml").write_bytes(b'contact = "\xff"')
    with pytest.raises(SettingError, match=r"^my\.toml: byte 12 is not UTF-8"):
        read({}, Path("my.toml"))
    with pytest.raises(IsADirectoryError):
        read({}, Path())


def test_lines_are_told_of_keys_and_not_of_what_stands_in_a_text() -> None:
    file = read_file(written('a = """\nport = 1\n"""\nport = 2 # [x]\n["source".wexmoor] # so\n  hours = ["9"]\n'))
    assert file.lines == {"a": 1, "port": 4, "source.wexmoor": 5, "source.wexmoor.hours": 6}


def test_unknown_keys_are_told_with_the_nearest_name() -> None:
    found = read({}, written("prot = 1\nFORCEWIRE_CONTACT = 2\nzzz = 3\n[source.a]\nintervall = 1\n[sourcees]\n"))
    assert found.unknown == (
        "my.toml:1: prot is set, but nothing reads it; did you mean port?",
        "my.toml:2: FORCEWIRE_CONTACT is set, but nothing reads it; did you mean contact?",
        "my.toml:3: zzz is set, but nothing reads it",
        "my.toml:6: sourcees is set, but nothing reads it; did you mean sources?",
        "my.toml:5: source.a.intervall is set, but nothing reads it; did you mean interval?",
    )


def test_secrets_in_a_file_that_everybody_may_read_are_warned_about() -> None:
    text = f'smtp = "smtps://me:{SECRET}@mail.example"\ndatabase_url = "news.db"'
    assert read({}, written(text)).warnings == ()
    [warning] = read({}, written(text, mode=0o644)).warnings
    assert warning == "my.toml holds secrets (smtp) and every user may read it: chmod o-r my.toml"
    assert read({}, written('smtp = "smtp://mail.example"', mode=0o644)).warnings == ()


def test_a_secret_may_come_from_a_file_of_its_own() -> None:
    written(f"smtps://me:{SECRET}@mail.example:465\n", "smtp.txt")
    written("json://one.example\njson://two.example\n", "apprise.txt")
    environ = {"FORCEWIRE_SMTP_FILE": "smtp.txt", "FORCEWIRE_ALERT_APPRISE_FILE": "apprise.txt"}
    found = read(environ)
    assert found.settings.smtp == f"smtps://me:{SECRET}@mail.example:465"
    assert found.settings.alert_apprise == ("json://one.example", "json://two.example")
    assert found.where("smtp") == "FORCEWIRE_SMTP_FILE"
    assert list(unknown_variables(environ)) == []
    assert len(list(unknown_variables({"FORCEWIRE_CONTACT_FILE": "x", "FORCEWIRE_PORT_FILE": "y"}))) == 2


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"FORCEWIRE_SMTP_FILE": "nowhere"}, "FORCEWIRE_SMTP_FILE: nowhere: No such file or directory"),
        ({"FORCEWIRE_SMTP_FILE": "empty"}, "FORCEWIRE_SMTP_FILE: empty is empty"),
        ({"FORCEWIRE_SMTP_FILE": "empty", "FORCEWIRE_SMTP": "smtp://x"}, "are both set"),
    ],
)
def test_a_secret_file_that_cannot_be_used_is_an_error(environ: dict[str, str], told: str) -> None:
    written("\n", "empty")
    with pytest.raises(SettingError, match=told):
        read(environ)


@pytest.mark.parametrize("name", [key.name for key in KEYS.values() if key.secret and key.kind != "store"])
@pytest.mark.parametrize("value", [f'"ftp:/{SECRET}"', f'["{SECRET}", 5]', f'{{a = "{SECRET}"}}', f'" {SECRET}:\\n@x"'])
def test_a_secret_that_cannot_be_used_is_not_repeated(name: str, value: str) -> None:
    told = ""
    with suppress(SettingError):
        found = read({}, written(f"{name} = {value}"))
        assert KEYS[name].kind == "list", "only an address of any kind may be used as it is"
        told = f"{name} {found!r} {found.settings} {list(rows(found))}"
    if not told:
        told = " ".join(problems(Path("my.toml")))
    assert name in told
    assert SECRET not in told


def test_values_are_the_same_in_the_file_and_in_a_variable() -> None:
    said = {
        "crawl_time": ("90s", timedelta(seconds=90)),
        "disk_free": ("1.5GB", 1_500_000_000),
        "keep_crawls": ("never", None),
        "backup_at": ("2:05", time(2, 5)),
        "delay": ("2.5", 2.5),
        "workers": ("3", 3),
        "alert_mail_to": ("a@x.example, b@x.example", ("a@x.example", "b@x.example")),
        "log_format": ("JSON", "json"),
    }
    file = written("".join(f'{name} = "{text}"\n' for name, (text, _) in said.items()))
    for found in (read({}, file), read({KEYS[name].variable: text for name, (text, _) in said.items()})):
        assert {name: getattr(found.settings, name) for name in said} == {
            name: value for name, (_, value) in said.items()
        }
    native = written('delay = 2.5\nworkers = 3\nbackup_at = 02:05:00\nalert_mail_to = ["a@x.example", "b@x.example"]')
    assert all(
        getattr(read({}, native).settings, name) == said[name][1]
        for name in ("delay", "workers", "backup_at", "alert_mail_to")
    )


def test_rules_of_the_file_are_those_of_the_variables() -> None:
    found = read(
        {"FORCEWIRE_WATCH": "5d"}, written('watch = "9d"\nremoval_share = 0.5\nkeep_pages = "never"\nrevisits = 7')
    )
    rules = found.settings.rules
    assert (rules.revisit.watch, rules.removal.share) == (timedelta(days=5), 0.5)
    assert (rules.retention.keep_pages, rules.revisit.budget) == (None, 7)


def test_every_key_has_a_field_and_its_default_can_be_written() -> None:
    fields = set(Settings.model_fields) - {"rules", "source"}
    rules = [name for name in KEYS if name not in fields]
    assert fields <= set(KEYS)
    assert all(KEYS[name].default is not None for name in rules)
    assert read({key.variable: key.default for key in KEYS.values() if key.default}).settings == Settings()


def test_the_example_is_commented_out_and_parses_back_to_the_defaults() -> None:
    text = example_file()
    assert tomllib.loads(text) == {}
    uncommented = re.sub(r"^#(?=[\w\[])", "", text, flags=re.MULTILINE)
    assert set(tomllib.loads(uncommented)) == {*KEYS, "source"}
    found = read({}, written(uncommented))
    assert found.settings.model_copy(update={"source": {}}) == Settings()
    assert found.unknown == ()
    assert max(map(len, text.splitlines())) <= 120


def test_show_tells_values_and_places_and_no_secret(forcewire: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCEWIRE_DATABASE_URL", f"postgresql+psycopg://me:{SECRET}@db.example/news")
    monkeypatch.setenv("FORCEWIRE_ALERT_APPRISE", f"tgram://{SECRET}/1 json://me:{SECRET}@x.example")
    file = written(
        f'alert_webhook = "https://hooks.example/services/{SECRET}"\nheartbeat = "https://hc.example/{SECRET}"\n'
        f'smtp = "smtps://me:{SECRET}@mail.example:465"\nhub = "https://u:{SECRET}@hub.example/?token={SECRET}"\n'
        '[source.wexmoor]\nenabled = false\n'
    )  # fmt: skip
    ran = forcewire("--config", file, "config", "show", "--json")
    rows = {row["key"]: (row["value"], row["from"]) for row in ran.json}
    assert SECRET not in ran.out + ran.err
    assert rows["database_url"] == ("postgresql+psycopg://me:***@db.example/news", "FORCEWIRE_DATABASE_URL")
    assert rows["alert_webhook"] == ("https://hooks.example/***", "my.toml:1")
    assert rows["heartbeat"] == ("https://hc.example/***", "my.toml:2")
    assert rows["smtp"] == ("smtps://me:***@mail.example:465", "my.toml:3")
    assert rows["alert_apprise"] == (["tgram://***", "json://***"], "FORCEWIRE_ALERT_APPRISE")
    assert rows["workers"] == ("4", "default")
    assert rows["source.wexmoor.enabled"] == (False, "my.toml:6")
    assert set(rows) == {*KEYS, "source.wexmoor.enabled"}
    assert SECRET not in forcewire("--config", file, "config", "show").out


def test_check_ends_with_1_where_something_is_wrong(forcewire: Any) -> None:
    assert forcewire("config", "check").code == 0
    wrong = forcewire("--config", written('port = "x"\nworkers = 0'), "config", "check")
    assert (wrong.code, len(wrong.err.splitlines())) == (1, 2)
    for text in ("prot = 1", "[source.nowhere]\nenabled = false", '[source.bedfordshire]\ninterval = "often"'):
        ran = forcewire("--config", written(text), "config", "check")
        assert (ran.code, len(ran.err.splitlines())) == (1, 1), text
        assert ran.err.startswith("forcewire: my.toml")
    assert forcewire("--config", written('[source.bedfordshire]\ninterval = "2h"'), "config", "check").code == 0


def test_commands_read_the_file_and_say_what_is_wrong_with_it_once(forcewire: Any, store: Path) -> None:
    ran = forcewire("--config", written(f'database_url = "{store}"\nprot = 1'), "status", "--json")
    assert len(ran.json) == 2
    assert ran.err.splitlines() == [
        "forcewire: my.toml:1: prot is set, but nothing reads it; did you mean port?".replace(":1:", ":2:")
    ]
    wrong = forcewire("--config", written('port = "x"\nworkers = "y"'), "status")
    assert (wrong.code, len(wrong.err.splitlines())) == (1, 2)


def test_a_table_changes_an_entry_and_switches_it_off(forcewire: Any) -> None:
    from crawler.entries import load_entries
    from forcewire.commands.crawl import chosen
    from forcewire.settings.sources import with_settings

    file = written('[source.bedfordshire]\ninterval = "3h"\nmax_pages = 7\n[source.cumbria]\nenabled = false')
    entries, unknown = with_settings(load_entries(), read({}, file))
    assert (entries["bedfordshire"].interval, entries["bedfordshire"].max_pages) == (timedelta(hours=3), 7)
    assert entries["bedfordshire"].model_copy(update={"interval": load_entries()["bedfordshire"].interval, "max_pages": load_entries()["bedfordshire"].max_pages}) == load_entries()["bedfordshire"]  # fmt: skip
    assert unknown == []
    assert "cumbria" not in [entry.id for entry in chosen(entries, ())]
    assert [entry.id for entry in chosen(entries, ["cumbria"])] == ["cumbria"]


def test_settings_are_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    from forcewire import options

    written("port = 1", "forcewire.toml")
    assert options.read_anew().settings.port == 1
    written("port = 2", "forcewire.toml")
    assert options.read_anew().settings.port == 2
    assert os.environ.get("FORCEWIRE_PORT") is None
