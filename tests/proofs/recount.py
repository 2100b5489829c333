"""A clerk who counts outcomes by hand: from the raw papers, one after the other, by the definitions and not by the code.

Nothing here asks `jpa.statistics` how it counts; only the registry (units, kinds, rules) and the words of a question are shared.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

from jpa.model.outcome import Basis
from jpa.statistics.measures import MEASURES, Measure, PlaceRule, Unit
from jpa.statistics.tables import Credit, Question

WHOLE: Final = Fraction(1)


@dataclass(frozen=True, slots=True)
class Slip:
    """One entry of the ledger as it stands on paper; every text may be empty: not said, or not understood."""

    id: str
    kind: str
    agency: str
    reporting: str
    """State of the agency."""
    case: str
    said: Mapping[str, str] = field(default_factory=dict)
    """What was understood, by the catalogue's property name."""
    record: str = ""
    victim: str = ""
    supersedes: str = ""
    report: str = ""

    def word(self, name: str) -> str:
        """Return what it says, or nothing."""
        return self.said.get(name, "")

    @property
    def many(self) -> int:
        """How many it speaks of."""
        return int(self.word("count")) if self.word("count") else 1


@dataclass(frozen=True, slots=True)
class Credited:
    """One claim, with all that became of it."""

    target: str
    jpa: str
    basis: Basis
    share: Fraction
    signed: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A joint period."""

    start: date
    end: date
    states: frozenset[str]


@dataclass(frozen=True, slots=True)
class Law:
    """One line of the table of articles."""

    state: str
    article: str
    offence: str
    start: date
    end: date


@dataclass(slots=True)
class Papers:
    """All that lies on the clerk's desk, in the order in which it came."""

    slips: list[Slip] = field(default_factory=list)
    verdicts: list[tuple[str, str, str]] = field(default_factory=list)
    """(record, record, verdict); the last about a pair holds."""
    replaced: list[tuple[str, str]] = field(default_factory=list)
    """(old record, the one that corrects it)."""
    homes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Agency and case of each person's record."""
    retractions: list[tuple[str, str]] = field(default_factory=list)
    """(act, what it takes out of force: an outcome or a report)."""
    undone: set[str] = field(default_factory=set)
    """Acts of retraction that were undone."""
    claims: list[Credited] = field(default_factory=list)
    spans: dict[str, Span] = field(default_factory=dict)
    laws: list[Law] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the clerk hands in for one question."""

    total: Fraction
    cells: Mapping[tuple[str, ...], Fraction]
    """Those that are not zero."""
    undecided: Fraction
    heaps: frozenset[tuple[frozenset[str], Fraction]]
    """What was counted: the slips of each person, charge, case or event, and what it adds."""


@dataclass(frozen=True, slots=True)
class _Row:
    slip: Slip
    share: Fraction


class Clerk:
    """Counts for one agency and the cases that were granted to it for counting."""

    def __init__(self, papers: Papers, agency: str, granted: Iterable[str] = ()) -> None:
        self.papers, self.agency, self.granted = papers, agency, frozenset(granted)
        self.place = {slip.id: n for n, slip in enumerate(papers.slips)}
        seen = [s for s in papers.slips if self._may(s.agency, s.case)]
        self.out = {target for act, target in papers.retractions if act not in papers.undone}
        self.slips = _in_force(seen, self.out)
        self.people = self._merge()
        self.numbers = self._number_articles()
        self.fallen = {s.id for s in self.slips if any(self._sets_aside(appeal, s) for appeal in self.slips)}

    def count(self, question: Question) -> Sheet:
        """Answer one question."""
        measure = MEASURES[question.measure]
        picked = [s for s in self.slips if self._counts(s, measure) and self._fits(s, measure, question)]
        certain, maybe = self._rows(picked, measure, question)
        piles: dict[tuple[str, ...], list[_Row]] = {}
        for row in certain:
            labels = tuple(self.label(row.slip, d, measure) for d in question.dimensions)
            piles.setdefault(labels, []).append(row)
        total = self._sum(certain, measure)
        cells = {labels: self._sum(pile, measure) for labels, pile in piles.items()}
        heaps = frozenset(self._heaps(certain, measure))
        more = self._sum([*certain, *maybe], measure) - total
        return Sheet(total, {k: v for k, v in cells.items() if v != 0}, more, heaps)

    def label(self, slip: Slip, dimension: str, measure: Measure) -> str:
        """Say where in a table a slip belongs."""
        match dimension:
            case "year":
                return slip.word("date")[:4]
            case "month":
                return slip.word("date")[:7] if len(slip.word("date")) >= len("2024-03") else ""
            case "state":
                return _state(slip, measure)
            case "agency" | "kind" | "case":
                return str(getattr(slip, dimension))
            case "offence":
                return slip.word("offence") or self._by_law(slip)
            case "sex":
                return slip.word("sex") or slip.word("gender")
            case _:
                return slip.word(dimension)

    def _may(self, agency: str, case: str) -> bool:
        return agency == self.agency or (case != "" and case in self.granted)

    def _merge(self) -> dict[str, frozenset[str]]:
        """Draw together records that verdicts in force, or a correction, say are one person; hidden ones bridge nothing."""
        last: dict[frozenset[str], str] = {}
        for left, right, verdict in self.papers.verdicts:
            last[frozenset((left, right))] = verdict
        pairs = [tuple(pair) for pair, verdict in last.items() if verdict == "same"] + self.papers.replaced
        groups = {record: frozenset((record,)) for record in self.papers.homes}
        for left, right in pairs:
            if self._may(*self.papers.homes[left]) and self._may(*self.papers.homes[right]):
                together = groups[left] | groups[right]
                groups |= dict.fromkeys(together, together)
        return groups

    def person(self, slip: Slip) -> object:
        """Say whom a slip speaks of; None where it does not tell."""
        if slip.record:
            return self.people.get(slip.record, frozenset((slip.record,)))
        if slip.victim:
            return ("victim", slip.victim)
        return ("reference", slip.case, slip.word("reference")) if slip.word("reference") else None

    def charge(self, slip: Slip) -> object:
        """Say which charge a slip speaks of; None where it tells no person. An article stands for its one number."""
        who, name = self.person(slip), _name_of_charge(slip)
        if who is None:
            return None
        numbers = self.numbers.get((slip.case, who, name), set())
        return (slip.case, who, ("number", *numbers) if len(numbers) == 1 else name)

    def _number_articles(self) -> dict[object, set[str]]:
        """List the numbers under which an article was charged against a person in a case."""
        found: dict[object, set[str]] = {}
        for slip in self.slips:
            if slip.word("charge") and slip.word("article"):
                article = ("article", _spelt(slip.word("article")))
                found.setdefault((slip.case, self.person(slip), article), set()).add(slip.word("charge"))
        return found

    def _sets_aside(self, appeal: Slip, verdict: Slip) -> bool:
        if appeal.kind != "appeal decided" or appeal.id == verdict.id or self.person(appeal) is None:
            return False
        result = appeal.word("result")
        guilty = verdict.kind == "convicted" or (
            verdict.kind == "appeal decided" and verdict.word("result") == "acquittal overturned"
        )
        against = (guilty and result in {"overturned", "retrial"}) or (
            verdict.kind == "acquitted" and result == "acquittal overturned"
        )
        if not against or not self._is_later(appeal, verdict):
            return False
        if _name_of_charge(appeal) == ("", ""):
            return (self.person(appeal), appeal.case) == (self.person(verdict), verdict.case)
        return self.charge(appeal) == self.charge(verdict)

    def _is_later(self, appeal: Slip, verdict: Slip) -> bool:
        one, other = _days(appeal.word("date")), _days(verdict.word("date"))
        if one is not None and other is not None and (one[0] > other[1] or one[1] < other[0]):
            return one[0] > other[1]
        return self.place[appeal.id] > self.place[verdict.id]

    def _counts(self, slip: Slip, measure: Measure) -> bool:
        if slip.kind not in measure.kinds or (measure.after_appeal and slip.id in self.fallen):
            return False
        rules = [(dimension, labels) for kind, dimension, labels in measure.only if kind == slip.kind]
        return all(self.label(slip, dimension, measure) in labels for dimension, labels in rules)

    def _fits(self, slip: Slip, measure: Measure, question: Question) -> bool:
        return all(self.label(slip, d, measure) in labels for d, labels in question.where.items())

    def _rows(self, picked: Sequence[Slip], measure: Measure, question: Question) -> tuple[list[_Row], list[_Row]]:
        """Return what counts for sure, and what might."""
        if question.credit is Credit.ALL:
            return [_Row(s, WHOLE) for s in picked], []
        if question.credit is Credit.BECAUSE:
            shares = [_Row(s, self._share(s, question.jpa)) for s in picked]
            return [row for row in shares if row.share > 0], []
        fell = {s.id: _falls(s, measure, self.papers.spans[question.jpa]) for s in picked}
        certain = [_Row(s, WHOLE) for s in picked if fell[s.id] == "inside"]
        return certain, [_Row(s, WHOLE) for s in picked if fell[s.id] == "perhaps"]

    def _share(self, slip: Slip, jpa: str) -> Fraction:
        held = [c for c in self.papers.claims if c.signed and not c.withdrawn]
        by_id = {s.id: s for s in self.papers.slips}
        own: list[Credited] = []
        this: Slip | None = slip
        while this is not None and len(own) == 0:
            own = [c for c in held if c.target == this.id]
            this = by_id.get(this.supersedes)
        said = own or [c for c in held if slip.case and c.target == slip.case]
        return sum((c.share for c in said if c.jpa == jpa and c.basis is not Basis.COINCIDENT), Fraction())

    def _sum(self, rows: Sequence[_Row], measure: Measure) -> Fraction:
        return sum((value for _, value in self._heaps(rows, measure)), Fraction())

    def _heaps(self, rows: Sequence[_Row], measure: Measure) -> list[tuple[frozenset[str], Fraction]]:
        """Put the slips of each unit on one heap; a slip that tells nobody is a heap of its own, with its number."""
        heaps: dict[object, list[_Row]] = {}
        alone = []
        for row in rows:
            unit = self._unit(row.slip, measure)
            if unit is None:
                alone.append((frozenset((row.slip.id,)), row.share * row.slip.many))
            else:
                heaps.setdefault(unit, []).append(row)
        made = [(frozenset(r.slip.id for r in heap), max(r.share for r in heap)) for heap in heaps.values()]
        return made + alone

    def _unit(self, slip: Slip, measure: Measure) -> object:
        match measure.unit:
            case Unit.PERSON:
                return self.person(slip)
            case Unit.CHARGE:
                return self.charge(slip)
            case Unit.CASE:
                return slip.case or None
            case Unit.EVENT:
                return None

    def _by_law(self, slip: Slip) -> str:
        days = _days(slip.word("date")) or (date.min, date.max)
        found = {
            law.offence
            for law in self.papers.laws
            if law.state == slip.word("state")
            and slip.word("article")
            and _spelt(law.article) == _spelt(slip.word("article"))
            and law.start <= days[1]
            and days[0] <= law.end
        }
        return found.pop() if len(found) == 1 else ""


def _in_force(slips: Sequence[Slip], out: set[str]) -> list[Slip]:
    """Leave out what was retracted and what a standing entry corrects, however many corrections lie between."""
    by_id = {s.id: s for s in slips}
    stands = [s for s in slips if s.id not in out and (s.report == "" or s.report not in out)]
    corrected = set()
    for slip in stands:
        older = slip.supersedes
        while older:
            corrected.add(older)
            older = by_id[older].supersedes if older in by_id else ""
    return [s for s in stands if s.id not in corrected]


def _falls(slip: Slip, measure: Measure, span: Span) -> str:
    """Say whether a slip falls inside a period, outside, or perhaps."""
    state, days = _state(slip, measure), _days(slip.word("date"))
    if (state and state not in span.states) or (days and (days[1] < span.start or days[0] > span.end)):
        return "outside"
    sure = state != "" and days is not None and span.start <= days[0] and days[1] <= span.end
    return "inside" if sure else "perhaps"


def _state(slip: Slip, measure: Measure) -> str:
    return slip.reporting if measure.place_rule is PlaceRule.REPORTING else slip.word("state")


def _name_of_charge(slip: Slip) -> tuple[str, str]:
    if slip.word("charge"):
        return "number", slip.word("charge")
    return ("article", _spelt(slip.word("article"))) if slip.word("article") else ("", "")


def _spelt(article: str) -> str:
    """Spell a citation so that only its letters and numbers matter."""
    return " ".join(re.findall(r"[^\W_]+", article.casefold()))


def _days(partial: str) -> tuple[date, date] | None:
    """Return the first and last day that a partial date may mean."""
    parts = [int(p) for p in partial.split("-")] if partial else []
    match parts:
        case [year]:
            return date(year, 1, 1), date(year, 12, 31)
        case [year, month]:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        case [year, month, day]:
            return date(year, month, day), date(year, month, day)
        case _:
            return None
