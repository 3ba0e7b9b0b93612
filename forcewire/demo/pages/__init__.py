"""The page shapes of six kinds of news site, by kind."""

from __future__ import annotations

from forcewire.demo.pages import drupal, govuk, mynewsdesk, own_newsroom, single_online_home, wordpress
from forcewire.demo.pages.kind import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        single_online_home.KIND,
        mynewsdesk.KIND,
        govuk.KIND,
        wordpress.KIND,
        drupal.KIND,
        own_newsroom.KIND,
    )
}
