"""A story's kind is the main thing it tells now."""

from __future__ import annotations

import pytest

from crawler.meaning.kinds import kind

_BODY = "Officers are appealing for witnesses. Anyone with information should call 101."


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Appeal after bicycle theft in Ambleford", "appeal"),
        ("Do you recognise this man?", "appeal"),
        ("CCTV images released following burglary", "appeal"),
        ("Can you help trace the next of kin of Alex Rowe?", "appeal"),
        ("Concern for missing Ambleford man", "missing"),
        ("Have you seen missing teenager Robin?", "missing"),
        ("Appeal to locate wanted man from Ambleford", "wanted"),
        ("Wanted: Alex Rowe", "wanted"),
        ("UPDATE: missing girl found safe", "found"),
        ("Apêl am ferch sydd ar goll o Ambleford", "missing"),
        ("Merch sydd ar goll wedi'i chanfod yn ddiogel", "found"),
        ("Apêl am dystion wedi gwrthdrawiad", "appeal"),
        ("Dyn wedi ei gyhuddo o ladrad", "charge"),
        ("Carcharu dyn o Ambleford", "court"),
        ("Missing Ambleford man located", "found"),
        ("Two men arrested after stabbing", "arrest"),
        ("Wanted man arrested in Ambleford", "arrest"),
        ("Man charged and to appear in court", "charge"),
        ("Three teenagers charged with robbery", "charge"),
        ("Ambleford man jailed for burglary", "court"),
        ("Drug dealer sentenced to six years", "court"),
        ("Police officer jailed for fraud", "court"),
        ("Tribute to woman who died in collision", "incident"),
        ("Residents urged to lock sheds", "campaign"),
        ("Scam warning for Northshire", "campaign"),
        ("New chief constable appointed", "organisation"),
        ("Bravery award for two officers", "organisation"),
        ("Commissioner welcomes funding", "organisation"),
    ],
)
def test_the_headline_tells_the_kind(title: str, expected: str) -> None:
    assert kind(title, None, _BODY) == expected


def test_a_person_found_since_is_found_whatever_the_headline_still_says() -> None:
    body = "Posted on 1 May\n\nThis person has been found. Thank you for sharing the appeal."
    assert kind("Police concerned for missing Ambleford man", None, body) == "found"
    assert kind("Missing Ambleford man", None, "He has not been seen since Monday.") == "missing"


def test_found_guilty_is_not_found() -> None:
    assert (
        kind("Verdict in Ambleford case", None, "A man has now been found guilty of arson at the crown court.")
        == "court"
    )


def test_a_headline_that_says_nothing_leaves_it_to_the_first_sentences() -> None:
    assert kind("Ambleford – shed update", None, "Police are appealing for witnesses to a theft.") == "appeal"
    assert kind("Mill Lane, Ambleford", "A man has been charged with arson.", "He lives there.") == "charge"
    assert kind("", None, "Two people were arrested on Friday.") == "arrest"


def test_an_incident_with_whom_to_call_is_an_appeal_and_without_it_an_incident() -> None:
    assert kind("Burglary in Mill Lane", None, "A shed was broken into. Call 101 quoting 41/1234/20.") == "appeal"
    assert kind("Collision on the A999", None, "The road is closed. Nobody was hurt.") == "incident"


def test_what_says_nothing_known_is_other() -> None:
    assert kind("A walk by the river", None, "The water was high.") == "other"


def test_any_text_has_a_kind() -> None:
    for text in ("", "\x00", "İ" * 50, "missing " * 1000):
        assert kind(text, text, text)
