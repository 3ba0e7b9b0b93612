"""The places that settings are said in: each tells what it says, and where a person finds it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import create_model
from pydantic_settings import BaseSettings, EnvSettingsSource, InitSettingsSource, SettingsConfigDict

from forcewire.settings.keys import FILE_SUFFIX, KEYS, PREFIX
from forcewire.settings.toml_file import SettingsFile
from forcewire.settings.values import SettingError


class _Base(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX)


# Every key as it is written; `Settings` says what it means.
_AnyFields: Any = dict.fromkeys(KEYS, (Any, None))
_Written: type[BaseSettings] = create_model("_Written", __base__=_Base, **_AnyFields)


class Variables(EnvSettingsSource):
    """FORCEWIRE_* of an environment; an empty one counts as not set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = {name: value.strip() for name, value in environ.items() if name.startswith(PREFIX)}
        super().__init__(_Written)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._environ.items() if value}

    def where(self, name: str) -> str:
        """The variable's name."""
        return KEYS[name].variable


class SecretFiles(InitSettingsSource):
    """Secrets in files of their own, as containers hand them out: FORCEWIRE_SMTP_FILE names the file that holds `smtp`.

    Raises `SettingError` where a file cannot be read or is empty, or where the secret itself is set as well.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(_Written, dict(_secrets(environ)))

    def where(self, name: str) -> str:
        """The variable's name."""
        return KEYS[name].variable + FILE_SUFFIX


class Toml(InitSettingsSource):
    """The file's keys; one that is empty counts as not set, as a variable does."""

    def __init__(self, file: SettingsFile) -> None:
        self._file = file
        said = {name: value for name, value in file.values.items() if name in KEYS and value not in ("", [])}
        super().__init__(_Written, said)

    def where(self, name: str) -> str:
        """FILE:LINE."""
        return self._file.where(name)


class Options(InitSettingsSource):
    """What was given on the command line, before the command."""

    def __init__(self, given: Mapping[str, str | None]) -> None:
        super().__init__(_Written, {name: value for name, value in given.items() if value})

    def where(self, name: str) -> str:
        """The option."""
        return "--database" if name == "database_url" else f"--{name.replace('_', '-')}"


def _secrets(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    for key in KEYS.values():
        variable = key.variable + FILE_SUFFIX
        path = environ.get(variable, "").strip()
        if not key.secret or not path:
            continue
        if environ.get(key.variable, "").strip():
            raise SettingError(f"{key.variable} and {variable} are both set; only one of them can count")
        try:
            text = Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise SettingError(f"{variable}: {path}: {why}") from None
        if not text:
            raise SettingError(f"{variable}: {path} is empty")
        found.append((key.name, text))
    return found
