"""Scrapy's settings for a pass over many sources, which are the same for all of them."""

from __future__ import annotations

from typing import Self

from scrapy.settings import BaseSettings, Settings, SettingsAttribute


class SharedSettings(Settings):
    """Each crawl has its own settings and shares their values. Scrapy would copy every value deeply, which for fifty sources
    costs as much as asking them: no crawl of ours changes a value in place.
    """

    def __init__(self) -> None:
        # Without Scrapy's defaults, which a copy would only replace.
        BaseSettings.__init__(self)

    @classmethod
    def with_defaults(cls) -> Self:
        """Scrapy's own settings."""
        own = cls()
        own.attributes = Settings().attributes
        return own

    def copy(self) -> Self:
        """Settings that can be set apart from these. Groups of settings, which Scrapy itself fills up, can be as well."""
        own = type(self)()
        own.attributes = _apart(self.attributes)
        return own


def _apart(attributes: dict[str, SettingsAttribute]) -> dict[str, SettingsAttribute]:
    return {
        name: SettingsAttribute(_group(attribute.value), attribute.priority) for name, attribute in attributes.items()
    }


def _group(value: object) -> object:
    if not isinstance(value, BaseSettings):
        return value
    group = BaseSettings()
    group.attributes = _apart(value.attributes)
    return group
