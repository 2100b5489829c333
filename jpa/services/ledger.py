"""The ledger for counting: kept in columns, brought up to date for each figure, opened as far as this officer may count.

The columns hold every outcome of the installation. Nothing that an officer may count is decided when they are read: the agency and
the grants in force are asked for in the same transaction as the marks, for every figure (design section 4).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, TypeVar

from jpa.graph import agencies, articles, claims, grants, outcomes
from jpa.graph.outcomes import Marks, SamePerson
from jpa.graph.session import Tx
from jpa.model import codes
from jpa.model.access import Action, Readership
from jpa.model.article import ArticleTable
from jpa.model.audit import AuditTag
from jpa.model.officer import Role
from jpa.model.outcome import own_ledger
from jpa.services.stores import Ask, Built, Event, Ledger, Stores, read
from jpa.statistics.books import TEXTS, Books, Countable, Entry, Surroundings, facts_of
from jpa.statistics.dimensions import REPORTING, WHERE
from jpa.statistics.facts import Facts, Period, day_of
from jpa.statistics.outgoing import roots_of

T = TypeVar("T")

_AT_ONCE: Final = 20_000
"""Outcomes read in one query."""
CLAIMS: Final = ""
"""Stands for a joint period where the credit of an outcome says which claim it is."""
MOST_BUILT: Final = 4
"""Facts kept for those who count the same again; each takes as much memory as the columns."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What figures of one request are made from, and how far they reach."""

    facts: Facts
    marks: Marks
    whose: str
    """What is counted, in words for beside each figure."""
    reader: Readership
    books: Books
    """The columns that the facts were picked from."""


def count(stores: Stores, ask: Ask, object_: str, work: Callable[[Counted], T]) -> T:
    """Work out figures from all that this officer may count at this moment, returns left aside; an audited read."""

    def reading(tx: Tx, reader: Readership) -> T:
        return work(counted_tx(tx, stores, reader, ask))

    return read(stores, ask, Action.READ_STATISTICS, Event(AuditTag.FIGURE_READ, object_), reading)


def counted_tx(tx: Tx, stores: Stores, reader: Readership, ask: Ask) -> Counted:
    """Bring the columns up to date and pick what this officer may count."""
    countable = _countable_tx(tx, reader, ask)
    marks, books, around = _gathered_tx(tx, stores.ledger, countable, reader if countable.agency == "" else None)
    whose = (
        "own agency's outcomes, and those granted for counting" if countable.agency else "outcomes that you may read"
    )
    return Counted(_facts(stores.ledger, books, countable, around), marks, whose, reader, books)


def read_ahead(stores: Stores, at: datetime) -> None:
    """Read the whole ledger into the columns before anybody counts: a million outcomes take most of a minute; of the owner, audited."""
    with stores.audit.act(AuditTag.LEDGER_READ_AHEAD, None, at=at) as act:
        stores.graph.read(act.intent, lambda tx: _current_tx(tx, stores.ledger))
        act.details["outcomes"] = len(stores.ledger.books)


def own_tx(tx: Tx, stores: Stores, agency: str, numbered: Mapping[str, float]) -> tuple[Books, Facts, ArticleTable]:
    """Pick every outcome of one agency and nothing granted to it; credit it to `CLAIMS` by numbers given to targets of claims."""
    countable = Countable(agency)
    _, books, around = _gathered_tx(tx, stores.ledger, countable, None)
    around = replace(around, credits={**around.credits, CLAIMS: numbered})
    return books, facts_of(books, countable, around), around.articles


def roots_tx(tx: Tx, stores: Stores) -> Mapping[str, str]:
    """Map each correction to the first entry that it goes back to, of all agencies."""
    _, books, _ = _current_tx(tx, stores.ledger)
    return roots_of(books)


def _current_tx(tx: Tx, ledger: Ledger) -> tuple[Marks, Books, Sequence[SamePerson]]:
    marks = outcomes.marks_tx(tx)
    with ledger.lock:
        _bring_up(tx, ledger, marks)
        return marks, ledger.books, ledger.same


def _gathered_tx(
    tx: Tx, ledger: Ledger, countable: Countable, reader: Readership | None
) -> tuple[Marks, Books, Surroundings]:
    marks, books, same = _current_tx(tx, ledger)
    around = Surroundings(
        same=[(s.left, s.right) for s in same if _may_follow(s, countable)],
        retracted=outcomes.retracted_tx(tx),
        periods=_periods_tx(tx),
        credits=_credits_tx(tx, reader),
        articles=ArticleTable(tuple(articles.articles_tx(tx))),
    )
    return marks, books, around


def _facts(ledger: Ledger, books: Books, countable: Countable, around: Surroundings) -> Facts:
    with ledger.lock:
        built = ledger.built
    for one in built:
        if one.books is books and one.countable == countable and one.around == around:
            return one.facts
    made = Built(books, countable, around, facts_of(books, countable, around))
    with ledger.lock:
        current = [one for one in ledger.built if one.books is ledger.books]
        ledger.built = (made, *current)[:MOST_BUILT]
    return made.facts


def _countable_tx(tx: Tx, reader: Readership, ask: Ask) -> Countable:
    # A supervisor counts for the agency, whoever is on a team; an analyst counts what is open to read.
    if Role.SUPERVISOR in ask.officer.roles:
        return Countable(ask.officer.agency, frozenset(grants.counting_tx(tx, ask.officer.id, ask.at)))
    return Countable("", reader.compartments, frozenset(reader.audience))


def _may_follow(pair: SamePerson, countable: Countable) -> bool:
    return all(
        (countable.agency != "" and agency == countable.agency)
        or (
            not compartments.isdisjoint(countable.compartments)
            and (countable.audience is None or not audience.isdisjoint(countable.audience))
        )
        for agency, compartments, audience in zip(pair.agencies, pair.compartments, pair.audience, strict=True)
    )


def _bring_up(tx: Tx, ledger: Ledger, marks: Marks) -> None:
    if marks.born != ledger.born:
        ledger.born, ledger.books, ledger.last, ledger.people = marks.born, Books.empty(), 0, ()
    states = {a.id: a.state for a in agencies.agencies_tx(tx)} if marks.last > ledger.last else {}
    while ledger.last < marks.last:
        rows = outcomes.after_tx(tx, ledger.last, _AT_ONCE)
        if len(rows) == 0:
            break
        ledger.books = ledger.books.with_entries([entry_of(row, states) for row in rows])
        ledger.last = int(rows[-1]["serial"])
    if ledger.people != marks.people:
        ledger.same, ledger.people = outcomes.same_people_tx(tx), marks.people


def entry_of(row: Mapping[str, Any], states: Mapping[str, str]) -> Entry:
    """Return what a count needs of a stored outcome; only what was understood counts, the rest is unknown."""
    not_understood = {(f.split(":", 3)[0], int(f.split(":", 3)[1])) for f in row.get("flags", ()) if _MISREAD in f}
    understood = {n: [v for i, v in enumerate(row[n]) if (n, i) not in not_understood] for n in _SAID if n in row}
    said = {name: min(values, key=_place) for name, values in understood.items() if len(values) > 0}
    values: dict[str, str] = {name: said[name] for name in TEXTS if name in said}
    values |= {"agency": row["agency"], REPORTING: states.get(row["agency"], ""), "case": row["case"]}
    if "state" in said:
        values[WHERE] = said["state"]
    if "gender" in said:
        values["sex"] = said["gender"]
    return Entry(
        id=row["id"],
        kind=row["kind"],
        compartment=row["compartments"][0],
        audience="|".join(sorted(row["audience"])),
        values=values,
        person=_person_of(row, said.get("reference", "")),
        charge=said.get("charge", ""),
        count=_whole(said.get("count", "")),
        amount=float(said["amount"].split()[0]) if "amount" in said else float("nan"),
        supersedes=row["supersedes"],
        report=row["report"],
        misread=", ".join(sorted({name for name, _ in not_understood})),
        own="" if row["case"] else own_ledger(row["agency"], row["jpa"]),
    )


_SAID: Final = frozenset(TEXTS) - {"agency", "case", REPORTING, WHERE} | {
    "state", "gender", "reference", "charge", "count", "amount",
}  # fmt: skip


_MISREAD: Final = ":!:"
"""Marks what was typed and not understood, between the place of the value and the reason."""
_FORMS: Final = {code: n for n, (code, _) in enumerate(codes.load("htcds_exploitation").pairs)}


def _place(value: str) -> int:
    # Of several forms of exploitation the first of HTCDS's own list counts; of anything else the first that was said.
    return _FORMS.get(value, len(_FORMS))


def _person_of(row: Mapping[str, Any], reference: str) -> str:
    if row["person"] or row["victim"] or row.get("sealed"):
        return str(row["person"] or row["victim"] or row["sealed"])
    return f"{row['case'] or row['agency']}|{reference}" if reference else ""


def _whole(count: str) -> int:
    return int(count) if count else 1


def _periods_tx(tx: Tx) -> dict[str, Period]:
    return {
        row["id"]: Period(
            row["id"],
            day_of(date.fromisoformat(row["start"])),
            day_of(date.fromisoformat(row["end"])),
            frozenset(row["states"]),
        )
        for row in outcomes.periods_tx(tx)
    }


def _credits_tx(tx: Tx, reader: Readership | None) -> dict[str, dict[str, float]]:
    shares: dict[str, dict[str, float]] = {}
    for claim in claims.counting_tx(tx, reader):
        of_jpa = shares.setdefault(claim.jpa, {})
        of_jpa[claim.target] = max(of_jpa.get(claim.target, 0.0), float(claim.share) if claim.counts else 0.0)
    return shares
