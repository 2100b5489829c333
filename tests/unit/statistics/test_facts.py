"""Which outcomes a reader's figures rest on: nothing that is closed to them changes a count."""

import pytest

from jpa.statistics.books import Books, Countable, Entry, Surroundings, facts_of

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


def test_a_readable_correction_of_a_hidden_one_still_takes_the_first_entry_out_of_force() -> None:
    ledger = (entry(1, SHARED), entry(2, TEAM, supersedes=1), entry(3, SHARED, supersedes=2))

    assert counted(Countable("", {"c"}, {"jpa:j1"}), *ledger) == [3]
