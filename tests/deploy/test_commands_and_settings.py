"""What the files of deploy/ type, set and ask for is there."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from forcewire.settings.keys import KEYS
from tests.deploy.conftest import DEPLOY, News, get

FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file() and "monitoring" not in path.parts)


def docs() -> ModuleType:
    """tests/test_docs.py, which reads commands."""
    spec = importlib.util.spec_from_file_location("docs_tests", Path(__file__).parents[1] / "test_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commands() -> Iterator[tuple[str, str]]:
    """File and command line, as a shell, systemd, a container or cron would give it to forcewire."""
    for path in FILES:
        text = path.read_text("utf-8")
        if path.suffix == ".service":
            for line in re.findall(r"^Exec\w+=-?/opt/forcewire/\.venv/bin/(forcewire .+)", text, re.MULTILINE):
                yield path.name, line
        elif path.parent.name == "cron":
            for line in re.findall(r"^[*\d].*", text, re.MULTILINE):
                for part in re.split(r"&&|\|\||[;{}()]", line.split("forcewire", 1)[1]):
                    if part.strip().startswith("forcewire"):
                        yield path.name, re.sub(r"\s[12]?>&?\s*\S+", "", part.strip())
        elif path.suffix == ".yaml":
            for part in yaml.safe_load_all(text):
                for words in arguments(part):
                    yield f"{path.parent.name}/{path.name}", shlex.join(["forcewire", *words])
        elif path.name == "Dockerfile":
            yield (
                path.name,
                shlex.join(["forcewire", *json.loads(re.findall(r"^CMD (\[.+\])", text, re.MULTILINE)[-1])]),
            )


def arguments(part: object) -> Iterator[list[str]]:
    """The args of each container of a manifest, and the command of each service of ours in a compose file."""
    if isinstance(part, dict):
        if part.get("image") in ("forcewire", "forcewire:local") and (said := part.get("args") or part.get("command")):
            yield said
        for each in part.values():
            yield from arguments(each)
    elif isinstance(part, list):
        for each in part:
            yield from arguments(each)


def test_commands_are_understood():
    found = list(commands())
    parse = docs().parse
    for _, line in found:
        parse(line)
    assert {file for file, _ in found} == {
        "forcewire.service", "forcewire-crawl.service", "forcewire-backup.service", "forcewire", "Dockerfile", "compose/compose.yaml",
        "sqlite/watch.yaml", "postgresql/watch.yaml", "postgresql/serve.yaml", "postgresql/upgrade.yaml",
    }  # fmt: skip
    assert len(found) >= 15


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("forcewire.toml")), ids=lambda path: path.parent.name)
def test_settings_are_known_and_can_be_used(path):
    from forcewire.settings.reading import read

    reading = read({}, named=path)
    assert reading.unknown == ()
    assert reading.settings.contact == "newsdesk@example.org"
    assert {*tomllib.loads(path.read_text("utf-8"))} <= {*KEYS}


def test_variables_are_known():
    known = {key.variable for key in KEYS.values()}
    files = {key.variable + "_FILE" for key in KEYS.values() if key.secret}
    for path in FILES:
        said = set(re.findall(r"\bFORCEWIRE_[A-Z_]+[A-Z]\b", path.read_text("utf-8")))
        assert said - known - files <= {"FORCEWIRE_CONFIG", "FORCEWIRE_SERVICE_HOST"}, path


def test_addresses_that_are_asked_are_there(news: News):
    asked = {
        found
        for path in FILES
        for found in re.findall(r"(?:path: |127\.0\.0\.1:8000)(/[a-z./]+)", path.read_text("utf-8"))
        if path.name != "ingress.yaml"
    }
    assert asked == {"/health/live", "/feeds.opml"}
    for path in asked:
        assert get(news.url + path).status == 200, path
    assert get(f"{news.url}/metrics").status == 200  # else nothing would show that it is closed
