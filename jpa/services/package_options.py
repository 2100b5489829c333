"""What a package can be made of: the case, the agencies that an agreement lets it go to, the files behind its reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jpa.graph import agencies, agreements, cases, evidence
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.agreement import Agreement, AgreementState, Way
from jpa.model.audit import AuditTag
from jpa.model.case import Agency, Case
from jpa.model.evidence import EvidenceFile
from jpa.services.agency_keys import closing_tx
from jpa.services.stores import Ask, Event, Stores, found, read

MOST_CASES: Final = 500
"""Cases that a page offers to choose among; others are found by search."""


@dataclass(frozen=True, slots=True)
class Terms:
    """One way in which something may go out: to whom, under which agreement, for which purpose."""

    partner: Agency
    agreement: Agreement
    purpose: str
    here: bool
    """The partner works in this installation: grant the case instead."""
    keyed: bool
    """A card of its keys is pinned."""

    @property
    def code(self) -> str:
        """The value that a form sends."""
        return f"{self.partner.id}~{self.agreement.id}~{self.purpose}"


@dataclass(frozen=True, slots=True)
class Options:
    """What the builder offers."""

    case: Case
    terms: Sequence[Terms]
    files: Sequence[EvidenceFile]


def read_options(stores: Stores, ask: Ask, case: str) -> Options:
    """Say what a package of a case can be made of."""

    def work(tx: Tx, reader: Readership) -> Options:
        this = found(cases.case_tx(tx, reader, case))
        this = found(this if this.agency == ask.officer.agency else None)
        known = {a.id: a for a in agencies.agencies_tx(tx)}
        live = [
            a
            for a in agreements.agreements_tx(tx, ask.officer.agency)
            if a.state(ask.at) is AgreementState.IN_FORCE and Way.PACKAGE in a.ways and a.binds(ask.officer.agency)
        ]
        terms = [
            Terms(
                known[p], a, purpose.value, len(agencies.officers_tx(tx, p)) > 0, closing_tx(tx, p) != "",
            )
            for a in live
            for p in a.parties
            if p != ask.officer.agency and p in known and a.binds(p)
            for purpose in sorted(a.purposes, key=lambda one: one.value)
        ]  # fmt: skip
        terms.sort(key=lambda t: t.here)  # who works here is granted the case instead
        return Options(this, terms, evidence.of_case_tx(tx, reader, case))

    return read(stores, ask, Action.MAKE_PACKAGE, Event(AuditTag.CASE_READ, case), work)


def list_cases(stores: Stores, ask: Ask, action: Action) -> list[Case]:
    """List the cases of the own agency that something can be sent from, or those of the officer's teams that it can be adopted into."""

    def work(tx: Tx, reader: Readership) -> list[Case]:
        every = [c for c, _, _ in cases.cases_tx(tx, reader, limit=MOST_CASES) if c.agency == ask.officer.agency]
        return every if action is Action.MAKE_PACKAGE else [c for c in every if c.id in reader.team]

    return read(stores, ask, action, Event(AuditTag.CASE_LISTED), work)
