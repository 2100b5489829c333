"""What became of the entries of a ledger, outcomes and incidents alike: retracted, corrected, by whom; and which row of a file is which."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from jpa.graph import cases, outcomes, retractions
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.ids import derived_id
from jpa.model.incident import Incident
from jpa.model.outcome import E, Outcome, correction_of, corrections_among
from jpa.model.retraction import Retraction, RetractionKind
from jpa.services.import_rows import UPDATE, Row, Setting, unversioned
from jpa.services.retractions import standing


@dataclass(frozen=True, slots=True)
class Fate(Generic[E]):
    """What became of one entry."""

    by: str
    """Name of the officer who entered it."""
    retraction: Retraction | None
    """The retraction that takes it out of force now."""
    correction: E | None
    """The later entry that stands in its place."""
    corrected_by: str
    acts: Sequence[Retraction]
    """Every retraction of it, undone ones too."""

    @property
    def in_force(self) -> bool:
        """Whether it counts."""
        return self.correction is None and self.retraction is None


def fates_tx(tx: Tx, reader: Readership, listed: Sequence[E], later: Sequence[E]) -> dict[str, Fate[E]]:
    """Say what became of entries that were read for this reader; `later` are the corrections of them that are not listed.

    Who retracted a report, when and why, is told to those alone who may read the report.
    """
    known = [*listed, *later]
    officers = outcomes.officers_tx(tx, [e.officer for e in known])
    acts = _told_tx(tx, reader, retractions.about_tx(tx, [i for e in known for i in (e.id, e.report) if i]))
    withdrawn = {e.id: standing(acts, e.id, *([e.report] if e.report else [])) for e in known}
    after = corrections_among(known)
    out = {i for i, act in withdrawn.items() if act is not None}
    fates = {}
    for entry in listed:
        correction = correction_of(entry.id, after, out)
        fates[entry.id] = Fate(
            by=officers.get(entry.officer, entry.officer),
            retraction=withdrawn[entry.id],
            correction=correction,
            corrected_by="" if correction is None else officers.get(correction.officer, correction.officer),
            acts=[act for act in acts if act.target == entry.id],
        )
    return fates


def _told_tx(tx: Tx, reader: Readership, acts: Sequence[Retraction]) -> list[Retraction]:
    reports = {act.target for act in acts if act.kind is RetractionKind.REPORT}
    closed = reports - cases.readable_reports_tx(tx, reader, reports) if len(reports) > 0 else set[str]()
    return [act.untold() if act.target in closed else act for act in acts]


def versions_tx(tx: Tx, ledger: Sequence[E]) -> tuple[Mapping[str, E], Mapping[str, E]]:
    """Find for each row that was taken in before its newest version, and what stands in its place now."""
    acts = retractions.about_tx(tx, [i for e in ledger for i in (e.id, e.report) if i])
    gone = {act.target for act in acts if act.stands}
    withdrawn = {e.id for e in ledger if not gone.isdisjoint({e.id, e.report})}
    after = corrections_among(ledger)
    taken, now = dict[str, E](), dict[str, E]()
    for entry in ledger:  # in the order of entry
        key = unversioned(entry.source_key)
        if key == "":
            continue
        taken[key] = entry
        now.setdefault(key, entry)
    return taken, {key: correction_of(first.id, after, withdrawn) or first for key, first in now.items()}


def updating(setting: Setting, row: Row, noun: str, now: Outcome | Incident, content: str) -> Row:
    """Make a row supersede what stands in its place; the same content again would be the same correction."""
    version = hashlib.sha256(content.encode() + now.id.encode()).hexdigest()[:16]
    versioned = f"{row['source_key']}@{version}"
    was = {name: [v.typed for v in values] for name, values in now.properties.items()}
    return {
        **row, "status": UPDATE, "source_key": versioned, "id": derived_id(setting.ask.at, noun, versioned),
        "supersedes": now.id, "was": was,
    }  # fmt: skip
