from __future__ import annotations

from storage.regions import REGIONS, region_order


def test_regions_stand_in_their_order_and_what_is_none_stands_last() -> None:
    assert len(set(REGIONS)) == 14
    mixed = [None, "Wales", "East Midlands", "Atlantis", "United Kingdom"]
    assert sorted(mixed, key=region_order) == ["East Midlands", "Wales", "United Kingdom", None, "Atlantis"]
