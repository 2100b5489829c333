"""From ledger to publication: margins, finest cells with persons in two of them, frozen rows, causes of differences."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from jpa.errors import InvalidInputError
from jpa.model.article import Article, ArticleTable, Confidence
from jpa.statistics.attack import model_of
from jpa.statistics.books import Books, Countable, Entry, Surroundings, facts_of
from jpa.statistics.comparison import Cause, Side, compare
from jpa.statistics.editions import figures_of, items_of, require_publishable, snapshot_of, where_of
from jpa.statistics.facts import Facts, Period, days_of
from jpa.statistics.frozen import freeze, packed, registry_hash, thaw, unpacked
from jpa.statistics.measures import measure_of
from jpa.statistics.publications import Publication
from jpa.statistics.tables import Credit, Question, tabulate

pytestmark = pytest.mark.fast
COUNTABLE = Countable("tip")
ARRESTS = Question("persons_arrested", ("year", "state"))


def entry(n: int, kind: str = "arrested", person: str = "", **values: str) -> Entry:
    said = {"agency": "tip", "case": "c", **values}
    return Entry(f"{n:032x}", kind, "c", said, person=person)


def facts(entries: Sequence[Entry], around: Surroundings | None = None) -> Facts:
    return facts_of(Books.empty().with_entries(entries), COUNTABLE, around or Surroundings())


def arrests() -> list[Entry]:
    return [
        entry(1, person="a", date="2021-05-01", where="XA", sex="F"),
        entry(2, person="a", date="2022-05-01", where="XA", sex="F"),
        entry(3, person="b", date="2021-06-01", where="XB"),
        entry(4, person="b", date="2021-07-01", where="XB"),
        entry(5, person="c", where="XB", sex="M"),
    ]


def test_margins_are_counted_and_not_added_up() -> None:
    found = dict(figures_of(facts(arrests()), ARRESTS))

    assert found["2021", "XA"] == found["2022", "XA"] == found[None, "XA"] == 1
    assert found["", "XB"] == 1
    assert (found[None, "XB"], found["2021", None], found[None, None]) == (2, 2, 3)


def test_the_attacker_is_told_who_stands_in_two_cells_so_that_every_figure_fits_the_finest_cells() -> None:
    own = facts(arrests())
    snapshot = snapshot_of(own, ARRESTS, ("year", "state", "sex"), ())
    table = Publication(snapshot, ARRESTS.dimensions, items_of(own, ARRESTS, 3, 1), 3, 3.0)

    model = model_of([table])

    for row in model.rows:
        assert row.low <= model.truth[row.columns].sum() <= row.high
    [total] = [r for r in model.rows if r.item is not None and r.item.place == (None, None)]
    assert total.item is not None
    assert (total.item.value, total.floor) == (3, 2), "one stands in two cells, and at least one is there"


def test_in_the_period_is_one_more_dimension_of_the_finest_cells() -> None:
    period = Period("j1", day_of_text("2021-01-01"), day_of_text("2021-12-31"), frozenset({"XA", "XB"}))
    own = facts(arrests(), Surroundings(periods={"j1": period}))
    question = replace(ARRESTS, credit=Credit.IN_PERIOD, jpa="j1")

    snapshot = snapshot_of(own, question, ("state",), ("j1",))

    assert where_of(question) == {"in the period j1": ("yes",)}
    assert {c: a.value for c, a in snapshot.atoms.items()} == {
        ("XA", "yes"): 1, ("XA", "no"): 1, ("XB", "yes"): 1, ("XB", "no"): 1,
    }  # fmt: skip


def day_of_text(text: str) -> int:
    return days_of(text)[0]


def test_frozen_rows_give_the_same_table_and_the_same_bytes_in_every_process() -> None:
    entries = arrests()
    own = facts(entries)
    measure = measure_of("persons_arrested")

    frozen = freeze(own, measure)

    assert thaw(unpacked(packed(frozen))) is not None
    assert figures_of(thaw(frozen), ARRESTS) == figures_of(own, ARRESTS)
    assert freeze(thaw(frozen), measure) == frozen
    grown = Books.empty().with_entries([entry(0, "charged", person="z", where="XZ", date="2020")])
    assert freeze(facts_of(grown.with_entries(entries), COUNTABLE, Surroundings()), measure) == frozen
    assert len(registry_hash()) == 64


def test_places_of_the_agencys_own_books_are_refused() -> None:
    with pytest.raises(InvalidInputError):
        require_publishable(Question("persons_arrested", ("case",)))
    with pytest.raises(InvalidInputError):
        require_publishable(Question("persons_arrested", (), {"place": ("Jetty",)}))


def moved(
    before: Facts, after: Facts, question: Question, registries: tuple[str, str] = ("1", "1")
) -> Mapping[tuple[str | None, ...], set[Cause]]:
    found = compare(Side(before, 0, registries[0]), Side(after, 0, registries[1]), question)
    return {m.place: {x.cause for x in m.movers} for m in found}


def test_an_appeal_since_is_named_as_the_cause() -> None:
    verdicts = [entry(n, "convicted", person=p, date="2022", charge="") for n, p in enumerate("ab", start=1)]
    appeal = entry(2**84, "appeal decided", person="a", date="2023", result="overturned")

    found = moved(facts(verdicts), facts([*verdicts, appeal]), Question("persons_convicted", ("year",)))

    assert found == {("2022",): {Cause.APPEAL}, (None,): {Cause.APPEAL}}


def test_a_merge_and_its_undoing_are_told_apart() -> None:
    apart, together = facts(arrests()), facts(arrests(), Surroundings(same=[("b", "c")]))

    assert moved(apart, together, Question("persons_arrested")) == {(): {Cause.MERGED}}
    assert moved(together, apart, Question("persons_arrested")) == {(): {Cause.UNMERGED}}


def test_a_changed_article_table_is_named_as_the_cause() -> None:
    entries = [entry(1, person="a", where="XA", date="2021", article="Act s. 6"), entry(2, person="b", offence="0303")]
    table = ArticleTable((Article("1", "XA", "Act s. 6", "0302", Confidence.EXACT),))

    found = moved(
        facts(entries), facts(entries, Surroundings(articles=table)), Question("persons_arrested", ("offence",))
    )

    assert found == {("0302",): {Cause.ARTICLE}, ("",): {Cause.ARTICLE}}


def test_an_attribution_that_changed_is_named_as_the_cause() -> None:
    period = {"j1": Period("j1", day_of_text("2021-01-01"), day_of_text("2021-12-31"), frozenset({"XA"}))}
    question = Question("persons_arrested", (), {}, Credit.BECAUSE, "j1")
    before = facts(arrests(), Surroundings(periods=period, credits={"j1": {f"{1:032x}": 1.0}}))
    after = facts(arrests(), Surroundings(periods=period, credits={"j1": {f"{3:032x}": 1.0, f"{1:032x}": 0.5}}))

    assert moved(before, after, question) == {(): {Cause.ATTRIBUTION}}


def test_what_was_entered_later_and_what_left_are_named() -> None:
    early, late = facts(arrests()[:3]), facts([*arrests()[1:3], entry(2**84, person="d", where="XD")])

    found = moved(early, late, Question("persons_arrested", ("state",)))

    assert found == {("XD",): {Cause.ENTERED_LATER}, (None,): {Cause.ENTERED_LATER, Cause.LEFT}}


def test_the_table_of_a_release_is_the_table_of_the_page() -> None:
    own = facts(arrests())

    released = {p: v for p, v in figures_of(own, ARRESTS) if None not in p}

    assert released == {c.labels: c.value for c in tabulate(own, ARRESTS).cells}


def test_frozen_rows_are_counted_as_the_measure_was_defined_then_and_the_difference_is_named() -> None:
    entries = [entry(1, "arrested", person="a", where="XA"), entry(2, "charged", person="b", where="XA")]
    question = Question("persons_arrested", ("state",))
    wider = replace(measure_of("persons_arrested"), kinds=frozenset({"arrested", "charged"}))
    now = thaw(freeze(facts(entries), wider))

    then = thaw(freeze(now, measure_of("persons_arrested")))

    assert (tabulate(now, question).total, tabulate(facts(entries), question).total) == (2, 1)
    assert now.measure("persons_arrested") == wider
    assert tabulate(then, question).total == 1
    for before, after in ((then, now), (now, then), (facts(entries), now)):
        assert moved(before, after, question, ("1", "2")) == {("XA",): {Cause.CODE}, (None,): {Cause.CODE}}
