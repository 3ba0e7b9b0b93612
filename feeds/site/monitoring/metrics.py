"""/metrics, in Prometheus' text format."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from feeds.site.context import Site
from feeds.site.monitoring.collecting import Collecting
from feeds.site.monitoring.families import FAMILIES


class Metrics(Collector):
    """Reads the store at each scrape. `http` counts the requests of the site by the first digit of their answer."""

    def __init__(self, site: Site) -> None:
        self.http: Counter[int] = Counter({2: 0, 3: 0, 4: 0, 5: 0})
        self._is_there = True
        self._collecting = Collecting(site.engine, site.bounds)
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)

    def text(self, is_there: bool) -> bytes:
        """All of them; of a store that is not there, what is known without it. Called on a thread, by one caller at a time."""
        self._is_there = is_there
        return generate_latest(self._registry)

    def describe(self) -> list[Metric]:
        """Nothing: it would have the store read when this is made."""
        return []

    def collect(self) -> Iterator[Metric]:
        """One family after another, those without a value as well."""
        samples: defaultdict[str, list[tuple[tuple[str, ...], float]]] = defaultdict(list)
        for name, labels, value in self._collecting.samples(datetime.now(UTC), self.http, is_there=self._is_there):
            samples[name].append((labels, value))
        for name, family in FAMILIES.items():
            kind = CounterMetricFamily if family.kind == "counter" else GaugeMetricFamily
            made = kind(name, family.meaning, labels=family.labels)
            for labels, value in samples[name]:
                made.add_metric(labels, value)
            yield made
