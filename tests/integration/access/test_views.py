"""Promise 7 in a sample: each answer equals the answer on the graph without what the officer may not read."""

import pytest

from jpa.services.stores import Stores
from tests.proofs.views import check_views


@pytest.mark.parametrize("first", range(0, 9, 3))
def test_no_answer_depends_on_what_the_officer_may_not_read(stores: Stores, first: int) -> None:
    faults = [check_views(stores, seed) for seed in range(first, first + 3)]

    assert [fault for fault in faults if fault != ""] == []
