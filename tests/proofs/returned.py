"""A return beside a clerk who has both desks' papers: the coordinator's own view, and all that the other agency counts itself.

The clerk knows nothing of pseudonyms: whoever stands in a slip that lies on both desks is one, and everybody else is not.
"""

from collections.abc import Iterable
from fractions import Fraction
from random import Random
from typing import Final

from jpa.interchange.return_file import read_return, write_return
from jpa.model.article import folded
from jpa.model.outcome import Basis
from jpa.model.returns import WHOLE, Head, Row, RowCredit
from jpa.statistics.disclosure import VICTIM_DIMENSIONS, VICTIM_KINDS
from jpa.statistics.facts import Facts
from jpa.statistics.measures import MEASURES, Measure
from jpa.statistics.merkle import root_of
from jpa.statistics.outgoing import Outgoing, Sender, outgoing
from jpa.statistics.pseudonyms import Secrets
from jpa.statistics.returned import Returned, joined
from jpa.statistics.tables import Credit, Question, members, tabulate
from jpa.statistics.ties import ties_of
from tests.proofs.figures import differ
from tests.proofs.papers import COUNTING, GRANTED, books_of, draw_papers, facts_of_papers, laws_of
from tests.proofs.recount import Clerk, Papers, Slip

SENDER: Final = "ucg"
SECRETS: Final = Secrets(3, {SENDER: b"s" * 32})
_DIMENSIONS: Final = ("year", "state", "agency", "kind", "offence", "sex", "partner", "result", "sentence", "what")
"""Those that a return says as exactly as the ledger; of victims fewer."""


def check_returns(seed: int, measures: int = len(MEASURES)) -> str:
    """Compare so many measures of both credits over random papers; returns the first difference in words, or nothing."""
    draw = Random(seed)
    papers = draw_papers(draw)
    jpa = draw.choice(sorted(papers.spans))
    facts, desks = with_return(papers, jpa), TwoDesks(papers, jpa)
    for measure in draw.sample(sorted(MEASURES), measures):
        known = VICTIM_DIMENSIONS if MEASURES[measure].kinds & VICTIM_KINDS else _DIMENSIONS
        for credit in (Credit.IN_PERIOD, Credit.BECAUSE):
            for size in (0, draw.randint(1, 2)):
                question = Question(measure, tuple(draw.sample(known, size)), credit=credit, jpa=jpa)
                if (fault := _compare(facts, desks, question)) != "":
                    return f"seed {seed}: {measure} by {', '.join(question.dimensions) or 'nothing'}, {credit} {jpa}: {fault}"
    return ""


def sent(papers: Papers, jpa: str, withheld: Iterable[str] = ()) -> Outgoing:
    """Make the other agency's return as the services do."""
    own = facts_of_papers(papers, SENDER, ())
    weights = own.credits.get(jpa)
    credited = {
        i.decode(): RowCredit(Basis.OPENED_UNDER, str(Fraction(float(w)).limit_denominator(100)), "2024-01")
        for i, w in zip(own.ids, weights if weights is not None else (), strict=False)
        if w > 0
    }
    cited = frozenset(folded(law.article) for law in laws_of(papers).entries)
    sender = Sender(SENDER, jpa, WHOLE, SECRETS, cited, dict.fromkeys(withheld, "kept"), credited)
    return outgoing(books_of(papers), own, sender)


def through_file(rows: tuple[Row, ...], papers: Papers, jpa: str) -> tuple[Row, ...]:
    """Write rows as they travel and read them back."""
    span = papers.spans[jpa]
    root = root_of(r.key for r in rows).hex()
    head = Head(
        "0" * 32,
        SENDER,
        "XB",
        3,
        span.start.isoformat(),
        span.end.isoformat(),
        WHOLE,
        1,
        "2026-11-24",
        len(rows),
        root,
        (),
        "0" * 64,
    )
    return read_return(write_return(head, rows))[1]


def with_return(papers: Papers, jpa: str) -> Facts:
    """Count as the coordinator: own outcomes, what was granted, and the return of the other agency."""
    own, books = facts_of_papers(papers), books_of(papers)
    rows = through_file(sent(papers, jpa).rows, papers, jpa)
    return joined(own, [Returned("r", SENDER, "XB", jpa, rows)], ties_of(books, own, SECRETS))


class TwoDesks:
    """The clerk of the coordinator with the papers of both desks."""

    def __init__(self, papers: Papers, jpa: str) -> None:
        self.own, self.other = Clerk(papers, COUNTING, {GRANTED}), Clerk(papers, SENDER)
        self.left = {slip.id for slip in self._leaving(jpa)}
        mine = {s.id for s in self.own.slips}
        self.slips = [(self.own, s) for s in self.own.slips]
        self.slips += [(self.other, s) for s in self.other.slips if s.id in self.left and s.id not in mine]
        self.both = [s for s in self.own.slips if s.id in self.left]

    def count(self, question: Question) -> tuple[Fraction, dict[tuple[str, ...], Fraction], Fraction]:
        """Return total, cells and how many more it may be."""
        measure = MEASURES[question.measure]
        names = self._names(measure)
        certain: list[tuple[tuple[str, ...], object, Fraction]] = []
        maybe: list[tuple[tuple[str, ...], object, Fraction]] = []
        for clerk, slip in self.slips:
            if not clerk._counts(slip, measure):
                continue
            sure, perhaps = clerk._rows([slip], measure, question)
            unit = clerk._unit(slip, measure)
            who = slip.id if unit is None else names[id(clerk), unit]
            for rows, into in ((sure, certain), (perhaps, maybe)):
                labels = tuple(clerk.label(slip, d, measure) for d in question.dimensions)
                into += [(labels, who, row.share * (slip.many if unit is None else 1)) for row in rows]
        total = _heaped(certain)
        cells = {place: _heaped(line for line in certain if line[0] == place) for place, _, _ in certain}
        return total, cells, _heaped([*certain, *maybe]) - total

    def _names(self, measure: Measure) -> dict[tuple[int, object], object]:
        """Name units of both desks so that those of a slip on both are one."""
        names: dict[tuple[int, object], object] = {}
        for clerk in (self.own, self.other):
            for slip in clerk.slips:
                unit = clerk._unit(slip, measure)
                names[id(clerk), unit] = (id(clerk), unit)
        for slip in self.both:
            one, two = ((id(c), c._unit(slip, measure)) for c in (self.own, self.other))
            if one[1] is not None and two[1] is not None:
                old, new = names[two], names[one]
                names = {unit: new if name == old else name for unit, name in names.items()}
        return names

    def _leaving(self, jpa: str) -> list[Slip]:
        """Say which slips of the other desk leave it: what any figure of the period counts, counted or may count."""
        fallen, self.other.fallen = self.other.fallen, set()
        found: dict[str, Slip] = {}
        for measure in MEASURES.values():
            picked = [s for s in self.other.slips if self.other._counts(s, measure)]
            for credit in (Credit.IN_PERIOD, Credit.BECAUSE):
                certain, maybe = self.other._rows(picked, measure, Question(measure.name, credit=credit, jpa=jpa))
                found |= {row.slip.id: row.slip for row in (*certain, *maybe) if row.share > 0}
        self.other.fallen = fallen
        return list(found.values())


def _heaped(lines: Iterable[tuple[tuple[str, ...], object, Fraction]]) -> Fraction:
    most: dict[object, Fraction] = {}
    for _, who, value in lines:
        most[who] = max(most.get(who, Fraction()), value)
    return sum(most.values(), Fraction())


def _compare(facts: Facts, desks: TwoDesks, question: Question) -> str:
    table, (total, cells, more) = tabulate(facts, question), desks.count(question)
    if differ(table.total, float(total)):
        return f"the total is {table.total}, the clerk has {float(total)}"
    if differ(table.undecided, float(more)):
        return f"{table.undecided} are undecided, the clerk has {float(more)}"
    found = {c.labels: c.value for c in table.cells}
    for labels in {*found, *cells} if len(question.dimensions) > 0 else ():
        if differ(found.get(labels, 0.0), float(cells.get(labels, 0))):
            return f"cell {labels} is {found.get(labels, 0.0)}, the clerk has {float(cells.get(labels, 0))}"
        within = question.within(dict(zip(question.dimensions, labels, strict=True)))
        if differ(sum(m.value for m in members(facts, within)), found.get(labels, 0.0)):
            return f"what lies behind {labels} does not add up"
    return ""
