from __future__ import annotations

from pathlib import Path

import pytest

from forcewire.settings import SettingError, store_url, unknown_variables
from forcewire.settings.model import Settings
from forcewire.settings.reading import read_settings


def test_empty_environment_says_nothing():
    assert read_settings({}) == Settings()


def test_empty_variable_counts_as_not_set():
    assert read_settings({"FORCEWIRE_CONTACT": " ", "FORCEWIRE_DELAY": ""}) == Settings()


def test_all_variables_are_read():
    environ = {
        "FORCEWIRE_DATABASE_URL": "news.db",
        "FORCEWIRE_SOURCES": "mine",
        "FORCEWIRE_CONTACT": "a@example.org",
        "FORCEWIRE_DELAY": "2.5",
        "FORCEWIRE_BASE_URL": "https://news.example.org",
        "FORCEWIRE_TAGGING_ENTITY": "example.org,2026",
        "FORCEWIRE_HUB": "https://hub.example.org",
    }
    assert read_settings(environ) == Settings(
        database_url="sqlite:///news.db",
        sources=Path("mine"),
        contact="a@example.org",
        delay=2.5,
        base_url="https://news.example.org",
        tagging_entity="example.org,2026",
        hub="https://hub.example.org",
    )


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "3601", "1s"])
def test_delay_that_is_none_is_refused_by_name(value):
    with pytest.raises(SettingError, match=f"FORCEWIRE_DELAY: '{value}' is no number"):
        read_settings({"FORCEWIRE_DELAY": value})


def test_path_is_a_sqlite_file_and_a_url_stays():
    assert store_url("a/b.db") == "sqlite:///a/b.db"
    assert store_url("/var/b.db") == "sqlite:////var/b.db"
    assert store_url("postgresql+psycopg://h/d") == "postgresql+psycopg://h/d"


def test_variables_of_others_are_no_concern():
    assert list(unknown_variables({"PATH": "", "FORCEWIRE_CONTACT": "x", "FORCEWIRER": "x"})) == []
