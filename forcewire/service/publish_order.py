"""Publishing as a child process does it."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from feeds.press import PressError
from feeds.publishing import PublishError, publish
from storage.database import StoreError, open_store


def carry_out(order: dict[str, Any], told: int) -> int:
    """Publishes the store, tells one line of JSON (`written`, `unchanged`, `problems`, `hub`; or `failure`) on a file
    descriptor and returns the exit code.
    """
    try:
        engine = open_store(order["database_url"], must_exist=True)
        try:
            report = publish(
                engine,
                Path(order["out"]),
                base_url=order["base_url"],
                now=datetime.fromisoformat(order["now"]),
                tagging_entity=order["tagging_entity"],
                hub=order["hub"],
            )
        finally:
            engine.dispose()
    except (PublishError, PressError, StoreError, OSError) as error:
        _tell(told, {"failure": str(error)})
        return 1
    said = {"written": len(report.written), "unchanged": report.unchanged, "problems": report.problems[:50]}
    _tell(told, said | {"hub": report.hub})
    return 0


def _tell(told: int, what: dict[str, Any]) -> None:
    line = json.dumps(what).encode() + b"\n"
    with suppress(BrokenPipeError):  # the service is gone
        while line:
            line = line[os.write(told, line) :]
