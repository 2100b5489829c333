"""Returns on the real store: made, released by two, sent, accepted, questioned, replaced; every figure says what is in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, JpaError, NotFoundError
from jpa.model import states
from jpa.model.audit import AuditTag
from jpa.model.audit import Outcome as Ended
from jpa.model.draft import TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Role
from jpa.model.returns import WHOLE, Return, ReturnState
from jpa.services import (
    agency_keys,
    cases,
    dashboards,
    figures,
    frames,
    outcomes,
    reports,
    return_inbox,
    returns,
)
from jpa.services.cases import NewCase
from jpa.services.frames import TypedJpa
from jpa.services.release_upkeep import sweep_releases
from jpa.services.return_rows import OWN_ALONE, RED
from jpa.services.stores import Ask, Stores
from tests.conftest import officer
from tests.integration.services.test_outcomes import outcome

INSIDE = "in the period"
BECAUSE = "because of the period"


@pytest.fixture
def tran(stores: Stores) -> Ask:
    return officer(stores, "tran", "tip", "XA", Role.SUPERVISOR)


@pytest.fixture
def somchai(stores: Stores) -> Ask:
    """Liaison officer of the agency that returns."""
    return officer(stores, "somchai", "ucg", "XB", Role.LIAISON)


@pytest.fixture
def malee(stores: Stores) -> Ask:
    """Its supervisor."""
    return officer(stores, "malee", "ucg", "XB", Role.SUPERVISOR)


@pytest.fixture
def jpa(stores: Stores) -> str:
    chief = officer(stores, "chief", "tip", "XA", Role.ADMINISTRATOR)
    typed = TypedJpa("3", "JPA 3, 2024", "2024-01-15", "2024-06-30", ("XA", "XB"), coordinator="tip")
    return frames.create_jpa(stores, chief, typed).id


def case_of(stores: Stores, ask: Ask, number: str) -> str:
    return cases.open_case(stores, ask, NewCase(number, "Landing", open_in_agency=True)).id


def entered(
    stores: Stores, ask: Ask, case: str, *lines: tuple[str, str, str], state: str = "XB", **more: Any
) -> list[str]:
    """Enter outcomes given as kind, day and number of the person."""
    typed = [outcome(k, case, date=day, reference=who, charge="1", state=state, **more) for k, day, who in lines]
    return [o.id for o in outcomes.record_outcomes(stores, ask, typed)]


def sent(stores: Stores, maker: Ask, second: Ask, jpa: str, period: str = WHOLE) -> Return:
    made = returns.draft_return(stores, maker, jpa, period)
    returns.release_return(stores, second, made.id)
    return returns.send_return(stores, maker, made.id)


def figure(
    stores: Stores, ask: Ask, jpa: str, measure: str = "persons_arrested", credit: str = INSIDE
) -> tuple[float, str]:
    found = figures.read_table(stores, ask, figures.question_of(measure, (), {}, credit, jpa))
    return found.total, found.whose


def later(ask: Ask, minutes: int) -> Ask:
    return replace(ask, at=ask.at + timedelta(minutes=minutes))


def test_a_return_is_made_by_one_released_by_another_sent_accepted_and_counted(
    stores: Stores, tran: Ask, somchai: Ask, malee: Ask, prasert: Ask, wulan: Ask, jpa: str
) -> None:
    entered(
        stores,
        prasert,
        case_of(stores, prasert, "U-1"),
        ("arrested", "2024-02-03", "1"),
        ("arrested", "2024-03", "2"),
        ("arrested", "2021", "3"),
    )
    entered(stores, wulan, case_of(stores, wulan, "T-1"), ("arrested", "2024-02-03", "1"), state="XA")

    preview = returns.preview_return(stores, somchai, jpa, WHOLE)
    made = returns.draft_return(stores, somchai, jpa, WHOLE)
    with pytest.raises(ForbiddenError):  # no role of the maker releases
        returns.release_return(stores, somchai, made.id)
    with pytest.raises(NotFoundError):  # the coordinator does not know of a draft
        returns.read_return_of(stores, tran, made.id)
    returns.release_return(stores, malee, made.id)
    before = figure(stores, tran, jpa)
    returns.send_return(stores, somchai, made.id)
    waiting = figure(stores, tran, jpa)
    accepted = return_inbox.accept_return(stores, tran, made.id)

    assert [(r.kind, r.date, r.part.value) for r in sorted(preview.made.rows, key=lambda r: r.date)] == [
        ("arrested", "2024-02", "in"),
        ("arrested", "2024-03", "in"),
    ]
    assert returns.read_return_of(stores, tran, made.id).rows == preview.made.rows
    assert accepted.alone is ReturnState.ACCEPTED
    alone = "own agency's outcomes, and those granted for counting, and no accepted return yet"
    assert [before, waiting] == [(1, alone)] * 2
    added = f"plus 1 accepted return of {states.name_of('XB')} (version 1)"
    assert figure(stores, tran, jpa) == (3, f"own agency's outcomes, and those granted for counting, {added}")
    total, whose = figure(stores, malee, jpa)
    assert (total, whose.split("; ")[1]) == (
        2,
        "returns of other agencies are counted by Tenggara Immigration Police alone",
    )
    assert figure(stores, tran, "", credit="all")[0] == 1
    board = dashboards.read_dashboard(stores, tran, jpa)
    assert board is not None
    assert {label: row[0].inside for label, row in board.by_state.rows} == {"XA": 1, "XB": 2, "": 0}
    assert "accepted return" in board.whose


def test_what_may_not_leave_stays_and_is_counted_by_reason(
    stores: Stores, somchai: Ask, prasert: Ask, jpa: str
) -> None:
    case = case_of(stores, prasert, "U-1")
    grade = Grade("4x4", "A", "1")
    log = TypedReport(
        case, "Log", "R-1", "2024", grade, Marking(), records=[TypedRecord("1", "Person", {"name": ["Secret Name"]})]
    )
    report = reports.add_report(stores, prasert, log).report.id
    said = {
        "date": "2024-02-03",
        "state": "XB",
        "note": "Zebra was there",
        "place": "Pier Zebra",
        "article": "Zebra Act s. 1",
        "court": "Zebra Court",
    }
    markings = [(Marking(), ""), (Marking(), report), (Marking(Tlp.RED), report), (Marking(Tlp.AMBER, Release.NAMED_STATES, ("XC",)), report),
                (Marking(Tlp.GREEN, Release.ALL_MEMBERS), report), (Marking(Tlp.AMBER, Release.JPA, (jpa,)), report)]  # fmt: skip
    typed = [
        replace(outcome("convicted", case, **{**said, "reference": f"Z{n}"}), marking=marking, report=of)
        for n, (marking, of) in enumerate(markings)
    ]
    ids = [o.id for o in outcomes.record_outcomes(stores, prasert, typed)]

    made = returns.preview_return(stores, somchai, jpa, WHOLE).made

    assert len(made.rows) == 3
    assert dict(made.head.withheld) == {RED: 1, OWN_ALONE: 1, "marked for others than the agency that coordinates": 1}
    body = made.body.decode()
    assert not any(word in body for word in ("Zebra", "Secret", case, report, *ids, '"Z1"', "U-1"))


def test_a_question_is_answered_by_a_new_version_and_a_withdrawn_return_counts_nowhere(
    stores: Stores, tran: Ask, somchai: Ask, malee: Ask, prasert: Ask, jpa: str
) -> None:
    entered(stores, prasert, case_of(stores, prasert, "U-1"), ("arrested", "2024-02-03", "1"))
    first = sent(stores, somchai, malee, jpa)
    for wrong in (("why", "?"), ("other", " ")):
        with pytest.raises(InvalidInputError):
            return_inbox.query_return(stores, tran, first.id, *wrong)
    return_inbox.query_return(stores, tran, first.id, "fewer than before", "Where are the others?")
    seen = returns.read_return_of(stores, somchai, first.id)
    with pytest.raises(NotFoundError):  # only the coordinator decides
        return_inbox.accept_return(stores, malee, first.id)

    second = sent(stores, later(somchai, 5), malee, jpa)
    with pytest.raises(ConflictError, match="replaced"):
        return_inbox.accept_return(stores, tran, first.id)
    return_inbox.accept_return(stores, tran, second.id)
    counted = figure(stores, tran, jpa)[0]
    returns.withdraw_return(stores, later(malee, 9), second.id, "counted twice")

    assert (seen.state, seen.this.acts[-1].code, seen.this.acts[-1].text) == (
        ReturnState.QUERIED, "fewer than before", "Where are the others?",
    )  # fmt: skip
    assert (second.version, counted, figure(stores, tran, jpa)[0]) == (2, 1, 0)
    with pytest.raises(ConflictError):
        returns.withdraw_return(stores, malee, second.id, "again")
    board = return_inbox.read_boards(stores, tran)[0]
    assert [(line.state, [r.version for r, _ in line.returns]) for line in board.lines] == [("XB", [1])]


def test_two_who_press_at_once_release_or_accept_once_and_the_maker_never(
    stores: Stores, tran: Ask, malee: Ask, prasert: Ask, jpa: str
) -> None:
    entered(stores, prasert, case_of(stores, prasert, "U-1"), ("arrested", "2024-02-03", "1"))
    third = officer(stores, "third", "ucg", "XB", Role.SUPERVISOR)
    maker = officer(stores, "maker", "ucg", "XB", Role.SUPERVISOR)
    made = returns.draft_return(stores, maker, jpa, WHOLE)

    ends = at_once(*(partial(returns.release_return, stores, ask, made.id) for ask in (malee, third, maker, maker)))

    assert sorted(ends) == ["", "ConflictError", "ForbiddenError", "ForbiddenError"]
    kept = returns.read_return_of(stores, malee, made.id).this
    assert [(a.kind.value, a.by != "maker") for a in kept.acts] == [("released", True)]
    returns.send_return(stores, maker, made.id)
    ends = at_once(*[partial(return_inbox.accept_return, stores, tran, made.id)] * 3)
    assert sorted(ends) == ["", "ConflictError", "ConflictError"]


def at_once(*works: Callable[[], object]) -> list[str]:
    """Let all press at the same moment; returns how each ended."""
    barrier, ends = Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            work()
            ends.append("")
        except JpaError as error:
            ends.append(type(error).__name__)

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_nobody_can_return_where_no_agency_coordinates_or_to_itself(stores: Stores, tran: Ask, jpa: str) -> None:
    chief = officer(stores, "chief", "tip", "XA", Role.ADMINISTRATOR)
    alone = frames.create_jpa(stores, chief, TypedJpa("4", "JPA 4", "2025-01-01", "2025-12-31", ("XA", "XB"))).id
    with pytest.raises(InvalidInputError) as wrong:
        frames.create_jpa(
            stores, chief, TypedJpa("5", "JPA 5", "2025-01-01", "2025-12-31", ("XA", "XC"), coordinator="ucg")
        )

    assert set(wrong.value.fields) == {"coordinator"}
    with pytest.raises(ConflictError, match="No agency coordinates"):
        returns.preview_return(stores, tran, alone, WHOLE)
    with pytest.raises(ConflictError, match="Your agency coordinates"):
        returns.preview_return(stores, tran, jpa, WHOLE)
    assert "no agency gathers returns" in figure(stores, tran, alone)[1]


def test_a_file_is_taken_in_once_and_every_flaw_is_refused_by_name_and_logged(
    stores: Stores, tran: Ask, somchai: Ask, malee: Ask, prasert: Ask, jpa: str
) -> None:
    entered(stores, prasert, case_of(stores, prasert, "U-1"), ("arrested", "2024-02-03", "1"))
    made = returns.draft_return(stores, somchai, jpa, WHOLE)
    with pytest.raises(ConflictError, match="A draft is not handed out"):
        returns.write_return_file(stores, somchai, made.id)
    returns.release_return(stores, malee, made.id)
    name, content = returns.write_return_file(stores, somchai, made.id)
    envelope, _, body = content.partition(b"\n")

    def refused(changed: bytes) -> str:
        with pytest.raises(InvalidInputError) as error:
            return_inbox.receive_return(stores, tran, changed)
        return error.value.fields["file"]

    flaws = {
        "its first line cannot be read": b"",
        "cut off": content[:-9],
        "bytes were added": content + b"x",
        "its hash differs": envelope + b"\n" + body.replace(b'"XB"', b'"XA"', 1),
        "not pinned here": content.replace(b'"key":"', b'"key":"0', 1),
        "signature is wrong": content.replace(b'"signature":"', b'"signature":"AAAA', 1),
        "another version of jpa": content.replace(b'"format":"1"', b'"format":"9"', 1),
        "not a return": content.replace(b'"jpa":"return"', b'"jpa":"package"', 1),
        "made it here": content,
    }
    before = stores.audit.standing().events
    for words, changed in flaws.items():
        assert words in refused(changed), words
    events = stores.audit.events(tag=AuditTag.RETURN_RECEIVED.value, limit=500)
    assert [e.outcome for e in events if e.sequence > before and e.outcome is not None] == [Ended.REFUSED] * len(flaws)
    assert name.startswith("return-XB-all-v1-")
    assert return_inbox.verify_return(stores, tran, content).head.rows == 1
    chief = officer(stores, "chief", "tip", "XA", Role.ADMINISTRATOR)
    public = agency_keys.read_keys(stores, somchai).own.public
    agency_keys.pin_key(stores, chief, "ucg", public)
    with pytest.raises(ConflictError, match="pinned before"):
        agency_keys.pin_key(stores, chief, "ucg", public)


def test_the_nightly_sweep_leaves_the_files_of_returns_made_here_and_received(
    stores: Stores, tran: Ask, somchai: Ask, malee: Ask, prasert: Ask, jpa: str
) -> None:
    entered(stores, prasert, case_of(stores, prasert, "U-1"), ("arrested", "2024-02-03", "1"))
    drafted = returns.draft_return(stores, somchai, jpa, "2024")
    made = sent(stores, somchai, malee, jpa)
    (stores.settings.releases_dir / made.id / "abc").write_bytes(b"left by a crash")
    tomorrow = datetime.now(UTC) + timedelta(days=2)

    swept = sweep_releases(stores, tomorrow)

    assert swept >= 1
    assert not (stores.settings.releases_dir / made.id / "abc").exists()
    assert [len(returns.read_return_of(stores, somchai, this.id).rows) for this in (drafted, made)] == [1, 1]
    assert len(return_inbox.accept_return(stores, tran, made.id).digest) == 64
