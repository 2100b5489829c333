"""The coded summary of the victims and smuggled migrants of a case: counted, checked against what left before, signed by a second officer.

Whoever is counted must be somebody whom the package's marking rules would let go if nobody protected them: stated by the own agency, marked
for the recipient, below the ceiling. The summary takes the strictest of those markings (`jpa.sharing.choice`).
"""

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError
from jpa.graph import cases, package_content, packages, retractions, sealing
from jpa.graph.entities import component_tx
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.case import Case
from jpa.model.package import Package, PackageAct, PackageState, Selection
from jpa.model.record import Record, Report
from jpa.model.summary import LEAST, NO_VICTIM, UNKNOWN, Of, SummaryAsk, age_band
from jpa.services import victims
from jpa.services.package_setting import NOT_MADE
from jpa.services.stores import Stores
from jpa.sharing.naming import Naming
from jpa.statistics.summary import Coded, Counted, count, keep, kept

May = Callable[[Report], bool]
"""Whether those whom a report speaks of may be counted for this recipient."""
WAITS: Final = (
    "The coded summary of this draft waits for a signature: another officer than who asked for it signs it first."
)


@dataclass(slots=True)
class Migrants:
    """The smuggled migrants that a case states, as they are met among its records."""

    ids: Collection[str]
    """Of every record of whoever has the role in force somewhere."""
    may: May
    _found: list[tuple[Record, str]] = field(default_factory=list)

    def meet(self, record: Record, report: Report) -> None:
        """Look at one record."""
        if record.type == "Person" and record.id in self.ids and self.may(report):
            self._found.append((record, report.date))

    def coded_tx(self, tx: Tx, reader: Readership) -> list[Coded]:
        """Return each person once, however many records speak of them."""
        people: dict[str, list[tuple[Record, str]]] = {}
        for record, day in self._found:
            people.setdefault(min(component_tx(tx, reader, record.id)), []).append((record, day))
        return [Coded(key, _codes_of(said)) for key, said in people.items()]


def migrants_tx(tx: Tx, reader: Readership, may: May) -> Migrants:
    """Begin to look for the smuggled migrants of a case."""
    return Migrants(package_content.migrants_tx(tx, reader, in_force=True), may)


def summary_tx(tx: Tx, reader: Readership, stores: Stores, case: Case, migrants: Migrants) -> list[Counted]:
    """Count the protected persons of a case, beside what earlier packages said of it; InvalidInputError where nothing may leave."""
    earlier = [kept(stores.releases.whole(package, file)) for package, file in packages.summaries_tx(tx, case.id)]
    people = {
        Of.VICTIMS: _victims_tx(tx, reader, case, migrants.may),
        Of.MIGRANTS: migrants.coded_tx(tx, reader),
    }
    counted = [
        found
        for of, who in people.items()
        if (found := count(of, who, [e[of] for e in earlier if of in e])) is not None
    ]
    if all(len(c.tables()) == 0 for c in counted):
        problem = (
            f"Nothing of it may leave: fewer than {LEAST} victims and fewer than {LEAST} migrants may be counted for this recipient, or fewer "
            f"than {LEAST} have come or gone since an earlier summary of this case. Leave the summary out, or wait."
        )
        raise InvalidInputError(NOT_MADE, {"summary": problem}, cause="small")
    return counted


def require_nameless(stores: Stores, case: str, asked: SummaryAsk, naming: Naming) -> None:
    """Refuse a basis or purpose that names a protected person: it stands in the record of release."""
    redact = stores.vault.redactor(case)
    fields = {
        name: "It names a protected person. Say it without."
        for name, text in (("summary_basis", asked.basis), ("summary_purpose", asked.purpose))
        if naming.names(text) or redact(text) != text
    }
    if len(fields) > 0:
        raise InvalidInputError(NOT_MADE, fields, cause="protected")


def asked_of(this: Package) -> SummaryAsk | None:
    """Return what an officer asked for, if a package carries a summary; only its sender knows."""
    return None if this.selection == "" else Selection.of(this.selection).summary


def require_signed(this: Package) -> None:
    """Refuse to release a draft whose summary nobody has signed."""
    if asked_of(this) is not None and this.act(PackageAct.SUMMARY_SIGNED) is None:
        raise ConflictError(WAITS)


def require_signable(this: Package, officer: str) -> None:
    """Refuse the signature of whoever asked, a second one, and one of what is no draft."""
    if this.received or this.state is not PackageState.DRAFT or asked_of(this) is None:
        raise ConflictError(f"This package is {this.state.value} already, or has no summary. Open the page again.")
    if this.made_by == officer:
        raise ForbiddenError("You asked for this summary; another officer of your agency signs it.")
    if this.act(PackageAct.SUMMARY_SIGNED) is not None:
        raise ConflictError("This summary is signed already. Open the page again to see it.")


def keep_counted(stores: Stores, package: str, counted: Sequence[Counted]) -> str:
    """Keep what was counted, encrypted with the package, for later summaries of the case; returns the name of the file."""
    return stores.releases.put(package, io.BytesIO(keep(counted))).digest


def _victims_tx(tx: Tx, reader: Readership, case: Case, may: May) -> list[Coded]:
    """Return the victims of reports that stand and may be counted."""
    known = sealing.victims_tx(tx, reader, case.id)
    stated_by = {v["report"] for v in known}
    gone = {r.target for r in retractions.about_tx(tx, stated_by) if r.undone is None}
    reports = [r for i in sorted(stated_by - gone) if (r := cases.report_tx(tx, reader, i)) is not None]
    counted = {r.id for r in reports if may(r)}
    return [
        Coded(v["id"], victims.summary_codes(v))
        for v in known
        if v["report"] in counted and NO_VICTIM not in v.get("status", ())
    ]


def _codes_of(said: Sequence[tuple[Record, str]]) -> Mapping[str, str]:
    """Code a person: what all records agree on, unknown where they do not."""
    states = {v for r, _ in said for v in _clean(r, "citizenship")} or {v for r, _ in said for v in _clean(r, "nationality")}  # fmt: skip
    return {
        "ageBand": _only({age_band(born, day) for r, day in said for born in _clean(r, "birthDate")}),
        "sex": _only({v for r, _ in said for v in _clean(r, "gender")}),
        "citizenship": _only(states),
    }


def _clean(record: Record, name: str) -> list[str]:
    return [v.clean for v in record.properties.get(name, ()) if v.clean is not None]


def _only(found: set[str]) -> str:
    return found.pop() if len(found) == 1 else UNKNOWN
