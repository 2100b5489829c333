"""Value types: published vectors are understood, everything typed is kept."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpa.model import value_types as v
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.schema import EntityType, LinkType
from jpa.model.value_types import Context, ValueType

pytestmark = pytest.mark.fast
THAI = Context("TH", date(2026, 11, 24))
DECLARED: list[EntityType | LinkType] = [*ENTITY_TYPES.values(), *LINK_TYPES.values()]
CARRIED = list({p.type.name: p.type for t in DECLARED for p in t.properties}.values())
"""Types of what a package carries: another agency says what is clean in it."""
ALL = [getattr(v, name) for name in v.__all__ if isinstance(getattr(v, name), ValueType)]


@pytest.mark.parametrize(
    ("value_type", "typed", "clean"),
    [
        (v.PHONE, "089-825 9791", "+66898259791"),
        (v.PHONE, "๐๘๙-๘๒๕ ๙๗๙๑", "+66898259791"),
        (v.PHONE, "+62 812 3456 7890", "+6281234567890"),
        (v.IMO, "IMO 9074729", "IMO9074729"),
        (v.IBAN, "GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432"),
        (v.BIC, "bkkbthbk", "BKKBTHBK"),
        (v.MMSI, "566 123 456", "566123456"),
        (v.DATE, "12.03.2024", "2024-03-12"),
        (v.DATE, "12 Mar 2024", "2024-03-12"),
        (v.DATE, "12/03/2567", "2024-03-12"),
        (v.DATE, "2024-03", "2024-03"),
        (v.DATE, "1987", "1987"),
        (v.DATE, "1445-09-01", "2024-03-11"),
        (v.COUNTRY, "Burma", "MM"),
        (v.COUNTRY, "tha", "TH"),
        (v.MONEY, "4,200 USD", "4200 USD"),
        (v.MONEY, "THB 50.000,50", "50000.5 THB"),
        (v.LENGTH, "46 ft", "14.02"),
        (v.COORDINATES, "6°27'N", "6.45"),
        (v.DURATION, "1:02:03", "3723"),
        (v.DOCUMENT_NUMBER, "bx 0 448 213", "BX0448213"),
        (v.CRYPTO_ADDRESS, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
    ],
)
def test_a_published_or_usual_form_is_understood(value_type: ValueType, typed: str, clean: str) -> None:
    assert value_type.clean(typed, THAI).clean == clean


@pytest.mark.parametrize(
    ("value_type", "typed", "suggestion"),
    [
        (v.IMO, "9074792", "IMO9074729"),
        (v.ACCOUNT, "4471-22O-9", "44712209"),
        (v.PHONE, "089-825 979l", "089-825 9791"),
        (v.DATE, "36", "1990"),
    ],
)
def test_what_is_not_what_it_claims_is_kept_flagged_and_a_slip_is_suggested(
    value_type: ValueType, typed: str, suggestion: str
) -> None:
    value = value_type.clean(typed, THAI)

    assert (value.typed, value.clean) == (typed, None)
    assert value.flag is not None
    assert value.suggestion == suggestion


def test_a_future_date_is_kept_and_flagged() -> None:
    value = v.DATE.clean("2027-01-01", THAI)

    assert value.clean == "2027-01-01"
    assert "future" in (value.flag or "")


@pytest.mark.parametrize("value_type", CARRIED, ids=lambda t: t.name)
@given(clean=st.one_of(st.text(max_size=30), st.from_regex(r"[0-9-]{1,12}", fullmatch=True)))
def test_what_another_agency_calls_clean_is_always_told(value_type: ValueType, clean: str) -> None:
    assert isinstance(value_type.caption(clean), str)


@pytest.mark.parametrize("value_type", ALL, ids=lambda t: t.name)
@given(typed=st.text(max_size=300))
def test_no_text_is_lost_or_raises(value_type: ValueType, typed: str) -> None:
    value = value_type.clean(typed, THAI)

    assert value.typed == typed
    assert value.clean is None or value.clean != ""
    assert value.clean is not None or value.flag is not None


@pytest.mark.parametrize("value_type", ALL, ids=lambda t: t.name)
def test_ten_thousand_characters_are_kept(value_type: ValueType) -> None:
    typed = "9" * 10_000

    assert value_type.clean(typed, THAI).typed == typed


@pytest.mark.parametrize("value_type", ALL, ids=lambda t: t.name)
@given(typed=st.text(alphabet="0123456789ABCDEFabcdef-+. /", max_size=30))
def test_cleaning_a_clean_value_changes_nothing(value_type: ValueType, typed: str) -> None:
    clean = value_type.clean(typed, Context()).clean

    assert clean is None or value_type.clean(clean, Context()).clean == clean
