"""Flows: every figure equals a recount by hand, unknown is a label, what contradicts itself is unknown, fees stay in their currency."""

import random
from datetime import UTC, date, datetime

import pytest

from jpa.errors import InvalidInputError
from jpa.model.draft import TypedIncident
from jpa.model.officer import Officer, Role
from jpa.model.value_types import Context
from jpa.services.incident_statements import build
from jpa.services.stores import Ask
from jpa.statistics.incident_facts import IncidentFact, fact_of
from jpa.statistics.incidents import IncidentQuestion, fees, tabulate, weight

pytestmark = pytest.mark.fast
ASK = Ask(Officer("w", "w", "W", "tip", "XA", frozenset({Role.LEAD})), datetime(2026, 11, 24, tzinfo=UTC))


def fact(day: str, **said: str) -> IncidentFact:
    typed = TypedIncident({"date": [day], **{name: [text] for name, text in said.items()}})
    return fact_of(build(ASK, typed, Context("XA", date(2026, 11, 24))))


def cells(facts: list[IncidentFact], measure: str, *by: str, **where: tuple[str, ...]) -> dict[tuple[str, ...], float]:
    return {c.labels: c.value for c in tabulate(facts, IncidentQuestion(measure, by, where)).cells}


@pytest.mark.parametrize("seed", range(20))
def test_every_figure_equals_a_recount_from_what_was_typed(seed: int) -> None:
    draw = random.Random(seed)
    typed = [
        {
            "date": draw.choice(["2024", "2024-03", "2024-03-05", "2025-03-07"]),
            "origin": draw.choice(["MM", "BD", ""]),
            "destination": draw.choice(["MY", ""]),
            "migrants": draw.choice(["", "20", "31"]),
            "nationalities": draw.choice(["", "12 Myanmar", "5 MM; 7 BD"]),
            "women": draw.choice(["", "4", "0"]),
        }
        for _ in range(40)
    ]
    facts = [fact(one.pop("date"), **one) for one in ({k: v for k, v in row.items() if v} for row in typed)]

    by_hand: dict[tuple[str, str], float] = {}
    unnumbered = 0
    for row in typed:
        named = {"12 Myanmar": {"MM": 12}, "5 MM; 7 BD": {"MM": 5, "BD": 7}}.get(row["nationalities"], {})
        parts = [sum(named.values())] if named else []
        parts += [int(row["women"])] if row["women"] else []
        if row["migrants"] == "" and parts == []:
            unnumbered += 1
            continue
        number = int(row["migrants"]) if row["migrants"] else max(parts)
        month = "" if len(row["date"]) == 4 else row["date"][:7]
        for state, n in {**named, "": number - sum(named.values())}.items():
            by_hand[month, state] = by_hand.get((month, state), 0) + n
    table = tabulate(facts, IncidentQuestion("migrants", ("month", "nationality")))
    assert {c.labels: c.value for c in table.cells} == {k: v for k, v in by_hand.items() if v}
    assert table.total == sum(by_hand.values())
    assert table.unnumbered == unnumbered
    routes = cells(facts, "incidents", "route")
    assert sum(routes.values()) == 40
    assert routes.get(("",), 0) == sum(row["origin"] == row["destination"] == "" for row in typed)


def test_the_incidents_behind_a_cell_add_up_to_it() -> None:
    facts = [
        fact("2024-03-05", migrants="30", nationalities="20 MM, 5 BD", transit="TH, ID", place="Jetty 4"),
        fact("2024-03", migrants="8", nationalities="8 MM", transit="TH", place="Jetty 4"),
        fact("2024-04-01", place="Tanjung"),
    ]

    for measure in ("incidents", "migrants", "smugglers"):
        for by in (("month",), ("transit",), ("place", "nationality"), ("route",)):
            table = tabulate(facts, IncidentQuestion(measure, by))
            for cell in table.cells:
                asked = table.question.within(dict(zip(by, cell.labels, strict=True)))
                assert sum(w for f in facts if (w := weight(f, asked)) is not None) == cell.value
    assert cells(facts, "incidents", "transit") == {("ID",): 1, ("TH",): 2, ("",): 1}
    assert cells(facts, "migrants", "nationality", place=("Jetty 4",)) == {("BD",): 5, ("MM",): 28, ("",): 5}


def test_parts_that_exceed_their_whole_are_unknown_and_not_guessed() -> None:
    facts = [fact("2024-03-05", migrants="10", nationalities="20 MM", men="8")]

    assert cells(facts, "migrants", "nationality") == {("",): 10}
    assert cells(facts, "migrants", "group") == {("men",): 8, ("",): 2}


def test_a_partial_date_is_inside_days_only_when_all_of_it_is_and_is_told_otherwise() -> None:
    facts = [fact("2024-03-05"), fact("2024-03"), fact("2024"), fact("2024-05-01")]

    table = tabulate(facts, IncidentQuestion("incidents", since="2024-03-02", until="2024-04-30"))
    whole = tabulate(facts, IncidentQuestion("incidents", since="2024-03-01", until="2024-04-30"))

    assert (table.total, table.undecided) == (1, 2)
    assert (whole.total, whole.undecided) == (2, 1)
    assert tabulate(facts, IncidentQuestion("incidents")).undecided == 0


def test_quiet_months_stand_in_a_trend_and_an_unknown_month_stands_last() -> None:
    facts = [fact("2024-11-05"), fact("2025-02"), fact("2024"), fact("2025-02-01")]

    rows = [(c.labels[0], c.value) for c in tabulate(facts, IncidentQuestion("incidents", ("month",))).cells]

    assert rows == [("2024-11", 1), ("2024-12", 0), ("2025-01", 0), ("2025-02", 2), ("", 1)]
    assert tabulate([fact("2024")], IncidentQuestion("incidents", ("month",))).total == 1


def test_fees_are_quartiles_within_one_currency_and_mixed_currencies_are_refused() -> None:
    facts = [fact("2024-03-05", feePaid=str(n), currency="MYR", origin="MM") for n in (100, 200, 300, 400)]
    facts += [fact("2024-03-05", feeAsked="9", currency="USD", origin="MM"), fact("2024-03-06", feePaid="7")]

    rows = [(r.label, r.currency, r.fee, r.number, r.low, r.middle, r.high) for r in fees(facts, "origin")]

    assert rows == [
        ("MM", "MYR", "feePaid", 4, 175, 250, 325), ("MM", "USD", "feeAsked", 1, 9, 9, 9), ("", "", "feePaid", 1, 7, 7, 7),
    ]  # fmt: skip
    assert cells(facts, "fee_paid", "currency") == {("MYR",): 250, ("",): 7}
    with pytest.raises(InvalidInputError) as refused:
        IncidentQuestion("fee_paid", ("month",))
    assert "currenc" in refused.value.fields["by"]


@pytest.mark.parametrize(
    ("measure", "by", "field"),
    [("boats", (), "measure"), ("incidents", ("name",), "by"), ("migrants", ("nationality", "group"), "by"), ("smugglers", ("group",), "by")],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused_with_the_cure(measure: str, by: tuple[str, ...], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        IncidentQuestion(measure, by)

    assert list(refused.value.fields) == [field]
