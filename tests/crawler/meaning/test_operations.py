"""Named operations are found, whatever else is called an operation is not."""

from __future__ import annotations

import pytest

from crawler.meaning.operations import operations


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("It was part of Operation Rovik, which ran all week.", ["Operation Rovik"]),
        ("Officers of the Op Sceptre team were out.", ["Operation Sceptre"]),
        ("Call 101 quoting 'Operation Tarn'.", ["Operation Tarn"]),
        ("Under **Operation Rovik** and _Op Tarn_ three were held.", ["Operation Rovik", "Operation Tarn"]),
        ("Quote OPERATION ROVIK.", ["Operation Rovik"]),
        ("As part of operation Rovik, officers went out.", ["Operation Rovik"]),
        ("Farmers know Operations Rovik and Tarn.", ["Operation Rovik", "Operation Tarn"]),
        ("Cyclists took part in Operation Green Kettle on Friday.", ["Operation Green Kettle"]),
        ("The Operation Rovik Team and Operation Rovik East met.", ["Operation Rovik"]),
        ("Follow \\#OpGreenKettle for more.", ["Operation Green Kettle"]),
        ("Operation Rovik began in May. Op Rovik goes on.", ["Operation Rovik"]),
    ],
)
def test_a_named_operation_is_found_once_and_in_one_form(body: str, expected: list[str]) -> None:
    assert operations("Three arrested in Ambleford", body) == tuple(expected)


@pytest.mark.parametrize(
    "body",
    [
        "She was taken to the operation theatre, then to Operation Theatre 2.",
        "Operations Manager Alex Rowe and the Roads Policing Operations Unit helped.",
        "An operation to stop thefts. During the operation Chief Inspector Rowe said so.",
        "It ended the operation. Officers from Ambleford went home.",
        "Thieves struck at the Co-Op Food store and an Op Ed was written.",
        "Special Operation Unit, Crime Operation Department",
        "We thank everyone for their cooperation Ambleford.",
    ],
)
def test_other_operations_have_no_name(body: str) -> None:
    assert operations("Police operation in Ambleford", body) == ()


def test_a_headline_in_capitals_names_an_operation_only_if_the_body_knows_it() -> None:
    assert operations("Joint Operation Nets Three Men In Ambleford", "Three men were arrested.") == ()
    assert operations("Op Rovik Nets Three Men In Ambleford", "The Rovik team arrested three men.") == (
        "Operation Rovik",
    )
    assert operations("Burglar caught by Operation Rovik", "He was arrested on Friday.") == ("Operation Rovik",)
