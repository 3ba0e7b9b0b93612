"""`forcewire sources probe`: what one address holds, field by field, and how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from forcewire import looking, options
from forcewire.output import print_object
from forcewire.shown import as_object, show

if TYPE_CHECKING:
    from crawler.probing.look import As, Look


@click.command("probe", short_help="Look at one address: what is read from it, and how sure.")
@click.argument("url")
@click.option(
    "--as", "as_", type=click.Choice(["article", "listing"]), help="Take it for this, whatever it looks like."
)
@click.option(
    "--reader", metavar="NAME", help="Another reader than that of the entry, or of the platform it looks like."
)
@click.option("--body", is_flag=True, help="Print the whole body of an article, or all links of a listing.")
@click.option("--save", metavar="DIR", type=click.Path(path_type=Path), help="Keep the page as a test case below DIR.")
@looking.replace
@looking.allow_loopback
@looking.delay
@options.sources_dir
@options.as_json
def command(
    url: str,
    as_: As | None,
    reader: str | None,
    body: bool,
    save: Path | None,
    replace: bool,
    allow_loopback: bool,
    delay: float | None,
    sources_dir: Path | None,
    as_json: bool,
) -> None:
    """Fetch one address as politely as a crawl would, and print what is found there, where it stands and how sure that is.

    It may be an article or a listing: a page of links, a feed, a sitemap. What holds no news is named in one line (a page
    that is not news, a 404, a PDF, a login, a wall, a page that a script fills, ...), with exit code 1. Nothing is stored.

    \b
    Example:
      FORCEWIRE_CONTACT=desk@example.org forcewire sources probe https://www.beds.police.uk/news/a-story/
    """
    from crawler.entries import owner_of
    from crawler.probing.look import look
    from crawler.probing.session import Job, Session, run_job
    from crawler.probing.site import plain_entry, web_address
    from crawler.probing.trouble import NoNews
    from crawler.readers import READERS, canonical_reader_name

    name = canonical_reader_name(reader) if reader else None
    if name is not None and name not in READERS:
        raise click.ClickException(f"no reader is called {reader!r}; there are {', '.join(sorted(READERS))}")
    entries = options.entries(looking.readable_folder(sources_dir))

    async def work(session: Session) -> Look:
        return await look(session, address, known=known is not None, as_=as_, reader=name)

    with looking.plain_errors():
        try:
            address = web_address(url)
            known = owner_of(address, entries.values())
            job = Job(known or plain_entry(address), work)
            with looking.working(f"asking {address}", quiet=as_json):
                found = run_job(job, looking.crawl_options(allow_loopback=allow_loopback, delay=delay))
        except NoNews as error:
            if not as_json:
                raise
            print_object({"url": url, "what": "no news", "kind": error.kind, "message": str(error)})
            raise SystemExit(1) from error
    saved = _saved(found, job.entry.id, save, replace) if save else []
    if as_json:
        print_object(as_object(found) | ({"saved": saved} if saved else {}))
        return
    show(found, everything=body)
    for path in saved:
        click.echo(f"saved: {path}")


def _saved(found: Look, source: str, folder: Path, replace: bool) -> list[str]:
    from crawler.probing.case_names import CaseExists
    from crawler.probing.saving import save_article, save_listing

    try:
        if found.record is not None:
            return [str(save_article(folder / source, found.response, found.record, replace=replace))]
        assert found.listing is not None
        return [str(save_listing(folder / source, found.response, found.kind, found.listing, replace=replace))]
    except CaseExists as error:
        raise click.ClickException(str(error)) from error
