"""`forcewire sources save`: pages of a source kept as test cases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from forcewire import looking, options
from forcewire.commands.crawl import chosen
from forcewire.output import print_object

if TYPE_CHECKING:
    from crawler.probing.session import Session


@click.command("save", short_help="Keep pages of a source as test cases.")
@click.argument("source")
@click.argument("url", nargs=-1)
@click.option("--from-check", is_flag=True, help="Keep the listing and the three articles that a check would read.")
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where the cases go [default: pages in your folder of entries].",
)
@looking.replace
@looking.allow_loopback
@looking.delay
@options.sources_dir
@options.as_json
def command(
    source: str,
    url: tuple[str, ...],
    from_check: bool,
    out: Path | None,
    replace: bool,
    allow_loopback: bool,
    delay: float | None,
    sources_dir: Path | None,
    as_json: bool,
) -> None:
    """Fetch article pages of SOURCE and keep each as DIR/SOURCE/CASE/: the page as served, meta.toml, and expected.json.

    expected.json holds what the reader makes of the page now: look at it, and correct what is wrong; only then it tests
    anything. The pages are real and hold people's names: docs/checking.md says where they may go.

    \b
    Example:
      FORCEWIRE_CONTACT=desk@example.org forcewire sources save bedfordshire --from-check
    """
    if bool(url) == from_check:
        raise click.UsageError("give either URLs or --from-check")
    from crawler.probing.case_names import CaseExists
    from crawler.probing.keeping import keep_checked, keep_pages
    from crawler.probing.session import Job, run_job
    from crawler.probing.site import own_address, web_address

    [entry] = chosen(options.entries(looking.readable_folder(sources_dir)), [source])
    folder = (out or looking.own_folder(sources_dir) / "pages") / entry.id
    with looking.plain_errors():
        addresses = [own_address(web_address(one), entry) for one in url]
        with looking.working(f"asking for pages of {entry.id}", quiet=as_json) as say:

            async def work(session: Session) -> list[Path]:
                if from_check:
                    return await keep_checked(session, folder, say, replace=replace)
                return await keep_pages(session, addresses, folder, say, replace=replace)

            try:
                cases = run_job(Job(entry, work), looking.crawl_options(allow_loopback=allow_loopback, delay=delay))
            except CaseExists as error:
                raise click.ClickException(str(error)) from error
    if as_json:
        print_object({"source": entry.id, "cases": cases})
        return
    for case in cases:
        click.echo(f"saved: {case}")
    click.echo("next: look at each expected.json and correct what is wrong; the pages hold people's names")
