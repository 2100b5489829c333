"""Shipped code lists: each says where it comes from, and the counts of the published lists hold."""

import pytest

from jpa.model import codes

pytestmark = pytest.mark.fast


@pytest.mark.parametrize("name", codes.names())
def test_each_list_names_its_source_edition_licence_and_day(name: str) -> None:
    this = codes.load(name)

    assert all(text.strip() for text in (this.source, this.edition, this.licence))
    assert len(this.retrieved) == len("2026-11-24")
    assert len({code for code, _ in this.marked}) == len(this.pairs) + len(this.unconfirmed)
    assert all(code.strip() and label.strip() for code, label in this.marked)


@pytest.mark.parametrize(
    ("name", "count"),
    [("htcds_control", 17), ("htcds_recruitment", 10), ("htcds_role", 15), ("ctdc_age_bands", 9), ("isic_sections", 21), ("isic_divisions", 88),
     ("ctdc_means", 8), ("bali_process_states", 45)],
)  # fmt: skip
def test_published_lists_are_whole(name: str, count: int) -> None:
    assert len(codes.load(name).pairs) == count


def test_a_code_that_no_source_confirms_says_so_wherever_it_shows() -> None:
    iccs = codes.load("iccs")

    assert iccs.label("0204") == "Trafficking in persons"
    assert iccs.label("020411").endswith("(code unconfirmed)")
