"""The trap of the old camp as a careful clerk would write it: persons are not charges, and dates are not causes.

The expected figures are spelled out here from the story, not worked out by the code that counts.
"""

import pytest

from jpa.model.outcome import Basis
from jpa.services import attribution, cases, closing, frames
from jpa.services.installation import Installation
from jpa.services.ledger import Counted, count
from jpa.services.stores import Ask, Stores
from jpa.statistics.tables import Credit, Question, figure, members, tabulate
from jpa.world.load import load_world
from tests.conftest import NOW
from tests.web.conftest import empty_accounts

CAMP = "T-2020-0031"


@pytest.fixture
def tran(installation: Installation, stores: Stores) -> Ask:
    del stores  # emptied before the region is entered
    empty_accounts(installation)
    load_world(installation, "small", 3, NOW, lambda: "anchor-basket-candle-12345678")
    account = installation.accounts.find("supervisor.tip")
    assert account is not None
    return Ask(account.officer, NOW)


def test_the_camp_is_counted_as_a_careful_clerk_would_write_it(stores: Stores, tran: Ask) -> None:
    case = cases.find_case(stores, tran, CAMP)
    assert case is not None
    jpas = {frame.jpa.number: frame.jpa.id for frame in frames.list_frames(stores, tran)}
    here = {"case": (case.id,)}

    def clerk(counted: Counted) -> dict[str, tuple[float, float, float]]:
        def three(measure: str) -> tuple[float, float, float]:
            asked = (
                Question(measure, (), here),
                Question(measure, (), here, Credit.IN_PERIOD, jpas[1]),
                Question(measure, (), here, Credit.BECAUSE, jpas[1]),
            )
            assert [sum(m.value for m in members(counted.facts, q)) for q in asked] == [
                figure(counted.facts, q) for q in asked
            ]
            whole, inside, because = (figure(counted.facts, q) for q in asked)
            return whole, inside, because

        kinds = tabulate(counted.facts, Question("charges_laid", ("article",), here))
        assert len([cell for cell in kinds.cells if cell.labels != ("",)]) == 13
        assert (
            sum(
                figure(counted.facts, Question("persons_convicted", (), here, Credit.BECAUSE, jpas[n]))
                for n in (2, 3, 4)
            )
            == 0
        )
        measures = (
            "persons_arrested", "persons_charged", "charges_laid", "persons_convicted", "charges_convicted", "persons_acquitted",
            "charges_acquitted", "persons_imprisoned", "investigations_opened",
        )  # fmt: skip
        return {measure: three(measure) for measure in measures}

    assert count(stores, tran, "trap", clerk) == {
        # all, in the period, because of the period
        "persons_arrested": (103, 61, 103),
        "persons_charged": (103, 0, 103),
        "charges_laid": (256, 0, 256),
        "persons_convicted": (62, 0, 62),
        "charges_convicted": (123, 0, 123),
        "persons_acquitted": (71, 0, 71),
        "charges_acquitted": (133, 0, 133),
        "persons_imprisoned": (62, 0, 62),
        "investigations_opened": (1, 0, 0),
    }
    _a_reader_sees_why(stores, tran, case.id)
    _the_closing_report_says_both(stores, tran, jpas[1])


def _a_reader_sees_why(stores: Stores, tran: Ask, case: str) -> None:
    seen = attribution.read_attribution(stores, tran, case)
    by_basis = {line.claim.basis: line for line in seen.in_force}
    credit, opening = by_basis[Basis.ADVANCED_UNDER], by_basis[Basis.COINCIDENT]

    assert (credit.claim.basis, str(credit.claim.share), credit.claim.counts, credit.jpa) == (
        Basis.ADVANCED_UNDER,
        "1",
        True,
        "JPA 1, 2021",
    )
    assert (credit.by, credit.second) == ("Supt. A. Rahman", "Col. N. Tran")
    assert "until Utara and Selatan answered the requests made under it" in credit.claim.reason
    assert credit.claim.evidence == f"{CAMP}/R3"
    assert credit.before == 0
    assert len(seen.lines) == 2
    assert opening.target == "Investigation opened, 2020-11-19"
    assert seen.gaps == []
    assert [(s.jpa.number, s.basis) for s in seen.suggestions if s.basis is not Basis.COINCIDENT] == [
        (1, Basis.ADVANCED_UNDER)
    ]


def _the_closing_report_says_both(stores: Stores, tran: Ask, jpa: str) -> None:
    report = closing.read_closing(stores, tran, jpa)
    convictions = next(line for line in report.lines if line.measure.name == "persons_convicted")
    measure, values, _total = report.vintage.rows[2]

    assert convictions.in_period == 0
    assert convictions.because >= 62
    assert measure.name == "persons_convicted"
    assert values[report.vintage.months.index(24)] == 0
    assert values[report.vintage.months.index(30)] >= 62
