"""Entries as the schedule takes them: which sources are crawled one after the other, and how often each is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from crawler.entries import SourceEntry
from storage.schedule import Planned


def planned(entries: Iterable[SourceEntry]) -> list[Planned]:
    """The entries that are enabled, for `storage.schedule.plan`. Give all of them: a site is told from all that share it."""
    entries = list(entries)
    sites = sites_of(entries)
    return [planned_as(entry, sites[entry.id]) for entry in entries if entry.enabled]


def planned_as(entry: SourceEntry, site: str) -> Planned:
    """One entry, of a site that is known."""
    return Planned(entry.id, site, entry.interval, entry.hours)


def sites_of(entries: Iterable[SourceEntry]) -> dict[str, str]:
    """By id a key that is equal for sources that share a host, directly or by another source: the first of all their hosts."""
    leads: dict[str, str] = {}

    def first(host: str) -> str:
        while (lead := leads.setdefault(host, host)) != host:
            leads[host] = host = leads[lead]  # shortens the way, so that a long chain is walked once
        return host

    names = {entry.id: sorted(entry.host_names) for entry in entries}
    for hosts in names.values():
        least = min(first(host) for host in hosts)
        for host in hosts:
            leads[first(host)] = least
    return {source: first(hosts[0]) for source, hosts in names.items()}


def host_groups(entries: Sequence[SourceEntry]) -> list[list[SourceEntry]]:
    """The sources that share a host, directly or by another source: each group is crawled one after the other."""
    sites = sites_of(entries)
    groups: defaultdict[str, list[SourceEntry]] = defaultdict(list)
    for entry in entries:
        groups[sites[entry.id]].append(entry)
    return list(groups.values())
