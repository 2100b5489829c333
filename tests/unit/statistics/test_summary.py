"""Coded counts of protected persons: over random cases and many summaries of one case, nothing small can be read or worked out."""

import random

import pytest

from jpa.model.summary import Of
from jpa.statistics.summary import count, keep, kept
from tests.proofs.summaries import check_summary, people

pytestmark = pytest.mark.fast


def test_no_count_is_small_and_no_two_summaries_of_a_case_tell_of_a_few_who_came_or_went() -> None:
    assert [fault for n in range(60) if (fault := check_summary(n)) != ""] == []


def test_what_was_counted_reads_back_as_it_was_and_holds_no_key() -> None:
    who = people(random.Random(3), Of.VICTIMS, 40)
    counted = count(Of.VICTIMS, who)
    assert counted is not None

    content = keep([counted])

    assert keep(list(kept(content).values())) == content
    assert not any(p.key.encode() in content for p in who)


def test_the_same_persons_may_be_counted_again_for_another_recipient() -> None:
    who = people(random.Random(5), Of.MIGRANTS, 60)
    first = count(Of.MIGRANTS, who)
    assert first is not None

    again = count(Of.MIGRANTS, who, [first])

    assert again is not None
    assert again.tables() == first.tables()
    assert count(Of.MIGRANTS, []) is None
