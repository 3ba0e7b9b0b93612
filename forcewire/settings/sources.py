"""What an operator says of single sources, in place of what their entries say."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

from forcewire.settings.values import SettingError

if TYPE_CHECKING:
    from crawler.entries import SourceEntry
    from forcewire.settings.reading import Reading


def with_settings(entries: Mapping[str, SourceEntry], reading: Reading) -> tuple[dict[str, SourceEntry], list[str]]:
    """The entries with the keys of [source.ID] in place of their own, and a line for each ID that is no source. Raises
    `SettingError` where a value cannot be used, all of them in one message.
    """
    made, unknown, problems = dict(entries), [], []
    for source, table in reading.settings.source.items():
        if source not in entries:
            near = get_close_matches(source, entries, n=1)
            hint = f"; did you mean {near[0]}?" if near else "; forcewire sources list shows them"
            unknown.append(f"{reading.file}: [source.{source}] is for no source{hint}")
            continue
        said = {name: value for name, value in table.model_dump(exclude_unset=True).items() if value is not None}
        try:
            made[source] = _changed(entries[source], said)
        except ValueError as error:
            problems.append(f"{reading.file}: [source.{source}] {error}")
    if problems:
        raise SettingError("; ".join(problems))
    return made, unknown


def _changed(entry: SourceEntry, said: Mapping[str, object]) -> SourceEntry:
    from pydantic import ValidationError

    if not said:
        return entry
    plain = entry.model_dump(mode="json") | {"interval": entry.interval.total_seconds()}
    try:
        read = type(entry).model_validate({**plain, **said})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ValueError(f"{first['loc'][0]}: {first['msg'].removeprefix('Value error, ')}") from None
    return entry.model_copy(update={name: getattr(read, name) for name in said})
