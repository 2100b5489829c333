"""Which outcomes a reader's figures rest on: nothing that is closed to them changes a count."""

from dataclasses import replace

import numpy as np
import pytest

from jpa.statistics.books import Books, Countable, Entry, Surroundings, facts_of
from jpa.statistics.facts import Facts
from jpa.statistics.returned import Renamed

pytestmark = pytest.mark.fast
SHARED, TEAM = "agency:tip|jpa:j1", "team:c"


def entry(number: int, audience: str, supersedes: int | None = None) -> Entry:
    return Entry(
        f"{number:032x}", "arrested", "c", {"agency": "tip", "case": "c"}, person=f"p{number}", audience=audience,
        supersedes="" if supersedes is None else f"{supersedes:032x}",
    )  # fmt: skip


def counted(countable: Countable, *entries: Entry) -> list[int]:
    return [int(i, 16) for i in facts_of(Books.empty().with_entries(entries), countable, Surroundings()).ids]


def test_a_correction_corrects_nothing_for_whoever_may_not_read_it() -> None:
    ledger = (entry(1, SHARED), entry(2, TEAM, supersedes=1))

    assert counted(Countable("", {"c"}, {"jpa:j1"}), *ledger) == [1]
    assert counted(Countable("", {"c"}, {"jpa:j1", "team:c"}), *ledger) == [2]
    assert counted(Countable("tip"), *ledger) == [2]


def test_a_correction_that_may_not_be_read_leads_to_nothing() -> None:
    ledger = (entry(1, SHARED), entry(2, TEAM, supersedes=1), entry(3, SHARED, supersedes=2))

    assert counted(Countable("", {"c"}, {"jpa:j1"}), *ledger) == [1, 3]
    assert counted(Countable("", {"c"}, {"jpa:j1", "team:c"}), *ledger) == [3]
    assert counted(Countable("tip"), *ledger) == [3]


def test_an_outcome_has_one_name_in_all_tables_that_of_the_table_to_be_decided() -> None:
    def facts(*ids: str) -> Facts:
        return replace(facts_of(Books.empty(), Countable(""), Surroundings()), ids=np.array(ids, dtype="S32"))

    def renamed(deciding: Facts, *ids: str) -> list[str]:
        return [i.decode() for i in Renamed(pairs, deciding)(facts(*ids)).ids]

    pairs = (("old", "k1"), ("new", "k1"), ("new", "k2"), ("far", "k3"))

    assert renamed(facts("new"), "k1", "k2", "k3", "other") == ["new", "new", "far", "other"]
    assert renamed(facts("k1"), "old", "new", "k2", "k1") == ["k1", "k1", "k1", "k1"]
    assert renamed(facts("other"), "k1", "old", "k3", "far") == ["old", "old", "far", "far"]
