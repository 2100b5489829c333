"""Links: read one with its ends, correct it by a new one that supersedes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import cases, entities, links
from jpa.graph.granted import ChosenThing
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.catalogue import LINK_TYPES
from jpa.model.draft import TypedLink, TypedReport
from jpa.model.entity import Glance
from jpa.model.record import Link, Report
from jpa.services import recall_drafts, reports, statements, victims
from jpa.services.cases import writing
from jpa.services.grant_ceilings import follow_tx
from jpa.services.stores import Also, Ask, Event, Stores, found, nothing_else, read, write


@dataclass(frozen=True, slots=True)
class LinkFile:
    """A link as its page shows it."""

    link: Link
    report: Report
    source: Glance
    target: Glance
    in_force: bool


def read_link(stores: Stores, ask: Ask, report: str, link: str) -> LinkFile:
    """Read one link that a report states, with what it ties."""

    def work(tx: Tx, reader: Readership) -> LinkFile:
        this, in_force = found(links.link_tx(tx, reader, report, link))
        ends = entities.glances_tx(tx, reader, [this.source, this.target])
        said = found(cases.report_tx(tx, reader, report))
        return LinkFile(this, said, ends[this.source], ends[this.target], in_force)

    return read(stores, ask, Action.READ, Event(AuditTag.REPORT_READ, report), work)


def correct_link(
    stores: Stores,
    ask: Ask,
    report: str,
    link: str,
    properties: Mapping[str, Sequence[str]],
    typed: TypedReport,
    also: Also = nothing_else,
) -> Link:
    """Replace what a report says about a tie by a new link between the same ends; the old one stays as history.

    `typed` is the report of the correction (who says so, how sure) without statements of its own.
    """

    def work(tx: Tx, reader: Readership, _: object) -> Link:
        old, in_force = found(links.link_tx(tx, reader, report, link))
        case = writing(tx, reader, typed.case)
        if found(cases.report_tx(tx, reader, report)).case != case.id:
            problem = "A tie is corrected in the case that it was reported in."
            raise InvalidInputError("The correction was not saved.", {"case": problem})
        if not in_force:
            raise ConflictError(
                "This tie was corrected or retracted meanwhile. Open the page again to see what stands."
            )
        unknown = [n for n in properties if all(p.name != n for p in LINK_TYPES[old.type].properties)]
        if len(unknown) > 0:
            raise InvalidInputError("The correction was not saved.", {unknown[0]: "This tie has no such detail."})
        line = TypedLink(old.type, old.source, old.target, properties, schema=old.schema)
        whole = replace(typed, records=(), links=(line,), victims=())
        statements.check(whole)
        made = statements.build(ask, whole, victims.redactor(stores, case.id))
        new = replace(made.links[0], supersedes=old.id)
        reports.insert_tx(tx, case, replace(made, links=(new,)))
        recall_drafts.correct_tx(tx, ask, [case.id], [old.id])
        follow_tx(tx, case, made.report, old.id, ChosenThing(new.id, made.report, new.source, new.target))
        also(tx, new.id)
        return new

    return write(stores, ask, Action.CORRECT_RECORD, Event(AuditTag.LINK_CORRECTED, link), work)
