"""Returns in pure code: a clerk with both desks' papers agrees, joint cases are one, nothing above the release rules leaves."""

from dataclasses import replace
from random import Random

import pytest

from jpa.model.returns import Part, Return, ReturnState, Row, states_of
from jpa.statistics.books import Books, Countable, Surroundings, facts_of
from jpa.statistics.disclosure import VICTIM_DIMENSIONS, VICTIM_KINDS
from jpa.statistics.facts import Period, day_of, days_of
from jpa.statistics.pseudonyms import Secrets, code_of, read_code
from jpa.statistics.returned import Returned, Tied, joined, span_of
from jpa.statistics.tables import Credit, Question, figure
from tests.conftest import NOW
from tests.proofs.papers import SPANS, draw_papers
from tests.proofs.returned import SECRETS, SENDER, check_returns, sent, through_file

pytestmark = pytest.mark.fast
PERIOD = Period("j", days_of("2024-01-15")[0], days_of("2024-06-30")[1], frozenset({"XA", "XB"}))


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_figures_with_a_return_equal_a_clerks_who_has_both_desks_papers(first: int) -> None:
    assert [fault for seed in range(first, first + 20) if (fault := check_returns(seed)) != ""] == []


@pytest.mark.parametrize("seed", range(25))
def test_a_return_of_any_world_holds_nothing_above_the_release_rules(seed: int) -> None:
    draw = Random(seed)
    papers = draw_papers(draw)
    jpa = draw.choice(sorted(SPANS))
    kept: set[str] = set()
    for slip in papers.slips:  # whoever corrects what stays has to mark it so again
        kept |= {slip.id} if draw.random() < 0.3 or slip.supersedes in kept else set()
    all_of_it, made = sent(papers, jpa), sent(papers, jpa, kept)
    lines = "\n".join(str(row.plain()) for row in through_file(made.rows, papers, jpa))

    stayed = {SECRETS.own_key(SENDER, "outcome", i) for i in kept}
    assert stayed.isdisjoint(row.key for row in made.rows)
    assert len(made.rows) + sum(n for _, n in made.withheld) == len(all_of_it.rows)
    hidden = (
        {s.id for s in papers.slips}
        | set(papers.homes)
        | {"High", "Low", "Port", "Unheard of", "victim-", "report-", "R1"}
    )
    assert not any(word in lines for word in hidden)
    for row in made.rows:
        if row.kind in VICTIM_KINDS:
            assert set(row.codes) <= set(VICTIM_DIMENSIONS)
            assert len(row.date) in {0, 4}
            assert (row.charge, row.case, len(row.person) <= 1) == ((), (), True)
    told = [(row.kind, key) for row in made.rows for key in row.person]
    kinds: dict[str, set[str]] = {}
    for kind, key in told:
        kinds.setdefault(key, set()).add("victim" if kind in VICTIM_KINDS else "")
    assert all(len(of) == 1 for of in kinds.values())
    if any(row.fell for row in made.rows):
        appeals = {s.id for s in papers.slips if s.kind == "appeal decided"}
        assert not appeals <= kept


def test_pseudonyms_of_two_periods_two_agencies_and_two_codes_have_nothing_in_common() -> None:
    one = Secrets(3, {"ucg": b"a" * 32, "sfi": b"b" * 32}, {"c": "CODE1", "d": "CODE2"}, {"o": "P 1", "p": "p.1"})
    other = replace(one, number=4)

    keys = {s.own_key(a, "person", "x") for s in (one, other) for a in ("ucg", "sfi")}
    joint = {key for s in (one, other) for c in ("c", "d") for key in s.joint_person(c, "o")}

    assert (len(keys), len(joint), len(keys & joint)) == (4, 4, 0)
    assert one.joint_person("c", "o") == one.joint_person("c", "p")
    assert one.joint_person("c", "unnumbered") == one.joint_person("not tied", "o") == ()


def test_a_code_survives_handwriting_and_a_slip_is_noticed() -> None:
    draw = Random(5)
    for _ in range(200):
        code = code_of(draw.randbytes(13))
        assert read_code(code.lower().replace("0", "o").replace("1", "l").replace("-", " ")) == code
    assert len({code_of(draw.randbytes(13)) for _ in range(200)}) == 200


@pytest.mark.parametrize("part", [Part.BEFORE, Part.IN, Part.AFTER])
def test_a_coarse_date_keeps_whether_it_lies_in_the_period(part: Part) -> None:
    first, last = span_of("2024", part, PERIOD)

    assert first <= last
    assert (first >= PERIOD.start and last <= PERIOD.end) == (part is Part.IN)


def row(key: str, person: str, **more: object) -> Row:
    return Row(key * 32, "arrested", "2024-02", Part.IN, "XB", person=(person * 32,), **more)  # type: ignore[arg-type]


def test_an_outcome_in_two_returns_counts_once_and_its_newest_row_is_the_one() -> None:
    nothing = facts_of(Books.empty(), Countable(""), Surroundings(periods={"j": PERIOD}))
    year = Returned("2024", "ucg", "XB", "j", (row("a", "1"), row("b", "2")))
    whole = Returned("all", "ucg", "XB", "j", (row("a", "1"), row("c", "1"), replace(row("b", "2"), state="XC")))

    both = joined(nothing, [year, whole], Tied({}))

    assert len(both) == 3
    assert figure(both, Question("persons_arrested", credit=Credit.IN_PERIOD, jpa="j")) == 1  # XC takes no part
    assert both.returns == ("2024", "all")


def test_a_later_version_takes_over_only_once_it_is_accepted() -> None:
    first = Return("1", "ucg", "XB", "j", "all", 1, 0, "", "", "", (), "m", "M", NOW, received=True)
    assert day_of(NOW.date()) > 0

    assert states_of([first, replace(first, id="2", version=2)]) == {
        "1": ReturnState.REPLACED,
        "2": ReturnState.RECEIVED,
    }
    assert states_of([first, replace(first, id="2", version=2, received=False)])["1"] is ReturnState.RECEIVED
    assert states_of([first, replace(first, id="2", version=2, period="2024")])["1"] is ReturnState.RECEIVED
