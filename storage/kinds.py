"""The kinds of news, how a person calls them, and the step from one to another. Nothing is loaded for it."""

from __future__ import annotations

NAMES = {
    "appeal": "Appeal",
    "missing": "Missing",
    "wanted": "Wanted",
    "found": "Found",
    "arrest": "Arrest",
    "charge": "Charge",
    "court": "Court",
    "incident": "Incident",
    "campaign": "Campaign",
    "organisation": "Organisation",
    "other": "Other",
}
_SAYS_NOTHING = (None, "", "other")


def kind_name(kind: str) -> str:
    """How a person calls a kind; one of a user's own reader by its own word."""
    return NAMES.get(kind) or kind[:1].upper() + kind[1:]


def step(before: str | None, after: str | None) -> str | None:
    """'Appeal → Arrest' where a story became one of another kind. None where it did not, or where either is unknown or 'other'."""
    if before == after or before in _SAYS_NOTHING or after in _SAYS_NOTHING:
        return None
    return f"{kind_name(str(before))} → {kind_name(str(after))}"
