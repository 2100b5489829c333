"""Measures that hang together: what is declared holds in random ledgers, and protects what another table would tell."""

from dataclasses import replace
from random import Random

import pytest

from jpa.errors import InvalidInputError
from jpa.statistics.disclosure import protect
from jpa.statistics.editions import items_of
from jpa.statistics.facts import Facts
from jpa.statistics.measures import AT_MOST, MEASURES, PARTS, AtMost
from jpa.statistics.memory import Told, family_of, rooted, system_of
from jpa.statistics.publications import Item
from jpa.statistics.tables import Credit, Question, tabulate
from tests.proofs.papers import SPANS, draw_papers, facts_of_papers
from tests.proofs.relations import Slip, Story, _facts, attack, check_relations, tell, unprotected

pytestmark = pytest.mark.fast
AXES = ("state", "year", "sex", "kind", "sentence", "agency", "offence", "citizenship")
CREDITS = ((Credit.ALL, ""), *((c, j) for c in (Credit.IN_PERIOD, Credit.BECAUSE) for j in sorted(SPANS)))


@pytest.fixture(scope="module")
def ledgers() -> list[Facts]:
    return [facts_of_papers(draw_papers(Random(seed), 120)) for seed in range(40)]


def cells(facts: Facts, question: Question) -> dict[tuple[str, ...], float]:
    table = tabulate(facts, question)
    return {c.labels: c.value for c in table.cells} | {("total",): table.total}


def questions(measure: str) -> list[Question]:
    draw = Random(measure)
    return [
        Question(measure, tuple(draw.sample(AXES, size)), credit=credit, jpa=jpa)
        for credit, jpa in CREDITS
        for size in (0, 1, 2)
    ]


def excess(ledgers: list[Facts], relation: AtMost) -> int:
    """Count the cells in which the smaller is more than the larger."""
    found = 0
    for facts in ledgers:
        for q in questions(relation.small):
            small = cells(facts, replace(q, where=relation.where))
            large = cells(facts, replace(q, measure=relation.large))
            found += sum(value > large.get(place, 0.0) + 1e-6 for place, value in small.items())
    return found


@pytest.mark.parametrize("relation", AT_MOST, ids=lambda r: f"{r.small} at most {r.large}")
def test_a_measure_declared_never_more_than_another_is_so_in_every_cell(ledgers: list[Facts], relation: AtMost) -> None:
    assert excess(ledgers, relation) == 0
    assert excess(ledgers, replace(relation, small=relation.large, large=relation.small, where={})) > 0


def test_what_no_definition_says_does_not_hold_and_is_not_declared(ledgers: list[Facts]) -> None:
    assert excess(ledgers, AtMost("persons_charged", "persons_arrested", "")) > 0
    assert excess(ledgers, AtMost("persons_convicted", "persons_convicted_first_instance", "")) > 0


@pytest.mark.parametrize("measure", sorted(PARTS))
def test_a_measure_declared_a_slice_is_the_whole_with_that_filter(ledgers: list[Facts], measure: str) -> None:
    for facts in ledgers:
        for q in questions(measure):
            assert cells(facts, q) == cells(facts, rooted(q))


def test_shares_of_a_period_are_never_more_than_the_whole_figure(ledgers: list[Facts]) -> None:
    for facts in ledgers:
        for measure in MEASURES:
            for q in questions(measure)[6:]:
                if q.credit is Credit.BECAUSE:
                    whole = cells(facts, replace(q, credit=Credit.ALL, jpa=""))
                    assert all(v <= whole.get(place, 0.0) + 1e-6 for place, v in cells(facts, q).items())


def test_a_family_is_what_the_definitions_tie_together() -> None:
    assert family_of("vessels_seized") == ("seizures", "vessels_seized", "documents_seized")
    assert family_of("charges_laid") == ("persons_charged", "charges_laid")
    assert family_of("enquiries") == ("enquiries",)


def ledger(*many: tuple[str, int, int, str], kind: str = "charged", sentence: str = "") -> Story:
    """Make (state, persons, charges of each, case)."""
    slips = [
        Slip(f"{len(state) + 97 * n + c:08x}{state:>4}{case}{n:09x}{c:010x}", f"{state}{case}{n}", str(c), case, (state, "male", sentence), (1.0, 0.0), 0)
        for state, persons, charges, case in many
        for n in range(persons)
        for c in range(charges)
    ]  # fmt: skip
    numbered = [replace(s, id=f"{n:032x}") for n, s in enumerate(slips)]
    return Story(kind, 5, True, numbered, (tuple(dict.fromkeys(m[0] for m in many)), ("male",), (sentence,)))


def told(
    story: Story, measure: str, agency: str = "tip", *, shares: bool = False, by: tuple[str, ...] = ("state",)
) -> Told:
    facts, question = _facts(story, agency, 0), Question(measure, by)
    return Told(facts, question, items_of(facts, question, 5, 1, shares=shares), 5, 5.0, f"“{measure}” by {agency}", agency)  # fmt: skip


def published(table: Told, *earlier: Told) -> tuple[Told, set[str | None]]:
    """Protect a table beside earlier ones; returns it as published, with the places that are held back."""
    seen = [replace(t, foreign=t.agency != table.agency) for t in earlier]
    system = system_of(seen, [replace(table, name="")])
    *before, last = system.publications
    found = list(protect(before, last, system.bonds).publication.items)
    return replace(table, items=found), {i.place[0] for i in found if i.suppressed}


def test_persons_are_not_shown_beside_charges_that_bound_them_and_the_refusal_names_release_and_reason() -> None:
    story = ledger(("XA", 4, 1, "t"), ("XB", 30, 2, "t"))
    charges = told(story, "charges_laid", by=())
    one = replace(
        charges, question=Question("charges_laid", (), {"state": ("XA",)}), k=0, items=[Item((), 4.0, 4.0, 4.0)]
    )
    assert published(told(story, "persons_charged"))[1] == {"XA", "XB"}

    with pytest.raises(InvalidInputError) as refused:
        published(told(story, "persons_charged"), replace(one, name="“Charges in XA” of 2026-01-02"))

    words = refused.value.fields["table"]
    assert "with what “Charges in XA” of 2026-01-02 shows" in words
    assert "because everyone charged is charged with at least one thing" in words


def test_a_slice_of_a_measure_is_remembered_as_a_part_of_the_whole() -> None:
    whole = ledger(("XA", 9, 1, "t"), ("XB", 20, 1, "t"), kind="sentenced", sentence="life")
    fined = [
        replace(s, id=f"{900 + n:032x}", person=f"f{n}", cell=("XA", "male", "fine"))
        for n, s in enumerate(whole.slips[:3])
    ]
    story = replace(whole, slips=[*whole.slips, *fined], labels=(*whole.labels[:2], ("life", "fine")))
    first, held = published(told(story, "persons_sentenced"))
    assert held == set()

    _, second = published(told(story, "persons_imprisoned"), first)

    assert "XA" in second, "twelve sentenced less nine imprisoned would tell the three who were fined"


def test_what_another_agency_published_of_the_same_outcomes_is_remembered_and_never_named() -> None:
    story = ledger(("XA", 20, 1, "u"), ("XA", 3, 1, "t"), ("XB", 30, 1, "t"))
    theirs, held = published(told(story, "persons_charged", "ucg"))
    alone = replace(story, granted=False)
    assert (held, published(told(story, "persons_charged"))[1]) == (set(), set())

    second = published(told(story, "persons_charged"), theirs)[1]

    assert "XA" in second, "23 less their 20 would tell our three"
    own = told(alone, "persons_charged")
    assert published(own, theirs) == published(own), "where both count nothing together, theirs tells nothing of ours"

    system = system_of([replace(theirs, foreign=True)], [told(story, "persons_charged")])
    *before, last = system.publications
    assert "the count of state XA, which no table shows" in protect(before, last, system.bonds).reasons["XA",]
    small = ledger(("XA", 20, 1, "u"), ("XC", 3, 1, "u"), ("XD", 9, 1, "u"), ("XB", 30, 1, "t"))
    theirs = published(told(small, "persons_charged", "ucg"))[0]
    system = system_of([replace(theirs, foreign=True)], [told(small, "persons_charged")])
    *before, last = system.publications
    reasons = " ".join(r for place, r in protect(before, last, system.bonds).reasons.items() if place != ("XC",))
    assert "“persons_charged” by ucg" in reasons
    assert "XC" not in reasons, "which of their figures is small is not for ours to know"


def test_shares_of_two_periods_are_together_no_more_than_the_whole() -> None:
    story = ledger(("XA", 12, 1, "t"), ("XB", 60, 1, "t"))
    second = {s.id for s in story.slips if s.cell[0] == "XB"} | {s.id for s in story.slips[:3]}
    story = replace(story, slips=[replace(s, shares=(0.0, 1.0) if s.id in second else (1.0, 0.0)) for s in story.slips])

    def because(jpa: str) -> Told:
        table = told(story, "charges_laid")
        question = replace(table.question, credit=Credit.BECAUSE, jpa=jpa)
        return replace(
            table, question=question, items=items_of(table.facts, question, 5, 1), name=f"“Because of {jpa}”"
        )

    whole, held = published(told(story, "charges_laid"))
    one, held_of_one = published(because("j1"), whole)
    assert (held, held_of_one) == (set(), set())
    assert "XA" in published(because("j2"), whole)[1], "with the whole alone the three could be up to twelve"

    with pytest.raises(InvalidInputError) as refused:
        published(because("j2"), whole, one)

    words = refused.value.fields["table"]
    assert "“Because of j1”" in words
    assert "because shares of all periods are together never more than the whole figure" in words


def test_a_percentage_counts_as_what_it_says_of_the_total() -> None:
    story = ledger(("XA", 40, 1, "t"), ("XB", 52, 1, "t"), ("XC", 8, 1, "t"))
    counts, _ = published(told(story, "persons_charged"))
    assert published(told(story, "persons_charged", shares=True), counts)[1] == set()

    small = ledger(("XA", 40, 1, "t"), ("XB", 57, 1, "t"), ("XC", 3, 1, "t"))
    total, _ = published(told(small, "persons_charged", by=()))
    _, held = published(told(small, "persons_charged", shares=True), total)

    assert {"XC"} < held, "40 % and 57 % of 100 would tell the three"


@pytest.mark.parametrize("seed", range(10))
def test_the_attacker_who_knows_how_measures_hang_together_recovers_nothing(seed: int) -> None:
    assert check_relations(None, 70_000 + seed) == ""


def test_that_attacker_does_recover_what_is_not_held_back_for_the_sake_of_other_tables() -> None:
    assert sum(attack(tell(seed, unprotected)) != "" for seed in range(12)) >= 3
