import pytest

from feeds.identity import DEFAULT_TAGGING_ENTITY, entry_id, feed_id, is_tagging_entity


@pytest.mark.parametrize(
    "text", [DEFAULT_TAGGING_ENTITY, "example.org,2026", "news@a-b.example.org,2026-11", "example.org,2026-11-24"]
)
def test_tagging_entity_is_a_name_and_a_date(text: str) -> None:
    assert is_tagging_entity(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.org",
        "example.org,26",
        "https://example.org,2026",
        "ex ample.org,2026",
        "a..b,2026",
        ",2026",
        "example.org,2026-13",
        "-a.org,2026",
        "example.org,2026\n",
    ],
)
def test_tagging_entity_without_name_or_date_is_refused(text: str) -> None:
    assert not is_tagging_entity(text)


def test_ids_are_fixed_for_good() -> None:
    # Written out: whoever changes how ids are made shows every subscriber every story again.
    assert entry_id("example.org,2026", "northmarch", "https://www.northmarch.example/news/1") == (
        "tag:example.org,2026:article/northmarch/dab4f05b13025142b3c9aeec6dacc3a6"
    )
    assert feed_id("example.org,2026", "all") == "tag:example.org,2026:feed/all"


def test_entry_id_takes_a_url_that_no_encoding_holds() -> None:
    assert entry_id("example.org,2026", "s", "https://a.example/\ud800").startswith("tag:example.org,2026:article/s/")


def test_another_story_at_a_url_has_another_id() -> None:
    first, second = (entry_id("example.org,2026", "s", "https://a.example/appeal", reuse) for reuse in (0, 1))
    assert first == entry_id("example.org,2026", "s", "https://a.example/appeal")
    assert second == f"{first}/1"
