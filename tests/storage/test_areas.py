import pytest

from storage.areas import area_slug


@pytest.mark.parametrize(
    ("area", "slug"),
    [
        ("Northmarch", "northmarch"),
        ("Sedge and Tarn", "sedge-and-tarn"),
        ("Sedge & Tarn", "sedge-and-tarn"),
        ("Ddôl-Uchaf (West)", "dd-l-uchaf-west"),
        ("../etc/passwd", "etc-passwd"),
        ("新聞", ""),
    ],
)
def test_area_slug_is_small_letters_digits_and_single_hyphens(area: str, slug: str) -> None:
    assert area_slug(area) == slug
