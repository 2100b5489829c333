"""Releases: tables that leave the agency, each with what it was made from, signed by two and never changed afterwards [T4, M2]."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from jpa.model.canonical import Plain, canonical

SIGNATURES = 2
"""Two different supervisors sign; whoever made the draft may be one of them and is never both."""


class ReleaseState(StrEnum):
    """How far a release has come."""

    DRAFT = "draft"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"
    """It was public once, so it still counts for what later releases may show."""


class Status(StrEnum):
    """What is published of a figure."""

    SHOWN = "shown"
    ROUNDED = "rounded"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Definition:
    """What was asked for."""

    title: str
    measure: str
    dimensions: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]]
    """Dimension to the labels that count; "" is unknown."""
    credit: str
    jpa: str
    k: int
    """Figures of 1 to k-1 are held back."""
    width: int
    """How wide the interval of a held-back figure stays."""
    rounding: int
    """Base that shown figures are rounded to; 1 for none."""
    shares: bool = False
    """Figures are published as whole percents of the table's total instead of counts."""

    def plain(self) -> dict[str, Plain]:
        """Return it as plain JSON."""
        shares: dict[str, Plain] = {"figures": "percent of the total"} if self.shares else {}
        return {
            **shares,
            "title": self.title,
            "measure": self.measure,
            "dimensions": list(self.dimensions),
            "where": {d: list(labels) for d, labels in sorted(self.where.items())},
            "credit": self.credit,
            "jpa": self.jpa,
            "k": str(self.k),
            "width": str(self.width),
            "rounding": str(self.rounding),
        }

    @classmethod
    def of(cls, read: Mapping[str, object]) -> "Definition":
        """Read it back from plain JSON."""
        where = read["where"]
        dimensions = read["dimensions"]
        if not isinstance(where, dict) or not isinstance(dimensions, list):
            raise TypeError("not the definition of a release")
        return cls(
            title=str(read["title"]),
            measure=str(read["measure"]),
            dimensions=tuple(dimensions),
            where={d: tuple(labels) for d, labels in where.items()},
            credit=str(read["credit"]),
            jpa=str(read["jpa"]),
            k=int(str(read["k"])),
            width=int(str(read["width"])),
            rounding=int(str(read["rounding"])),
            shares="figures" in read,
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure."""

    place: tuple[str | None, ...]
    """A label of each dimension; None where all of them are added up."""
    printed: str
    """As published; empty where it is held back."""
    status: Status


@dataclass(frozen=True, slots=True)
class Edition:
    """A release as its readers get it; every file is written from this and nothing else."""

    definition: Definition
    label: str
    """What is counted."""
    rules: str
    """The measure's definition, shown beside every figure."""
    whose: str
    axes: tuple[str, ...]
    """Label of each dimension."""
    figures: Sequence[Figure]
    snapshot: str
    root: str
    code: str
    counted: str
    """Day on which it was counted, ISO."""
    period: str = ""
    """Name and days of the joint period; empty: it is about none, or was made before this was kept."""

    def content(self) -> bytes:
        """Write it so that the same edition gives the same bytes for ever."""
        return canonical(
            {
                "format": "1",
                "definition": self.definition.plain(),
                "label": self.label,
                "rules": self.rules,
                "whose": self.whose,
                "axes": list(self.axes),
                "figures": [
                    {"place": list(f.place), "printed": f.printed, "status": f.status.value} for f in self.figures
                ],
                "snapshot": self.snapshot,
                "root": self.root,
                "code": self.code,
                "counted": self.counted,
                **({"period": self.period} if self.period != "" else {}),
            }
        )

    @property
    def hash(self) -> str:
        """SHA-256 of its bytes."""
        return hashlib.sha256(self.content()).hexdigest()


def edition_of(content: bytes) -> Edition:
    """Read an edition back from its bytes."""
    read = json.loads(content)
    return Edition(
        definition=Definition.of(read["definition"]),
        label=read["label"],
        rules=read["rules"],
        whose=read["whose"],
        axes=tuple(read["axes"]),
        figures=tuple(Figure(tuple(f["place"]), f["printed"], Status(f["status"])) for f in read["figures"]),
        snapshot=read["snapshot"],
        root=read["root"],
        code=read["code"],
        counted=read["counted"],
        period=read.get("period", ""),
    )


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, and when."""

    by: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Release:
    """One release of an agency; what was published never changes, only signatures and a withdrawal are added."""

    id: str
    agency: str
    definition: Definition
    code: str
    """Version of jpa and hash of the registry of measures."""
    snapshot: str
    """SHA-256 of the rows that it was made from, which are kept with it."""
    root: str
    """Merkle root over the ids of the outcomes that it counts."""
    edition: str
    """SHA-256 of what is published."""
    rows_file: str
    edition_file: str
    """Names of the kept files: hashes of their bytes."""
    made_by: str
    made: datetime
    signatures: Sequence[Signature] = field(default_factory=tuple)
    withdrawn: Signature | None = None
    reason: str = ""
    """Why it was withdrawn."""

    @property
    def state(self) -> ReleaseState:
        """How far it has come."""
        if self.withdrawn is not None:
            return ReleaseState.WITHDRAWN
        return ReleaseState.SIGNED if len(self.signatures) >= SIGNATURES else ReleaseState.DRAFT

    @property
    def published(self) -> datetime | None:
        """When the second signature made it public; None before."""
        return self.signatures[SIGNATURES - 1].at if len(self.signatures) >= SIGNATURES else None
