"""What an operator sets about watching is taken as it is meant, or refused in one line that names the variable."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.rules import VARIABLES, RuleError, Rules, rules_from


def test_nothing_said_is_the_defaults_and_what_is_said_counts() -> None:
    assert rules_from({}) == rules_from({"FORCEWIRE_WATCH": " "}) == Rules()
    given = rules_from({"FORCEWIRE_REVISITS": "1", "FORCEWIRE_REMOVAL_ANSWERS": "3", "FORCEWIRE_KEEP_PAGES": "0d"})
    assert (given.revisit.budget, given.removal.answers) == (1, 3)
    assert (given.retention.keep_pages, given.retention.erase_after) == (timedelta(0), timedelta(days=7))
    assert rules_from({"FORCEWIRE_REMOVAL_WITNESSES": "0"}).removal.witnesses == 0


@pytest.mark.parametrize("name", ["REMOVAL_ANSWERS", "REVISITS"])
def test_none_at_all_would_remove_everything_or_look_at_nothing_and_is_refused(name: str) -> None:
    with pytest.raises(RuleError, match=f"^FORCEWIRE_{name}: '0' is no whole number of 1 or more$"):
        rules_from({f"FORCEWIRE_{name}": "0"})


@pytest.mark.parametrize("name", [each[0] for each in VARIABLES])
@pytest.mark.parametrize("text", ["-1", "x", "1.5.2", "never ever", "9" * 30, "²"])
def test_what_cannot_be_used_is_refused_by_the_name_of_its_variable(name: str, text: str) -> None:
    with pytest.raises(RuleError, match=f"^FORCEWIRE_{name}: .*{text}"):
        rules_from({f"FORCEWIRE_{name}": text})
