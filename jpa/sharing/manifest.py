"""The manifest: what a package is, from whom, for whom, under which agreement, how it is marked, and every file in it (docs/package-format.md)."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from jpa.model.limits import Condition
from jpa.model.marking import Pap, Tlp
from jpa.sharing.refusal import refused
from jpa.sharing.strict import Day, Hash, Key, Moment, Number, Short, State, Strict, Word, ordered, parsed, written

FORMAT: Final = "1"
KIND: Final = "package"
"""Of the signed message that the manifest is."""
MOST_MANIFEST: Final = 1024 * 1024
REPORTS: Final = "data/reports.jsonl"
ENTITIES: Final = "data/entities.jsonl"
JUDGEMENTS: Final = "data/judgements.jsonl"
EVIDENCE: Final = "data/evidence.jsonl"
CUSTODY: Final = "data/custody.jsonl"
SUMMARY: Final = "data/summary.jsonl"
"""Coded counts of protected persons; only in a package whose sender decided by two to say them."""
FOLDER: Final = "data/evidence/"
LINES: Final = (CUSTODY, ENTITIES, EVIDENCE, JUDGEMENTS, REPORTS)
"""Files of lines that every package has, some of them empty."""


class Party(Strict):
    """An agency, as both installations call it."""

    agency: Word
    name: Annotated[str, Field(min_length=1, max_length=200)]
    state: State


class Recipient(Party):
    """An agency that the package is closed to."""

    key: Annotated[str, Field(pattern=r"^age1[0-9a-z]{58}$")]
    """Its age public key."""


class Terms(Strict):
    """The agreement that it is sent under."""

    id: Word
    title: Short
    basis: Short
    """Legal basis."""
    ends: Day
    """The package is not taken in after this day."""


class PackageMarking(Strict):
    """The strictest marking inside."""

    tlp: Annotated[str, Field(json_schema_extra={"enum": [t.value for t in Tlp]})]
    pap: Annotated[str, Field(json_schema_extra={"enum": [p.value for p in Pap]})]
    conditions: Annotated[list[Short], Field(max_length=len(Condition))]


class Period(Strict):
    """A joint period that markings speak of: its id in the sender's installation, and what two installations know it by."""

    id: Key
    number: Number
    start: Day
    end: Day


class Withheld(Strict):
    """How many things of the case stay with the sender for one reason."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]
    count: Number


class Counts(Strict):
    """Lines of each file."""

    reports: Number
    records: Number
    links: Number
    judgements: Number
    evidence: Number
    custody: Number
    summary: Number | None = None
    """Left out where the package has no summary."""


class FileLine(Strict):
    """One file of the payload."""

    path: Annotated[
        str,
        Field(pattern=r"^data/((reports|entities|judgements|evidence|custody|summary)\.jsonl|evidence/[0-9a-f]{64})$"),
    ]
    bytes: Number
    sha256: Hash


class Manifest(Strict):
    """All that is signed."""

    format: Literal["1"]
    id: Key
    sender: Party
    recipients: Annotated[list[Recipient], Field(min_length=1, max_length=20)]
    agreement: Terms
    purpose: Annotated[str, Field(min_length=1, max_length=500)]
    reference: Annotated[str, Field(min_length=1, max_length=200)]
    """The sender's number of the case."""
    made: Moment
    compare: Literal["yes", "no"]
    """Whether the recipient may look for the same things among its own records."""
    marking: PackageMarking
    periods: Annotated[list[Period], Field(max_length=50)]
    withheld: Annotated[list[Withheld], Field(max_length=50)]
    counts: Counts
    files: Annotated[list[FileLine], Field(min_length=len(LINES), max_length=1_900)]


def write_manifest(this: Manifest) -> bytes:
    """Write the manifest; the same manifest gives the same bytes for ever."""
    return written(this)[:-1]


def read_manifest(content: bytes) -> Manifest:
    """Read a manifest whose signature was found right; refused where it is not as the format says."""
    if len(content) > MOST_MANIFEST:
        raise refused("size", f"Its manifest has more than {MOST_MANIFEST} bytes.")
    if b'"format":"' in content and b'"format":"1"' not in content:
        raise refused("format", "It was written in another version of the package format; open it with a newer jpa.")
    this = parsed(Manifest, content, "package.json", "manifest")
    if write_manifest(this) != content:
        raise refused("manifest", "It says null where nothing is to be said.")
    paths = [file.path for file in this.files]
    ordered(paths, "Its list of files")
    if not set(LINES) <= set(paths):
        raise refused("manifest", "It does not list all the files that a package has.")
    if (SUMMARY in paths) != (this.counts.summary is not None) or this.counts.summary == "0":
        raise refused("manifest", "It lists a summary without saying so, or says that it has one and lists none.")
    evidence = [file for file in this.files if file.path.startswith(FOLDER)]
    if any(file.path != FOLDER + file.sha256 for file in evidence):
        raise refused("manifest", "A file of evidence is not called by its own hash.")
    if this.marking.tlp not in set(Tlp) or this.marking.pap not in set(Pap):
        raise refused("manifest", "Its marking is none that is known.")
    if not set(this.marking.conditions) <= {c.value for c in Condition}:
        raise refused("manifest", "It asks for a condition that is not known.")
    return this


def schema() -> dict[str, Any]:
    """Return the JSON schema of the manifest."""
    return Manifest.model_json_schema()
