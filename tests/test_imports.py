"""The house's arrows: crawler -> storage <- feeds; forcewire starts the other three; nothing imports forcewire."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "crawler": {"storage"},
    "storage": set(),
    "feeds": {"storage"},
    "forcewire": {"crawler", "storage", "feeds"},
}


def imported(tree: ast.AST, module: str, is_package: bool) -> Iterator[tuple[int, str]]:
    """Line and full name of everything a module imports, wherever in it: in functions, under TYPE_CHECKING, relative
    ones, and those by name through `import_module` and `__import__`.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = module.split(".")
            above = base[: len(base) - node.level + is_package] if node.level else []
            name = ".".join([*above, *([node.module] if node.module else [])])
            yield node.lineno, name
            yield from ((node.lineno, f"{name}.{alias.name}" if name else alias.name) for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(first := node.args[0], ast.Constant):
            called = ast.unparse(node.func)
            if called.rsplit(".", 1)[-1] in ("import_module", "__import__") and isinstance(first.value, str):
                yield node.lineno, first.value


def wrong_arrows(root: Path) -> list[str]:
    """Each import against the arrows as 'file:line imports name'."""
    wrong = []
    for package, allowed in MAY_IMPORT.items():
        for path in sorted((root / package).rglob("*.py")):
            module = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
            tree = ast.parse(path.read_text("utf-8"), str(path))
            for line, name in imported(tree, module, path.name == "__init__.py"):
                target = name.partition(".")[0]
                if target in MAY_IMPORT and target != package and target not in allowed:
                    wrong.append(f"{path.relative_to(root)}:{line} imports {target}")
    return list(dict.fromkeys(wrong))


def test_imports_follow_the_arrows():
    assert wrong_arrows(ROOT) == []


def test_every_package_of_the_house_is_looked_at():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages == set(MAY_IMPORT)


@pytest.mark.parametrize(
    ("path", "code", "found"),
    [
        ("storage/a.py", "import crawler.items", "crawler"),
        ("storage/a.py", "def f():\n    from feeds import build", "feeds"),
        (
            "feeds/a.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from crawler.items import Item",
            "crawler",
        ),
        ("crawler/readers/a.py", "from ...feeds.build import publish", "feeds"),
        ("crawler/readers/__init__.py", "from ... import feeds", "feeds"),
        ("crawler/a.py", "import storage, forcewire.cli as door", "forcewire"),
        ("crawler/a.py", "from importlib import import_module\nimport_module('forcewire.cli')", "forcewire"),
        ("feeds/a.py", "__import__('crawler')", "crawler"),
    ],
)
def test_an_import_against_the_arrows_is_found(tmp_path: Path, path: str, code: str, found: str):
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(code)
    assert [line.rsplit(" ", 1)[1] for line in wrong_arrows(tmp_path)] == [found]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("crawler/a.py", "import storage.records\nfrom .items import Item\nfrom feedsomething import x"),
        ("crawler/readers/__init__.py", "from .. import items\nfrom .base import Reader"),
        ("forcewire/a.py", "import crawler, storage, feeds"),
    ],
)
def test_an_import_along_the_arrows_is_let_through(tmp_path: Path, path: str, code: str):
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(code)
    assert wrong_arrows(tmp_path) == []
