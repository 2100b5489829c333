"""Every figure beside a clerk's recount from raw events: a sample of what `make prove` plays in full."""

import pytest

from jpa.services.stores import Stores
from tests.proofs.figure_worlds import check_figures


@pytest.mark.parametrize("seed", range(4))
def test_every_measure_equals_a_recount_by_hand(stores: Stores, seed: int) -> None:
    fault = check_figures(stores, seed)

    assert fault == ""
