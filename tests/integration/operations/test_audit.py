"""The audit log notices every edit, removal, swap and cut."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import event, text

from jpa.errors import InvalidInputError, UnavailableError
from jpa.model.audit import AuditTag, Outcome
from jpa.operations.audit import AuditLog
from jpa.operations.keys import load_keys
from jpa.operations.store import OperationsStore

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> OperationsStore:
    made = OperationsStore(f"sqlite:///{tmp_path / 'operations.sqlite'}")
    made.migrate()
    return made


@pytest.fixture
def log(store: OperationsStore, tmp_path: Path) -> AuditLog:
    return AuditLog(store, load_keys(tmp_path / "secrets"), tmp_path / "audit-head")


def filled(log: AuditLog, count: int) -> None:
    for number in range(count):
        log.note(AuditTag.CASE_READ, None, at=NOW + timedelta(seconds=number), object=f"{number}")


def test_an_untouched_log_is_whole(log: AuditLog) -> None:
    filled(log, 40)

    result = log.verify()

    assert result.whole
    assert result.events == 40


@pytest.mark.parametrize("seed", range(30))
def test_a_tampered_log_is_noticed_and_the_place_is_named(log: AuditLog, store: OperationsStore, seed: int) -> None:
    filled(log, 40)
    draw = Random(seed)
    at = draw.randint(2, 39)
    tamper = draw.choice(
        [
            "UPDATE audit_events SET purpose='x' WHERE sequence=:at",
            "DELETE FROM audit_events WHERE sequence=:at",
            "UPDATE audit_events SET actor='somebody' WHERE sequence=:at",
            "UPDATE audit_events SET hash=(SELECT hash FROM audit_events WHERE sequence=:at-1) WHERE sequence=:at",
        ]
    )
    with store.writing() as connection:
        connection.execute(text(tamper), {"at": at})

    result = log.verify()

    assert not result.whole
    assert any(str(n) in result.fault for n in (at, at + 1))


def test_an_outcome_is_signed_by_the_event_after_it(log: AuditLog) -> None:
    intent = log.intend(AuditTag.CASE_READ, None, at=NOW)
    later = NOW + timedelta(minutes=5)

    log.conclude(intent, None, Outcome.DONE, {}, later)
    unsigned = log.standing().signed
    log.note(AuditTag.CASE_READ, None, at=later)

    assert unsigned == 1
    assert log.standing().signed == 3
    assert log.verify().whole


def test_an_intent_waits_for_the_disk_and_an_outcome_does_not(store: OperationsStore, log: AuditLog) -> None:
    waits: list[int] = []
    event.listen(
        store.engine,
        "before_cursor_execute",
        lambda asked, _cursor, statement, *_: (
            waits.append(asked.exec_driver_sql("PRAGMA synchronous").scalar())
            if statement.startswith("INSERT INTO audit_events")
            else None
        ),
    )

    with log.act(AuditTag.CASE_READ, None, at=NOW):
        pass
    log.note(AuditTag.CASE_READ, None, at=NOW)

    full, normal = 2, 1
    assert waits == [full, normal, full]


def test_a_cut_tail_is_noticed_by_the_head_file_and_by_a_witness(
    log: AuditLog, store: OperationsStore, tmp_path: Path
) -> None:
    filled(log, 40)
    witness = log.checkpoint(NOW)
    with store.writing() as connection:
        connection.execute(text("DELETE FROM audit_events WHERE sequence > 30"))
        connection.execute(text("DELETE FROM audit_checkpoints WHERE sequence > 30"))

    by_head = log.verify()
    (tmp_path / "audit-head").unlink()
    by_witness = log.verify(witness)

    assert "cut" in by_head.fault
    assert "cut" in by_witness.fault


def test_a_refused_act_is_logged_as_refused_and_an_open_one_is_reconciled(log: AuditLog) -> None:
    with pytest.raises(InvalidInputError), log.act(AuditTag.CASE_OPENED, None, at=NOW):
        raise InvalidInputError("no")
    left, lost = (log.intend(AuditTag.REPORT_ADDED, None, at=NOW) for _ in range(2))

    count = log.reconcile(lambda ids: {i for i in ids if i == left.id}, NOW)

    outcomes = {e.intent: e.outcome for e in log.events() if e.outcome is not None}
    assert count == 2
    assert outcomes[left.id] is Outcome.DONE
    assert outcomes[lost.id] is Outcome.UNKNOWN
    assert Outcome.REFUSED in outcomes.values()


def test_an_act_is_read_as_one_with_how_it_ended_and_how_long_it_took(log: AuditLog) -> None:
    with log.act(AuditTag.CASE_READ, None, at=NOW, object="a"):
        inner = log.intend(AuditTag.REPORT_ADDED, None, at=NOW, object="a")
    with pytest.raises(InvalidInputError), log.act(AuditTag.CASE_OPENED, None, at=NOW, object="b"):
        raise InvalidInputError("no")
    log.note(AuditTag.LOGOUT, None, at=NOW, object="a")

    acts = log.acts()
    pages = [log.acts(limit=2), log.acts(limit=2, before=acts[1].opened.sequence)]

    assert [(a.opened.tag, a.outcome) for a in acts] == [
        (AuditTag.LOGOUT, Outcome.DONE), (AuditTag.CASE_OPENED, Outcome.REFUSED), (AuditTag.REPORT_ADDED, None),
        (AuditTag.CASE_READ, Outcome.DONE),
    ]  # fmt: skip
    assert [a.took is not None and a.took > timedelta() for a in acts] == [False, True, False, True]
    assert [a for page in pages for a in page] == acts
    assert [a.opened.tag for a in log.acts(object="a")] == [AuditTag.LOGOUT, AuditTag.REPORT_ADDED, AuditTag.CASE_READ]
    assert log.acts(actor="somebody") == []
    log.reconcile(lambda _: {inner.id}, NOW + timedelta(days=1))
    closed = next(a for a in log.acts() if a.opened.id == inner.id)
    assert (closed.outcome, closed.took) == (Outcome.DONE, None)
    assert log.verify().whole


def test_nothing_runs_when_the_log_cannot_be_written(log: AuditLog, store: OperationsStore) -> None:
    ran = []
    with store.writing() as connection:
        connection.execute(text("ALTER TABLE audit_events RENAME TO away"))

    with pytest.raises(UnavailableError), log.act(AuditTag.CASE_READ, None, at=NOW):
        ran.append(True)

    assert ran == []
