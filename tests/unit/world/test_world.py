"""The fictional region: the same from one seed, valid against the catalogue, and true to what it promises."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from jpa.model.case import CaseRole
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES, VICTIM
from jpa.model.catalogue.outcomes import OUTCOME_KINDS, properties_of
from jpa.model.draft import TypedIncident
from jpa.model.officer import Officer, Role
from jpa.model.outcome import Basis
from jpa.model.value_types import Context
from jpa.services.incident_statements import MOST_INCIDENTS, build, check
from jpa.services.stores import Ask
from jpa.statistics.incident_facts import fact_of
from jpa.statistics.surges import read_surges
from jpa.world.generate import generate
from jpa.world.plan import STATE_OF, TODAY, World
from jpa.world.truth import source_key, truth_json

pytestmark = pytest.mark.fast

PRINT = (
    "import hashlib; from jpa.world.generate import generate; from jpa.world.truth import truth_json; "
    "w = generate('small', 5); print(hashlib.sha256((repr(w) + truth_json(w)).encode()).hexdigest())"
)


@pytest.fixture(scope="module")
def world() -> World:
    return generate("small", 3)


def test_the_same_seed_gives_the_same_bytes_in_any_process_and_another_seed_another_world() -> None:
    here = generate("small", 5)
    expected = hashlib.sha256((repr(here) + truth_json(here)).encode()).hexdigest()

    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}  # noqa: TID251 -- handed on to our own child
        made = subprocess.run(
            [sys.executable, "-c", PRINT], env=environment, capture_output=True, text=True, check=True
        )
        assert made.stdout.strip() == expected
    assert truth_json(generate("small", 6)) != truth_json(here)


def test_everything_in_it_is_in_the_catalogue(world: World) -> None:
    numbers = {case.number for case in world.cases}
    coded = {p.name: {code for code, _ in p.type.choices} for p in VICTIM.coded}

    for report in world.reports:
        assert report.case in numbers
        types = {r.ref: r.type for r in report.records}
        assert len(types) == len(report.records)
        for record in report.records:
            assert all(ENTITY_TYPES[record.type].has(name) for name in record.properties)
            assert record.role == "" or record.role in set(CaseRole)
            assert record.truth != ""
        for link in report.links:
            declared = LINK_TYPES[link.type]
            assert types[link.source] in declared.sources
            assert types[link.target] in declared.targets
            assert link.source != link.target
            assert {p.name for p in declared.properties} >= set(link.properties)
        for _, age, form in report.victims:
            assert age in coded["ageBand"]
            assert form in coded["exploitation"]


def test_every_line_of_every_report_has_a_name_of_its_own(world: World) -> None:
    keys = [source_key(report, record) for report in world.reports for record in report.records]

    assert len(set(keys)) == len(keys)


def test_one_man_is_recorded_by_two_agencies_under_two_spellings(world: World) -> None:
    rahim = [
        (report.case[0], r.properties["name"][0])
        for report in world.reports
        for r in report.records
        if r.truth == "rahim"
    ]

    assert {agency for agency, _ in rahim} == {"T", "U"}
    assert len({name for _, name in rahim}) > 1


def test_names_stand_in_the_scripts_of_the_region(world: World) -> None:
    names = "".join(n for p in world.reports for r in p.records if r.type == "Person" for n in r.properties["name"])

    for script in ((0x0980, 0x09FF), (0x1000, 0x109F), (0x0E00, 0x0E7F), (0x0600, 0x06FF), (0x1EA0, 0x1EF9)):
        assert any(script[0] <= ord(c) <= script[1] for c in names)


def test_there_are_networks_of_each_shape_harmless_groups_of_each_kind_and_pairs_who_only_look_alike(
    world: World,
) -> None:
    people = {r.truth for p in world.reports for r in p.records if r.type == "Person"}

    assert {n.kind for n in world.networks} == {"compact", "chain", "cellular"}
    assert {h.kind for h in world.harmless} == {
        "fishing firm", "family", "savings club", "passengers", "phone shop", "remittance agent",
    }  # fmt: skip
    assert {pair.kind for pair in world.apart} == {"siblings", "twins", "namesakes"}
    assert all(pair.left != pair.right and pair.right in people for pair in world.apart)


def test_some_people_are_recorded_in_several_states(world: World) -> None:
    agency_of = {case.number: case.agency for case in world.cases}
    states: dict[str, set[str]] = {}
    for report in world.reports:
        for record in report.records:
            if record.type == "Person":
                states.setdefault(record.truth, set()).add(STATE_OF[agency_of[report.case]])

    assert sum(len(found) > 1 for found in states.values()) >= 20


def test_smuggled_migrants_are_never_members_of_a_network(world: World) -> None:
    migrants = {r.truth for p in world.reports for r in p.records if r.role == CaseRole.SMUGGLED_MIGRANT}

    assert len(migrants) > 20
    assert migrants.isdisjoint(m for n in world.networks for m in n.members)


def test_verdicts_come_eighteen_to_thirty_months_after_the_joint_period(world: World) -> None:
    ends = {jpa.number: date.fromisoformat(jpa.end) for jpa in world.jpas}
    verdicts = {(o.jpa, o.date) for o in world.outcomes if o.stage in {"convicted", "acquitted"}}

    assert len(verdicts) >= 3
    for jpa, day in verdicts:
        assert 18 * 30 <= (date.fromisoformat(day) - ends[jpa]).days <= 31 * 30


def test_the_old_camp_is_the_trap(world: World) -> None:
    case = next(c for c in world.cases if c.number == "T-2020-0031")
    jpa = next(j for j in world.jpas if j.number == case.jpa)
    reports = [r for r in world.reports if r.case == case.number]
    outcomes = [o for o in world.outcomes if o.case == case.number]
    persons = {
        stage: {o.reference for o in outcomes if o.stage == stage} for stage in ("arrested", "charged", "convicted")
    }
    charges = [o for o in outcomes if o.stage == "charged"]
    verdicts = {o.date for o in outcomes if o.stage in {"convicted", "acquitted"}}

    assert case.opened < jpa.start
    assert any(jpa.start <= r.date <= jpa.end for r in reports)
    assert verdicts == {max(r.date for r in reports)} == {"2023-04-28"}
    assert {r.title for r in reports} >= {"Arrest record", "Charge sheet", "Court judgment"}
    assert len(persons["arrested"]) == len(persons["charged"]) == 103
    assert len(persons["convicted"]) == 62
    assert len({o.charge for o in charges}) == 13
    assert len(charges) == len({(o.reference, o.charge) for o in charges}) == 256
    assert len({o.person for o in outcomes if o.person}) == 11


def test_what_came_of_it_is_in_the_catalogue_of_outcomes_and_never_lies_ahead(world: World) -> None:
    for outcome in world.outcomes:
        kind = OUTCOME_KINDS[outcome.stage]
        assert {p.name for p in properties_of(kind)} >= set(outcome.said)
        assert outcome.date <= TODAY
        assert (outcome.case != "") != (kind.without_case and outcome.agency != "")


@pytest.mark.parametrize("seed", range(3, 9))
def test_a_careful_clerk_claims_nothing_twice_and_credits_nothing_that_came_before(seed: int) -> None:
    made = generate("small", seed)
    starts = {jpa.number: jpa.start for jpa in made.jpas}
    opened = {case.number: case.opened for case in made.cases}
    whole: dict[str, Fraction] = {}
    for claim in made.claims:
        if claim.outcome < 0:
            of = claim.case or f"{claim.agency} {claim.jpa}"
            whole[of] = whole.get(of, Fraction()) + Fraction(claim.share)
    apart = {claim.case for claim in made.claims if claim.outcome >= 0}

    assert set(whole.values()) == {Fraction(1)}
    assert sum(claim.share == "1/2" for claim in made.claims) == 2
    assert {claim.basis for claim in made.claims} == set(Basis)
    assert all(made.outcomes[claim.outcome].case == claim.case for claim in made.claims if claim.outcome >= 0)
    assert {(o.agency, o.jpa) for o in made.outcomes if o.case == ""} == {
        (k.agency, k.jpa) for k in made.claims if k.case == ""
    }
    for claim in made.claims:
        if claim.outcome < 0 and claim.share == "1" and claim.case:
            assert (opened[claim.case] < starts[claim.jpa]) == (claim.case in apart)


def test_the_truth_knows_victims_by_pseudonym_alone(world: World) -> None:
    written = truth_json(world)
    names = [name for report in world.reports for name, _, _ in report.victims]
    truth = json.loads(written)

    assert len(names) >= 2
    assert all(name in report.text for report in world.reports for name, _, _ in report.victims)
    assert all(name not in written for name in names)
    assert len(truth["victims"]) == len(names)
    assert truth["victims"][0]["pseudonym"] == "[victim V-1]"


def test_incidents_hold_no_name_have_a_season_and_one_surge_that_is_warned_of(world: World) -> None:
    context, [planted] = Context("XA", date(2026, 11, 1)), world.surges
    people = (r for report in world.reports for r in report.records if r.type == "Person")
    names = {name for person in people for name in person.properties.get("name", ())}

    typed = [TypedIncident(one.said) for one in world.incidents]
    check(typed[:MOST_INCIDENTS], context)
    ask = Ask(Officer("a", "a", "A", planted.agency, "XA", frozenset({Role.LEAD})), datetime(2026, 11, 1, tzinfo=UTC))
    own = [
        fact_of(build(ask, t, context))
        for t, o in zip(typed, world.incidents, strict=True)
        if o.agency == planted.agency
    ]
    found = {month: read_surges(own, month).warnings for month in ("2026-08", "2026-09", planted.month)}

    assert 300 < len(typed) <= MOST_INCIDENTS
    assert names.isdisjoint(value for one in world.incidents for values in one.said.values() for value in values)
    assert sum(one.surge for one in world.incidents) == planted.more
    assert [(r.series.place, r.series.route) for r in found.pop(planted.month)] == [(planted.place, planted.route)]
    assert set(map(tuple, found.values())) == {()}
    calm, rough = (
        sum(f.labels["month"][0][5:] in months for f in own) for months in (("12", "01", "02"), ("05", "06", "07"))
    )
    assert calm > 2 * rough
    assert json.loads(truth_json(world))["surges"][0]["month"] == planted.month
