"""What is written down of a package beside its bytes: what was ordered, what was made of it, whether it would be made the same now."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from jpa.errors import ConflictError
from jpa.graph.notices import Content
from jpa.model.job import Progress, no_progress
from jpa.model.package import Package, Selection
from jpa.services.package_setting import Order
from jpa.services.stores import Ask
from jpa.sharing.choice import Decided
from jpa.sharing.manifest import CUSTODY, Manifest, read_manifest
from jpa.statistics.summary import Counted

CHANGED: Final = (
    "What may go is not what was drafted any more: something was corrected, marked or found to be protected since, or you may read other "
    "things than who drafted it. Discard this draft and make a new one."
)


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a package is put together, and who watches."""

    folder: Path
    """Empty."""
    progress: Progress = no_progress
    """Told how many records and ties were decided, of how many."""

    @property
    def pages(self) -> Path:
        """Where its pages are written, beside what is packed."""
        return self.folder / "pages"


@dataclass(frozen=True, slots=True)
class Made:
    """A package in a folder: its manifest, and what was decided."""

    manifest: bytes
    decided: Decided
    counted: Sequence[Counted]
    """Behind the coded summary; empty without one."""


def content_of(made: Made) -> Content:
    """List what a package holds, by ids: what a later recall or correction asks."""
    links = made.decided.links
    return Content(
        sorted(made.decided.reports), sorted(made.decided.records), [i for i, _ in links], [s for _, s in links]
    )


def digest_of(manifest: bytes) -> str:
    """Name a manifest."""
    return hashlib.sha256(manifest).hexdigest()


def require_unchanged(drafted: Manifest, now: Manifest) -> None:
    """Refuse a draft that would be made otherwise now."""

    def files(this: Manifest) -> Mapping[str, str]:
        return {f.path: f.sha256 for f in this.files if f.path != CUSTODY}

    same = (drafted.recipients, drafted.agreement, drafted.marking) == (now.recipients, now.agreement, now.marking)
    if not same or files(drafted) != files(now):
        raise ConflictError(CHANGED)


def order_of(package: Package) -> Order:
    """Return what a package was made from."""
    selection = Selection.of(package.selection)
    return Order(package.case, package.partner, package.agreement, package.purpose, selection, package.compare)


def package_of(ask: Ask, order: Order, manifest: bytes, file: str, pages: str) -> Package:
    """Say what an officer made."""
    said = read_manifest(manifest)
    return Package(
        id=said.id,
        agency=ask.officer.agency,
        partner=order.partner,
        received=False,
        case=order.case,
        agreement=order.agreement,
        agreement_title=said.agreement.title,
        purpose=order.purpose,
        reference=said.reference,
        tlp=said.marking.tlp,
        pap=said.marking.pap,
        manifest=digest_of(manifest),
        file=file,
        pages=pages,
        reports=int(said.counts.reports),
        records=int(said.counts.records),
        links=int(said.counts.links),
        files=int(said.counts.evidence),
        withheld=tuple((w.reason, int(w.count)) for w in said.withheld),
        compare=order.compare,
        made_by=ask.officer.id,
        made_name=ask.officer.name,
        made=datetime.fromisoformat(said.made),
        selection=order.selection.text(),
    )
