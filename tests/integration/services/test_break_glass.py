"""Break-glass: two officers, a reason, an hour, an alarm and a review, every time; anything less is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, JpaError, NotFoundError
from jpa.model.audit import AuditTag, Outcome
from jpa.model.break_glass import VaultState
from jpa.model.case import TeamRole
from jpa.model.draft import TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.operations.tables import vault_requests
from jpa.services import break_glass, cases, reports, teams
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.conftest import officer

IDENTITY = {"name": ["Zarinah Canarywala"], "phone": ["+62 812 9999 0000"]}


def later(ask: Ask, minutes: float) -> Ask:
    return replace(ask, at=ask.at + timedelta(minutes=minutes))


@pytest.fixture(autouse=True)
def no_requests(installation: Installation) -> None:
    with installation.operations.writing() as connection:
        connection.execute(vault_requests.delete())


@pytest.fixture
def victim(stores: Stores, wulan: Ask) -> str:
    case = cases.open_case(stores, wulan, NewCase("T-1", "Selat crossing")).id
    typed = TypedVictim(IDENTITY, {"ageBand": ["18–20"], "gender": ["Feminine"], "citizenship": ["Malaysia"]})
    said = TypedReport(case, "Interview", "I-1", "2024", Grade("4x4", "B", "2"), Marking(), victims=(typed,))
    reports.add_report(stores, wulan, said)
    return break_glass.list_victims(stores, wulan, case)[0].id


@pytest.fixture
def sari(stores: Stores, wulan: Ask, victim: str) -> Ask:
    """A supervisor of the same agency on the team: the second officer."""
    second = officer(stores, "sari", "tip", "XA", Role.SUPERVISOR)
    case = cases.list_cases(stores, wulan).rows[0].case.id
    teams.join_team(stores, wulan, case, "sari", TeamRole.MEMBER)
    assert victim != ""
    return second


@pytest.fixture
def auditor(stores: Stores) -> Ask:
    return officer(stores, "dpo", "tip", "XA", Role.AUDITOR)


def asked(stores: Stores, ask: Ask, victim: str) -> str:
    return break_glass.ask_identity(stores, ask, victim, "she is in danger", "s. 12 Act 670").id


def test_two_officers_open_an_identity_for_an_hour_with_alarm_and_review(
    stores: Stores, wulan: Ask, sari: Ask, auditor: Ask, victim: str
) -> None:
    request = asked(stores, wulan, victim)
    alarm = break_glass.list_for_review(stores, auditor)
    waiting = break_glass.list_waiting(stores, sari)
    break_glass.approve(stores, later(sari, 5), request)

    shown = [break_glass.open_identity(stores, later(wulan, m), request)[1] for m in (6, 64.9)]
    with pytest.raises(ConflictError, match="hour is over"):
        break_glass.open_identity(stores, later(wulan, 65), request)
    before = break_glass.list_for_review(stores, later(auditor, 66))
    break_glass.review(stores, later(auditor, 66), request, "needed and lawful")

    assert shown == [IDENTITY, IDENTITY]
    assert [(r.id, r.state(wulan.at), r.reason, r.basis) for r in alarm] == [
        (request, VaultState.ASKED, "she is in danger", "s. 12 Act 670")
    ]
    assert [r.id for r in waiting] == [request]
    assert [(r.opened, r.second_name, r.state(later(auditor, 66).at)) for r in before] == [
        (2, "Sari", VaultState.ENDED)
    ]
    assert break_glass.list_for_review(stores, auditor) == []
    events = stores.audit.events(object=victim, tag=AuditTag.VAULT_OPENED.value)
    assert [e.outcome for e in events if e.outcome is not None] == [Outcome.REFUSED, Outcome.DONE, Outcome.DONE]


def test_nobody_approves_their_own_request_with_however_many_sessions(stores: Stores, wulan: Ask, victim: str) -> None:
    request = asked(stores, wulan, victim)

    with pytest.raises(ForbiddenError, match="second officer"):
        break_glass.approve(stores, later(wulan, 1), request)
    with pytest.raises(ConflictError):
        stores.break_glass.decide(request, wulan.officer, wulan.at, refused=False)
    with pytest.raises(ConflictError):
        break_glass.open_identity(stores, later(wulan, 2), request)


def test_an_approval_after_a_day_comes_too_late_and_asking_again_is_a_new_request(
    stores: Stores, wulan: Ask, sari: Ask, victim: str
) -> None:
    request = asked(stores, wulan, victim)

    with pytest.raises(ConflictError):
        break_glass.approve(stores, later(sari, 24 * 60), request)
    again = asked(stores, later(wulan, 24 * 60), victim)

    assert again != request
    with pytest.raises(ConflictError):
        break_glass.open_identity(stores, later(wulan, 24 * 60 + 1), request)


def test_only_the_asker_opens_it(stores: Stores, wulan: Ask, sari: Ask, prasert: Ask, victim: str) -> None:
    colleague = officer(stores, "dewi", "tip", "XA", Role.LEAD)
    teams.join_team(stores, wulan, cases.list_cases(stores, wulan).rows[0].case.id, "dewi", TeamRole.LEAD)
    request = asked(stores, wulan, victim)
    break_glass.approve(stores, sari, request)

    with pytest.raises(ForbiddenError, match="Only the officer who asked"):
        break_glass.open_identity(stores, colleague, request)
    with pytest.raises(ForbiddenError):
        break_glass.open_identity(stores, sari, request)
    for which in (request, "0" * 32):
        with pytest.raises(NotFoundError):
            break_glass.open_identity(stores, prasert, which)


def test_a_second_officer_who_may_not_read_the_case_or_is_of_another_agency_cannot_tell_it_exists(
    stores: Stores, wulan: Ask, prasert: Ask, victim: str
) -> None:
    stranger = officer(stores, "stranger", "tip", "XA", Role.SUPERVISOR)
    request = asked(stores, wulan, victim)
    messages = set()

    for ask in (stranger, prasert):
        for which in (request, "0" * 32):
            with pytest.raises(NotFoundError) as refused:
                break_glass.approve(stores, ask, which)
            messages.add(str(refused.value))
        assert break_glass.list_waiting(stores, ask) == []
    for which in (victim, "0" * 32):
        with pytest.raises(NotFoundError) as refused:
            break_glass.ask_identity(stores, prasert, which, "x", "y")
        messages.add(str(refused.value))

    assert len(messages) == 1


def test_two_requests_in_a_race_are_one_and_of_two_decisions_one_wins(
    stores: Stores, wulan: Ask, sari: Ask, victim: str
) -> None:
    def outcome(act: Callable[[], object]) -> str:
        try:
            act()
        except JpaError as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(4) as pool:
        asks = sorted(pool.map(outcome, [lambda: asked(stores, wulan, victim)] * 4))
        request = break_glass.list_waiting(stores, sari)[0].id
        acts = [lambda: break_glass.approve(stores, sari, request), lambda: break_glass.refuse(stores, sari, request)]
        decisions = sorted(pool.map(outcome, acts * 2))

    assert asks == ["ConflictError"] * 3 + ["done"]
    assert decisions == ["ConflictError"] * 3 + ["done"]


def test_a_refused_request_opens_nothing_and_can_be_reviewed_at_once(
    stores: Stores, wulan: Ask, sari: Ask, auditor: Ask, victim: str
) -> None:
    request = asked(stores, wulan, victim)
    break_glass.refuse(stores, sari, request)

    with pytest.raises(ConflictError):
        break_glass.open_identity(stores, wulan, request)
    break_glass.review(stores, auditor, request, "rightly refused")

    assert break_glass.list_for_review(stores, auditor) == []


def test_losing_the_case_or_the_role_closes_an_open_hour(stores: Stores, wulan: Ask, sari: Ask, victim: str) -> None:
    other = officer(stores, "dewi", "tip", "XA", Role.LEAD)
    case = cases.list_cases(stores, wulan).rows[0].case.id
    teams.join_team(stores, wulan, case, "dewi", TeamRole.LEAD)
    request = asked(stores, other, victim)
    break_glass.approve(stores, sari, request)
    demoted = replace(other, officer=replace(other.officer, roles=frozenset({Role.CONTRIBUTE})))

    with pytest.raises(ForbiddenError):
        break_glass.open_identity(stores, demoted, request)
    teams.leave_team(stores, wulan, case, "dewi")
    with pytest.raises(NotFoundError):
        break_glass.open_identity(stores, other, request)


def test_the_review_is_for_an_auditor_without_a_part_in_it_after_the_time_and_with_a_remark(
    stores: Stores, wulan: Ask, sari: Ask, auditor: Ask, victim: str
) -> None:
    request = asked(stores, wulan, victim)
    judge_of_himself = replace(
        wulan, officer=replace(wulan.officer, roles=frozenset({Role.AUDITOR, Role.LEAD})), at=later(wulan, 3000).at
    )

    with pytest.raises(ConflictError, match="can still be opened"):
        break_glass.review(stores, auditor, request, "fine")
    with pytest.raises(InvalidInputError):
        break_glass.review(stores, later(auditor, 3000), request, " ")
    with pytest.raises(ForbiddenError, match="another auditor"):
        break_glass.review(stores, judge_of_himself, request, "fine")
    with pytest.raises(ForbiddenError):
        break_glass.list_for_review(stores, sari)


def test_reason_and_basis_are_needed_and_never_name_the_victim(stores: Stores, wulan: Ask, victim: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        break_glass.ask_identity(stores, wulan, victim, "", " ")
    request = break_glass.ask_identity(stores, wulan, victim, "Zarinah Canarywala is in danger", "s. 12")

    assert set(refused.value.fields) == {"reason", "basis"}
    assert request.reason == "[victim V-1] is in danger"


def test_the_case_lists_victims_by_pseudonym_and_coded_facts_alone(stores: Stores, wulan: Ask, victim: str) -> None:
    row = break_glass.list_victims(stores, wulan, cases.list_cases(stores, wulan).rows[0].case.id)[0]

    assert (row.id, row.pseudonym) == (victim, "[victim V-1]")
    assert dict(row.facts) == {"Age band": "18–20", "Sex": "Feminine", "Citizenship": "Malaysia"}
