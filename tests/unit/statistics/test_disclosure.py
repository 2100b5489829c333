"""Disclosure control: what is held back and why, over one table and over many; and the attacker's sample."""

from collections.abc import Mapping, Sequence
from itertools import product

import pytest

from jpa.errors import InvalidInputError
from jpa.statistics.disclosure import Protected, default_k, protect, require_coarse
from jpa.statistics.publications import (
    Atom,
    Item,
    Labels,
    Place,
    Publication,
    Snapshot,
    digest_of,
    rounded,
    rounding_of,
    shown,
    suppressed,
)
from tests.proofs.disclosures import Story, Told, attack, check_disclosure, tell

pytestmark = pytest.mark.fast
AXES = ("state", "sex")


def snapshot(counts: Mapping[Labels, int], born: int = 0) -> Snapshot:
    return Snapshot(
        AXES,
        {
            c: Atom(float(n), digest_of([f"{c}{i}".encode() for i in range(born, born + n)]))
            for c, n in counts.items()
            if n > 0
        },
    )


def table(
    truth: Snapshot, dimensions: tuple[str, ...], k: int = 5, where: Mapping[str, tuple[str, ...]] | None = None
) -> Publication:
    found: dict[Place, float] = {}
    for labels, atom in truth.atoms.items():
        said = dict(zip(AXES, labels, strict=True))
        if all(said[d] in wanted for d, wanted in (where or {}).items()):
            for place in product(*((said[d], None) for d in dimensions)):
                found[place] = found.get(place, 0.0) + atom.value
    items = [shown(place, value) for place, value in found.items()]
    return Publication(truth, dimensions, items, k, float(k), where or {}, "a release")


def held(protected: Protected) -> set[Place]:
    return {i.place for i in protected.publication.items if i.suppressed}


def test_a_small_cell_takes_a_second_one_with_it_so_that_the_total_does_not_give_it_away() -> None:
    truth = snapshot({("XA", "F"): 3, ("XB", "F"): 20, ("XC", "F"): 40})

    found = protect([], table(truth, ("state",)))

    assert ("XA",) in held(found)
    assert len(held(found)) == 2
    assert found.reasons["XA",] == "fewer than 5"
    assert "nobody can work out state XA" in next(r for p, r in found.reasons.items() if p != ("XA",))


def test_a_table_without_small_figures_is_published_whole() -> None:
    truth = snapshot({("XA", "F"): 30, ("XB", "F"): 20, ("XB", "M"): 11})

    assert held(protect([], table(truth, ("state", "sex")))) == set()


def test_an_earlier_release_is_remembered() -> None:
    truth = snapshot({("XA", "F"): 20, ("XA", "M"): 3, ("XB", "F"): 30, ("XB", "M"): 30})
    first = protect([], table(truth, ("state",))).publication
    women = table(truth, ("state",), where={"sex": ("F",)})
    assert held(protect([], women)) == set()

    second = protect([first], women)

    assert ("XA",) in held(second)
    assert "which no table shows but several tables cross" in second.reasons["XA",]


def test_a_small_change_since_an_earlier_release_is_held_back() -> None:
    before, after = snapshot({("XA", "F"): 40, ("XB", "F"): 30}), snapshot({("XA", "F"): 42, ("XB", "F"): 30})
    first = protect([], table(before, ("state",))).publication

    second = protect([first], table(after, ("state",)))

    assert held(second) == {("XA",), (None,)}
    assert "the small change of state XA" in second.reasons["XA",]


def test_the_same_table_of_the_same_ledger_is_published_again_as_it_was() -> None:
    truth = snapshot({("XA", "F"): 3, ("XB", "F"): 20, ("XC", "M"): 40, ("XC", "F"): 11})
    first = protect([], table(truth, ("state", "sex")))

    again = protect([first.publication], table(truth, ("state", "sex")))

    assert len(held(again)) > 0
    assert attack(story_of(truth, [first, again])) == ""


def test_what_earlier_releases_give_away_already_is_refused_in_words() -> None:
    truth = snapshot({("XA", "F"): 7, ("XB", "F"): 30})
    first = protect([], table(truth, ("state",), k=5)).publication

    with pytest.raises(InvalidInputError) as refused:
        protect([first], table(truth, ("state",), k=11))

    assert "No pattern of held-back figures can protect" in refused.value.fields["table"]


def test_a_table_of_which_nothing_could_be_shown_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        protect([], table(snapshot({("XA", "F"): 2, ("XB", "F"): 1}), ("state",)))

    assert "Nothing of it could be shown" in refused.value.fields["table"]


def test_victims_are_never_published_by_anything_finer_and_the_refusal_names_it() -> None:
    require_coarse("victims_rescued", ("state", "year", "sex", "ageBand", "exploitation"))
    require_coarse("persons_arrested", ("court",))

    with pytest.raises(InvalidInputError) as refused:
        require_coarse("victims_assisted", ("year", "month", "citizenship"))

    assert "month, citizenship" in refused.value.fields["dimensions"]
    assert (default_k("victims_rescued"), default_k("persons_arrested")) == (11, 5)


def test_rounding_is_even_handed_repeats_itself_and_shows_no_more_than_it_says() -> None:
    keys = [b"%d" % n for n in range(4000)]

    found = [rounding_of(7.0, 5, key) for key in keys]

    assert set(found) == {5.0, 10.0}
    assert 6.9 < sum(found) / len(found) < 7.1
    assert found == [rounding_of(7.0, 5, key) for key in keys]
    item = rounded(("XA",), 7.0, 10.0, 5, 3)
    assert (item.low, item.high) == (6.0, 14.0)


@pytest.mark.parametrize("seed", range(20))
def test_the_attacker_recovers_nothing(seed: int) -> None:
    assert check_disclosure(None, 50_000 + seed) == ""


def test_the_attacker_does_recover_what_primary_suppression_alone_would_leave() -> None:
    recovered = 0
    for seed in range(12):
        story = tell(seed)
        for told, publication in zip(story.told, story.published, strict=True):
            told.figures = {i.place: None if 0 < i.value < told.k else i.value for i in publication.items}
            told.base = 1
        recovered += attack(story) != ""

    assert recovered >= 6


def story_of(truth: Snapshot, releases: Sequence[Protected]) -> Story:
    people = [
        (n, (*labels, "other"))
        for n, labels in enumerate(c for c, a in truth.atoms.items() for _ in range(int(a.value)))
    ]
    told = [
        Told(r.publication.dimensions, {}, 5, 5.0, 1, {i.place: figure(i) for i in r.publication.items}, people, n)
        for n, r in enumerate(releases)
    ]
    return Story(told)


def figure(item: Item) -> float | None:
    return None if item.suppressed else item.value


def test_a_figure_held_back_is_known_to_be_at_least_one() -> None:
    assert (suppressed(("XA",), 3.0).low, suppressed(("XA",), 3.0).suppressed) == (1.0, True)
