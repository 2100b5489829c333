"""What planned actions ask for and hold: closed under a key of their agency, all of one size, deleted when their days are over."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from jpa.errors import IntegrityError
from jpa.model.blind import MOST_ASKED, PlanDigests
from jpa.operations.closed_plans import ClosedPlans
from jpa.operations.keys import load_keys
from jpa.operations.store import OperationsStore

pytestmark = pytest.mark.fast
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def digests(asks: int, holds: int) -> PlanDigests:
    return PlanDigests(*(tuple(secrets.token_bytes(32) for _ in range(n)) for n in (asks, holds)))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OperationsStore]:
    made = OperationsStore(f"sqlite:///{tmp_path_factory.mktemp('plans') / 'a.sqlite'}")
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def plans(store: OperationsStore, tmp_path_factory: pytest.TempPathFactory) -> ClosedPlans:
    with store.writing() as connection:
        for table in ("closed_plans", "case_keys"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 -- a constant
    return ClosedPlans(store, load_keys(tmp_path_factory.mktemp("keys") / "secrets"))


def sealed(store: OperationsStore) -> list[bytes]:
    with store.reading() as connection:
        return list(connection.exec_driver_sql("SELECT sealed FROM closed_plans ORDER BY plan").scalars())


def test_what_is_kept_is_read_back_by_its_agency_alone_and_all_takes_the_same_room(
    store: OperationsStore, plans: ClosedPlans
) -> None:
    short, long = digests(1, 1), digests(MOST_ASKED, 310)
    for plan, these in (("1" * 32, short), ("2" * 32, digests(3, 2)), ("2" * 32, long)):
        plans.keep(plan, "tip", these, NOW)

    assert plans.find("tip", ["1" * 32, "2" * 32, "3" * 32]) == {"1" * 32: short, "2" * 32: long}
    assert plans.find("ucg", ["1" * 32]) == {}
    assert len({len(row) for row in sealed(store)}) == 1
    assert short.asks[0] not in sealed(store)[0]


def test_a_row_put_in_another_s_place_does_not_open(store: OperationsStore, plans: ClosedPlans) -> None:
    for plan in ("1" * 32, "2" * 32):
        plans.keep(plan, "tip", digests(1, 1), NOW)
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE closed_plans SET sealed = ?", (sealed(store)[0],))

    with pytest.raises(IntegrityError):
        plans.find("tip", ["2" * 32])


def test_what_is_withdrawn_or_over_is_deleted(plans: ClosedPlans) -> None:
    for n, plan in enumerate(("1" * 32, "2" * 32, "3" * 32)):
        plans.keep(plan, "tip", digests(1, 1), NOW + timedelta(days=n))
    plans.drop("3" * 32)

    swept = plans.sweep(NOW)

    assert swept == 1
    assert list(plans.find("tip", ["1" * 32, "2" * 32, "3" * 32])) == ["2" * 32]


def test_what_does_not_fit_is_never_cut(plans: ClosedPlans) -> None:
    with pytest.raises(ValueError, match="at most 1280"):
        plans.keep("1" * 32, "tip", digests(MOST_ASKED + 1, 1), NOW)
