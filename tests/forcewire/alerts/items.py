"""What a notice tells, invented."""

from __future__ import annotations

from typing import Any

from tests.forcewire.alerts.conftest import NOW


def item(**given: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        **{
            "alert": 7,
            "event": "began",
            "subject": "source:tarn",
            "name": "Tarn Police",
            "state": "broken",
            "before": None,
        },
        **{"sources": ["tarn"], "why": "The last 3 crawls failed: the site's name leads nowhere.", "trouble": "dns"},
        **{"since": NOW.isoformat(), "last_good_at": NOW.isoformat(), "well_since": None, "relapses": 0, "first": None},
    }
    return values | given
