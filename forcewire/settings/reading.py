"""Settings as they are read: from the environment."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from forcewire.settings.keys import KEYS
from forcewire.settings.model import Settings
from forcewire.settings.values import SettingError
from storage.rules import RuleError, rules_from


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of an environment; an empty variable counts as not set. Raises `SettingError`."""
    said = {
        key.name: text
        for key in KEYS.values()
        if key.name in Settings.model_fields and (text := environ.get(key.variable, "").strip())
    }
    try:
        return Settings.model_validate({**said, "rules": rules_from(environ)})
    except RuleError as error:
        raise SettingError(str(error)) from error
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        raise SettingError(f"{KEYS[str(first['loc'][0])].variable}: {first['ctx']['error']}") from None
