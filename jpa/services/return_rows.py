"""The rows of returns: made from the own ledger, kept as they are signed, read back, counted as everything else is."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from jpa.errors import ConflictError, IntegrityError, InvalidInputError
from jpa.graph import agencies, claims, frames, returns
from jpa.graph.session import Tx
from jpa.interchange.return_file import MOST_ROWS, read_return, write_return
from jpa.model.case import Agency, Jpa
from jpa.model.ids import new_id
from jpa.model.outcome import Claim
from jpa.model.returns import WHOLE, Head, Return, Row, RowCredit
from jpa.services.ledger import CLAIMS, own_tx
from jpa.services.stores import Ask, Stores, found
from jpa.statistics.books import Books, Countable, Surroundings, facts_of
from jpa.statistics.facts import Facts, Period, day_of
from jpa.statistics.frozen import registry_hash
from jpa.statistics.measures import MEASURES, Measure
from jpa.statistics.merkle import root_of
from jpa.statistics.outgoing import Sender, outgoing
from jpa.statistics.pseudonyms import Secrets
from jpa.statistics.returned import Returned, Tied, joined, span_of
from jpa.statistics.tables import Credit, Question, figure

RED: Final = "marked TLP:RED"
OWN_ALONE: Final = "marked for the own agency alone by the report that states it"
OTHERS: Final = "marked for others than the agency that coordinates"
VICTIM: Final = "its person was found to be a victim"
MOST_KEPT: Final = 16
"""Returns whose rows this process remembers; they are addressed by their hash and never change."""


@dataclass(frozen=True, slots=True)
class Addressed:
    """A joint period with the agency that coordinates it."""

    jpa: Jpa
    coordinator: Agency


@dataclass(frozen=True, slots=True)
class Made:
    """What a return would be, exactly as the coordinator will see it."""

    head: Head
    rows: tuple[Row, ...]
    jpa: Jpa
    coordinator: Agency

    @property
    def body(self) -> bytes:
        """The bytes that are signed."""
        return write_return(self.head, self.rows)


@dataclass(frozen=True, slots=True)
class Tally:
    """What the rows of one return make of a measure, in both columns."""

    measure: Measure
    inside: float
    because: float


def addressed_tx(tx: Tx, ask: Ask, jpa: str) -> Addressed:
    """Return a joint period that the officer's state takes part in, with its coordinator; refused while none is named."""
    this, _plans = found(next(iter(frames.frames_tx(tx, state=ask.officer.state, jpa=jpa)), None))
    coordinator = agencies.agency_tx(tx, this.coordinator) if this.coordinator else None
    if coordinator is None:
        raise ConflictError(
            f"No agency coordinates {this.name} yet, so nobody would read a return. Ask an administrator to name one in the register."
        )
    return Addressed(this, coordinator)


def make_tx(tx: Tx, stores: Stores, ask: Ask, jpa: str, period: str) -> Made:
    """Pick the rows of a return as of now, and number the version."""
    to = addressed_tx(tx, ask, jpa)
    own = ask.officer.agency
    if to.coordinator.id == own:
        raise ConflictError("Your agency coordinates this joint period: its outcomes count there without a return.")
    if period != WHOLE and not (period.isascii() and period.isdigit() and len(period) == 4):
        raise InvalidInputError("No return was made.", {"period": "Choose a year, or everything up to now."})
    held = [k for k in claims.counting_tx(tx, None) if k.jpa == jpa and k.counts]
    books, facts, articles = own_tx(tx, stores, own, {k.target: n + 1.0 for n, k in enumerate(held)})
    tied = sorted(
        {label for label in facts.columns["case"].labels if label} & set(codes := stores.agency_keys.joint_codes())
    )
    sender = Sender(
        agency=own,
        jpa=jpa,
        period=period,
        secrets=Secrets(
            to.jpa.number,
            {own: stores.agency_keys.pseudonym_secret(own)},
            {case: codes[case] for case in tied},
            returns.references_tx(tx, tied),
        ),
        cited=articles.cited,
        withheld=_withheld(books, facts, to, returns.sealed_tx(tx, own)),
        credits=_credits(facts, held),
    )
    made = outgoing(books, facts, sender)
    if len(made.rows) > MOST_ROWS:
        raise InvalidInputError(
            "No return was made.",
            {"period": f"{len(made.rows)} rows are more than the {MOST_ROWS} of one return; choose a year."},
        )
    head = Head(
        id=new_id(ask.at),
        agency=own,
        state=ask.officer.state,
        number=to.jpa.number,
        start=to.jpa.start,
        end=to.jpa.end,
        period=period,
        version=returns.latest_tx(tx, own, jpa, period) + 1,
        made=ask.at.date().isoformat(),
        rows=len(made.rows),
        root=root_of(row.key for row in made.rows).hex(),
        withheld=made.withheld,
        measures=registry_hash(),
    )
    return Made(head, made.rows, to.jpa, to.coordinator)


def keep(stores: Stores, this: str, body: bytes) -> str:
    """Keep the signed bytes, encrypted under a key of their own; returns the name of the file."""
    return stores.releases.put(this, io.BytesIO(body)).digest


def body_of(stores: Stores, this: Return) -> bytes:
    """Read the signed bytes; IntegrityError when they are not what was put in."""
    stores.releases.verify(this.id, this.file)
    body = b"".join(stores.releases.pieces(this.id, this.file))
    if hashlib.sha256(body).hexdigest() != this.digest:
        raise IntegrityError("What is kept of this return is not what was signed. Bring it back from a backup.")
    return body


def rows_of(stores: Stores, this: Return) -> tuple[Row, ...]:
    """Read the rows of a return; the same bytes are understood once."""
    ledger = stores.ledger
    with ledger.lock:
        known = ledger.rows.get(this.digest)
    if known is not None:
        return known
    _, rows = read_return(body_of(stores, this))
    with ledger.lock:
        kept = dict(list(ledger.rows.items())[-(MOST_KEPT - 1) :])
        ledger.rows = {**kept, this.digest: rows}
    return rows


def name_of(this: Return) -> str:
    """Name a return as releases and drill-down keep it: whose, for which period, which version, and its hash."""
    return f"{this.agency}|{this.period}|{this.version}|{this.digest[:16]}"


def require_sound(head: Head, rows: Sequence[Row]) -> None:
    """Refuse rows that do not fit their head: another root, a date outside the part that it claims."""
    problem = "" if root_of(row.key for row in rows).hex() == head.root else "Its rows do not lead to its Merkle root."
    period = period_of(head, ())
    for number, row in enumerate(rows, start=2):
        first, last = span_of(row.date, row.part, period)
        if problem == "" and first > last:
            problem = f"Line {number}: no day of {row.date} lies there, seen from the joint period."
    if problem != "":
        raise InvalidInputError("The file was refused; nothing of it was kept.", {"file": problem})


def tallies(jpa: Jpa, head: Head, rows: Sequence[Row]) -> list[Tally]:
    """Count the rows by themselves, by the one function that counts; measures that find nothing are left out."""
    period = period_of(head, jpa.states)
    nothing = facts_of(Books.empty(), Countable(""), Surroundings(periods={period.jpa: period}))
    facts = joined(nothing, [Returned("", head.agency, head.state, period.jpa, rows)], Tied({}))

    def counted(measure: str, credit: Credit) -> float:
        return figure(facts, Question(measure, credit=credit, jpa=period.jpa))

    lines = [Tally(m, counted(m.name, Credit.IN_PERIOD), counted(m.name, Credit.BECAUSE)) for m in MEASURES.values()]
    return [line for line in lines if line.inside > 0 or line.because > 0]


def period_of(head: Head, states: Sequence[str]) -> Period:
    """Return the joint period as the return knows it."""
    start, end = (day_of(date.fromisoformat(day)) for day in (head.start, head.end))
    return Period(str(head.number), start, end, frozenset(states))


def _withheld(books: Books, facts: Facts, to: Addressed, sealed: set[str]) -> Mapping[str, str]:
    """Say of each outcome that stays why it does; what is not marked at all leaves by the decision of two."""
    permits = {"*", f"jpa:{to.jpa.id}", f"state:{to.coordinator.state}", f"agency:{to.coordinator.id}"}
    audience, report = books.columns["audience"], books.columns["report"]
    found_reasons = {}
    for outcome in (i.decode() for i in facts.ids):
        row = books.places[outcome]
        tokens = set(audience.labels[audience.codes[row]].split("|"))
        reason = ""
        if any(token.startswith("team:") for token in tokens):
            reason = RED
        elif outcome in sealed:
            reason = VICTIM
        elif tokens.isdisjoint(permits):
            alone = all(token.startswith("agency:") for token in tokens)
            reason = OTHERS if not alone else OWN_ALONE if report.codes[row] != 0 else ""
        if reason != "":
            found_reasons[outcome] = reason
    return found_reasons


def _credits(facts: Facts, held: Sequence[Claim]) -> Mapping[str, RowCredit]:
    numbers = facts.credits.get(CLAIMS)
    if numbers is None:
        return {}
    found_credits = {}
    for row in np.flatnonzero(numbers):
        claim = held[int(numbers[row]) - 1]
        if claim.signed is not None:
            month = claim.signed.date().isoformat()[:7]
            found_credits[facts.ids[row].decode()] = RowCredit(claim.basis, str(claim.share), month)
    return found_credits


def returned_of(stores: Stores, this: Return) -> Returned:
    """Return an accepted return as it is counted."""
    return Returned(name_of(this), this.agency, this.state, this.jpa, rows_of(stores, this))
