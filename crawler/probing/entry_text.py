"""A source's entry as a TOML file that says beside each fact what it rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from crawler.entries import ListingEntry, SourceEntry
from crawler.probing.discovered import Discovered, FoundListing
from crawler.probing.measures import affixes, article_pattern, force_in, repeated_lines
from crawler.probing.quoting import quoted
from crawler.readers import READERS

_LEAST_LINKS = 3
# What a site calls itself when it is a platform's, or says nothing.
_NO_FORCE = re.compile(
    r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}|mynewsdesk|gov\.uk|prgloo|news|newsroom|home|website|latest news|press", re.I
)
_SEEN = "page"  # the word of `known` for what was seen on the site itself


@dataclass(slots=True, frozen=True)
class Names:
    """How the source is called, and the words that say where each name is from."""

    area: str
    force: str
    force_from: str


def names(found: Discovered, area: str, force: str | None) -> Names:
    """The force's name: as given, as the site calls itself, as it stands behind its titles, or made of the area."""
    if force:
        return Names(area, force, "as given")
    for key in ("og:site_name", "pressroom:name"):
        site = next((name for a in found.articles if (name := a.page.first(key))), None)
        if site and not _NO_FORCE.fullmatch(site):
            return Names(area, site, f"{key} of the articles")
    for suffix in affixes([a.page for a in found.articles]).suffixes:
        if (name := force_in(suffix)) and not _NO_FORCE.fullmatch(name):
            return Names(area, name, "what stands behind the titles")
    return Names(area, f"{area} Police", "nothing: made of the area, correct it")


def entry_text(found: Discovered, who: Names, *, given: str, on: date) -> str:
    """The entry as TOML with its comments."""
    keys = SourceEntry.model_fields
    around = affixes([a.page for a in found.articles])
    many = len(found.articles)
    lines = [
        f"# Written by `forcewire sources add` on {on.isoformat()} from {given}",
        "# What is not marked otherwise was seen on the site on that day. Correct what is wrong: nothing here is overwritten unasked.",
        f"name = {quoted(_name(who))}",
        f"# {who.force_from}",
        f"force = {quoted(who.force)}",
        f"area = {quoted(who.area)}",
        f"# {_reader_reason(found)}",
        f"reader = {quoted(found.reader)}",
        *_hosts(found),
        *_listings(found, with_known="known" in ListingEntry.model_fields),
        *_language(found),
        'interval = "15m"',
    ]
    for key, measured in (("title_prefixes", around.prefixes), ("title_suffixes", around.suffixes)):
        if measured:
            lines.append(f"# {'; '.join(f'{quoted(text)} on {n} of {many} articles' for text, n in measured.items())}")
            lines.append(f"{key} = [{', '.join(quoted(text) for text in measured)}]")
    if not around.prefixes and not around.suffixes:
        lines.append(f"# nothing stands around the titles of the {many} articles that were read")
    lines += _articles(found, "articles" in keys)
    lines += _furniture(found)
    lines += _assertions(found)
    if "known" in keys:
        note = f"added from {given}; three articles and the listings were read once"
        lines += [
            "",
            "[known]",
            *_platform(found),
            f"article = {quoted(_SEEN)}",
            f"hosts = {quoted(_SEEN)}",
            f"note = {quoted(note)}",
        ]
    return "\n".join(lines) + "\n"


def _platform(found: Discovered) -> list[str]:
    """How well the platform is known: seen where a sign is proof, inferred where signs add up, else not at all."""
    word = {"sure": _SEEN, "likely": "inferred"}.get(found.platform.sure)
    return [f"platform = {quoted(word)}"] if word else []


def _name(who: Names) -> str:
    return who.force if "news" in who.force.lower() else f"{who.force} news"


def _reader_reason(found: Discovered) -> str:
    platform = found.platform
    read = f"{len(found.articles)} articles were read with it"
    if platform.platform not in READERS:
        return f"looks like {platform.platform} ({'; '.join(platform.signs)}), which has no reader of its own; {read}"
    if found.reader != platform.platform:
        return f"looks like {platform.platform} ({'; '.join(platform.signs)}), but the generic reader read more; {read}"
    return f"{'; '.join(platform.signs)}; {read}"


def _hosts(found: Discovered) -> list[str]:
    urls = [one.url for one in found.listings] + [a.response.url for a in found.articles]
    hosts = list(dict.fromkeys(urlsplit(url).netloc.lower() for url in urls))
    return [
        "# the hosts of the listings and of the articles that were read",
        f"hosts = [{', '.join(map(quoted, hosts))}]",
    ]


def _listings(found: Discovered, *, with_known: bool) -> list[str]:
    lines = ["listing = ["]
    for one in found.listings:
        known = f", known = {quoted(_SEEN)}" if with_known else ""
        lines.append(f"    # {one.why}; {_counted(one)}")
        lines.append(f"    {{ kind = {quoted(one.kind)}, url = {quoted(one.url)}{known} }},")
    return [*lines, "]"]


def _counted(one: FoundListing) -> str:
    links = len(one.listing.links)
    following = (
        "; it has a next page" if one.listing.next_url else "; no next page was found" if one.kind == "html" else ""
    )
    return f"{links} links, {one.dated} with a date{following}"


def _language(found: Discovered) -> list[str]:
    said = [(a.page.root.get("lang") or "")[:2].lower() for a in found.articles]
    stated = [each for each in said if each]
    if not stated:
        return ["# no page says its language", 'language = "en"']
    most = max(set(stated), key=stated.count)
    return [f"# html lang of {stated.count(most)} of {len(said)} articles", f"language = {quoted(most)}"]


def _articles(found: Discovered, has_key: bool) -> list[str]:
    """Which paths are articles: only where the listing also links other pages, as a sitemap does; else a new section would be
    lost one day.
    """
    pattern = article_pattern([a.response.url for a in found.articles], [link.url for link in found.links])
    if pattern is None:
        return []
    text, fits = pattern
    why = f"# the articles read lie there, and {fits} of {len(found.links)} links"
    whole_site = any(one.kind == "sitemap" for one in found.listings)
    if has_key and (whole_site or 0.5 * len(found.links) <= fits < len(found.links)):
        return [why, f"articles = [{_literal(text)}]"]
    return [f"{why}; all links are taken for articles", f"# articles = [{_literal(text)}]"] if has_key else []


def _furniture(found: Discovered) -> list[str]:
    lines = repeated_lines([a.record.body for a in found.articles])[:5]
    if not lines:
        return []
    return [
        "# lines that stand in all articles that were read; make those that are no part of a story regular expressions here",
        *(f"# furniture: {line}" for line in lines),
    ]


def _assertions(found: Discovered) -> list[str]:
    links = len(found.listings[0].listing.links)
    many = len(found.articles)
    dated = sum(1 for a in found.articles if a.record.published_at)
    fill = ["published_at = 0.9"] if dated == many else [f"published_at = {0.5 * dated / many:.1f}"] if dated else []
    return [
        "[assertions.min]",
        f"# {links} links were on the first listing",
        f"links = {min(_LEAST_LINKS, links)}",
        "[assertions.fill]",
        f"# {dated} of {many} articles had a date",
        *fill,
    ]


def _literal(text: str) -> str:
    return f"'{text}'" if "'" not in text else quoted(text)
