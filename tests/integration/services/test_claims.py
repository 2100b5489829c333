"""Claims through the services: signed by two, never more than the whole, and figures that follow them alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import partial

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, JpaError, NotFoundError
from jpa.graph.cases import save_jpa_tx
from jpa.model.case import Jpa
from jpa.model.draft import TypedOutcome, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.model.outcome import Basis, Claim, Outcome
from jpa.services import attribution, cases, claims, outcomes, reports, victims
from jpa.services.cases import NewCase
from jpa.services.claims import TypedClaim, share_of
from jpa.services.ledger import Counted, count
from jpa.services.stores import Ask, Stores
from jpa.statistics.tables import Credit, Question, figure
from tests.conftest import officer

ONE = Jpa("1" * 32, 1, "JPA 1, 2021", "2021-03-01", "2021-06-30", ("XA", "XB"))
TWO = Jpa("2" * 32, 2, "JPA 2, 2022", "2022-05-01", "2022-10-31", ("XA", "XB"))
FOREIGN = Jpa("3" * 32, 3, "JPA 3, 2024", "2024-01-15", "2024-06-30", ("XB", "XC"))


@pytest.fixture
def tran(stores: Stores) -> Ask:
    for jpa in (ONE, TWO, FOREIGN):
        stores.graph.upkeep(partial(save_jpa_tx, jpa=jpa))
    return officer(stores, "tran", "tip", "XA", Role.SUPERVISOR)


@pytest.fixture
def case(stores: Stores, wulan: Ask) -> str:
    opened = datetime(2020, 11, 19, 9, tzinfo=UTC)
    return cases.open_case(stores, wulan, NewCase("T-1", "Camp", open_in_agency=True, opened=opened)).id


def convict(stores: Stores, ask: Ask, case: str, *references: str, date: str = "2023-04-28") -> list[Outcome]:
    said = [
        TypedOutcome("convicted", {"date": [date], "state": ["XA"], "reference": [r], "charge": ["1"]}, case)
        for r in references
    ]
    return outcomes.record_outcomes(stores, ask, said)


def train(stores: Stores, ask: Ask, jpa: Jpa, *dates: str) -> list[Outcome]:
    said = [TypedOutcome("training session", {"date": [d], "state": ["XA"]}, jpa=jpa.id) for d in dates]
    return outcomes.record_outcomes(stores, ask, said)


def trained(stores: Stores, ask: Ask, *jpas: Jpa) -> list[tuple[float, float]]:
    """Return training sessions in each period, and because of it."""
    credits_ = (Credit.IN_PERIOD, Credit.BECAUSE)

    def work(counted: Counted) -> list[tuple[float, float]]:
        asked = [[Question("training_sessions", credit=credit, jpa=jpa.id) for credit in credits_] for jpa in jpas]
        return [(figure(counted.facts, inside), figure(counted.facts, because)) for inside, because in asked]

    return count(stores, ask, "figure", work)


def claim(
    stores: Stores,
    ask: Ask,
    case: str,
    jpa: Jpa = ONE,
    basis: str = "advanced under",
    share: str = "1",
    target: str = "",
) -> Claim:
    typed = TypedClaim(target or case, jpa.id, basis, share, "Utara answered the request made under it.", "R3")
    return claims.make_claim(stores, ask, case, typed)


def signed(stores: Stores, ask: Ask, second: Ask, case: str, jpa: Jpa = ONE, **said: str) -> Claim:
    return claims.sign_claim(stores, second, claim(stores, ask, case, jpa, **said).id)


def convicted(stores: Stores, ask: Ask, jpa: Jpa = ONE) -> tuple[float, float]:
    """Return persons convicted in the period, and because of it."""

    def work(counted: Counted) -> tuple[float, float]:
        asked = Question("persons_convicted", jpa=jpa.id)
        return (
            figure(counted.facts, replace(asked, credit=Credit.IN_PERIOD)),
            figure(counted.facts, replace(asked, credit=Credit.BECAUSE)),
        )

    return count(stores, ask, "figure", work)


def test_a_claim_credits_years_later_once_another_officer_has_signed(
    stores: Stores, wulan: Ask, tran: Ask, case: str
) -> None:
    convict(stores, wulan, case, "D1", "D2")
    made = claim(stores, wulan, case)
    unsigned = convicted(stores, tran)

    both = claims.sign_claim(stores, tran, made.id)

    assert unsigned == (0.0, 0.0)
    assert (both.by, both.second, both.counts) == ("wulan", "tran", True)
    assert convicted(stores, tran) == (0, 2)
    [line] = attribution.read_attribution(stores, tran, case).lines
    assert (line.claim, line.by, line.second, line.jpa, line.target) == (both, "Wulan", "Tran", ONE.name, "T-1 Camp")


def test_nobody_signs_their_own_claim_and_nobody_signs_twice(stores: Stores, wulan: Ask, tran: Ask, case: str) -> None:
    made = claim(stores, wulan, case)

    with pytest.raises(ForbiddenError, match="another officer"):
        claims.sign_claim(stores, wulan, made.id)
    claims.sign_claim(stores, tran, made.id)
    with pytest.raises(ConflictError):
        claims.sign_claim(stores, officer(stores, "lee", "tip", "XA", Role.SUPERVISOR), made.id)


def test_the_queue_for_the_second_signature_names_the_case_and_leaves_out_own_claims(
    stores: Stores, wulan: Ask, prasert: Ask, tran: Ask, case: str
) -> None:
    made = claim(stores, wulan, case)

    [waits] = attribution.list_waiting(stores, tran)

    assert (waits.claim.id, waits.case, waits.by, waits.jpa) == (made.id, "T-1 Camp", "Wulan", ONE.name)
    assert attribution.list_waiting(stores, wulan) == []
    assert attribution.list_waiting(stores, prasert) == []
    claims.sign_claim(stores, tran, made.id)
    assert attribution.list_waiting(stores, tran) == []


def test_shares_never_add_up_to_more_than_the_whole_and_what_is_missing_is_told(
    stores: Stores, wulan: Ask, tran: Ask, case: str
) -> None:
    convict(stores, wulan, case, "D1")
    signed(stores, wulan, tran, case, share="1/2")

    with pytest.raises(InvalidInputError) as refused:
        claim(stores, wulan, case, TWO, share="51 %")
    with pytest.raises(ConflictError):
        claim(stores, wulan, case, ONE, share="1/4")
    assert refused.value.fields["share"].endswith("at most 1/2 is left.")
    assert attribution.read_attribution(stores, wulan, case).gaps == [("T-1 Camp", Fraction(1, 2))]
    signed(stores, wulan, tran, case, TWO, share="0,5")
    assert attribution.read_attribution(stores, wulan, case).gaps == []
    assert (convicted(stores, tran), convicted(stores, tran, TWO)) == ((0, 0.5), (0, 0.5))


def test_two_claims_at_the_same_moment_do_not_add_up_to_more_than_the_whole(
    stores: Stores, wulan: Ask, tran: Ask, case: str
) -> None:
    tries: list[Callable[[], Claim]] = [
        lambda: claim(stores, wulan, case, ONE, share="2/3"),
        lambda: claim(stores, tran, case, TWO, share="2/3"),
    ] * 4

    def outcome_of(attempt: Callable[[], Claim]) -> str:
        try:
            return attempt().id
        except JpaError:
            return ""

    with ThreadPoolExecutor(8) as pool:
        made = [i for i in pool.map(outcome_of, tries) if i]

    assert len(made) == 1
    assert [line.claim.id for line in attribution.read_attribution(stores, wulan, case).in_force] == made


def test_a_claim_about_an_outcome_stands_in_place_of_its_case_s(
    stores: Stores, wulan: Ask, tran: Ask, case: str
) -> None:
    first, second, _third = convict(stores, wulan, case, "D1", "D2", "D3")
    signed(stores, wulan, tran, case)

    signed(stores, wulan, tran, case, TWO, target=first.id, share="1/4")
    signed(stores, wulan, tran, case, basis="coincident", target=second.id)

    assert convicted(stores, tran) == (0, 1)
    assert convicted(stores, tran, TWO) == (0, 0.25)


def test_a_correction_keeps_the_claim_that_was_signed_about_what_it_corrects(
    stores: Stores, wulan: Ask, tran: Ask, case: str
) -> None:
    [first] = convict(stores, wulan, case, "D1")
    signed(stores, wulan, tran, case, target=first.id, share="1/4")

    typed = TypedOutcome("convicted", {"date": ["2023-04-29"], "reference": ["D1"], "charge": ["1"]}, case)
    fixed = outcomes.correct_outcome(stores, minutes(wulan, 1), first.id, typed)
    once = convicted(stores, tran)
    signed(stores, wulan, tran, case, TWO, target=fixed.id)

    assert once == (0.0, 0.25)
    assert (convicted(stores, tran), convicted(stores, tran, TWO)) == ((0, 0), (0, 1))


def test_coincidence_withdrawal_and_a_missing_signature_count_nothing(
    stores: Stores, wulan: Ask, tran: Ask, case: str
) -> None:
    convict(stores, wulan, case, "D1", date="2021-04-01")
    signed(stores, wulan, tran, case, basis="coincident")
    coincident = convicted(stores, tran)
    made = signed(stores, wulan, tran, case)
    counted = convicted(stores, tran)

    with pytest.raises(InvalidInputError):
        claims.withdraw_claim(stores, wulan, made.id, " ")
    gone = claims.withdraw_claim(stores, wulan, made.id, "Utara says it was another request.")

    assert (coincident, counted, convicted(stores, tran)) == ((1, 0), (1, 1), (1, 0))
    assert (gone.counts, gone.withdrawn_by) == (False, "wulan")
    with pytest.raises(ConflictError):
        claims.withdraw_claim(stores, wulan, made.id, "again")
    with pytest.raises(ConflictError):
        claims.sign_claim(stores, officer(stores, "lee", "tip", "XA", Role.SUPERVISOR), made.id)
    [history] = attribution.read_attribution(stores, wulan, case).withdrawn
    assert history.claim.withdrawn_reason == "Utara says it was another request."
    claim(stores, wulan, case)  # room again, and still nothing before it is signed
    assert convicted(stores, tran) == (1, 0)


def test_another_agency_finds_nothing(stores: Stores, wulan: Ask, prasert: Ask, tran: Ask, case: str) -> None:
    [verdict] = convict(stores, wulan, case, "D1")
    made = signed(stores, wulan, tran, case)

    for attempt in (
        lambda: attribution.read_attribution(stores, prasert, case),
        lambda: claims.sign_claim(stores, prasert, made.id),
        lambda: claims.withdraw_claim(stores, prasert, made.id, "why"),
        lambda: claim(stores, prasert, case),
        lambda: claim(stores, prasert, case, target=verdict.id),
    ):
        with pytest.raises(NotFoundError):
            attempt()
    chief = officer(stores, "chief", "ucg", "XB", Role.SUPERVISOR)
    assert convicted(stores, chief) == (0, 0)


def test_who_neither_leads_the_case_nor_supervises_claims_nothing(stores: Stores, tran: Ask, case: str) -> None:
    colleague = officer(stores, "lee", "tip", "XA", Role.LEAD, Role.CONTRIBUTE)
    clerk = officer(stores, "nok", "tip", "XA", Role.CONTRIBUTE)

    with pytest.raises(ForbiddenError):
        claim(stores, colleague, case)
    with pytest.raises(ForbiddenError):
        claim(stores, clerk, case)
    assert attribution.read_attribution(stores, clerk, case).may_claim is False
    assert claim(stores, tran, case).by == "tran"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"basis": "by dates"}, "basis"),
        ({"share": "0"}, "share"),
        ({"share": "3/2"}, "share"),
        ({"share": "half"}, "share"),
        ({"reason": " "}, "reason"),
        ({"evidence": ""}, "evidence"),
        ({"target": "9" * 32}, "target"),
        ({"jpa": FOREIGN.id}, "jpa"),
    ],
)
def test_a_claim_is_refused_by_field(
    stores: Stores, wulan: Ask, tran: Ask, case: str, typed: dict[str, str], field: str
) -> None:
    whole = TypedClaim(case, ONE.id, "advanced under", "1", "Utara answered.", "R3")

    with pytest.raises(InvalidInputError) as refused:
        claims.make_claim(stores, wulan, case, replace(whole, **typed))

    assert set(refused.value.fields) == {field}
    assert attribution.read_attribution(stores, tran, case).lines == []


def test_dates_only_suggest(stores: Stores, wulan: Ask, tran: Ask, case: str) -> None:
    convict(stores, wulan, case, "D1", date="2021-06")
    convict(stores, wulan, case, "D2", date="2022")
    under = cases.open_case(stores, wulan, NewCase("T-2", "Ransom", jpa=TWO.id)).id

    suggested = attribution.read_attribution(stores, wulan, case).suggestions

    assert [(s.jpa.number, s.basis, s.why) for s in suggested] == [
        (1, Basis.COINCIDENT, "1 of its outcomes fall into the period; nothing else ties them to it")
    ]
    [told] = attribution.read_attribution(stores, wulan, under).suggestions
    assert (told.jpa, told.basis) == (TWO, Basis.ADVANCED_UNDER)
    assert convicted(stores, tran) == (1, 0)


def test_a_claim_that_credits_what_came_before_the_period_says_so(
    stores: Stores, wulan: Ask, tran: Ask, case: str
) -> None:
    early = outcomes.record_outcomes(
        stores, wulan, [TypedOutcome("investigation opened", {"date": ["2020-11-19"]}, case)]
    )
    convict(stores, wulan, case, "D1")
    signed(stores, wulan, tran, case)
    told = attribution.read_attribution(stores, wulan, case).in_force[0].before

    signed(stores, wulan, tran, case, basis="coincident", target=early[0].id)

    assert told == 1
    assert [line.before for line in attribution.read_attribution(stores, wulan, case).in_force] == [0, 0]


def test_figures_are_the_same_after_the_columns_are_read_anew(stores: Stores, wulan: Ask, tran: Ask, case: str) -> None:
    convict(stores, wulan, case, "D1", "D2", "D3")
    signed(stores, wulan, tran, case, share="1/3")
    before = convicted(stores, tran)

    stores.ledger.born = "another process"

    assert before == (0.0, 1.0)
    assert convicted(stores, tran) == before


def test_a_share_is_read_as_people_write_it() -> None:
    assert [share_of(text) for text in ("", "1/2", "0.25", "0,5", "50 %", "33%")] == [
        1, Fraction(1, 2), Fraction(1, 4), Fraction(1, 2), Fraction(1, 2), Fraction(33, 100),
    ]  # fmt: skip
    assert [share_of(text) for text in ("0", "-1", "2", "1/0", "%", "x")] == [None] * 6


def minutes(ask: Ask, number: int) -> Ask:
    return replace(ask, at=ask.at + timedelta(minutes=number))


def test_sealing_a_person_takes_the_name_out_of_claims(stores: Stores, wulan: Ask, tran: Ask, case: str) -> None:
    said = TypedReport(
        case, "Interview", "R3", "2021-05-01", Grade("4x4", "A", "1"), Marking(),
        records=[TypedRecord("1", "Person", {"name": ["Samira Khatun"]}, role="suspect")],
    )  # fmt: skip
    [person] = reports.add_report(stores, wulan, said).records
    typed = TypedClaim(
        case, ONE.id, "advanced under", "1", "Samira Khatun named the house.", "statement of Samira Khatun"
    )
    made = claims.make_claim(stores, wulan, case, typed)
    claims.withdraw_claim(stores, tran, made.id, "Samira Khatun took it back")

    victims.seal_entity(stores, replace(wulan, at=wulan.at + timedelta(minutes=2)), person.id, {})

    [line] = attribution.read_attribution(stores, tran, case).lines
    assert "Samira" not in line.claim.reason + line.claim.evidence + line.claim.withdrawn_reason
    assert "named the house" in line.claim.reason


def test_what_an_agency_did_without_a_case_is_claimed_as_a_whole_and_one_by_one(
    stores: Stores, wulan: Ask, tran: Ask, prasert: Ask
) -> None:
    chief = officer(stores, "chief", "ucg", "XB", Role.SUPERVISOR)
    first, *_ = train(stores, wulan, ONE, "2021-03-10", "2021-05", "2022-06-01", "2021-01-05")
    train(stores, wulan, TWO, "2022-06-02")
    train(stores, prasert, ONE, "2021-04-01")
    suggested = attribution.read_own(stores, wulan, ONE.id).suggestions
    typed = TypedClaim("", ONE.id, "opened under", "1", "Planned at the first meeting.", "minutes")

    made = claims.claim_own(stores, wulan, ONE.id, typed)
    [waits] = attribution.list_waiting(stores, tran)
    unsigned = trained(stores, tran, ONE, TWO)
    claims.sign_claim(stores, tran, made.id)
    whole = trained(stores, tran, ONE, TWO)
    split = claims.claim_own(stores, tran, ONE.id, replace(typed, target=first.id, jpa=TWO.id, share="1/4"))
    claims.sign_claim(stores, wulan, split.id)
    single = trained(stores, tran, ONE, TWO)
    slip = replace(wulan, at=wulan.at + timedelta(minutes=1))
    said = TypedOutcome("training session", {"date": ["2021-03-11"], "state": ["XA"]}, reason="slip")
    outcomes.correct_outcome(stores, slip, first.id, said)
    corrected = trained(stores, tran, ONE, TWO)

    assert [(s.jpa.number, s.basis, s.why) for s in suggested] == [
        (2, Basis.COINCIDENT, "1 of its outcomes fall into the period; nothing else ties them to it"),
        (1, Basis.OPENED_UNDER, "reported under the period; 2 of 4 are dated inside it"),
    ]
    assert (waits.case, waits.target, waits.before) == ("What was done under JPA 1, 2021 without a case",) * 2 + (1,)
    assert (unsigned, whole) == ([(2, 0), (2, 0)], [(2, 4), (2, 0)])
    assert single == corrected == [(2, 3), (2, 0.25)]
    assert trained(stores, chief, ONE) == [(1, 0)]
    claims.withdraw_claim(stores, tran, made.id, "It was held without it.")
    assert trained(stores, tran, ONE, TWO) == [(2, 0), (2, 0.25)]
    assert [line.claim.id for line in attribution.read_own(stores, wulan, ONE.id).in_force] == [split.id]


def test_own_claims_stay_with_the_agency_and_are_refused_by_field(
    stores: Stores, wulan: Ask, tran: Ask, prasert: Ask, case: str
) -> None:
    [verdict] = convict(stores, wulan, case, "D1")
    [other] = train(stores, wulan, TWO, "2022-06-02")
    typed = TypedClaim("", ONE.id, "opened under", "1", "Planned.", "minutes")
    made = claims.claim_own(stores, wulan, ONE.id, typed)

    for target in (case, verdict.id, other.id, "9" * 32, f"agency:ucg|{ONE.id}"):
        with pytest.raises(InvalidInputError) as refused:
            claims.claim_own(stores, wulan, ONE.id, replace(typed, target=target))
        assert set(refused.value.fields) == {"target"}
    for attempt in (
        lambda: claims.sign_claim(stores, prasert, made.id),
        lambda: claims.withdraw_claim(stores, prasert, made.id, "why"),
        lambda: claims.claim_own(stores, wulan, FOREIGN.id, typed),
        lambda: attribution.read_own(stores, wulan, FOREIGN.id),
    ):
        with pytest.raises(NotFoundError):
            attempt()
    with pytest.raises(ForbiddenError):
        claims.claim_own(stores, officer(stores, "nok", "tip", "XA", Role.CONTRIBUTE), ONE.id, typed)
    assert attribution.read_own(stores, prasert, ONE.id).lines == []
    assert [line.claim.id for line in attribution.read_own(stores, tran, ONE.id).lines] == [made.id]
