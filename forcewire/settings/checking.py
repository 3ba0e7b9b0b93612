"""What is wrong with the settings, all of it at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from forcewire import options
from forcewire.settings.reading import BadSettingsError
from forcewire.settings.values import SettingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Lines for a person; `file`: which was read."""

    problems: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    file: Path | None = None


def problems(sources_dir: Path | None = None) -> Checked:
    """Reads the settings anew, and the tables of single sources against the entries."""
    from crawler.entries import SourceError, load_entries
    from forcewire.settings.sources import with_settings

    try:
        found = options.read_anew()
    except BadSettingsError as error:
        return Checked(problems=tuple(error.problems))
    except (SettingError, OSError) as error:
        return Checked(problems=(str(error),))
    wrong = list(found.unknown)
    try:
        wrong += with_settings(load_entries(sources_dir or found.settings.sources), found)[1]
    except (SourceError, SettingError) as error:
        wrong.append(str(error))
    return Checked(problems=tuple(wrong), warnings=found.warnings, file=found.file)
