"""What a look at one address found: as one object for programs, and for a person."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from forcewire.output import print_table

if TYPE_CHECKING:
    from crawler.probing.look import Look
    from crawler.probing.sureness import Finding


def as_object(found: Look) -> dict[str, Any]:
    """What was found as one object for programs."""
    platform = found.platform
    told: dict[str, Any] = {
        "url": found.url,
        "final_url": found.final_url,
        "status": found.response.status,
        "bytes": len(found.response.body),
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


def _without_name(finding: Finding) -> dict[str, Any]:
    row = asdict(finding)
    return {"field": row.pop("name"), **row}


def show(found: Look, *, everything: bool) -> None:
    """What was found, for a person."""
    platform = found.platform
    owner = f"source {found.entry}" if found.entry else "no source owns this host"
    click.echo(f"{found.what}: {found.final_url}")
    if found.final_url != found.url:
        click.echo(f"  redirected from: {found.url}")
    click.echo(f"  answer: {_answer(found)}")
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


def _answer(found: Look) -> str:
    response = found.response
    media = (response.headers.get("Content-Type") or b"no Content-Type").decode("latin-1")
    validators = [name for name in ("ETag", "Last-Modified") if name in response.headers]
    again = f"{' and '.join(validators)}, so that a visit costs little" if validators else "no ETag, no Last-Modified"
    return f"HTTP {response.status}, {media}, {len(response.body):,} bytes, {again}"


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
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= size else f"{text[: size - 1]}…"
