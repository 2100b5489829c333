"""Keys of blind questions: spellings meet, strangers do not."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpa.entity_resolution.blind_keys import ASKABLE, KEYED, asked_keys, held_keys
from jpa.model.catalogue import ENTITY_TYPES
from jpa.model.record import Record
from jpa.model.value_types import Context

pytestmark = pytest.mark.fast


def thing(kind: str, **said: str | tuple[str, ...]) -> Record:
    declared = ENTITY_TYPES[kind]
    properties = {
        name: tuple(
            declared.property(name).type.clean(v, Context(state="XB"))
            for v in ((value,) if isinstance(value, str) else value)
        )
        for name, value in said.items()
    }
    return Record("r", kind, "p", "a", "o", datetime(2026, 1, 1, tzinfo=UTC), properties, declared.ftm_schema)


def met(asked: Record, held: Record) -> bool:
    return not held_keys(held).isdisjoint(asked_keys(asked))


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        (thing("Person", name="Mohammad Rahim", birthDate="1985"), thing("Person", name="Mohamed Rohim", birthDate="1985-03-02")),
        (thing("Person", name="Rahim Mohammad", birthDate="1984"), thing("Person", name="Mohammad Rahim", birthDate="1985")),
        (thing("Person", name="Nurul Islam", birthDate="1990"), thing("Person", name="Nurul Islam bin Chowdhury", birthDate="1990")),
        (thing("Person", name="Nurul Islam Chowdhury", birthDate="1990"), thing("Person", name="Nurul Islam", birthDate="1991")),
        (thing("Person", firstName="Somchai", lastName="Prasert", birthDate="1970"), thing("Person", alias="Prasert Somchai", birthDate="1970")),
        (thing("Person", name="Suharto", birthDate="1975-01-02"), thing("Person", name="Suharto", birthDate="1975-01-02")),
        (thing("Phone", number="089 825 9791"), thing("Phone", number="+66 89-825-9791")),
        (thing("IdentityDocument", number="aa 123-4567", country="Bangladesh"), thing("IdentityDocument", number="AA1234567", country="BD")),
        (thing("Vessel", imoNumber="9074729"), thing("Vessel", imoNumber="IMO 9074729", name="Sea Star")),
        (thing("BankAccount", bic="BKKBTHBK", accountNumber="4471-220-9"), thing("BankAccount", iban="GB82 WEST 1234 5698 7654 32", bic="bkkbthbk", accountNumber="44712209")),
    ],
)  # fmt: skip
def test_what_is_one_thing_meets_in_spite_of_spelling(asked: Record, held: Record) -> None:
    assert met(asked, held)


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        (thing("Person", name="Mohammad Rahim", birthDate="1985"), thing("Person", name="Mohammad Rahim", birthDate="1988")),
        (thing("Person", name="Mohammad Rahim"), thing("Person", name="Mohammad Rahim")),
        (thing("Person", name="Mohammad Rahim", birthDate="1985"), thing("Person", name="Mohammad Rahim")),
        (thing("Person", name="Suharto", birthDate="1975"), thing("Person", name="Suharto", birthDate="1975")),
        (thing("Person", name="Nurul Islam Chowdhury", birthDate="1990"), thing("Person", name="Nurul Islam Talukdar", birthDate="1990")),
        (thing("Phone", number="089 825 9791"), thing("Phone", number="+66 89-825-9792")),
        (thing("IdentityDocument", number="AA1234567", country="Bangladesh"), thing("IdentityDocument", number="AA1234567", country="Myanmar")),
        (thing("Vessel", name="Sea Star"), thing("Vessel", name="Sea Star")),
        (thing("Phone", number="unknown"), thing("Phone", number="unknown")),
    ],
)  # fmt: skip
def test_what_only_looks_alike_does_not_meet(asked: Record, held: Record) -> None:
    assert not met(asked, held)


NAMES = st.lists(
    st.sampled_from(["Rahim", "Karim", "Nurul", "Islam", "Somchai", "Prasert", "Tan", "Wei", "Abdul", "Chowdhury"]),
    min_size=1,
    max_size=5,
)


@given(name=NAMES, year=st.integers(1930, 2020))
def test_a_person_meets_itself_whenever_there_is_a_key_at_all(name: list[str], year: int) -> None:
    person = thing("Person", name=" ".join(name), birthDate=str(year))

    assert met(person, person) == (len(asked_keys(person)) > 0) == (len(held_keys(person)) > 0)


def test_kinds_never_meet_and_only_kinds_with_a_number_identify_their_holder() -> None:
    keys = {kind: {k.split("|")[0] for k in held_keys(thing(kind, **said))} for kind, said in {
        "Phone": {"number": "+66898259791"}, "UserAccount": {"service": "telegram", "username": "boss"}, "Vessel": {"mmsi": "566123456"},
    }.items()}  # fmt: skip

    assert all(found == {kind} for kind, found in keys.items())
    assert set(KEYED) < set(ASKABLE)
    assert {"Person", "Vessel"}.isdisjoint(KEYED)
