"""Settings as they are read: option before environment before file before default, and where each came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from forcewire.settings.keys import KEYS, written
from forcewire.settings.model import Settings, SourceSettings
from forcewire.settings.origins import Options, SecretFiles, Toml, Variables
from forcewire.settings.toml_file import SettingsFile, find, read_file
from forcewire.settings.unread import open_secrets, unknown
from forcewire.settings.values import SettingError, parsed
from storage.rules import VARIABLES as RULES
from storage.rules import rules_from

DEFAULT = "default"
_RULES = {name.lower() for name, *_ in RULES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The settings; `file` that was read; `said`: the keys that are not at their default, as they were written, and
    `origins` the place of each. `unknown`: lines about keys that nothing reads; `warnings`: about what else is not well.
    """

    settings: Settings
    file: Path | None = None
    said: Mapping[str, Any] = field(default_factory=dict, repr=False)
    origins: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def where(self, name: str) -> str:
        """Where a key's value came from: an option, a variable, FILE:LINE, or 'default'."""
        return self.origins.get(name, DEFAULT)


class BadSettingsError(SettingError):
    """Values that cannot be used: all of them, a line each in `problems`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of an environment alone; an empty variable counts as not set. Raises `SettingError`."""
    return read(environ, look=False).settings


def read(
    environ: Mapping[str, str],
    named: Path | None = None,
    options: Mapping[str, str | None] | None = None,
    *,
    look: bool = True,
) -> Reading:
    """Reads everything anew: a service does so after SIGHUP. `named`: the file of --config, before that of
    FORCEWIRE_CONFIG. `look`: for a file in its usual places, where none was named. Raises `BadSettingsError` and `OSError`.
    """
    said_file = environ.get("FORCEWIRE_CONFIG", "").strip()
    named = named or (Path(said_file) if said_file else None)
    path = find(named) if look or named else None
    file = read_file(path) if path else None
    said: dict[str, Any] = {}
    origins: dict[str, str] = {}
    places: list[Options | Variables | SecretFiles | Toml] = [Options(options or {}), Variables(environ)]
    for origin in (*places, SecretFiles(environ), *([Toml(file)] if file else [])):
        for name, value in origin().items():
            if name not in said:
                said[name], origins[name] = value, origin.where(name)
    tables = file.values.get("source", {}) if file else {}
    settings = _made(said, origins, tables, file)
    if file is not None:
        origins |= {
            name: file.where(name)
            for source, table in settings.source.items()
            for name in (f"source.{source}.{key}" for key in table.model_fields_set)
        }
    return Reading(
        settings=settings,
        file=path,
        said=said,
        origins=origins,
        unknown=tuple(unknown(file)) if file else (),
        warnings=tuple(open_secrets(file)) if file else (),
    )


def _made(said: Mapping[str, Any], origins: Mapping[str, str], tables: Any, file: SettingsFile | None) -> Settings:
    problems, rules = [], {}
    for name in sorted(_RULES & set(said)):
        try:
            rules[KEYS[name].variable] = written(parsed(KEYS[name].kind, said[name]))
        except SettingError as error:
            problems.append(f"{_place(origins[name], name)}: {error}")
    own = {name: value for name, value in said.items() if name not in _RULES}
    try:
        made = Settings.model_validate({**own, "rules": rules_from(rules), "source": _known_keys(tables)})
    except ValidationError as error:
        problems += [_problem(each, origins, file) for each in error.errors(include_input=False, include_url=False)]
    if problems:
        raise BadSettingsError(problems)
    return made


def _known_keys(tables: Any) -> Any:
    """Without the keys that nothing reads, which are warned about and no reason to stop."""
    if not isinstance(tables, dict):
        return tables
    return {
        source: {key: value for key, value in table.items() if key in SourceSettings.model_fields}
        if isinstance(table, dict)
        else table
        for source, table in tables.items()
    }


def _problem(error: Any, origins: Mapping[str, str], file: SettingsFile | None) -> str:
    loc = [str(part) for part in error["loc"]]
    told = str(error["ctx"]["error"]) if "error" in error.get("ctx", {}) else str(error["msg"]).lower()
    if loc[0] in origins:
        return f"{_place(origins[loc[0]], loc[0])}: {told}"
    name = ".".join(loc[:3])
    return f"{_place(file.where(name) if file else DEFAULT, name)}: {told}"


def _place(origin: str, name: str) -> str:
    """A variable or an option names its key; a file has many."""
    return origin if origin.startswith(("FORCEWIRE_", "--")) else f"{origin}: {name}"
