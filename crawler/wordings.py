"""What sites say, in English and Welsh, in place of a page: whole sentences of theirs, never words that a story may have too."""

from __future__ import annotations

import re
from typing import Literal

from storage.changes import normalise

# `gone`, `blocked` and `http`: the page is not there, is kept from us, is out of order. `filler`: said beside that, nothing by itself.
# `perhaps`: a headline of such a page, and of a story as well.
What = Literal["gone", "blocked", "http", "filler", "perhaps"]

_LONGEST = 250  # characters
_PARTS = {
    "page": r"(?:(?:the|this|that|your|our|any|a) )?(?:requested |selected )?(?:(?:web ?|news )?page|(?:news |press )?(?:article|story|item|release)|content|resource|file|(?:url|address)(?: /\S+)?|(?<=this )post"
    r"|(?:news|blog) post)(?:,? (?:that |which )?(?:(?:you|we)(?: are|'re| were|'ve| have)?(?: \w+){1,5}|requested))?",
    "away": r"(?:removed|deleted|withdrawn|unpublished|archived|expired|retired|taken (?:down|offline)|moved (?:or|and) \w+)",
    "not": r"(?:(?:was|is|could|can|does|did|has|would) ?(?:not|n't)(?: currently)?|cannot|can't|not|(?:is |can |are )?no longer)",
    "seen": r"(?:found|located|displayed|shown|viewed|accessed|opened|read|seen|loaded)",
    "where": r"(?:,? (?:from|on|at|to)(?: (?:our|this|the|that))? (?:web ?site|site|server|location|address|url|time|moment|public)| here| right now| at present| anymore| any more| any longer)*",
    "or_more": r"(?:,? (?:and|or)(?: <times>)? (?:<away>|moved|<not> (?:be )?(?:<seen>|available)))*",
    "times": r"(?:(?:is|has|was|have|may have|might have|'s)?(?: now| since| recently| either)?(?: been)?(?: now| since)?)",
    "our_site": r"(?:(?:the|this|our|your|that) )?(?:web ?site|site|server)",
    "cannot": r"(?:can ?not|can't|couldn't|could not|(?:were|are|'re) unable to|(?:are|were)n't able to)(?: seem to)?",
    "dudalen": r"(?:(?:'r|yr?) )?(?:dudalen|tudalen|erthygl|stori|cynnwys|eitem|datganiad)(?: newyddion)?(?: (?:hyn|hon|hwn|honno|hwnnw|yma))?"
    r"(?: (?:yr |y )?(?:ydych|rydych|oeddech|gofynnwyd)\b.{0,50})?",
    "methu": r"(?:ni (?:ellir|ellid|allwn|allem|chafwyd|lwyddwyd i|chanfuwyd|ddarganfuwyd|ddaethpwyd o)|heb|methu|methwyd|rydym yn methu|(?:nid oes|does dim|doedd dim) modd|(?:nid )?yd(?:ym|yn)(?: ni)?(?: ddim)?(?:'n| yn) gallu"
    r"|dyd(?:ym|yn)(?: ni)? ddim yn gallu)(?: ni)?(?: â)?",
    "canfod": r"(?:d?dod o hyd i|o hyd i|hyd i|[cg]h?ael hyd i|(?:c|ch|ng)?h?anfod|ganfod|d?darganfod|gweld|dangos|agor)",
    "tynnu": r"(?:wedi(?: cael)?(?:'i| ei)? (?:th?ynnu|dynnu|d?dileu|symud|h?archifo)(?:(?: yn|'n) ôl| i lawr| neu .{0,30})?|wedi dod i ben)(?: oddi ar .{0,20})?",
}
_WORDINGS: dict[What, tuple[str, ...]] = {
    "gone": (
        r"(?:404|410)(?: (?:error|page|file|not|found|gone))*|(?:page |article |file )?not found|no such page|page missing",
        r"<page> <not> (?:be )?(?:<seen>|exists?|available|live|here|published|accessible|on (?:our|this) (?:web ?)?site)<or_more><where>",
        r"<page> (?:is |are )?(?:currently |now )?(?:unavailable|missing|gone|<away>)<or_more><where>",
        r"<page>(?: |')?<times> <away><or_more><where>",
        r"(?:we|i) ?<cannot> (?:find|locate) (?:<page>|(?:what|the \w+) you.{0,40})",
        r"the (?:link|url|address)(?: (?:that )?you \w+)? (?:may|might|could) be (?:broken|incorrect|wrong),? or .{0,40}\b<away>",
        r"(?:there(?:'s| is) )?(?:nothing|no (?:page|article|story)) (?:was |could be )?(?:found|here)(?: (?:here|at (?:this|that) (?:location|address|url)))?",
        r"this appeal <not> (?:be )?(?:available|viewed)",
        r"(?:nid yw|dyw|dydy|nid ydy|nid oedd)(?:'r)? ?<dudalen> (?:ddim )?(?:ar gael|(?:yn|'n) bodoli|yma)(?: mwyach| bellach| ar hyn o bryd)?",
        r"<dudalen> (?:heb ei (?:ch?anfod|ganfod|d?darganfod|ch?ael)|ddim (?:ar gael|yn bodoli|yma)|ar gael mwyach|ar goll|goll)",
        r"(?:mae ?)?<dudalen> <tynnu>|heb ei (?:ganfod|chanfod|d?darganfod)",
        r"<methu>(?: <canfod>)? ?<dudalen>(?: <canfod>)?",
    ),
    "blocked": (
        r"(?:please )?(?:verify|confirm|prove|verifying|checking)(?: that)? you(?: are|'re) (?:a )?(?:human|not a (?:ro)?bot)(?: (?:to|by|before) .{0,60})?",
        r"are you (?:a )?(?:human|robot)(?: or a (?:ro)?bot)?|i'm not a robot|(?:human|browser|security) verification|(?:please )?complete the (?:captcha|(?:security )?check)\b.{0,80}",
        r"checking (?:your browser|if the site connection)\b.{0,60}|just a moment|attention required|pardon our interruption|enable javascript and cookies to continue",
        r"(?:you|your request) (?:have|has|was) been blocked|you are unable to access .{0,60}|you (?:(?:do not|don't) have (?:permission|access)|(?:are not|aren't) (?:authori[sz]ed|allowed)) to (?:view|access) .{0,80}|request (?:blocked|unsuccessful)",
        r"the requested url was rejected|press (?:&|and) hold .{0,60}|access to this (?:page|site|website) (?:has been|is) denied|(?:403|429)(?: (?:forbidden|too many requests))?|too many requests|you have sent too many requests\b.{0,60}",
        r"(?:our systems have detected )?unusual traffic from your .{0,40}|ddos protection by \w+",
        r"you(?: are|'re) (?:now )?in (?:(?:a|the|our) )?(?:virtual |waiting |online )?(?:line|queue)(?: (?:to|for) .{0,60})?|(?:virtual )?waiting room|your (?:estimated )?wait(?:ing)? time .{0,30}",
        r"(?:please )?(?:sign|log) ?in (?:with|using|to) (?:your|an|continue|view|see|access)\b.{0,80}|you (?:must|need to) (?:be (?:logged|signed)|log|sign) ?in\b.{0,60}",
        r"cadarnhewch (?:eich bod yn ddynol|nad ydych yn robot)|rydych (?:chi )?(?:mewn|yn y) ciw\b.{0,40}|(?:mewngofnodwch|rhaid (?:i chi )?fewngofnodi)\b.{0,60}",
    ),
    "http": (
        r"(?:looks like )?something(?: has)? (?:went|gone) wrong(?: (?:on our (?:end|side)|here))?|(?:there (?:was|is|has been) )?an? (?:\w+ )?(?:error|problem)(?: has)?(?: occurred| (?:on|with) (?:this|our|the) (?:web ?site|service)| (?:while|when) (?:\w+ing) (?:your request|(?:the|this|that) page))+",
        r"(?:<our_site>|your browser) (?:encountered|sent) an? (?:(?:internal|unexpected) error|request that)\b.{0,80}|(?:<our_site> |briefly |temporarily |currently )+unavailable(?: (?:for|due to) .{0,60})?|a client-side exception has occurred|server error in '/.{0,60}",
        r"(?:unexpected|application|internal|server|system)(?: server)? error|500(?: internal server error)?|(?:502 )?bad gateway|(?:504 )?gateway time-?out|(?:503 )?service (?:temporarily )?unavailable",
        r"error establishing a database connection|<our_site> (?:is|are)(?: currently| temporarily)* (?:unavailable|offline|down|unable to .{0,100}|closed for maintenance)(?: (?:for|due to|while) .{0,80})?",
        r"(?:<our_site> is|we(?: are|'re)|site|website)(?: currently)? (?:down for|under|undergoing|carrying out|performing|doing) (?:some )?(?:\w+ ){0,2}maintenance(?: (?:work )?(?:on (?:our|the|this) (?:web ?)?site|at the moment))?",
        r"we(?:'ll| will) be (?:right )?back (?:soon|shortly)|the service is unavailable|gwasanaeth ddim ar gael|mae'r wefan (?:ddim ar gael|i lawr|yn cael ei (?:chynnal|diweddaru))\b.{0,40}",
        r"(?:mae )?(?:rhywbeth (?:wedi mynd|aeth) o'i le|gwall (?:wedi digwydd|gweinydd|mewnol))",
    ),
    "perhaps": (
        r"we(?: are|'re) (?:currently )?(?:experiencing|having) (?:some )?technical (?:difficulties|problems|issues)|there (?:was|has been) an (?:error|problem)",
        r"(?:archived|expired|gone|removed|withdrawn|unavailable|not available|(?:please )?wait|one more step|access denied|forbidden|(?:security )?check|queue|problem|page|content|message|notice)",
        r"(?:news|news article|(?:site |website )?maintenance(?: mode)?|technical (?:difficulties|problem)|(?:sign|log) ?in|login|mewngofnod\w*|(?:rydym yn cynnal )?(?:gwaith )?cynnal a chadw(?: hanfodol)?|arhoswch|newyddion)",
    ),
    "filler": (
        r"(?:please |you (?:can|may|could) |maybe |perhaps )?(?:try|check|see|visit|use|go|return|refresh|reload|wait|head|search|browse|click|contact)\b.*",
        r"(?:back|home|home ?page|latest news|search|menu)(?: (?:to|page).{0,40})?|(?:thank you|thanks|apologies)\b.{0,80}|for (?:any|the) inconvenience.{0,40}|if (?:you|the|this)\b.*|you will be .{0,80}",
        r"ray id\b.{0,60}|(?:error|incident|reference|request) (?:code|id|number|reference)\b.{0,40}|(?:it|they) (?:may|might|could|has) .{0,80}|performance (?:and|&) security by .{0,30}|(?:call|dial) (?:999|101)\b.{0,60}|.{0,40}consult (?:with )?your administrator|your support id is|[\d-]{3,40}",
        r"(?:gwiriwch|rhowch gynnig|ceisiwch|ewch|defnyddiwch|cysylltwch|chwiliwch|dychwelwch|gallwch|os|efallai|diolch)\b.*|yn ôl i.{0,40}|hafan",
    ),
}  # fmt: skip


def _compiled(wordings: tuple[str, ...]) -> re.Pattern[str]:
    text = "|".join(wordings)
    while found := re.search(r"<(\w+)>", text):
        text = text.replace(found[0], _PARTS[found[1]])
    return re.compile(text, re.I)


_KINDS = {what: _compiled(wordings) for what, wordings in _WORDINGS.items()}
# Before what is said; alone it may be a story's headline.
_SORRY = re.compile(
    r"(?:(?:oops|whoops|sorry|uh oh|hmm+|(?:http|error|status)(?: code)?|we(?: are|'re) (?:very )?sorry|we apologi[sz]e|unfortunately|it (?:looks|seems|appears) (?:like|that|as if)|gwall|wps"
    r"|mae'n (?:wir )?ddrwg (?:gennym|gen i)(?: ni)?|ymddiheuriadau|yn anffodus|but|ond|that|nad)\b[\s,.:;!-]*)+",
    re.I,
)
_BETWEEN = re.compile(r"(?<=[.!?…])\s+|\s+[|–—-]\s+|(?<=\w):\s+")


def sentences(text: str) -> list[str]:
    """The sentences of a headline or of a body in Markdown, evened out, without their stops."""
    lines = (normalise(line, markdown=True) for line in text.split("\n"))
    return [part.strip(" .,!?…*:;\"'") for line in lines for part in _BETWEEN.split(line) if re.search(r"\w", part)]


def kind_of(sentence: str) -> What | None:
    """What a sentence of a site's own says; None for any other."""
    if len(sentence) > _LONGEST:
        return None
    start = _SORRY.match(sentence)
    if start is not None and start.end() == len(sentence):
        return "perhaps"
    rest = sentence[start.end() :] if start is not None else sentence
    return next((what for what, words in _KINDS.items() if words.fullmatch(rest) or words.fullmatch(sentence)), None)
