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
        """Settings that can be set apart from these. Groups of settings, which Scrapy itself fills up, are copied whole."""
        own = type(self)()
        own.attributes = {
            name: SettingsAttribute(_own(attribute.value), attribute.priority)
            for name, attribute in self.attributes.items()
        }
        return own


def _own(value: object) -> object:
    return value.copy() if isinstance(value, BaseSettings) else value
