"""/metrics: what is in it, that it can be read, and that nothing of the outside world is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from feeds.site.monitoring import since
from feeds.site.monitoring.families import FAMILIES
from storage.alert_decisions import Event, Step, StoredAlert
from storage.alerts import keep
from storage.conditions import note_condition
from storage.database import writing
from storage.tables import CRAWL
from tests.site.monitoring.conftest import Asked, Read

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy" / "monitoring"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def scraped(asked: Asked) -> dict[tuple[str, tuple[str, ...]], float]:
    """Each sample by its name and the values of its labels, in the order of their names."""
    answer = asked("/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.body.decode())
        for sample in family.samples
    }


def test_a_scrape_says_how_sources_are(asked: Asked, read: Read) -> None:
    read.article("tarn")
    read.crawled("tarn", ago=1, failed=2)
    read.crawled("northmarch", "failed", ago=9)
    read.crawled("northmarch", "failed", ago=1)
    read.due("tarn", -1)
    read.due("northmarch", 2)
    found = scraped(asked)
    assert found["forcewire_store_up", ()] == 1
    states = {key[1]: value for key, value in found.items() if key[0] == "forcewire_source_state"}
    assert sorted(source for (source, _), value in states.items() if value) == ["northmarch", "tarn"]
    assert states["northmarch", "broken"] == 1
    assert len(states) == 10
    assert found["forcewire_source_failures", ("northmarch",)] == 2
    assert found["forcewire_source_page_errors", ("tarn",)] == 2
    assert found["forcewire_source_info", ("Tarn", "generic", "tarn")] == 1
    assert found["forcewire_articles", ("tarn",)] == 1
    ago = datetime.now(UTC).timestamp() - found["forcewire_source_last_good_crawl_timestamp_seconds", ("tarn",)]
    assert 3500 < ago < 3700
    assert ("forcewire_source_last_good_crawl_timestamp_seconds", ("northmarch",)) not in found
    assert found["forcewire_schedule_sources", ()] == 2
    assert found["forcewire_schedule_overdue", ()] == 1
    assert 3600 <= found["forcewire_schedule_lag_seconds", ()] < 3700
    assert found["forcewire_store_size_bytes", ()] > 100_000
    assert found["forcewire_disk_free_bytes", ("store",)] > 0
    assert found["process_resident_memory_bytes", ()] > 0


def test_counters_count_from_the_beginning_of_the_process(asked: Asked, read: Read) -> None:
    read.crawled("tarn")
    assert not [key for key in scraped(asked) if key[0] == "forcewire_crawls_total"]
    read.crawled("tarn", requests=7, bytes=100, failed=1)
    read.crawled("northmarch", "failed", requests=1)
    found = scraped(asked)
    assert found["forcewire_crawls_total", ("none", "ok")] == 1
    assert found["forcewire_crawls_total", ("page changed", "failed")] == 1
    assert found["forcewire_crawl_requests_total", ()] == 8
    assert found["forcewire_crawl_received_bytes_total", ()] == 1100
    assert found["forcewire_crawl_pages_failed_total", ()] == 1
    assert found["forcewire_crawl_seconds_total", ()] == 60
    assert found["forcewire_issues_total", ("page changed",)] == 1
    read.article("tarn")
    found = scraped(asked)
    assert found["forcewire_changes_total", ("new",)] == 1
    again = scraped(asked)
    for name in ("forcewire_crawls_total", "forcewire_changes_total", "forcewire_issues_total"):
        assert {key: value for key, value in again.items() if key[0] == name} == {
            key: value for key, value in found.items() if key[0] == name
        }


def test_a_crawl_that_ran_at_the_last_scrape_counts_when_it_ends(asked: Asked, read: Read) -> None:
    read.crawled("tarn")
    with writing(read.engine) as conn:
        conn.execute(CRAWL.update().values(verdict=None))  # it runs
    scraped(asked)
    read.crawled("northmarch")
    scraped(asked)
    with writing(read.engine) as conn:
        conn.execute(CRAWL.update().where(CRAWL.c.source_id == "tarn").values(verdict="degraded", trouble=None))
    found = scraped(asked)
    assert found["forcewire_crawls_total", ("none", "degraded")] == 1
    assert found["forcewire_crawls_total", ("none", "ok")] == 1


def test_no_counter_falls_when_old_crawls_are_pruned(asked: Asked, read: Read) -> None:
    read.crawled("tarn")
    scraped(asked)
    read.crawled("tarn")
    before = scraped(asked)["forcewire_crawls_total", ("none", "ok")]
    with writing(read.engine) as conn:
        conn.execute(CRAWL.delete())
    assert scraped(asked)["forcewire_crawls_total", ("none", "ok")] == before == 1


def test_a_label_has_a_bounded_number_of_values() -> None:
    counted = since.Since()
    for number in range(5000):
        counted.add("forcewire_issues_total", (f"kind {number}",), 1)
    values: Counter[tuple[str, ...]] = counted.values["forcewire_issues_total"]
    assert len(values) <= 61
    assert sum(values.values()) == 5000


def test_alerts_and_conditions_are_counted(asked: Asked, read: Read) -> None:
    alert = StoredAlert(subject="source:tarn", state="broken", why="", began_at=NOW, opened_at=NOW)
    with writing(read.engine) as conn:
        keep(conn, [Step(alert, Event.BEGAN)], ["mail", "webhook"], NOW)
        note_condition(conn, "backup", "no room", host="here", now=datetime.now(UTC))
        note_condition(conn, "publish", "a machine of long ago", host="gone", now=NOW)
    found = scraped(asked)
    assert found["forcewire_alerts", ("no", "broken")] == 1
    assert found["forcewire_alerts", ("yes", "broken")] == 0
    assert found["forcewire_alert_deliveries_waiting", ()] == 2
    assert found["forcewire_service_condition", ("backup",)] == 1
    assert ("forcewire_service_condition", ("publish",)) not in found


def test_answers_of_the_site_are_counted_by_class(asked: Asked, read: Read) -> None:
    read.article("tarn")
    before = scraped(asked)
    tag = asked("/feeds/all.atom").headers["etag"]
    assert asked("/feeds/all.atom", **{"If-None-Match": tag}).status == 304
    assert asked("/status").status == 200
    assert asked("/nowhere").status == 404
    asked("/health/live")
    found = scraped(asked)
    grown = {
        key[1][0]: value - before[key] for key, value in found.items() if key[0] == "forcewire_http_requests_total"
    }
    assert grown == {"2xx": 2, "3xx": 1, "4xx": 1, "5xx": 0}


def test_nothing_of_a_story_or_a_visitor_is_in_it(asked: Asked, read: Read) -> None:
    read.article("tarn", title="Zebulon is missing", url="https://www.tarn.example/news/zebulon/")
    asked("/search?q=zebulon")
    asked("/zebulon")
    assert b"ebulon" not in asked("/metrics").body


def test_every_family_is_there_even_without_a_value_and_follows_the_conventions(asked: Asked, read: Read) -> None:
    read.crawled("tarn")
    text = asked("/metrics").body.decode()
    ours = set(re.findall(r"^# TYPE (forcewire_\w+) ", text, flags=re.MULTILINE))
    assert ours == set(FAMILIES)
    for name, family in FAMILIES.items():
        assert name.endswith("_total") is (family.kind == "counter"), name
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed")
    ran = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


@pytest.mark.parametrize("name", FAMILIES)
def test_metric_is_documented(name: str) -> None:
    family = FAMILIES[name]
    labels = ", ".join(f"`{label}`" for label in family.labels)
    page = (ROOT / "docs" / "monitoring.md").read_text("utf-8")
    assert f"| `{name}` | {family.kind} | {labels} | {family.meaning} |\n" in page


def test_docs_name_no_metric_that_is_not_there() -> None:
    page = (ROOT / "docs" / "monitoring.md").read_text("utf-8")
    assert set(re.findall(r"`(forcewire_\w+)`", page)) == set(FAMILIES)


def queries() -> list[str]:
    """Of the dashboard and of the rules."""
    dashboard = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))
    found = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    found += [each["query"]["query"] for each in dashboard["templating"]["list"] if each["type"] == "query"]
    return [*found, (DEPLOY / "forcewire.rules.yml").read_text("utf-8")]


def test_what_the_dashboard_and_the_rules_ask_for_is_scraped_with_its_labels(asked: Asked, read: Read) -> None:
    read.crawled("tarn")
    text = asked("/metrics").body.decode()
    scraped_names = set(re.findall(r"^# TYPE (\w+) ", text, flags=re.MULTILINE))
    asked_for = {name for query in queries() for name in re.findall(r"\b(?:forcewire|process)_\w+", query)}
    assert len(asked_for) > 25
    assert asked_for <= scraped_names
    for query in queries():
        for name, matchers in re.findall(r"\b(forcewire_\w+)\{([^}]*)\}", query):
            labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", matchers)) - {"job", "instance"}
            assert labels <= set(FAMILIES[name].labels), query


def test_the_dashboard_can_be_imported() -> None:
    dashboard = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))
    numbers = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(numbers)) == len(numbers) > 10
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
        refs = [target["refId"] for target in panel["targets"]]
        assert len(set(refs)) == len(refs)
        assert all(target["datasource"]["uid"] == "${datasource}" for target in panel["targets"])


@pytest.mark.parametrize(
    "words",
    [
        ("check", "config", "prometheus.yml"),
        ("check", "rules", "forcewire.rules.yml"),
        pytest.param(("test", "rules", "forcewire.rules.test.yml"), marks=pytest.mark.slow),
    ],
    ids=" ".join,
)
def test_promtool_takes_what_is_deployed(words: tuple[str, ...]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed")
    ran = subprocess.run([promtool, *words], cwd=DEPLOY, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_each_rule_has_a_test_that_it_fires_in() -> None:
    import yaml

    rules = yaml.safe_load((DEPLOY / "forcewire.rules.yml").read_text("utf-8"))
    tests = yaml.safe_load((DEPLOY / "forcewire.rules.test.yml").read_text("utf-8"))
    fires = {case["alertname"] for each in tests["tests"] for case in each["alert_rule_test"] if case["exp_alerts"]}
    assert {rule["alert"] for group in rules["groups"] for rule in group["rules"]} == fires


def test_backups_are_counted_where_they_lie(read: Read, tmp_path: Path) -> None:
    from feeds.site.monitoring.bounds import Bounds
    from feeds.site.monitoring.collecting import Collecting
    from storage.backups import nightly

    folder = tmp_path / "backups"
    made_at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    nightly(read.url, folder, 14, made_at)
    found = {name: value for name, _, value in Collecting(read.engine, Bounds(backups=folder)).samples(NOW, Counter())}
    assert found["forcewire_backups"] == 1
    assert found["forcewire_backup_last_timestamp_seconds"] == made_at.timestamp()
