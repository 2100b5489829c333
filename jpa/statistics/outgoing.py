"""Rows of a return: of an agency's own outcomes those that figures of a joint period need, as coarse as those figures allow."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import numpy as np

from jpa.model.article import folded
from jpa.model.returns import CODES, UNDATED, WHOLE, Part, Row, RowCredit
from jpa.statistics.books import Books
from jpa.statistics.dimensions import WHERE
from jpa.statistics.disclosure import VICTIM_DIMENSIONS, VICTIM_KINDS
from jpa.statistics.facts import KIND_CODES, KIND_NAMES, NEVER, NO_DAY, NOBODY, Facts, Period
from jpa.statistics.measures import MEASURES
from jpa.statistics.pseudonyms import Secrets
from jpa.statistics.tables import Credit, Question, reached

_EPOCH: Final = date(1970, 1, 1)
_APPEAL: Final = KIND_CODES["appeal decided"]
SET_ASIDE: Final = "set aside by an appeal that is withheld itself"


@dataclass(frozen=True, slots=True)
class Sender:
    """What a return is made with, beside the outcomes."""

    agency: str
    jpa: str
    period: str
    secrets: Secrets = field(repr=False)
    cited: frozenset[str]
    """Articles of the table of articles, folded: no other text leaves."""
    withheld: Mapping[str, str] = field(default_factory=dict)
    """Outcome to the reason why it stays."""
    credits: Mapping[str, RowCredit] = field(default_factory=dict)
    """Outcome to the claim that credits it to the period."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What leaves, and what does not."""

    rows: tuple[Row, ...]
    """By key."""
    withheld: tuple[tuple[str, int], ...]
    """Reason and number."""


def outgoing(books: Books, facts: Facts, sender: Sender) -> Outgoing:
    """Make the rows of one return from all that the agency itself counts."""
    wanted = _wanted(facts, sender)
    reasons = dict(sender.withheld)
    reasons |= dict.fromkeys(_fallen_with(facts, wanted, reasons), SET_ASIDE)
    makers = _Maker(books, facts, sender)
    ids = [facts.ids[row].decode() for row in wanted]
    stays = Counter(reasons[i] for i in ids if i in reasons)
    rows = [makers.row(int(row)) for row, i in zip(wanted, ids, strict=True) if i not in reasons]
    return Outgoing(tuple(sorted(rows, key=lambda r: r.key)), tuple(sorted(stays.items())))


def roots_of(books: Books) -> Mapping[str, str]:
    """Map each correction to the first entry that it goes back to."""
    supersedes = books.columns["supersedes"]
    before = {
        books.ids[row].decode(): supersedes.labels[supersedes.codes[row]] for row in np.flatnonzero(supersedes.codes)
    }
    roots = {}
    for outcome, older in before.items():
        while older in before:
            older = before[older]  # noqa: PLW2901 -- walks back to the first
        roots[outcome] = older
    return roots


def _wanted(facts: Facts, sender: Sender) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Pick what any figure of the period counts, ever counted or may count, and of that the year asked for."""
    rows = np.zeros(0, dtype=np.intp)
    for measure in MEASURES:
        for credit in (Credit.IN_PERIOD, Credit.BECAUSE):
            rows = np.union1d(rows, reached(facts, Question(measure, credit=credit, jpa=sender.jpa)))
    if sender.period == WHOLE:
        return rows
    years = facts.columns["year"]
    return rows[np.array([years.labels[c] == sender.period for c in years.codes[rows]], dtype=np.bool_)]


def _fallen_with(
    facts: Facts, rows: Sequence[int] | np.ndarray[tuple[int], np.dtype[np.intp]], reasons: Mapping[str, str]
) -> list[str]:
    """List verdicts whose fall only withheld appeals explain: the row would tell of those."""
    appeals = np.flatnonzero(facts.kind == _APPEAL)
    told = {
        (int(facts.person[a]), int(facts.day_to[a])) for a in appeals if facts.ids[a].decode() not in reasons
    }  # fmt: skip
    return [
        facts.ids[row].decode()
        for row in rows
        if facts.fallen[row] != NEVER and (int(facts.person[row]), int(facts.fallen[row])) not in told
    ]


class _Maker:
    """Makes rows, one after the other."""

    def __init__(self, books: Books, facts: Facts, sender: Sender) -> None:
        self.books, self.facts, self.sender = books, facts, sender
        self.roots = roots_of(books)
        self.place = np.array([books.places[i.decode()] for i in facts.ids], dtype=np.int64)
        people = books.columns["person"]
        self.people = [people.labels[c] for c in people.codes[self.place]]
        self.first_person = _firsts(facts.person.tolist(), self.people)
        self.first_charge = _firsts(facts.charge.tolist(), [self._root(i.decode()) for i in facts.ids])

    def row(self, n: int) -> Row:
        """Make one row."""
        facts, sender = self.facts, self.sender
        outcome, kind = facts.ids[n].decode(), KIND_NAMES[facts.kind[n]]
        victim = kind in VICTIM_KINDS
        when, part = self._when(n, victim=victim)
        case = self._label("case", n)
        return Row(
            key=sender.secrets.own_key(sender.agency, "outcome", self._root(outcome)),
            kind=kind,
            date=when,
            part=part,
            state=self._label(WHERE, n),
            codes=self._codes(n, victim=victim),
            person=self._person(n, outcome, kind, case, victim=victim),
            charge=() if victim else self._charge(n, outcome, case),
            case=self._case(case, victim=victim),
            count=int(facts.count[n]),
            fell=_fell(int(facts.fallen[n])),
            credit=sender.credits.get(outcome),
        )

    def _person(self, n: int, outcome: str, kind: str, case: str, *, victim: bool) -> tuple[str, ...]:
        if self.facts.person[n] == NOBODY:
            return ()
        own = self.sender.secrets.own_key
        if victim:  # told apart within one kind alone, and never across agencies
            return (own(self.sender.agency, f"person {kind}", self.people[n]),)
        labels = dict.fromkeys((self.first_person[int(self.facts.person[n])], self.people[n]))
        keys = tuple(own(self.sender.agency, "person", label) for label in labels)
        return (*keys, *self.sender.secrets.joint_person(case, outcome))

    def _charge(self, n: int, outcome: str, case: str) -> tuple[str, ...]:
        if self.facts.charge[n] == NOBODY:
            return ()
        key = self.sender.secrets.own_key(self.sender.agency, "charge", self.first_charge[int(self.facts.charge[n])])
        number = self.books.columns["charge"]
        joint = self.sender.secrets.joint_charge(
            case, outcome, state=self._label(WHERE, n), number=number.labels[number.codes[self.place[n]]],
            article=self._label("article", n),
        )  # fmt: skip
        return (key, *joint)

    def _case(self, case: str, *, victim: bool) -> tuple[str, ...]:
        if case == "" or victim:
            return ()
        return (self.sender.secrets.own_key(self.sender.agency, "case", case), *self.sender.secrets.joint_case(case))

    def _codes(self, n: int, *, victim: bool) -> dict[str, str]:
        said = {name: self._label(name, n) for name in CODES if not victim or name in VICTIM_DIMENSIONS}
        if folded(said.get("article", "")) not in self.sender.cited:
            said.pop("article", None)
        return {name: label for name, label in said.items() if label}

    def _when(self, n: int, *, victim: bool) -> tuple[str, Part]:
        first, last = int(self.facts.day_from[n]), int(self.facts.day_to[n])
        if first == NO_DAY:
            return "", Part.UNSURE
        when = self._label("year", n) if victim else self._label("month", n) or self._label("year", n)
        return when, part_of(first, last, self.facts.periods[self.sender.jpa])

    def _label(self, name: str, n: int) -> str:
        column = self.facts.columns[name]
        return str(column.labels[column.codes[n]])

    def _root(self, outcome: str) -> str:
        return self.roots.get(outcome, outcome)


def part_of(first: int, last: int, period: Period) -> Part:
    """Say where days lie, seen from a joint period."""
    if last < period.start:
        return Part.BEFORE
    if first > period.end:
        return Part.AFTER
    return Part.IN if period.start <= first and last <= period.end else Part.UNSURE


def _firsts(keys: Sequence[int], labels: Sequence[str]) -> dict[int, str]:
    """Name each group by its smallest label."""
    first: dict[int, str] = {}
    for key, label in zip(keys, labels, strict=True):
        if key not in first or label < first[key]:
            first[key] = label
    return first


def _fell(day: int) -> str:
    if day == NEVER:
        return ""
    return UNDATED if day == NO_DAY else (_EPOCH + timedelta(days=day)).isoformat()[:7]
