"""What returns count: beside own outcomes, once for each person and outcome, as frozen in a release."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jpa.errors import InvalidInputError
from jpa.graph import grants
from jpa.model.audit import AuditTag
from jpa.model.grant import Grant
from jpa.model.officer import Role
from jpa.model.release import Definition
from jpa.model.returns import WHOLE, ReturnState
from jpa.services import (
    claims,
    figure_records,
    figures,
    joint_cases,
    outcomes,
    releases,
    return_inbox,
    returns,
)
from jpa.services.claims import TypedClaim
from jpa.services.stores import Ask, Stores
from jpa.statistics.comparison import Cause
from tests.conftest import officer
from tests.integration.services.test_outcomes import outcome
from tests.integration.services.test_returns import (
    BECAUSE,
    INSIDE,
    case_of,
    entered,
    figure,
    jpa,
    later,
    malee,
    sent,
    somchai,
    tran,
)

__all__ = ["jpa", "malee", "somchai", "tran"]


def test_a_drill_down_shows_own_records_and_keys_of_returned_ones_and_adds_up(
    stores: Stores, tran: Ask, somchai: Ask, malee: Ask, prasert: Ask, wulan: Ask, jpa: str
) -> None:
    entered(stores, wulan, case_of(stores, wulan, "T-1"), ("arrested", "2024-02-03", "1"), state="XA")
    ids = entered(
        stores,
        prasert,
        case_of(stores, prasert, "U-1"),
        ("arrested", "2024-02-03", "1"),
        ("arrested", "2024-02-03", "2"),
    )
    return_inbox.accept_return(stores, tran, sent(stores, somchai, malee, jpa).id)

    found = figure_records.read_records(stores, tran, figures.question_of("persons_arrested", (), {}, INSIDE, jpa))

    assert (found.figure, found.total, sum(line.value for line in found.lines)) == (3, 3, 3)
    returned = [o for line in found.lines for o in line.outcomes if o.returned]
    assert {o.returned for o in returned} == {"ucg, everything up to its day, version 1"}
    assert len(returned) == 2
    assert {o.id for o in returned}.isdisjoint(ids)
    assert all(o.outcome is None and o.person is None for o in returned)


def test_outcomes_granted_for_counting_and_returned_count_once_corrected_ones_too(
    stores: Stores, tran: Ask, somchai: Ask, malee: Ask, prasert: Ask, jpa: str
) -> None:
    granted, closed = (case_of(stores, prasert, number) for number in ("U-1", "U-2"))
    first, _ = entered(stores, prasert, granted, ("arrested", "2024-02-03", "1"), ("arrested", "2024-02-03", "2"))
    entered(stores, prasert, closed, ("arrested", "2024-02-03", "9"))
    return_inbox.accept_return(stores, tran, sent(stores, somchai, malee, jpa).id)
    returned_alone = figure(stores, tran, jpa)[0]
    grant = Grant(
        "g" * 32, granted, "ucg", ("tran",), tran.at, tran.at + timedelta(days=9), "counting", "somchai", counting=True
    )
    with stores.audit.act(AuditTag.GRANT_CREATED, somchai.officer, at=somchai.at) as act:
        stores.graph.write(act.intent, lambda tx: grants.save_tx(tx, grant))

    both = figure(stores, tran, jpa)[0]
    correction = replace(
        outcome("arrested", granted, date="2024-02-05", reference="1", charge="1", state="XB"), reason="slip"
    )
    outcomes.correct_outcome(stores, later(prasert, 1), first, correction)
    corrected = figure(stores, tran, jpa)[0]

    assert (returned_alone, both, corrected) == (3, 3, 3)


def test_persons_of_a_joint_case_count_once_across_agencies_and_nobody_else(
    stores: Stores, tran: Ask, somchai: Ask, malee: Ask, prasert: Ask, wulan: Ask, jpa: str
) -> None:
    own, other = case_of(stores, wulan, "T-1"), case_of(stores, prasert, "U-1")
    entered(stores, wulan, own, ("arrested", "2024-02-03", "P1"), ("arrested", "2024-02-03", "P2"), state="XA")
    entered(stores, prasert, other, ("arrested", "2024-02-04", "p1"), ("arrested", "2024-02-04", "P3"))
    for ask, case, state in ((wulan, own, "XA"), (prasert, other, "XB")):
        outcomes.record_outcomes(stores, ask, [outcome("investigation opened", case, date="2024-02-01", state=state)])
    apart = sent(stores, somchai, malee, jpa)
    return_inbox.accept_return(stores, tran, apart.id)
    untied = [figure(stores, tran, jpa, m)[0] for m in ("persons_arrested", "investigations_opened")]

    code = joint_cases.tie_case(stores, wulan, own, "")
    with pytest.raises(InvalidInputError, match="not tied"):
        joint_cases.tie_case(stores, prasert, other, code[:-1] + ("0" if code[-1] != "0" else "1"))
    joint_cases.tie_case(stores, prasert, other, code.lower().replace("-", " "))
    tied = sent(stores, later(somchai, 5), malee, jpa)
    still = figure(stores, tran, jpa)[0]
    return_inbox.accept_return(stores, later(tran, 9), tied.id)

    assert untied == [4, 2]
    assert still == 4  # the later version waits, the accepted one counts
    assert [figure(stores, tran, jpa, m)[0] for m in ("persons_arrested", "investigations_opened")] == [3, 1]
    standing = {one.this.version: one.state for one in returns.list_returns(stores, somchai)}
    assert standing == {1: ReturnState.REPLACED, 2: ReturnState.ACCEPTED}
    assert [t.code for t in joint_cases.list_cases(stores, prasert)] == [code]
    return_inbox.reopen_return(stores, later(tran, 10), tied.id, "too early")
    assert figure(stores, tran, jpa)[0] == 4  # the version before counts again
    joint_cases.untie_case(stores, prasert, other)
    assert [t.code for t in joint_cases.list_cases(stores, prasert)] == [""]


def test_a_claim_travels_with_its_basis_and_signature_and_its_share_counts(
    stores: Stores, tran: Ask, somchai: Ask, malee: Ask, prasert: Ask, jpa: str
) -> None:
    case = case_of(stores, prasert, "U-1")
    entered(stores, prasert, case, ("convicted", "2026-03-09", "1"))
    second = officer(stores, "second", "ucg", "XB", Role.SUPERVISOR, Role.LEAD)
    typed = TypedClaim(case, jpa, "advanced under", "1/2", "Tenggara answered", "R-1")
    claim = claims.make_claim(stores, prasert, case, typed)
    unsigned = returns.preview_return(stores, somchai, jpa, WHOLE).made.rows
    claims.sign_claim(stores, second, claim.id)

    return_inbox.accept_return(stores, tran, sent(stores, somchai, malee, jpa).id)

    assert unsigned == ()
    [row] = returns.preview_return(stores, somchai, jpa, WHOLE).made.rows
    assert row.credit is not None
    assert (row.credit.basis.value, row.credit.share, row.credit.signed, row.part.value) == (
        "advanced under",
        "1/2",
        "2026-11",
        "after",
    )
    assert figure(stores, tran, jpa, "persons_convicted", BECAUSE)[0] == 0.5
    assert figure(stores, tran, jpa, "persons_convicted")[0] == 0


def test_a_release_freezes_the_rows_of_returns_and_a_comparison_names_the_return(
    stores: Stores, tran: Ask, somchai: Ask, malee: Ask, prasert: Ask, wulan: Ask, jpa: str
) -> None:
    lim = officer(stores, "lim", "tip", "XA", Role.SUPERVISOR)
    entered(
        stores,
        wulan,
        case_of(stores, wulan, "T-1"),
        *(("arrested", "2024-02-03", f"{n}") for n in range(6)),
        state="XA",
    )
    entered(stores, prasert, case_of(stores, prasert, "U-1"), *(("arrested", "2024-02-03", f"{n}") for n in range(7)))
    definition = Definition("Arrests", "persons_arrested", ("state",), {}, INSIDE, jpa, 3, 3, 1)
    old = releases.draft_release(stores, tran, definition)
    accepted = sent(stores, somchai, malee, jpa)
    return_inbox.accept_return(stores, tran, accepted.id)

    new = releases.draft_release(stores, later(tran, 60), definition)
    return_inbox.reopen_return(stores, later(tran, 61), accepted.id, "too early")
    again = releases.repeat_release(stores, lim, new.id)

    assert again.same, again.why
    assert "accepted return" in again.edition.whose
    assert {f.place: f.printed for f in again.edition.figures} == {("XA",): "6", ("XB",): "7", (None,): "13"}
    assert new.snapshot != old.snapshot
    moved = releases.compare_releases(stores, tran, old.id, new.id).moved
    assert {m.cause for cell in moved for m in cell.movers} == {Cause.IN_RETURN}
    assert {m.cause for cell in releases.compare_releases(stores, tran, new.id, releases.draft_release(stores, later(tran, 90), definition).id).moved for m in cell.movers} == {Cause.RETURN_LEFT}  # fmt: skip


@pytest.mark.parametrize("theirs_first", [False, True])
def test_a_table_of_returned_outcomes_and_one_by_whoever_returned_them_are_remembered_together(
    stores: Stores, tran: Ask, somchai: Ask, malee: Ask, prasert: Ask, wulan: Ask, jpa: str, *, theirs_first: bool
) -> None:
    """Here 2 and 13 were arrested, there 6 and 27: the joint table less theirs would tell what ours holds back."""
    here, there = case_of(stores, wulan, "T-1"), case_of(stores, prasert, "U-1")
    for asked, case, state, many in ((wulan, here, "XA", 2), (wulan, here, "XB", 13), (prasert, there, "XA", 6), (prasert, there, "XB", 27)):  # fmt: skip
        entered(stores, asked, case, *(("arrested", "2024-02-03", f"{state}{n}") for n in range(many)), state=state)
    seconds = {a: officer(stores, f"second.{a}", a, s, Role.SUPERVISOR) for a, s in (("tip", "XA"), ("ucg", "XB"))}
    alone = Definition("Arrests", "persons_arrested", ("state",), {}, "all", "", 5, 5, 1)
    joint = replace(alone, title="Arrests in the period", credit=INSIDE, jpa=jpa)

    def reasons(ask: Ask, definition: Definition) -> set[str | None]:
        return {place[0] for place in releases.preview_release(stores, ask, definition).reasons}

    def publish(ask: Ask, definition: Definition) -> None:
        made = releases.draft_release(stores, ask, definition)
        for signer in (ask, seconds[ask.officer.agency]):
            releases.sign_release(stores, later(signer, 1), made.id)

    before = reasons(tran, alone)
    publish(tran, alone)
    return_inbox.accept_return(stores, tran, sent(stores, somchai, malee, jpa).id)
    open_still = [reasons(tran, joint), reasons(malee, alone)]
    first, second = ((malee, alone), (tran, joint)) if theirs_first else ((tran, joint), (malee, alone))
    publish(*first)

    assert before == {"XA", "XB"}
    assert open_still == [set(), set()]
    assert reasons(*second) != set()
