"""Source entries of the newsroom's sites, as the crawler reads them from a folder."""

from __future__ import annotations

import json
from pathlib import Path

from forcewire.demo.articles import Site
from forcewire.demo.pages import KINDS


def entry_text(site: Site, *, kinds: tuple[str, ...] = (), links: int = 3) -> str:
    """A TOML source entry. `kinds` chooses and orders its listings (`html`, `rss`, `atom`); none means the usual ones."""
    kind = KINDS[site.kind]
    offered = kind.entry_listings(site)
    if kinds:
        offered = [each for wanted in kinds for each in offered if each[0] == wanted] or offered
    listing = ",\n".join(f"    {{ kind = {_quoted(name)}, url = {_quoted(site.url(path))} }}" for name, path in offered)
    suffixes = f"title_suffixes = [{_quoted(site.title_suffix)}]\n" if site.title_suffix else ""
    return (
        f"name = {_quoted(f'{site.force} newsroom')}\nforce = {_quoted(site.force)}\narea = {_quoted(site.area)}\n"
        f"reader = {_quoted(kind.reader)}\nhosts = [{_quoted(site.base_url.partition('://')[2])}]\nlisting = [\n{listing},\n]\n"
        f'language = {_quoted(site.language)}\ninterval = "15m"\nmax_pages = 1000\n{suffixes}[assertions.min]\nlinks = {links}\n'
        "[assertions.fill]\npublished_at = 0.9\n"
    )


def write_entries(sites: list[Site], folder: Path, *, kinds: tuple[str, ...] = (), links: int = 3) -> list[Path]:
    """One file a site in the folder, which is made; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for site in sites:
        path = folder / f"{site.id}.toml"
        path.write_text(entry_text(site, kinds=kinds, links=links), "utf-8")
        written.append(path)
    return written


def _quoted(value: str) -> str:
    return json.dumps(value)
