"""Packages for the offline viewer: one that reads like a case, hostile ones, large ones; and the page that jpa makes of each."""

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from jpa.interchange.ftm_lines import entity_of, tie_of
from jpa.model.case import Agency
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.grading import Grade
from jpa.model.limits import limits_of, meet_of
from jpa.model.marking import Marking, Pap, Release, Tlp
from jpa.model.record import Link, Record, Report
from jpa.model.summary import Of
from jpa.model.value_types import Context, Value
from jpa.operations.messages import public_of, sign_message
from jpa.services.statements import report_hash
from jpa.sharing.assembly import Assembly
from jpa.sharing.card import KeyCard
from jpa.sharing.closing import open_closed
from jpa.sharing.lines import Statement, moment_text, report_line
from jpa.sharing.manifest import KIND, Party, Terms
from jpa.sharing.package import Opened, open_package, pack
from jpa.sharing.summary import summary_line
from jpa.sharing.viewed import Checked
from jpa.web.offline import write_viewer
from tests.proofs.package_worlds import AT, IDENTITY, RECIPIENT, SENDER, SIGNER, closed, head_of, ident, trusting

CARD: Final = KeyCard(SENDER.id, SENDER.state, public_of(SIGNER), "age1" + "q" * 58)
PIXEL: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f0005000" + "1ff89993d1d0000000049454e44ae426082"
)


HOSTILE: Final = (
    "<script>window.ran=1</script>",
    "</script><script>window.ran=1</script>",
    "<!--<script>",
    "]]><svg onload=window.ran=1>",
    '"><img src=x onerror="window.ran=1">',
    "javascript:window.ran=1",
    "<a href='javascript:window.ran=1'>x</a>",
    "<iframe src='https://example.org/'></iframe>",
    "<style>*{display:none}</style>",
    "https://example.org/track.png",
    "\u202eevil\u2066gnp.exe\u200f",
    "__proto__",
    "constructor",
    "{{7*7}} ${7*7}",
    "\u2028\u2029\x07\x1b[31m",
    "Z\u0350\u0351\u0352" * 200,
    "W" * 20_000,
    "\U0001f9ff\ufeff\U000e0041",
)
"""What would run, load, hide or break where it became more than text."""


@dataclass
class Draft:
    """Statements of one package, as they are drawn up."""

    rng: random.Random
    reports: list[Report] = field(default_factory=list)
    records: list[tuple[Record, tuple[str, ...]]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    same: list[tuple[str, str, str]] = field(default_factory=list)
    files: list[tuple[str, str, bytes]] = field(default_factory=list)
    """Report, name and content."""
    silent: set[str] = field(default_factory=set)
    """Reports whose text stays."""
    withheld: Mapping[str, int] = field(default_factory=dict)
    head: Mapping[str, Any] = field(default_factory=dict)
    """What its head says other than usual."""
    counts: list[dict[str, Any]] = field(default_factory=list)
    """Lines of its coded summary."""

    def report(
        self, title: str, reference: str, text: str = "", marking: Marking | None = None, grade: str = "B2"
    ) -> str:
        """Add a report; returns its id."""
        made = Report(
            id=ident(self.rng), case="c1", agency=SENDER.id, title=title, source_reference=reference, date="2024-03-12",
            grade=Grade("4x4", grade[0], grade[1]), officer="wulan", entered=self._moment(), text=text, origin="",
            marking=marking or Marking(Tlp.AMBER, Release.ALL_MEMBERS),
        )  # fmt: skip
        self.reports.append(made)
        return made.id

    def record(self, kind: str, report: str, said: Mapping[str, Sequence[str]], *roles: str) -> str:
        """Add a record; returns its id."""
        declared = ENTITY_TYPES[kind]
        made = Record(
            id=f"{len(self.records):08x}{self.rng.getrandbits(96):024x}", type=kind, report=report, agency=SENDER.id, officer="wulan",
            entered=self._moment(), properties=_stated(kind, said), schema=declared.ftm_schema,
        )  # fmt: skip
        self.records.append((made, roles))
        return made.id

    def link(self, kind: str, source: str, target: str, report: str, **said: str) -> str:
        """Add a link; returns its id."""
        declared = LINK_TYPES[kind]
        properties = {name: (declared.property(name).type.clean(v, Context(state="XA")),) for name, v in said.items()}
        made = Link(
            id=ident(self.rng), type=kind, source=source, target=target, report=report, agency=SENDER.id, officer="wulan",
            entered=self._moment(), properties=properties, schema=declared.ftm_schema or "",
        )  # fmt: skip
        self.links.append(made)
        return made.id

    def closed(self, folder: Path) -> Path:
        """Write the package, closed to its recipient."""
        payload = folder / "payload"
        payload.mkdir()
        made = Assembly(payload)
        for report in self.reports:
            made.report(report_line(report, report_hash(report), text=report.id not in self.silent))
        for record, roles in self.records:
            made.statement(Statement(record, *entity_of(record), roles))
        for link in self.links:
            made.statement(Statement(link, *tie_of(link)))
        for left, right, reason in self.same:
            made.judgement(
                {"id": ident(self.rng), "verdict": "same", "left": left, "right": right, "agency": SENDER.id, "at": moment_text(AT), "reason": reason}
            )  # fmt: skip
        for place, (behind, name, content) in enumerate(self.files):
            self._file(made, f"{place:032x}", behind, name, content)
        for line in self.counts:
            made.summary(line)
        limits = meet_of(limits_of(r.marking, agency=SENDER.id, state=SENDER.state, case="c1") for r in self.reports)
        manifest = made.finish(replace(head_of(self.rng), **self.head), limits, dict(self.withheld))
        pack(folder / "package.zip", manifest, sign_message(SIGNER, KIND, manifest), payload)
        return closed(folder / "package.zip", folder / "package.age")

    def _file(self, made: Assembly, this: str, report: str, name: str, content: bytes) -> None:
        sha256 = hashlib.sha256(content).hexdigest()
        line = {
            "id": this, "report": report, "name": name, "bytes": str(len(content)), "sha256": sha256, "agency": SENDER.id,
            "officer": "wulan", "entered": moment_text(AT), "why": "found on board",
        }  # fmt: skip
        made.evidence(line, [content])
        made.custody(
            {"evidence": this, "what": "added", "by": "wulan", "at": moment_text(AT), "why": "found on board", "held": "yes"}
        )  # fmt: skip

    def _moment(self) -> datetime:
        return AT - timedelta(minutes=self.rng.randint(1, 10**6))


def case_package(folder: Path) -> Path:
    """A boarding, an interview and a bank's report: what a partner would send."""
    draft = Draft(random.Random("a case"), withheld={"not chosen": 14, "marked for others than the recipient": 3})
    boarding = draft.report(
        "Boarding of KM Bahari Jaya", "CG-118/24", "Boarded at first light off Tanjung Harapan.\nTwo crew, 41 passengers.",
        Marking(Tlp.AMBER, Release.NAMED_STATES, ("XB", "MY"), "H1", Pap.AMBER),
    )  # fmt: skip
    interview = draft.report(
        "Interview with the helmsman", "INT-7/24", "Stays", Marking(Tlp.GREEN, Release.ALL_MEMBERS), "C3"
    )
    bank = draft.report(
        "Suspicious transfers", "STR-2024-00981", "", Marking(Tlp.AMBER, Release.ALL_MEMBERS, (), "H2", Pap.RED), "A1"
    )
    draft.silent.add(interview)
    rahim = draft.record(
        "Person", boarding, {"name": ["RAHIM UDDIN"], "birthDate": ["1987"], "nationality": ["BD"]}, "suspect"
    )
    rohim = draft.record(
        "Person",
        interview,
        {"name": ["Rohim Udin"], "alias": ["Abang Besar"], "birthDate": ["sometime 1988"]},
        "facilitator",
    )
    laila = draft.record("Person", interview, {"name": ["ليلى حسن"], "alias": ["Laila Hasan"]}, "associate")
    manat = draft.record("Person", bank, {"name": ["มานะ ใจดี"], "gender": ["male"]}, "suspect")
    phone = draft.record("Phone", boarding, {"number": ["0812 3456 7890"]})
    again = draft.record("Phone", interview, {"number": ["+62 812-3456-7890"]})
    vessel = draft.record("Vessel", boarding, {"name": ["KM Bahari Jaya"], "hullMaterial": ["wood"], "length": ["14"]})
    account = draft.record("BankAccount", bank, {"accountNumber": ["4471-22O-9"], "bankName": ["Bank Utara"]})
    draft.link("USES", rahim, phone, boarding, startDate="2024-01")
    draft.link("USES", laila, again, interview)
    draft.link("CREW_OF", rahim, vessel, boarding, role="helmsman")
    draft.link("ASSOCIATE_OF", rohim, laila, interview)
    draft.link("HOLDS", manat, account, bank)
    draft.link("ASSOCIATE_OF", manat, rohim, bank)
    draft.same.append((rahim, rohim, "same telephone, same boat, same year of birth"))
    draft.files += [
        (boarding, "deck.png", PIXEL),
        (interview, "notes.txt", b"Spoke of a man called Abang Besar.\n"),
        (bank, "ledger.bin", draft.rng.randbytes(2_100_000)),
    ]
    draft.counts += [
        summary_line(Of.MIGRANTS, "total", [("total", 41)]),
        summary_line(Of.MIGRANTS, "citizenship", [("", 12), ("BD", 29)]),
    ]
    return draft.closed(folder)


def hostile_package(folder: Path, words: Sequence[str] = HOSTILE) -> Path:
    """Write a package whose sender means harm: every field that takes text says something else than text."""
    rng = random.Random("hostile")
    draft = Draft(rng, withheld={words[0][:200]: 1})
    short = [w[:60] for w in words]
    draft.head = {
        "purpose": short[1 % len(words)], "reference": short[0], "sender": Agency(SENDER.id, f"Police {short[0]}", "XA"),
        "terms": Terms(id="a", title=short[-1], basis=short[0], ends="2027-12-31"),
    }  # fmt: skip
    reports = [draft.report(w[:500], w[:500], w) for w in words]
    people = [
        draft.record("Person", reports[n], {"name": [w], "alias": list(short), "summary": [w, w]}) for n, w in enumerate(words)
    ]  # fmt: skip
    for n, one in enumerate(people[1:], start=1):
        draft.link("ASSOCIATE_OF", people[0], one, reports[n], relationship=short[n], summary=words[n])
    draft.same += [(people[0], people[-1], words[0])] if len(words) > 1 else []
    draft.files += [
        (reports[0], f"{short[n]}.png.html"[:200], f"<script>window.ran={n}</script>".encode()) for n in range(min(4, len(words)))
    ]  # fmt: skip
    return draft.closed(folder)


def large_package(folder: Path, size: int) -> Path:
    """Write a package of many records: people with telephones."""
    rng = random.Random(f"large {size}")
    draft = Draft(rng)
    report = draft.report("Passenger lists", "L-1")
    for n in range(size // 2):
        person = draft.record(
            "Person", report, {"name": [f"Person {n} of the list"], "birthDate": [str(1950 + n % 60)]}
        )
        phone = draft.record("Phone", report, {"number": [f"+628120{n:07}"]})
        draft.link("USES", person, phone, report)
    return draft.closed(folder)


def viewer_of(package: Path, folder: Path) -> str:
    """Make the page of a closed package, as the recipient's jpa does."""
    out = folder / "page.html"
    opened = opened_of(package, folder)
    work = folder / "page"
    work.mkdir()
    with out.open("w", encoding="utf-8", newline="") as stream:
        write_viewer(opened, checked(), work, stream)
    return out.read_text(encoding="utf-8")


def opened_of(package: Path, folder: Path) -> Opened:
    """Open a closed package of ours."""
    open_closed(package, folder / "plain", str(IDENTITY))
    (folder / "unpacked").mkdir()
    return open_package(folder / "plain", folder / "unpacked", trusting(SIGNER))


def checked() -> Checked:
    """What the recipient found out before it looked."""
    return Checked(AT, CARD.fingerprint, True, Party(agency=RECIPIENT.id, name=RECIPIENT.name, state=RECIPIENT.state))


def _stated(kind: str, said: Mapping[str, Sequence[str]]) -> dict[str, tuple[Value, ...]]:
    declared = ENTITY_TYPES[kind]
    context = Context(state="ID", today=AT.date())
    return {
        name: tuple(_plain(declared.property(name).type.clean(v, context)) for v in values)
        for name, values in said.items()
    }


def _plain(value: Value) -> Value:
    return Value(value.typed, value.clean, value.flag)
