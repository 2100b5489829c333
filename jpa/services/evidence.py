"""Evidence files: add to a report that stands or is being entered, list, open with a purpose; each hand it passes through stands in the sealed log [E10]."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from jpa.errors import IntegrityError, InvalidInputError
from jpa.graph import cases, evidence
from jpa.graph.agencies import readership_tx
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditEvent, AuditTag, Outcome
from jpa.model.evidence import Custody, EvidenceFile, plain_name
from jpa.model.ids import new_id
from jpa.model.record import Report
from jpa.model.redaction import Redact
from jpa.operations.evidence import Kept, measure
from jpa.services.cases import writing
from jpa.services.evidence_search import names_in, names_of, require_opening
from jpa.services.stores import Ask, Event, Stores, found, read, require

_WHAT: Final = {AuditTag.EVIDENCE_READ: "read", AuditTag.EVIDENCE_VERIFIED: "verified"}
_MOST_EVENTS: Final = 1000
"""Lines of custody that the page reads; more stand in the audit log."""


@dataclass(frozen=True, slots=True)
class TypedFile:
    """A file that comes with a report, as it was chosen."""

    name: str
    content: BinaryIO
    """Can be read twice."""
    why: str


@dataclass(frozen=True, slots=True)
class NewFile:
    """The same, checked and measured; its id is made before the transaction, which may be tried again."""

    id: str
    typed: TypedFile
    kept: Kept

    @property
    def facts(self) -> dict[str, object]:
        """What the audit log is told of it."""
        return {"evidence": self.id, "digest": self.kept.digest, "size": self.kept.size}


@dataclass(frozen=True, slots=True)
class Dossier:
    """One file as its page shows it."""

    file: EvidenceFile
    report: Report
    custody: Sequence[Custody]


def add_file(stores: Stores, ask: Ask, report: str, name: str, content: BinaryIO, why: str) -> EvidenceFile:
    """Attach a file: first the bytes, then the graph, so that a crash in between leaves nothing that points nowhere."""
    require(ask, Action.ADD_REPORT)
    if why.strip() == "":
        raise InvalidInputError("The file was not added.", {"why": "Say what it shows, or why it is kept."})
    measure(content)

    def load(tx: Tx) -> str:
        reader = readership_tx(tx, ask.officer, ask.at)
        return writing(tx, reader, found(cases.report_tx(tx, reader, report)).case).id

    def save(tx: Tx) -> EvidenceFile:
        reach = found(evidence.reach_tx(tx, readership_tx(tx, ask.officer, ask.at), report))
        return evidence.add_tx(tx, file, reach)

    with stores.audit.act(AuditTag.EVIDENCE_ADDED, ask.officer, object=report, at=ask.at) as act:
        case = stores.graph.read(act.intent, load)
        redact = stores.vault.redactor(case)
        kept = stores.evidence.put(case, content)
        new = NewFile(new_id(ask.at), TypedFile(name, content, why), kept)
        file = _described(ask, new, case, report, redact, _named(stores, case, new))
        standing = stores.graph.write(act.intent, save)
        act.details |= {"evidence": standing.id, "digest": kept.digest, "size": kept.size}
        return standing


def check_files(ask: Ask, typed: Sequence[TypedFile]) -> list[NewFile]:
    """Measure the files that come with a report; one that cannot be kept refuses all, before anything is written."""
    new, problems = [], {}
    for file in typed:
        try:
            new.append(NewFile(new_id(ask.at), file, measure(file.content)))
        except InvalidInputError as error:
            problems[f"file “{plain_name(file.name)}”"] = error.fields["file"]
        if file.why.strip() == "":
            problems["why"] = "Say what the files show, or why they are kept."
    if len(problems) > 0:
        raise InvalidInputError("The report was not saved; what you typed is still here.", problems)
    return new


def attach_tx(tx: Tx, stores: Stores, ask: Ask, files: Sequence[NewFile], report: Report, reach: Reach) -> None:
    """Keep the files of a report in the transaction that writes it: first the bytes, then what is known of them."""
    redact = stores.vault.redactor(report.case)
    for file in files:
        stores.evidence.put(report.case, file.typed.content)
        named = _named(stores, report.case, file)
        evidence.add_tx(tx, _described(ask, file, report.case, report.id, redact, named), reach)


def read_dossier(stores: Stores, ask: Ask, file: str) -> Dossier:
    """Read what is known of a file and whose hands it passed through."""

    def work(tx: Tx, reader: Readership) -> Dossier:
        this = found(evidence.file_tx(tx, reader, file))
        report = found(cases.report_tx(tx, reader, this.report))
        lines = custody_of(stores, ask, this)
        names = evidence.officer_names_tx(tx, sorted({line.by for line in lines}))
        custody = [Custody(c.what, names.get(c.by, c.by), c.at, c.why, c.held) for c in lines]
        return Dossier(this, report, [*custody, Custody("added", this.officer, this.added, this.why, held=True)])

    return read(stores, ask, Action.READ, Event(AuditTag.EVIDENCE_LISTED, file), work)


def open_file(stores: Stores, ask: Ask, file: str, purpose: str) -> tuple[EvidenceFile, Iterator[bytes]]:
    """Verify a file and hand it out piece by piece; the purpose stands in its custody log."""
    if purpose.strip() == "":
        raise InvalidInputError("The file was not opened.", {"purpose": "Say why you open it; it stands in its log."})
    this = _verified(stores, ask, file, AuditTag.EVIDENCE_READ, purpose)
    return this, stores.evidence.pieces(this.case, this.digest)


def verify_file(stores: Stores, ask: Ask, file: str) -> EvidenceFile:
    """Check that a file is still what was added, without handing it out."""
    return _verified(stores, ask, file, AuditTag.EVIDENCE_VERIFIED, "")


def _named(stores: Stores, case: str, new: NewFile) -> tuple[str, ...]:
    """Return whom a new file names of those sealed in its case; what cannot be searched names nobody."""
    content = new.typed.content
    content.seek(0)
    return names_of((content.read() for _ in range(1)), new.kept.size, names_in(stores, case)) or ()


def _described(
    ask: Ask, new: NewFile, case: str, report: str, redact: Redact, restricted: tuple[str, ...]
) -> EvidenceFile:
    return EvidenceFile(
        id=new.id,
        report=report,
        case=case,
        agency=ask.officer.agency,
        name=redact(plain_name(new.typed.name)),
        size=new.kept.size,
        digest=new.kept.digest,
        by=ask.officer.id,
        added=ask.at,
        why=redact(new.typed.why.strip()),
        officer=ask.officer.name,
        restricted=restricted,
    )


def _verified(stores: Stores, ask: Ask, file: str, tag: AuditTag, purpose: str) -> EvidenceFile:
    def work(tx: Tx, reader: Readership) -> EvidenceFile:
        return found(evidence.file_tx(tx, reader, file))

    # The case is read first: what is said about a file passes the case's redactor before it enters the log for good.
    case = read(stores, ask, Action.READ, Event(AuditTag.EVIDENCE_LISTED, file), work).case
    said = stores.vault.redactor(case)(purpose.strip())
    with stores.audit.act(tag, ask.officer, object=file, purpose=said, at=ask.at) as act:
        this = stores.graph.read(act.intent, lambda tx: work(tx, readership_tx(tx, ask.officer, ask.at)))
        if tag is AuditTag.EVIDENCE_READ and (request := require_opening(stores, ask, this)) != "":
            act.details["vault_request"] = request
        act.details |= {"digest": this.digest, "held": True}
        try:
            stores.evidence.verify(this.case, this.digest)
        except IntegrityError:
            act.details["held"] = False
            raise
        return this


def custody_of(stores: Stores, ask: Ask, file: EvidenceFile) -> list[Custody]:
    """Turn the file's audit events into lines, newest first; of another agency's file an officer sees their own."""
    events = stores.audit.events(object=file.id, limit=_MOST_EVENTS)
    intents = {e.intent: e for e in events if e.outcome is None}
    redact = stores.vault.redactor(file.case)
    own = ask.officer.agency == file.agency
    return [
        Custody(_WHAT[e.tag], e.actor, e.at, redact(intents[e.intent].purpose), held=bool(e.details.get("held")))
        for e in events
        if _is_line(e) and e.intent in intents and (own or e.actor == ask.officer.id)
    ]


def _is_line(event: AuditEvent) -> bool:
    return event.tag in _WHAT and event.outcome in {Outcome.DONE, Outcome.REFUSED} and "held" in event.details
