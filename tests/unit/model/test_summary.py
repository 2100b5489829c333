"""The coded summary: its lists, the age bands, what must be said to ask for one."""

import pytest

from jpa.errors import InvalidInputError
from jpa.model.package import Selection
from jpa.model.summary import AXES, LEAST, Of, SummaryAsk, age_band, label_of
from jpa.statistics.disclosure import K_VICTIMS

pytestmark = pytest.mark.fast


def test_every_axis_has_codes_and_the_threshold_is_that_of_victims() -> None:
    assert all(len(codes) > 0 for axes in AXES.values() for codes in axes.values())
    assert LEAST >= K_VICTIMS
    assert label_of(Of.VICTIMS, "exploitation", "ForcedLabour") == "Forced labour"
    assert (label_of(Of.MIGRANTS, "sex", ""), label_of(Of.MIGRANTS, "total", "total")) == (
        "unknown",
        "everybody counted",
    )


@pytest.mark.parametrize(
    ("born", "on", "band"),
    [
        ("2000-03-12", "2018-03-12", "18–20"),
        ("2000-03-12", "2018-03-11", "9–17"),
        ("2000", "2018", ""),
        ("2000", "2020", "18–20"),
        ("1999", "2019", "18–20"),
        ("1990", "2024", "30–38"),
        ("1990-06", "2020-06-20", ""),
        ("1990-06", "2020-07-20", "30–38"),
        ("1950", "2024", "48+"),
        ("2025", "2024", ""),
        ("", "2024", ""),
        ("1990", "", ""),
    ],
)  # fmt: skip
def test_an_age_band_is_said_only_where_partial_dates_leave_no_doubt(born: str, on: str, band: str) -> None:
    assert age_band(born, on) == band


def test_a_summary_is_asked_for_with_basis_and_purpose_and_is_kept_with_what_was_ticked() -> None:
    asked = SummaryAsk("Trafficking Protocol art. 10", "joint planning of shelters")

    with pytest.raises(InvalidInputError) as refused:
        SummaryAsk(" ", "x" * 501)

    assert sorted(refused.value.fields) == ["summary_basis", "summary_purpose"]
    assert Selection.of(Selection(summary=asked).text()).summary == asked
    assert Selection.of('{"texts": true}').summary is None
