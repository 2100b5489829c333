"""Whether a package that is whole and signed may come in now, and whether what its lines say hangs together. Pure."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from jpa.errors import InvalidInputError
from jpa.sharing.lines import EntityLine, report_of
from jpa.sharing.manifest import FOLDER, Manifest, Party
from jpa.sharing.package import Opened
from jpa.sharing.refusal import refused
from jpa.sharing.strict import parsed
from jpa.sharing.summary import require_coded

SKEW: Final = timedelta(minutes=10)
"""How far the sender's clock may run ahead of ours."""


def require_admissible(this: Manifest, signer: Party, own: Party, key: str, at: datetime) -> None:
    """Refuse a package of another sender than who signed it, for somebody else, from the future, or under an agreement that ended.

    `signer` is the agency that the signing key is pinned for, `own` the agency that receives, `key` its age public key.
    """
    said = this.sender
    if (said.agency, said.state) != (signer.agency, signer.state):
        problem = f"It says that it comes from {said.agency} of {said.state}, and the key that signed it belongs to {signer.agency} of {signer.state}."
        raise refused("key", problem)
    mine = [r for r in this.recipients if r.agency == own.agency and r.state == own.state]
    if len(mine) == 0:
        raise refused("recipient", "It is addressed to another agency than yours.")
    if all(r.key != key for r in mine):
        raise refused(
            "recipient", "It was closed to an earlier key of your agency. Send the sender your keys of today."
        )
    if datetime.fromisoformat(this.made) > at + SKEW:
        raise refused(
            "clock", f"It says that it was made at {this.made}, which is still to come. One of the two clocks is wrong."
        )
    if this.agreement.ends < at.date().isoformat():
        raise refused("agreement", f"The agreement it was sent under ended on {this.agreement.ends}.")


def require_coherent(opened: Opened, each: Callable[[EntityLine, bytes], None] = lambda _line, _written: None) -> None:
    """Read every line once; refused where something is there twice, or points at what is not there. `each` sees every record and link, read and as it is written."""
    this = opened.manifest
    reports: set[str] = set()
    for report in opened.reports():
        _once(reports, report.id, "report")
        if report.agency != this.sender.agency:
            raise refused("content", f"Report {report.id} is of {report.agency}, which is not who sends it.")
        try:
            report_of(report)
        except InvalidInputError as error:
            raise refused("content", f"Report {report.id}: {error}") from error
    records, ties = _entities(opened, reports, each)
    if (len(records), ties) != (int(this.counts.records), int(this.counts.links)):
        raise refused("content", "It holds other numbers of records and links than it says.")
    for verdict in opened.judgements():
        if verdict.left not in records or verdict.right not in records or verdict.left == verdict.right:
            raise refused("content", f"Verdict {verdict.id} is about a record that is not there.")
    _evidence(opened, reports)
    require_coded(opened.summary())


def _entities(opened: Opened, reports: set[str], each: Callable[[EntityLine, bytes], None]) -> tuple[set[str], int]:
    records: set[str] = set()
    ties: set[str] = set()
    for where, written in opened.entity_lines():
        line = parsed(EntityLine, written, where)
        said = line.jpa
        if said.report not in reports or said.agency != opened.manifest.sender.agency:
            raise refused("content", f"{line.id} is stated by a report that is not there.")
        if said.kind == "record":
            if len(ties) > 0:
                raise refused("content", "A record stands behind a link; records come first.")
            _once(records, line.id, "record")
        else:
            if said.source not in records or said.target not in records:
                raise refused("content", f"Link {line.id} ties a record that is not there.")
            _once(ties, line.id, "link")
        each(line, written)
    return records, len(ties)


def _evidence(opened: Opened, reports: set[str]) -> None:
    files = {f.path: f.bytes for f in opened.manifest.files if f.path.startswith(FOLDER)}
    known: set[str] = set()
    behind: set[str] = set()
    for file in opened.evidence():
        _once(known, file.id, "file")
        path = FOLDER + file.sha256
        behind.add(path)
        if file.report not in reports or files.get(path) != file.bytes:
            raise refused("content", f"File {file.id} is not there, or stands behind a report that is not.")
    if behind != set(files):
        raise refused("content", "It holds a file of evidence that no line speaks of.")
    for custody in opened.custody():
        if custody.evidence not in known:
            raise refused("content", "A line of custody speaks of a file that is not there.")


def _once(known: set[str], this: str, what: str) -> None:
    if this in known:
        raise refused("content", f"It holds the {what} {this} twice.")
    known.add(this)
