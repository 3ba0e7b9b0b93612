"""The settings as the program takes them."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from forcewire.settings.keys import KEYS
from forcewire.settings.values import SettingError, parsed
from storage.rules import Rules


def _key(name: str) -> Any:
    key = KEYS[name]
    return Field(default=key.default, description=key.meaning, repr=not key.secret)


class SourceSettings(BaseModel):
    """What a table [source.ID] says in place of the source's entry; None where it says nothing. `interval` and `hours` are
    as an entry has them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    enabled: bool = True
    interval: str | int | None = None
    hours: str | tuple[str, ...] | None = None
    max_pages: int | None = None


class Settings(BaseModel):
    """What an operator set, or the defaults; None where neither says anything. `delay` is in seconds, `crawl_memory` and
    `disk_free` in bytes; `backup_at` is a time in Europe/London, None for never, as is `keep_crawls`.

    Made from text as an operator would write it, or from values: `Settings(crawl_time="15m", port=0)`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=True)

    database_url: str | None = _key("database_url")
    sources: Path | None = _key("sources")
    contact: str | None = _key("contact")
    base_url: str | None = _key("base_url")
    tagging_entity: str | None = _key("tagging_entity")
    hub: str | None = _key("hub")
    delay: float | None = _key("delay")
    publish_dir: Path | None = _key("publish_dir")
    host: str = _key("host")
    port: int = _key("port")
    workers: int = _key("workers")
    crawl_time: timedelta = _key("crawl_time")
    crawl_memory: int = _key("crawl_memory")
    log_format: Literal["auto", "console", "json"] = _key("log_format")
    log_level: Literal["debug", "info", "warning", "error"] = _key("log_level")
    keep_crawls: timedelta | None = _key("keep_crawls")
    backup_dir: Path | None = _key("backup_dir")
    backup_at: time | None = _key("backup_at")
    backup_keep: int = _key("backup_keep")
    ready_after: timedelta = _key("ready_after")
    disk_free: int = _key("disk_free")
    alert_webhook: str | None = _key("alert_webhook")
    alert_mail_to: tuple[str, ...] = _key("alert_mail_to")
    alert_mail_from: str | None = _key("alert_mail_from")
    smtp: str | None = _key("smtp")
    alert_apprise: tuple[str, ...] = _key("alert_apprise")
    alert_after: timedelta = _key("alert_after")
    heartbeat: str | None = _key("heartbeat")
    heartbeat_every: timedelta = _key("heartbeat_every")
    rules: Rules = Rules()
    source: dict[str, SourceSettings] = Field(default={}, description="what an operator says of single sources, by id")

    @field_validator("*", mode="before")
    @classmethod
    def _as_written(cls, value: Any, info: ValidationInfo) -> Any:
        key = KEYS.get(info.field_name or "")
        if key is None or (key.kind != "list" and not isinstance(value, str | int | float)):
            return value
        try:
            return parsed(key.kind, value if value is not None else ())
        except SettingError as error:
            raise ValueError(str(error)) from None
