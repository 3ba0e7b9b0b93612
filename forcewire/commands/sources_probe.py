"""`forcewire sources probe`: what one address holds, field by field, and how sure that is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forcewire import looking, options
from forcewire.output import print_object, print_table

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
    from crawler.probing.saving import CaseExists, save_article, save_listing

    try:
        if found.record is not None:
            return [str(save_article(folder / source, found.response, found.record, replace=replace))]
        assert found.listing is not None
        return [str(save_listing(folder / source, found.response, found.kind, found.listing, replace=replace))]
    except CaseExists as error:
        raise click.ClickException(str(error)) from error


def as_object(found: Look) -> dict[str, Any]:
    """What was found as one object for programs."""
    platform = found.platform
    told: dict[str, Any] = {
        "url": found.url,
        "final_url": found.final_url,
        "what": found.what,
        "signs": found.signs,
        "against": found.against,
        "source": found.entry,
        "reader": found.reader,
        "platform": {
            "name": platform.platform,
            "sure": platform.sure,
            "signs": platform.signs,
            "others": platform.others,
            "generator": platform.generator,
        },
        "feeds": found.feeds,
        "sitemaps": found.sitemaps,
    }
    if found.record is not None:
        told["fields"] = [_without_name(each) for each in found.fields]
        told["differences"] = found.differences
        told["record"] = found.record
    if found.listing is not None:
        told["kind"] = found.kind
        told["links"] = found.listing.links
        told["next_url"] = found.listing.next_url
        told["other_readers"] = found.other_listings
    return told


def _without_name(finding: Any) -> dict[str, Any]:
    from dataclasses import asdict

    row = asdict(finding)
    return {"field": row.pop("name"), **row}


def show(found: Look, *, everything: bool) -> None:
    """What was found, for a person."""
    platform = found.platform
    owner = f"source {found.entry}" if found.entry else "no source owns this host"
    click.echo(f"{found.what}: {found.final_url}")
    click.echo(f"  because: {'; '.join(found.signs) or 'you said so'}")
    if found.against:
        click.echo(f"  against: {'; '.join(found.against)}")
    click.echo(f"  read by: {found.reader} ({owner})")
    click.echo(f"  platform: {platform.platform}, {platform.sure}: {'; '.join(platform.signs)}")
    for other, signs in platform.others.items():
        click.echo(f"    also like {other}: {'; '.join(signs)}")
    for name, values in (("feed announced", found.feeds), ("sitemap in robots.txt", found.sitemaps)):
        for value in values:
            click.echo(f"  {name}: {value}")
    click.echo("")
    if found.record is not None:
        _show_article(found, everything=everything)
    else:
        _show_listing(found, everything=everything)


def _show_article(found: Look, *, everything: bool) -> None:
    assert found.record is not None
    rows = [(f.name, _short(f.value), ", ".join(f.where), f.sure, f.why) for f in found.fields]
    print_table(("Field", "Value", "Where", "How sure", "Why"), rows)
    for each in found.differences:
        click.echo(f"{', '.join(each.readers)}: {each.field}: {_short(each.value, 200)}")
    body = found.record.body.rstrip()
    if not everything:
        lines = body.splitlines()
        body = (
            "\n".join([*lines[:4], f"[... {len(lines) - 6} more lines; --body shows them]", *lines[-2:]])
            if len(lines) > 8
            else body
        )
    click.echo(f"\n{body}")


def _show_listing(found: Look, *, everything: bool) -> None:
    assert found.listing is not None
    links = found.listing.links
    shown = links if everything else links[:15]
    rows = [(n, _short(link.title), _short(link.published_raw, 32), link.url) for n, link in enumerate(shown, 1)]
    print_table(("No", "Title", "Date beside it", "Address"), rows)
    if len(shown) < len(links):
        click.echo(f"and {len(links) - len(shown)} more links; --body shows them")
    dated = sum(1 for link in links if link.published_raw)
    click.echo(
        f"{len(links)} links, {dated} with a date beside them; next page: {found.listing.next_url or 'none found'}"
    )
    for name, what in found.other_listings.items():
        click.echo(f"{name}: {what}")


def _short(value: object, size: int = 60) -> str:
    from datetime import datetime

    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= size else f"{text[: size - 1]}…"
