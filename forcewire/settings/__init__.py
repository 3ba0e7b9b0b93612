"""The settings of an operator: one file, the environment, and options on the command line.

Only what is light is imported here, because every command needs it; `forcewire.settings.model` has `Settings`.
"""

from __future__ import annotations

from forcewire.settings.keys import KEYS, VARIABLES, Key, unknown_variables
from forcewire.settings.values import SettingError, seconds, store_url

__all__ = ["INTERRUPTED", "KEYS", "VARIABLES", "Key", "SettingError", "seconds", "store_url", "unknown_variables"]

INTERRUPTED = 130  # 128 + SIGINT: the exit code after Ctrl-C, as a shell reports it
