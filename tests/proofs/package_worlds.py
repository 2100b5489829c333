"""Packages made at random for proofs: reports, records of every type, links, verdicts, evidence, from one seed."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jpa.interchange.ftm_lines import entity_of, tie_of
from jpa.model.case import Agency
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.grading import SCHEMES, Grade
from jpa.model.limits import limits_of, meet_of
from jpa.model.marking import Marking, Pap, Release, Tlp
from jpa.model.record import Link, Record, Report
from jpa.model.schema import EntityType, LinkType
from jpa.model.value_types import Context, Value
from jpa.operations.messages import fingerprint_of, open_message, public_of, sign_message
from jpa.services.statements import report_hash
from jpa.sharing.assembly import Assembly, Head
from jpa.sharing.closing import close, open_closed
from jpa.sharing.lines import Statement, moment_text, report_line
from jpa.sharing.manifest import KIND, Terms
from jpa.sharing.package import Check, Opened, open_package, pack
from jpa.sharing.pages import Pages, pages_in, write_pages
from jpa.sharing.refusal import refused

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SENDER = Agency("tip", "Tenggara Immigration Police", "XA")
RECIPIENT = Agency("ucg", "Utara Coast Guard", "XB")
SIGNER = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
STRANGER = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
IDENTITY = pyrage.x25519.Identity.generate()
TERMS = Terms(id="a-1", title="Memorandum of 2024", basis="Smuggling Protocol art. 10", ends="2027-12-31")
WORDS = (
    "Nur",
    "Siti",
    "Bintang",
    "Harapan",
    "KM Maju",
    "+66 81 234 5678",
    "มานะ",
    "ليلى",
    "2024-03",
    "x" * 300,
    "A&<b>\"'",
    "\u202egnp",
)


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that one package is made of."""

    reports: tuple[Report, ...]
    records: tuple[Record, ...]
    links: tuple[Link, ...]
    files: tuple[tuple[str, bytes], ...]
    """Each with the report that it stands behind."""

    @property
    def hashes(self) -> list[str]:
        """Content hashes of records and links, in the order in which they are sent."""
        return [*(r.content_hash for r in self.records), *(k.content_hash for k in self.links)]


def ident(rng: random.Random) -> str:
    """Draw an id."""
    return f"{rng.getrandbits(128):032x}"


def content_of(rng: random.Random, size: int) -> Content:
    """Draw reports, records and links."""
    reports = tuple(_report(rng) for _ in range(rng.randint(1, 3)))
    records = tuple(_record(rng, rng.choice(reports).id) for _ in range(size))
    links = tuple(link for _ in range(size) if (link := _link(rng, records, rng.choice(reports).id)) is not None)
    files = tuple((rng.choice(reports).id, rng.randbytes(rng.randint(1, 3000))) for _ in range(rng.randint(0, 2)))
    return Content(reports, records, links, files)


def head_of(rng: random.Random, *, key: str = "", made: datetime = AT) -> Head:
    """Say what the package is."""
    return Head(
        id=ident(rng), sender=SENDER, recipients=[(RECIPIENT, key or str(IDENTITY.to_public()))], terms=TERMS,
        purpose="criminal investigation", reference="T-1", made=made, compare=True,
    )  # fmt: skip


def packed(content: Content, head: Head, folder: Path, signer: Ed25519PrivateKey = SIGNER) -> Path:
    """Write a signed package, not closed yet; returns its file."""
    payload = folder / "payload"
    payload.mkdir()
    manifest = assembled(content, head, payload)
    target = folder / "package.zip"
    pack(target, manifest, sign_message(signer, KIND, manifest), payload)
    return target


def assembled(content: Content, head: Head, payload: Path) -> bytes:
    """Write the payload and return the manifest."""
    made = Assembly(payload)
    for report in content.reports:
        made.report(report_line(report, report_hash(report), text=True))
    for record in content.records:
        made.statement(Statement(record, *(entity_of(record) if record.type in ENTITY_TYPES else ("Thing", {}))))
    for link in content.links:
        made.statement(Statement(link, *tie_of(link)))
    for left, right in zip(content.records[::2], content.records[1::2], strict=False):
        made.judgement(
            {
                "id": left.id,
                "verdict": "same",
                "left": left.id,
                "right": right.id,
                "agency": "tip",
                "at": moment_text(AT),
                "reason": "seen",
            }
        )
    for report_id, data in content.files:
        sha256 = hashlib.sha256(data).hexdigest()
        line = {
            "id": sha256[:32], "report": report_id, "name": "scan.pdf", "bytes": str(len(data)), "sha256": sha256, "agency": "tip",
            "officer": "o1", "entered": moment_text(AT), "why": "the scan",
        }  # fmt: skip
        made.evidence(line, [data])
        made.custody(
            {"evidence": sha256[:32], "what": "read", "by": "o1", "at": moment_text(AT), "why": "", "held": "yes"}
        )
    limits = meet_of(limits_of(r.marking, agency="tip", state="XA", case=r.case) for r in content.reports)
    return made.finish(head, limits, {"not chosen": 3})


def closed(package: Path, target: Path) -> Path:
    """Close a package to the recipient."""
    close(package, target, [str(IDENTITY.to_public())])
    return target


def received(path: Path, folder: Path) -> Opened:
    """Open a closed package as its recipient does."""
    plain = folder / "plain"
    open_closed(path, plain, str(IDENTITY))
    unpacked = folder / "unpacked"
    unpacked.mkdir()
    return open_package(plain, unpacked, trusting(SIGNER))


def trusting(*signers: Ed25519PrivateKey) -> Check:
    """Trust these keys and no other."""
    keys = {fingerprint_of(public_of(s)): public_of(s) for s in signers}

    def check(line: str, manifest: bytes) -> None:
        if "\n" in line:
            raise refused("signature", "Its signature is more than a line.")
        open_message(line.encode() + b"\n" + manifest, KIND, keys)

    return check


def seeds(count: int, seed: int = 0) -> Iterator[random.Random]:
    """Give a source of chance for each case."""
    return (random.Random(f"package {seed} {n}") for n in range(count))


def _report(rng: random.Random) -> Report:
    scheme = SCHEMES[rng.choice(list(SCHEMES))]
    grade = Grade(scheme.name, rng.choice(list(scheme.sources)), rng.choice(list(scheme.information)))
    tlp = rng.choice([Tlp.AMBER, Tlp.GREEN, Tlp.CLEAR])
    marking = rng.choice(
        [
            Marking(tlp, Release.ALL_MEMBERS, pap=rng.choice(list(Pap))),
            Marking(tlp, Release.NAMED_STATES, ("XB", "XC"), rng.choice(["", "H1"])),
        ]
    )
    return Report(
        id=ident(rng), case=ident(rng), agency="tip", title=rng.choice(WORDS), source_reference="R/" + rng.choice(WORDS),
        date="2024-03", grade=grade, marking=marking, officer="o1", entered=_moment(rng), text=rng.choice(WORDS), origin="",
    )  # fmt: skip


def _record(rng: random.Random, report: str) -> Record:
    declared = ENTITY_TYPES[rng.choice(list(ENTITY_TYPES))]
    return Record(
        id=ident(rng), type=declared.name, report=report, agency="tip", officer="o1", entered=_moment(rng),
        properties=_stated(rng, declared), schema=declared.ftm_schema,
        source_key=rng.choice([None, f"abc:{rng.randint(1, 9**9)}"]),
    )  # fmt: skip


def _link(rng: random.Random, records: tuple[Record, ...], report: str) -> Link | None:
    declared = LINK_TYPES[rng.choice(list(LINK_TYPES))]
    sources = [r for r in records if r.type in declared.sources]
    targets = [r for r in records if r.type in declared.targets]
    if len(sources) == 0 or len(targets) == 0:
        return None
    source, target = rng.choice(sources), rng.choice(targets)
    if source.id == target.id:
        return None
    return Link(
        id=ident(rng), type=declared.name, source=source.id, target=target.id, report=report, agency="tip", officer="o1",
        entered=_moment(rng), properties=_stated(rng, declared), schema=declared.ftm_schema or "",
    )  # fmt: skip


def _stated(rng: random.Random, declared: EntityType | LinkType) -> dict[str, tuple[Value, ...]]:
    context = Context(state="XA", today=AT.date())
    chosen = rng.sample(declared.properties, min(len(declared.properties), rng.randint(1, 4)))
    said: dict[str, tuple[Value, ...]] = {}
    for p in chosen:
        typed = rng.choice([code for code, _ in p.type.choices[:5]] or list(WORDS))
        cleaned = p.type.clean(typed, context)
        said[p.name] = (Value(cleaned.typed, cleaned.clean, cleaned.flag),)
    return said


def _moment(rng: random.Random) -> datetime:
    return AT - timedelta(microseconds=rng.randint(0, 10**12))


def paged(opened: Opened, path: Path) -> Pages:
    """Write the pages of an open package, and open them."""
    write_pages(opened, path)
    return pages_in(path)
