"""`forcewire sources add`: a new source from one address."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forcewire import looking, options
from forcewire.output import print_object, print_table

if TYPE_CHECKING:
    from crawler.probing.discovered import Discovered
    from crawler.probing.writing import Written


@click.command("add", short_help="Write the entry of a new source from one address.")
@click.argument("url")
@click.option(
    "--area", metavar="NAME", required=True, help="The territory that its stories belong to; feeds are cut by it."
)
@click.option("--force", metavar="NAME", help="The organisation's name [default: as its site calls itself].")
@click.option(
    "--id", "id_", metavar="ID", help="The source's id, and the name of its file [default: made of the area]."
)
@click.option(
    "--host", "hosts", metavar="HOST", multiple=True, help="Another host that its pages are on; may be given again."
)
@looking.replace
@looking.allow_loopback
@looking.delay
@options.sources_dir
@options.as_json
def command(
    url: str,
    area: str,
    force: str | None,
    id_: str | None,
    hosts: tuple[str, ...],
    replace: bool,
    allow_loopback: bool,
    delay: float | None,
    sources_dir: Path | None,
    as_json: bool,
) -> None:
    """Find the listings of a site from its front page, a listing or an article, read three articles, and write an entry.

    Each listing is fetched and has links, or it is left out; the entry says beside each fact what it rests on. The pages that
    were read are kept below DIR/pages as test cases: they may hold people's names, so think before you pass them on.
    DIR is my-sources unless --sources or FORCEWIRE_SOURCES says otherwise.

    \b
    Example:
      FORCEWIRE_CONTACT=desk@example.org forcewire sources add https://www.wexmoor.police.example/ --area Wexmoor
    """
    from crawler.entries import owner_of
    from crawler.probing.adding import discover
    from crawler.probing.case_names import CaseExists
    from crawler.probing.entry_text import names
    from crawler.probing.session import Job, Session, run_job
    from crawler.probing.site import plain_entry, web_address
    from crawler.probing.writing import EntryExists, check_alone, check_free, new_id, write_source

    folder, id_ = looking.own_folder(sources_dir), new_id(id_, area)
    _check_names(area, id_, force)
    with looking.plain_errors():
        try:
            check_free(folder, id_, replace=replace)
            address = web_address(url)
            others = [] if replace else options.entries(looking.readable_folder(sources_dir)).values()
            check_alone([address], id_, others)
            asked = plain_entry(address, force=force or f"{area} Police", area=area, id_=id_, more_hosts=hosts)
            with looking.working(f"asking {address}", quiet=as_json) as say:

                async def work(session: Session) -> Discovered:
                    return await discover(session, address, say)

                found = run_job(Job(asked, work), looking.crawl_options(allow_loopback=allow_loopback, delay=delay))
                check_alone([one.url for one in found.listings], id_, others)
                who, today = names(found, area, force), datetime.now(UTC).date()
                written = write_source(folder, id_, found, who, given=address, on=today, replace=replace, say=say)
        except (CaseExists, EntryExists) as error:
            raise click.ClickException(str(error)) from error
    owner = owner_of(address, options.entries(looking.readable_folder(sources_dir)).values())
    if owner is not None and owner.id != id_:
        found.notes.append(f"mind: source {owner.id} reads this host already")
    if found.instead:
        used = ", ".join(one.url for one in found.listings)
        click.echo(f"{address}: {found.instead}; used {used} instead", err=True)
    following = _next(id_, folder, allow_loopback=allow_loopback)
    if as_json:
        print_object(as_object(found, written) | {"next": following})
    else:
        show(found, written, following)


def _check_names(area: str, id_: str, force: str | None) -> None:
    if not area.strip():
        raise click.ClickException("--area: the name of a territory is wanted, such as 'Cumbria'")
    if force is not None and not force.strip():
        raise click.ClickException("--force: a name is wanted")
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", id_):
        raise click.ClickException(f"--id: {id_!r} is no id: small letters, digits and hyphens only")


def _next(id_: str, folder: Path, *, allow_loopback: bool) -> str:
    here = " --allow-loopback" if allow_loopback else ""
    return f"forcewire sources check {id_} --sources {shlex.quote(str(folder))}{here}"


def as_object(found: Discovered, written: Written) -> dict[str, Any]:
    """What was found and written, for programs."""
    return {
        "id": written.entry.id,
        "path": written.path,
        "reader": written.entry.reader,
        "platform": found.platform.platform,
        "signs": found.platform.signs,
        "listings": [
            {"kind": one.kind, "url": one.url, "links": len(one.listing.links), "dated": one.dated, "why": one.why}
            for one in found.listings
        ],
        "articles": [
            {"url": a.record.url, "title": a.record.title, "published_at": a.record.published_at}
            for a in found.articles
        ],
        "cases": written.cases,
        "not_used": found.notes,
    }


def show(found: Discovered, written: Written, following: str) -> None:
    """What was found and written, for a person."""
    click.echo(f"{written.entry.force}: {found.platform.platform}, {'; '.join(found.platform.signs)}")
    rows = [(one.kind, len(one.listing.links), one.dated, one.why, one.url) for one in found.listings]
    print_table(("Listing", "Links", "Dated", "Why", "Address"), rows)
    read = [(a.record.published_at, a.record.title, len(a.record.body.split())) for a in found.articles]
    print_table(("Published", "Title", "Words"), read)
    for note in found.notes:
        click.echo(note if note.startswith("mind: ") else f"not used: {note}")
    click.echo(f"written: {written.path}, and {len(written.cases)} test cases in {written.cases[0].parent}")
    click.echo(f"next: {following}")
