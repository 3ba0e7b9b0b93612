"""What was sent to whom: a JSON file of our own, replaced whole after each message, so that a kill repeats one at most."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from feeds.alerts.searches import AlertError


@dataclass(slots=True)
class Told:
    """How far one search was told to one target: all changes up to `after`, and `sent` of those behind it. `at`: the last run's
    time; `digest_at`: the last digest's.
    """

    search: str
    after: int
    at: datetime
    digest_at: datetime
    sent: set[int] = field(default_factory=set)


class State:
    """Raises `AlertError` where the file cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._told = self._read()

    @staticmethod
    def _key(search: str, url: str) -> str:
        """Target URLs hold passwords: the file has only their digests."""
        return sha256(f"{search}\0{url}".encode()).hexdigest()[:24]

    def get(self, search: str, url: str) -> Told | None:
        return self._told.get(self._key(search, url))

    def keep(self, url: str, told: Told) -> None:
        """Written to the disk before this returns."""
        self._told[self._key(told.search, url)] = told
        plain = {key: asdict(each) | {"sent": sorted(each.sent)} for key, each in sorted(self._told.items())}
        aside = self.path.with_name(f".{self.path.name}.new")
        try:
            with aside.open("w", encoding="utf-8") as file:
                json.dump({"format": 1, "told": plain}, file, default=datetime.isoformat, indent=1)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self.path)
        except OSError as error:
            aside.unlink(missing_ok=True)
            raise AlertError(f"{self.path} cannot be written: {error.strerror}") from error

    def _read(self) -> dict[str, Told]:
        try:
            plain = json.loads(self.path.read_bytes())
            return {str(key): _told(each) for key, each in plain["told"].items()}
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise AlertError(f"{self.path} cannot be read: {error.strerror}") from error
        except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
            raise AlertError(
                f"{self.path} is damaged; remove it, and the next run begins from then (or from --since)"
            ) from error


def _told(plain: dict[str, object]) -> Told:
    at, digest_at = (datetime.fromisoformat(str(plain[name])) for name in ("at", "digest_at"))
    sent = plain["sent"]
    if not isinstance(sent, list) or at.tzinfo is None or digest_at.tzinfo is None:
        raise ValueError
    return Told(str(plain["search"]), int(str(plain["after"])), at, digest_at, {int(each) for each in sent})


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else uses this state: two runs at once would tell everything twice. Raises `AlertError` when somebody does."""
    try:
        import fcntl
    except ImportError:  # Windows has none: there, two runs are the user's to keep apart
        yield
        return
    try:
        lock = path.with_name(f".{path.name}.lock").open("w")
    except OSError as error:
        raise AlertError(f"{path.parent} cannot be written into: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlertError(f"another forcewire notify is at work with {path}") from None
        except OSError as error:  # a folder of another machine's
            raise AlertError(f"{path} cannot be kept from other runs: {error.strerror}") from error
        yield
