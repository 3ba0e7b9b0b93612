"""The words of dates: months, weekdays and labels in English, Welsh and the larger languages of Europe.

Welsh months also as they stand after 'o', 'ym' and 'a' ('3 o Fawrth', 'ym Mehefin', 'a Thachwedd'). A short form that means
different months in two languages is left out.
"""

from __future__ import annotations

from itertools import chain

_ENGLISH = (
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|october oct|november nov|december dec"
)  # fmt: skip
_WELSH = (
    "ionawr ion|chwefror chwef chw|mawrth maw fawrth|ebrill ebr|mai fai|mehefin meh fehefin|gorffennaf gorff gor orffennaf ngorffennaf|"
    "awst|medi fedi|hydref hyd|tachwedd tach dachwedd nhachwedd thachwedd|rhagfyr rhag ragfyr"
)  # fmt: skip
_EUROPE = {
    "de": "januar jänner jan|februar feber|märz maerz mär mrz|april|mai|juni|juli|august|september|oktober okt|november|dezember dez",
    "fr": "janvier janv|février fevrier févr fév fev|mars|avril avr|mai|juin|juillet juil|août aout|septembre|octobre|novembre|décembre decembre déc",
    "es": "enero ene|febrero|marzo|abril abr|mayo|junio|julio|agosto ago|septiembre setiembre|octubre|noviembre|diciembre dic",
    "it": "gennaio gen|febbraio|marzo|aprile|maggio mag|giugno giu|luglio lug|agosto|settembre set|ottobre ott|novembre|dicembre",
    "nl": "januari|februari|maart mrt|april|mei|juni|juli|augustus|september|oktober|november|december",
    "pt": "janeiro|fevereiro|março marco|abril|maio|junho|julho|agosto|setembro|outubro out|novembro|dezembro",
    "pl": "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia",
    "cs": "ledna|února|března|dubna|května|června|července|srpna|září|října|listopadu|prosince",
    "sv": "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december",
    "da": "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|desember des",
    "fi": "tammikuuta|helmikuuta|maaliskuuta|huhtikuuta|toukokuuta|kesäkuuta|heinäkuuta|elokuuta|syyskuuta|lokakuuta|marraskuuta|joulukuuta",
    "ro": "ianuarie|februarie|martie|aprilie|mai|iunie|iulie|august|septembrie|octombrie|noiembrie|decembrie",
    "tr": "ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık",
    "ru": "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря",
    "ca": "gener|febrer|març|abril|maig|juny|juliol|agost|setembre|octubre|novembre|desembre",
}  # fmt: skip
MONTHS = {
    name: number
    for table in (_ENGLISH, _WELSH, *_EUROPE.values())
    for number, names in enumerate(table.split("|"), 1)
    for name in names.split()
}


def _shortened(word: str) -> set[str]:
    return {word[:n] + word[n + 1 :] for n in range(len(word))}


_SLIPS: dict[str, int] = {
    slip: number
    for number, names in enumerate(_ENGLISH.split("|"), 1)
    if len(name := names.split()[0]) > 5
    for slip in (name, *_shortened(name))
}


def month_of(word: str) -> int | None:
    """The month that a word names, 1 to 12. A long English name may have one letter too many, too few, wrong or swapped."""
    word = word.lower()
    if (number := MONTHS.get(word)) is not None or len(word) < 6 or not word.isascii():
        return number
    if (number := _SLIPS.get(word)) is not None:
        return number
    return next((found for short in sorted(_shortened(word)) if (found := _SLIPS.get(short)) is not None), None)


def either(*words: str) -> str:
    """A part of a regular expression that matches any of these words, each of which may be an expression itself."""
    return "(?:" + "|".join(chain.from_iterable(group.split("|") for group in words)) + ")"


WEEKDAY = either(
    r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|satur?|sat|sun)(?:day)?t?",
    r"(?:dydd\s+|nos\s+)?(?:llun|lun|mawrth|fawrth|mercher|fercher|iau|gwener|wener|sadwrn|sul)",
    r"(?:mon|diens|donners|frei|sams|sonn)tag|sonnabend|mittwoch|mo|di|mi|do|fr|sa|so",
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    r"lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo|(?:segunda|ter[çc]a|quarta|quinta|sexta)(?:-feira)?",
    r"(?:luned|marted|mercoled|gioved|venerd)[ìi]|domenica|sabato|(?:maan|dins|woens|donder|vrij|zater|zon)dag",
    r"(?:m[åa]n|tis|ons|tors|fre|l[öo]r|s[öo]n)dag|poniedziałek|wtorek|środa|czwartek|piątek|sobota|niedziela",
)
PUBLISHED = either(
    r"(?:first\s+)?(?:published?|pubished|posted|issued|released?|released\s+on|dated?|added|created|submitted|written)",
    r"cyhoeddwyd|(?:online\s+)?ver[öo]e?ffentlich(?:t|ung)|erstellt|eingestellt|geschrieben|verfasst|erschienen|gepostet|beitrag|datum|erscheinungsdatum",
    r"(?:mis\s+en\s+ligne|publié|publiée|posté|écrit|rédigé|paru)|publicad[oa]|publicaci[óo]n|fecha|postad[oa]|escrito|data",
    r"pubblicat[oa]|inserit[oa]|postat[oa]|scritto|gepubliceerd|geplaatst|gepost|publicerad|publiceret|publisert|opublikowan[oey]",
    r"dodan[oe]|publikováno|julkaistu|yayınlan\w+|yayımlan\w+|опубликовано|дата|发布(?:日期|时间|于)?|发表(?:时间|于)?|日期|时间|時間|公開日?",
)
MODIFIED = either(
    r"(?:last\s+|latest\s+)?(?:modified|updated?|edited|reviewed|amended|changed|revised|revision)|diweddarwyd",
    r"(?:zuletzt\s+|letzte\s+)?(?:aktualisiert|aktualisierung|ge[äa]ndert|[äa]nderung|bearbeitet)|stand",
    r"(?:dernière\s+)?(?:mis\s+à\s+jour|mise\s+à\s+jour|modifié|modifiée|modification)|(?:[úu]ltima\s+)?(?:actualiza(?:do|ci[óo]n)|atualiza(?:do|ção)|modificaci[óo]n)",
    r"(?:ultimo\s+)?(?:aggiornat[oa]|aggiornamento|modificat[oa])|(?:laatst\s+)?(?:bijgewerkt|gewijzigd)|(?:senast\s+)?uppdaterad|opdateret|oppdatert|aktualizacja|(?:最后)?更新(?:日期|时间|日)?",
)
RENDERED = either(
    r"current\s+timestamp|printed|page\s+generated|accessed|retrieved|today|heute|aujourd['’]hui|hoy|oggi|vandaag|hoje"
)
# What else a line of a date may say: prepositions, 'o'clock', and what sort of page it is.
FILLER = either(
    r"on|at|am|pm|of|date|time|ar|o|news|blog|appeals?|stor(?:y|ies)|articles?|press releases?|statements?|updates?|the",
    r"vom|den|um|der|uhr|le|à|a|alle|ore|del|de|el|las|los|op|om|il|em|às|kl|klo|dnia|h|hrs",
)
