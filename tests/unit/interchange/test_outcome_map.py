"""The section [outcome] of a column map: guessed, written, read back, refused by the name of the key."""

import pytest

from jpa.errors import InvalidInputError
from jpa.interchange.column_map import apply_map, guess_map, parse_map
from jpa.interchange.tabular import read_table
from jpa.model.catalogue.outcomes import OUTCOME_KINDS, kind_named, kinds_like

pytestmark = pytest.mark.fast
TABLE = b"id,kind,person,date,court\n1,CONVICTED,P-1,2023-05-01,High Court\n2,shaved,P-2,2023,\n3,,P-3,2023,\n"


def test_rows_become_outcomes_and_unknown_kinds_are_rejected_with_the_reason() -> None:
    table = read_table("o.csv", TABLE)
    columns = guess_map("Outcome", table.header)

    incoming = apply_map(table, columns, "Outcome")

    [one] = incoming.outcomes
    assert (one.key, one.kind, one.person) == ("1", "convicted", "P-1")
    assert one.properties == {"date": ["2023-05-01"], "court": ["High Court"]}
    assert [(r.row, r.reason) for r in incoming.rejected] == [
        (3, "'shaved' is no kind of outcome"),
        (4, "says no kind of outcome"),
    ]


def test_a_map_of_outcomes_survives_being_written_and_read() -> None:
    header = read_table("o.csv", TABLE).header
    guessed = guess_map("Outcome", header)
    fixed = parse_map('id = "id"\n[outcome]\nkind = "VESSEL_SEIZED"\ndate = "date"\n', "Person", header)

    assert parse_map(guessed.to_toml(), "Outcome", header) == guessed
    assert parse_map(fixed.to_toml(), "Person", header) == fixed
    assert fixed.outcome is not None
    assert fixed.outcome.kind == "vessel seized"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[outcome]\n", "outcome.kind"),
        ('[outcome]\nkind = "shaved"\n', "outcome.kind"),
        ('[outcome]\nkind = "arrested"\nkind_column = "kind"\n', "outcome.kind"),
        ('[outcome]\nkind_column = "nowhere"\n', "outcome.kind_column"),
        ('[outcome]\nkind = "arrested"\nshoe = "court"\n', "outcome.shoe"),
        ('[outcome]\nkind = "arrested"\ncourt = ["court", "date"]\n', "outcome.court"),
        ('[outcome]\nkind = "arrested"\n[properties]\nname = "court"\n', "properties"),
        ('outcome = "kind"\n', "outcome"),
    ],
)
def test_a_map_that_cannot_be_right_is_refused_by_its_key(text: str, key: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse_map(text, "Person", read_table("o.csv", TABLE).header)

    assert list(refused.value.fields) == [key]


def test_a_table_that_says_nowhere_what_happened_is_not_guessed() -> None:
    with pytest.raises(InvalidInputError):
        guess_map("Outcome", ("id", "date"))


def test_a_kind_is_known_by_its_name_its_label_its_plural_and_a_few_letters() -> None:
    for kind in OUTCOME_KINDS.values():
        for said in (kind.name, kind.name.upper().replace(" ", "_"), kind.label, kind.plural):
            assert kind_named(said) is kind
    assert [k.name for k in kinds_like("conv")] == ["convicted"]
    assert [k.name for k in kinds_like("victim a")] == ["victim assisted"]
    assert len(kinds_like("seiz")) == 3
    assert kinds_like("") == kinds_like("shaved") == []
