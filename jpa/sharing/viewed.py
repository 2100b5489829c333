"""A package as rows for the offline viewer: what a recipient's jpa would take in, with labels and captions, and what it would not, with reasons.

Rows are lists, so that 100,000 records stay a file that a browser opens. They go to a folder of ours part by part: memory does not grow with what is in it.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from jpa.errors import InvalidInputError
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.chart import MOST_THINGS, MOST_TIES
from jpa.model.entity import caption_of, key_of
from jpa.model.fingerprint import spaced, words
from jpa.model.marking import Marking, Release
from jpa.model.record import Link, Record, Report
from jpa.model.schema import EntityType, LinkType
from jpa.model.value_types import COUNTRY_NAMES
from jpa.model.value_types.dates import caption_date
from jpa.sharing.admission import require_coherent
from jpa.sharing.lines import EntityLine, moment_text, report_of, said_of
from jpa.sharing.manifest import Manifest, Party, write_manifest
from jpa.sharing.package import Opened
from jpa.sharing.summary import rows_of

MOST_PART: Final = 1_000_000
"""Characters after which a part ends: a browser reads as much at once without a pause."""
MOST_DRAWN: Final = 500
"""Things that the chart begins with: laid out in two seconds on an office machine, where 2,000 take half a minute."""
_EDGES: Final = ((0.6, "solid"), (0.3, "dashed"), (0.0, "dotted"))


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found out about a package before anything of it was shown."""

    at: datetime
    fingerprint: str
    """SHA-256, in hex, of the card or key that the reader trusts."""
    card: bool
    """Whether it is that of a card of keys, which names the agency; else of the bare key."""
    own: Party
    """The recipient whose key opened it."""


class Parts:
    """Writes the rows of one page into a folder, part by part as they come."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._waiting: dict[str, list[str]] = {}
        self._sizes: Counter[str] = Counter()
        self.letters: set[str] = set()
        """Every character that the rows may show."""

    def add(self, kind: str, row: Sequence[Any]) -> None:
        """Add a row."""
        text = plain_json(row)
        self.letters.update(text)
        self._waiting.setdefault(kind, []).append(text)
        self._sizes[kind] += len(text)
        if self._sizes[kind] > MOST_PART:
            self._write(kind)

    def finish(self) -> None:
        """Write what waits."""
        for kind in list(self._waiting):
            self._write(kind)

    def read(self) -> Iterator[str]:
        """Return the parts, each JSON, in the order in which they were written."""
        for number in range(self._count):
            yield (self._folder / f"part-{number}").read_text(encoding="utf-8")

    def _write(self, kind: str) -> None:
        rows = ",".join(self._waiting.pop(kind, []))
        self._sizes[kind] = 0
        with (self._folder / f"part-{self._count}").open("x", encoding="utf-8", newline="") as part:
            part.write(f'{{"kind":"{kind}","rows":[{rows}]}}')
        self._count += 1


def plain_json(content: object) -> str:
    """Write JSON in as few characters as there can be."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


class Viewing:
    """Turns an opened package into parts, once it was found to hang together."""

    def __init__(self, opened: Opened, parts: Parts) -> None:
        self._opened = opened
        self._parts = parts
        self._reports: dict[str, int] = {}
        self._records: dict[str, int] = {}
        self._handling: set[str] = set()

    def run(self, checked: Checked) -> dict[str, Any]:
        """Write everything; returns the head, which speaks for the whole. Refused as `require_coherent` says."""
        require_coherent(self._opened)
        for line in self._opened.reports():
            self._report(report_of(line), withheld=line.text is None)
        for stated in self._opened.entities():
            self._entity(stated)
        for verdict in self._opened.judgements():
            ends = self._records.get(verdict.left), self._records.get(verdict.right)
            if None not in ends:
                self._parts.add("verdict", [*ends, verdict.verdict, verdict.at, verdict.reason])
        for file in self._opened.evidence():
            self._parts.add(
                "file",
                [
                    file.id, self._reports.get(file.report), file.name, int(file.bytes), file.sha256, file.officer, file.entered, file.why,
                ],
            )  # fmt: skip
        for hand in self._opened.custody():
            self._parts.add("custody", [hand.evidence, hand.what, hand.by, hand.at, hand.why, hand.held == "yes"])
        self._parts.finish()
        counts = [[row.of, row.by, row.code, row.count] for row in rows_of(self._opened.summary())]
        return _head(self._opened.manifest, checked, sorted(self._handling)) | {"summary": counts}

    def _report(self, this: Report, *, withheld: bool) -> None:
        self._reports[this.id] = len(self._reports)
        self._handling |= {this.marking.handling} - {""}
        grade = this.grade
        self._parts.add(
            "report",
            [
                this.id, this.title, this.source_reference, caption_date(this.date) if this.date else "", grade.caption, grade.words,
                next(line for least, line in _EDGES if grade.score >= least), this.marking.tlp.value, this.marking.pap.value,
                this.marking.handling, release_words(this.marking, self._opened.manifest), moment_text(this.entered), this.officer,
                this.origin, None if withheld else this.text, this.date,
            ],
        )  # fmt: skip

    def _entity(self, line: EntityLine) -> None:
        try:
            said = said_of(line)
            if isinstance(said, Record):
                self._record(said, line.jpa.roles)
            else:
                self._link(said)
        except InvalidInputError as error:
            self._refuse(line.id, line.jpa.kind, error)

    def _record(self, this: Record, roles: Sequence[str]) -> None:
        declared = ENTITY_TYPES[this.type]
        row = [
            this.id, this.type, self._reports[this.report], caption_of(this), _values(declared, this), list(roles), key_of(this),
            this.content_hash, moment_text(this.entered), this.officer, this.supersedes,
        ]  # fmt: skip
        self._records[this.id] = len(self._records)
        self._parts.add("record", row)

    def _link(self, this: Link) -> None:
        if this.source not in self._records or this.target not in self._records:
            raise InvalidInputError("it ties something that is not shown")
        row = [
            this.id, this.type, self._reports[this.report], self._records[this.source], self._records[this.target],
            _values(LINK_TYPES[this.type], this), this.content_hash, moment_text(this.entered), this.officer, this.supersedes,
        ]  # fmt: skip
        self._parts.add("link", row)

    def _refuse(self, ident: str, kind: str, error: InvalidInputError) -> None:
        self._parts.add("refused", [ident, kind, " ".join([str(error), *error.fields.values()])])


def release_words(marking: Marking, this: Manifest) -> str:
    """Say to whom a marking lets a fact go; a joint period by its number and days."""
    if marking.release is Release.JPA:
        known = {p.id: f"joint period {p.number} ({p.start} to {p.end})" for p in this.periods}
        named = [known.get(name, "a joint period that the package does not explain") for name in marking.names]
    else:
        named = [COUNTRY_NAMES.get(name, name) for name in marking.names]
    return marking.release.value + (f": {', '.join(named)}" if len(named) > 0 else "")


def _values(declared: EntityType | LinkType, said: Record | Link) -> list[list[str | None]]:
    """List property, what was typed, how it reads (null: not understood), what is odd; in the catalogue's order."""
    return [
        [p.name, v.typed, None if v.clean is None else p.type.caption(v.clean), v.flag]
        for p in declared.properties
        for v in said.properties.get(p.name, ())
    ]


def _head(this: Manifest, checked: Checked, handling: Sequence[str]) -> dict[str, Any]:
    return {
        "package": {"id": this.id, "reference": this.reference, "purpose": this.purpose, "made": this.made},
        "sender": _party(this.sender),
        "recipients": [_party(r) for r in this.recipients],
        "own": _party(checked.own),
        "agreement": {"title": this.agreement.title, "basis": this.agreement.basis, "ends": this.agreement.ends},
        "compare": this.compare == "yes",
        "marking": {
            "tlp": this.marking.tlp,
            "pap": this.marking.pap,
            "handling": ", ".join(handling),
            "conditions": this.marking.conditions,
        },
        "checked": {
            "at": moment_text(checked.at),
            "words": words(checked.fingerprint),
            "fingerprint": spaced(checked.fingerprint),
            "card": checked.card,
            "manifest": hashlib.sha256(write_manifest(this)).hexdigest(),
        },
        "withheld": [[w.reason, w.count] for w in this.withheld],
        "counts": this.counts.plain(),
        "types": {t.name: _type(t) | {"shape": t.shape.value, "colour": t.colour} for t in ENTITY_TYPES.values()},
        "ties": {t.name: {"label": t.label, "reverse": t.reverse} | _properties(t) for t in LINK_TYPES.values()},
        "limits": {"drawn": MOST_DRAWN, "things": MOST_THINGS, "ties": MOST_TIES},
    }


def _party(this: Party) -> Mapping[str, str]:
    return {
        "agency": this.agency,
        "name": this.name,
        "state": this.state,
        "where": COUNTRY_NAMES.get(this.state, this.state),
    }


def _type(this: EntityType) -> dict[str, Any]:
    return {"label": this.label, "plural": this.plural} | _properties(this)


def _properties(this: EntityType | LinkType) -> dict[str, Any]:
    return {"properties": {p.name: p.label for p in this.properties}}
