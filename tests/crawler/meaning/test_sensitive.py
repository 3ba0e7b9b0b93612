"""Stories about missing people, children, sexual offences and private deaths are marked; ordinary ones are not."""

from __future__ import annotations

import pytest

from crawler.meaning.sensitive import sensitive


@pytest.mark.parametrize(
    ("title", "body", "kind"),
    [
        ("Ambleford man", "He is 76.", "missing"),
        ("Thank you", "The appeal is over.", "found"),
        ("Officer speaks out", "PC Rowe was looking for a man who had been reported missing.", "organisation"),
        ("Robbery in Mill Lane", "The victim, a 14-year-old, was punched.", "appeal"),
        ("Robbery in Mill Lane", "The victim is aged 9.", "appeal"),
        ("Two charged", "Alex Rowe, 17, of Mill Lane and another man are charged.", "charge"),
        ("Theft in Mill Lane", "A boy and his father saw it.", "appeal"),
        ("Officers raise money", "They were moved by five-year-old Robin's story.", "organisation"),
        ("Man sentenced", "He admitted two counts of sexual assault.", "court"),
        ("Man jailed", "He possessed indecent images.", "court"),
        ("Indecent exposure in park", "A woman was walking her dog.", "appeal"),
        ("Collision on the A999", "The driver sadly died at the scene.", "incident"),
        ("Next of kin sought", "Police look for relatives of Alex Rowe.", "appeal"),
        ("Daughter joins campaign", "Her father was killed when he cycled to work.", "campaign"),
        ("Man charged with murder", "Alex Rowe, 34, is due in court.", "charge"),
        ("Ap\u00eal am ferch", "Mae merch 14 oed ar goll o Ambleford.", "other"),
        ("Gwrthdrawiad", "Roedd y bachgen yn 9 mlwydd oed.", "incident"),
        ("Gwrthdrawiad angheuol", "Bu farw dyn yn y fan a'r lle.", "incident"),
        ("Carcharu dyn", "Cafwyd ef yn euog o ymosodiad rhywiol.", "court"),
    ],
)
def test_a_story_that_could_harm_is_sensitive(title: str, body: str, kind: str) -> None:
    assert sensitive(title, body, kind)


@pytest.mark.parametrize(
    ("title", "body", "kind"),
    [
        ("Bicycle stolen in Ambleford", "A 34-year-old man was robbed. He is aged 34. Call 101.", "appeal"),
        ("Drug dealer jailed", "Alex Rowe, 34, of Mill Lane, sold cannabis.", "court"),
        ("Two arrested", "Two men, aged 19 and 40, were held on suspicion of theft.", "arrest"),
        ("New police station opens", "Children from a school came to see it.", "organisation"),
        ("Road safety week", "Drivers should slow down where children play.", "campaign"),
        ("Speeding drivers stopped", "Three of 17, all on the A14, were fined.", "incident"),
        ("Serious assault", "Alex's boyfriend was in a stable condition.", "appeal"),
        ("Ap\u00eal am dystion", "Digwyddodd y lladrad ar Mill Lane; mae'r dyn yn 34 oed.", "appeal"),
        ("Gorsaf heddlu newydd", "Mae'r orsaf yn agor heddiw.", "organisation"),
        ("Theft from a power plant", "Cable was taken from the plant.", "appeal"),
    ],
)
def test_an_ordinary_story_is_not(title: str, body: str, kind: str) -> None:
    assert not sensitive(title, body, kind)
