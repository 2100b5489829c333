"""Identifiers [E4]: every published test vector is understood, and one wrong digit is kept, flagged and not believed."""

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from jpa.model import codes
from jpa.model import value_types as v
from jpa.model.value_types import Context, ValueType

pytestmark = pytest.mark.fast

IMO = ("9074729", "8814275", "9241061", "9176187")
"""The example of the IMO numbering scheme's description, and numbers of well-known ships."""
IBAN = (
    "AE07 0331 2345 6789 0123 456", "DE89 3704 0044 0532 0130 00", "FR14 2004 1010 0505 0001 3M02 606", "GB29 NWBK 6016 1331 9268 19",
    "IQ98 NBIQ 8501 2345 6789 012", "JO94 CBJO 0010 0000 0000 0131 0003 02", "PK36 SCBL 0000 0011 2345 6702", "TL38 0080 0123 4567 8910 157",
    "TR33 0006 1005 1978 6457 8413 26", "SA03 8000 0000 6080 1016 7519",
)  # fmt: skip
"""Examples of the SWIFT IBAN registry: the members of the Bali Process that have IBANs, and some others."""
BIC = ("DEUTDEFF", "DEUTDEFF500", "NEDSZAJJXXX", "BKKBTHBK", "MBBEMYKL")
MMSI = ("366123456", "563123456", "525012345", "567000001")
"""Ship stations of the United States, Singapore, Indonesia and Thailand by their maritime identification digits."""
MEMBERS = [code for code, _ in codes.load("bali_process_states").pairs]


@pytest.mark.parametrize(
    ("value_type", "typed", "clean"),
    [
        *((v.IMO, f"IMO {n}", f"IMO{n}") for n in IMO),
        *((v.IBAN, n, n.replace(" ", "")) for n in IBAN),
        *((v.BIC, n, n) for n in BIC),
        *((v.MMSI, f"{n[:3]} {n[3:]}", n) for n in MMSI),
    ],
)
def test_a_published_vector_is_understood_however_it_is_spaced(value_type: ValueType, typed: str, clean: str) -> None:
    value = value_type.clean(typed, Context())

    assert (value.typed, value.clean, value.flag) == (typed, clean, None)
    assert value_type.clean(typed.lower(), Context()).clean == clean


@pytest.mark.parametrize(
    ("value_type", "good"),
    [*((v.IMO, n) for n in IMO), *((v.IBAN, n.replace(" ", "")) for n in IBAN)],
)
def test_any_single_wrong_digit_is_caught_by_the_check_digits(value_type: ValueType, good: str) -> None:
    for place in range(len(good)):
        for digit in "0123456789":
            if good[place].isdigit() and digit != good[place] and (value_type is not v.IMO or place < 6):
                wrong = good[:place] + digit + good[place + 1 :]
                value = value_type.clean(wrong, Context())
                weight = 7 - place
                hidden = value_type is v.IMO and weight * abs(int(digit) - int(good[place])) % 10 == 0
                assert (value.clean is None) != hidden, wrong
                assert value.typed == wrong


@pytest.mark.parametrize(
    ("value_type", "typed"),
    [
        (v.IMO, "9074728"), (v.IMO, "907472"), (v.MMSI, "12345678"), (v.MMSI, "166123456"), (v.MMSI, "1234567890"), (v.IBAN, "GB29NWBK60161331926818"),
        (v.IBAN, "XX00"), (v.BIC, "DEUTDEF"), (v.BIC, "DEUT1EFF"), (v.PHONE, "12"), (v.PHONE, "+999 12345678"),
    ],
)  # fmt: skip
def test_what_is_no_such_number_is_kept_as_typed_and_flagged(value_type: ValueType, typed: str) -> None:
    value = value_type.clean(typed, Context("TH"))

    assert (value.typed, value.clean) == (typed, None)
    assert value.flag is not None


@pytest.mark.parametrize("state", MEMBERS)
def test_the_example_number_of_each_member_is_understood_in_every_way_it_is_written(state: str) -> None:
    example = phonenumbers.example_number_for_type(state, PhoneNumberType.MOBILE) or phonenumbers.example_number(state)
    assert example is not None
    clean = phonenumbers.format_number(example, PhoneNumberFormat.E164)

    for form in (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL):
        value = v.PHONE.clean(phonenumbers.format_number(example, form), Context(state))
        assert (value.clean, value.flag) == (clean, None)
    assert clean.startswith("+")
    assert len(clean) <= 16


@pytest.mark.parametrize("typed", ["+44 20 7946 0958", "+1 202-555-0143", "+61 491 570 156"])
def test_a_number_reserved_for_fiction_is_understood_from_any_state(typed: str) -> None:
    value = v.PHONE.clean(typed, Context("TH"))

    assert value.clean == "+" + "".join(c for c in typed if c.isdigit())


@pytest.mark.parametrize(
    ("mmsi", "flag"),
    [("525012345", "ID"), ("567000001", "TH"), ("405000001", "BD"), ("506000001", "MM"), ("354000001", "PA")],
)
def test_the_flag_is_derived_from_a_vessels_mmsi(mmsi: str, flag: str) -> None:
    value = v.MMSI.clean(mmsi, Context())

    assert v.flag_of(mmsi) == flag
    assert value.flag is None
    assert v.MMSI.caption(mmsi) == f"{mmsi} ({v.COUNTRY_NAMES[flag]})"


def test_digits_that_no_state_has_are_flagged_and_the_number_still_joins() -> None:
    value = v.MMSI.clean("299 123 456", Context())

    assert (value.typed, value.clean) == ("299 123 456", "299123456")
    assert value.flag is not None
    assert "299" in value.flag
    assert v.MMSI.caption("299123456") == "299123456"


def test_every_maritime_identification_names_a_state_once_and_every_member_with_a_coast_has_one() -> None:
    listed = codes.load("maritime_identification_digits")
    digits = [mid for mid, _ in listed.pairs]

    assert len(digits) == len(set(digits)) == 292
    assert all(200 < int(mid) < 800 for mid in digits)
    assert {state for _, state in listed.pairs} <= set(v.COUNTRY_NAMES)
    assert set(MEMBERS) <= {state for _, state in listed.pairs}
    assert listed.edition != ""
