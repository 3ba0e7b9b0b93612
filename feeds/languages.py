"""Languages as feeds name them (RFC 5646)."""

from __future__ import annotations

import re

DEFAULT = "en-GB"

# ISO 639-1: what checkers of feeds know of, and all that a page of a force in the UK was ever written in.
_KNOWN = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et"
    " eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj"
    " kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr"
    " nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg"
    " th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)
_TAG = re.compile(r"([A-Za-z]{2})(?:[-_]([A-Za-z]{2}))?(?:[^A-Za-z].*)?", re.DOTALL)


def language_tag(said: str | None) -> str | None:
    """A language as pages say it ('en', 'en_gb', 'cy-GB') as a tag: 'en-GB', 'cy-GB'. None for what is no language."""
    found = _TAG.fullmatch((said or "").strip())
    if not found or found[1].lower() not in _KNOWN:
        return None
    language = found[1].lower()
    if found[2]:
        return f"{language}-{found[2].upper()}"
    return DEFAULT if language == "en" else language
