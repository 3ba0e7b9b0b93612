"""The licences of all that Forcewire runs with, read from what is installed. `python docs/licences.py` writes docs/licences.md anew; it, and
`make licences`, fail where a licence is unknown or does not go with a distribution under the Apache License 2.0.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE = Path(__file__).parent / "licences.md"
PROJECT = Path(__file__).parents[1] / "pyproject.toml"
EXTRAS = ("postgresql", "notify")  # what the image holds beside the core

# Permissive, or weak copyleft of a part that is used as it is: a library under the LGPL or a file under the MPL that is not changed.
GOES_WITH = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "LGPL-3.0-only", "LGPL-3.0-or-later", "LicenseRef-BSD", "MIT", "MIT-0", "MPL-2.0",
    "PSF-2.0", "Python-2.0", "Unlicense", "ZPL-2.1", "Zlib",
}  # fmt: skip

# What older packages write in place of an SPDX expression, in a classifier or as text.
_WRITTEN = {
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "BSD": "LicenseRef-BSD",  # with two clauses or three: its file says which
    "BSD License": "LicenseRef-BSD",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "Zope Public License": "ZPL-2.1",
}
# The metadata says several things or none; this is what the licence file in the package says.
_READ = {"feedgen": "BSD-2-Clause OR LGPL-3.0-or-later"}


def needed() -> Iterator[Distribution]:
    """Forcewire's dependencies, theirs, and so on, by name."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    own = [*project["dependencies"], *(each for extra in EXTRAS for each in project["optional-dependencies"][extra])]
    found: dict[str, Distribution] = {}
    waiting = [*_wanted(own, "")]
    seen = {*waiting}
    while waiting:
        name, extra = waiting.pop()
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue  # of another platform or an older Python
        new = {*_wanted(found[name].requires or (), extra)} - seen
        seen |= new
        waiting += new
    return (found[name] for name in sorted(found))


def _wanted(requirements: Iterable[str], extra: str) -> Iterator[tuple[str, str]]:
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield from ((canonicalize_name(requirement.name), each) for each in ("", *requirement.extras))


def licence(package: Distribution) -> str | None:
    """Its licence as an SPDX expression, None where the package does not say one that is known."""
    name, meta = (
        canonicalize_name(package.name),
        package.metadata,
    )  # .get: importlib_metadata, where imported, raises for what is not there
    if name in _READ:
        return _READ[name]
    classed = [each.rpartition(" :: ")[2] for each in meta.get_all("Classifier") or () if each.startswith("License ::")]
    short = (meta.get("License") or "").strip().splitlines()[:1]
    for said in [meta.get("License-Expression")] if meta.get("License-Expression") else [*classed, *short]:
        try:
            return str(canonicalize_license_expression(_WRITTEN.get(said, said)))
        except InvalidLicenseExpression:
            continue
    return None


def goes_with_ours(expression: str | None) -> bool:
    """Whether one of its alternatives is made of licences that go with ours."""
    return expression is not None and any(
        all(part.strip(" ()") in GOES_WITH for part in re.split(r"\sAND\s|\sWITH\s\S+", way) if part.strip(" ()"))
        for way in re.split(r"\sOR\s", expression)
    )


def rows() -> list[tuple[str, str | None]]:
    return [(canonicalize_name(package.name), licence(package)) for package in needed()]


def written() -> str:
    lines = "\n".join(f"| {name} | {said or 'unknown'} |" for name, said in rows())
    return f"""# Licences

Forcewire is under the Apache License 2.0. This is what it runs with, with the extras {" and ".join(f"`{each}`" for each in EXTRAS)}; `python docs/licences.py`
writes the table from what is installed, and `make licences` fails where one is unknown or does not go with a distribution under ours. `LicenseRef-BSD`
is one of the BSD licences, of which the package does not say which. What is under the LGPL (psycopg, pygal) or the MPL (certifi) is used as it
is published, as a package of its own.

| package | licence |
|---|---|
{lines}
"""


if __name__ == "__main__":
    PAGE.write_text(written(), "utf-8")
    wrong = [f"{name}: {said or 'its licence is unknown'}" for name, said in rows() if not goes_with_ours(said)]
    sys.exit("\n".join(wrong) if wrong else 0)
