"""Makes the tables of docs/sources.md from the entries: python docs/sources.py"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path

from crawler.entries import ListingEntry, SourceEntry, load_entries
from crawler.entries.known import EVIDENCE

PAGE = Path(__file__).with_name("sources.md")
TEST_PAGES = Path(__file__).parent.parent / "tests" / "pages"
BEGIN = "<!-- From here on made by docs/sources.py out of crawler/sources: edit those. -->"
END = "<!-- Until here. -->"
FACTS: dict[str, Callable[[SourceEntry], str | None]] = {
    "the platform": lambda entry: entry.known.platform,
    "the shape of an article's address": lambda entry: entry.known.article,
    "which hosts belong to it": lambda entry: entry.known.hosts,
    "the listing that is tried first": lambda entry: entry.listing[0].known,
    "the best known of its listings": lambda entry: _best(entry),
}


def made(entries: Collection[SourceEntry]) -> str:
    """The part of the page that the entries tell."""
    checked = sum(1 for entry in entries if entry.known.checked)
    return f"""{BEGIN}

**Tried on their live sites: {checked or "none"} of the {len(entries)} bundled entries.** `forcewire sources check` does that: see [checking.md](checking.md).

What they rest on, in entries:

{_counts(entries)}
{_meanings()}

A page may be as old as 2014: a note says so where nothing newer was seen. Sites move.

{_all(entries)}
{_pages(entries)}
{END}"""


def _best(entry: SourceEntry) -> str | None:
    known = {listing.known for listing in entry.listing}
    return next((word for word in EVIDENCE if word in known), None)


def _counts(entries: Collection[SourceEntry]) -> str:
    rows = [f"| | {' | '.join(EVIDENCE)} | unknown |", "|---" * (len(EVIDENCE) + 2) + "|"]
    for name, fact in FACTS.items():
        found = Counter(fact(entry) for entry in entries)
        rows.append(f"| {name} | {' | '.join(str(found[word]) for word in (*EVIDENCE, None))} |")
    return "\n".join(rows) + "\n"


def _meanings() -> str:
    return "\n".join(f"- **{word}**: {meaning}" for word, meaning in EVIDENCE.items())


def _all(entries: Collection[SourceEntry]) -> str:
    rows = [
        "| source | force | region | reader | hosts | listings, the first to be tried first | an article's address | checked live | what is known |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for entry in entries:
        listings = ", ".join(f"{_kind(one)} ({one.known or 'unknown'})" for one in entry.listing)
        hosts = " ".join(f"`{host}`" for host in entry.hosts)
        rows.append(
            f"| `{entry.id}` | {entry.force} | {entry.region or ''} | `{entry.reader}` | {hosts} | {listings} | {entry.known.article or 'unknown'} "
            f"| {entry.known.checked or 'never'} | {entry.known.note} |"
        )
    return "\n".join(rows) + "\n"


def _kind(listing: ListingEntry) -> str:
    return "search" if "search" in listing.url and listing.kind == "html" else listing.kind


def _pages(entries: Collection[SourceEntry]) -> str:
    own = [entry.id for entry in entries if (TEST_PAGES / entry.id).is_dir()]
    return (
        f"Test pages of their own, all invented, have {', '.join(f'`{name}`' for name in own)}. The other {len(entries) - len(own)} have none: "
        "their reader is tested on invented pages of its platform."
    )


def written(page: str) -> str:
    """The page with its made part made anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{made(load_entries().values())}{after}"


def main() -> None:
    """Writes the page."""
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
