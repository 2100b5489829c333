"""Adoption: what a received package states enters a case of the own agency, under its own ids, owner and marking; again changes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Final, TypeVar

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import cases, evidence, judgements, packages
from jpa.graph.agencies import readership_tx
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.graph.writes import Batch, NewRecord, Role, insert_tx
from jpa.model.access import Action
from jpa.model.audit import AuditTag, Intent
from jpa.model.case import Case
from jpa.model.evidence import EvidenceFile
from jpa.model.ids import derived_id
from jpa.model.judgement import Feature, Proposal, Verdict
from jpa.model.marking import Release
from jpa.model.package import Done, Package, PackageAct, PackageState
from jpa.model.record import Link, Record, Report
from jpa.services import statements
from jpa.services.cases import writing
from jpa.services.package_inbox import received_tx, reopened
from jpa.services.package_listing import listed_tx
from jpa.services.packages import working
from jpa.services.stores import Ask, Stores, found, require
from jpa.sharing.lines import EntityLine, report_of, said_of, verdict_of
from jpa.sharing.manifest import Manifest
from jpa.sharing.package import Opened

T = TypeVar("T")

BATCH: Final = 5_000
"""Records or links of one transaction."""


@dataclass(frozen=True, slots=True)
class Taking:
    """What an adoption works with."""

    package: Package
    manifest: Manifest
    case: Case
    reaches: Mapping[str, Reach]
    """Who may read what each report states."""
    refused: frozenset[str]
    apart: bool
    """One of the two sides does not allow that the records are compared."""


def adopt_package(stores: Stores, ask: Ask, this: str, case: str, *, compare: bool) -> Package:
    """Take a package into a case of the officer's team; what cannot be taken in is left out, as listed.

    It is written in parts, each whole: after a crash the same act again goes on where it ended.
    """
    with stores.audit.act(
        AuditTag.PACKAGE_ADOPTED, ask.officer, object=this, details={"case": case}, at=ask.at
    ) as act, working(stores) as folder:  # fmt: skip
        require(ask, Action.ADOPT_PACKAGE)
        package, into = stores.graph.read(act.intent, lambda tx: _adoptable_tx(tx, ask, this, case))
        opened = reopened(stores, package, folder)
        listing = stores.graph.read(act.intent, lambda tx: listed_tx(tx, opened))
        apart = not (compare and package.compare)
        taking = Taking(package, opened.manifest, into, {}, frozenset(listing.refusals), apart)
        reports, taking = stores.graph.read(act.intent, lambda tx: _reached_tx(tx, ask, taking, opened))
        _write_reports(stores, ask, act.intent, taking, reports)
        _write_entities(stores, ask, act.intent, taking, opened)
        _write_files(stores, ask, act.intent, taking, opened)
        act.details |= {"records": package.new, "apart": taking.apart}

        def finish(tx: Tx) -> Package:
            now, _ = _adoptable_tx(tx, ask, this, case)
            _propose_tx(tx, ask, taking, opened)
            done = Done(PackageAct.ADOPTED, ask.officer.id, ask.officer.name, ask.at, into.id, into.number)
            packages.act_tx(tx, now, done)
            return found(packages.package_tx(tx, readership_tx(tx, ask.officer, ask.at), this))

        return stores.graph.write(act.intent, finish)


def _adoptable_tx(tx: Tx, ask: Ask, this: str, case: str) -> tuple[Package, Case]:
    package = received_tx(tx, ask, this)
    into = writing(tx, readership_tx(tx, ask.officer, ask.at), case)
    if into.agency != ask.officer.agency:
        raise InvalidInputError("Nothing was adopted.", {"case": "Choose a case of your own agency."})
    if package.state is not PackageState.RECEIVED:
        raise ConflictError(f"This package is {package.state.value} already. Open the page again to see it.")
    return package, into


def _reached_tx(tx: Tx, ask: Ask, taking: Taking, opened: Opened) -> tuple[list[tuple[Report, str]], Taking]:
    """Return the reports with their hashes, and who may read what each states."""
    into, periods = taking.case, _periods_tx(tx, ask, opened.manifest)
    lines = list(opened.reports())
    standing = packages.standing_reports_tx(tx, [line.id for line in lines])
    reaches, new, elsewhere = {}, [], 0
    for line in lines:
        report = report_of(line)
        known = standing.get(report.id)
        if known is not None and known != (line.hash, into.id):
            elsewhere += 1
            continue
        reaches[report.id] = _reach_of(opened.manifest, report, into, periods)
        new.append((replace(report, case=into.id), line.hash))
    if elsewhere > 0:
        raise ConflictError(
            f"{elsewhere} of its reports stand in another case already, from an earlier package. Adopt it into that case."
        )
    return new, replace(taking, reaches=reaches)


def _reach_of(manifest: Manifest, report: Report, into: Case, periods: Mapping[str, str]) -> Reach:
    """Say who may read: the sender's own marking decides, with joint periods as they are called here."""
    marking, sender = report.marking, manifest.sender
    tokens = marking.audience(agency=sender.agency, state=sender.state, case=report.case)
    if marking.release is Release.JPA:
        tokens = [t for t in tokens if not t.startswith("jpa:")]
        tokens += [f"jpa:{periods[name]}" for name in marking.names if name in periods]
    return Reach((into.id,), tuple(tokens))


def _periods_tx(tx: Tx, ask: Ask, manifest: Manifest) -> dict[str, str]:
    here = {(str(j.number), j.start, j.end): j.id for j in cases.jpas_tx(tx, ask.officer.state)}
    known = {p.id: here.get((p.number, p.start, p.end)) for p in manifest.periods}
    return {theirs: ours for theirs, ours in known.items() if ours is not None}


def _write_reports(stores: Stores, ask: Ask, intent: Intent, taking: Taking, reports: list[tuple[Report, str]]) -> None:
    for page in _batches(iter(reports)):
        by_reach: dict[Reach, list[tuple[Report, str]]] = {}
        for report, content in page:
            by_reach.setdefault(taking.reaches[report.id], []).append((report, content))

        def save(tx: Tx, grouped: Mapping[Reach, list[tuple[Report, str]]] = by_reach) -> None:
            _adoptable_tx(tx, ask, taking.package.id, taking.case.id)
            for reach, alike in grouped.items():
                insert_tx(tx, Batch(reach, reports=alike))

        stores.graph.write(intent, save)


def _write_entities(stores: Stores, ask: Ask, intent: Intent, taking: Taking, opened: Opened) -> None:
    wanted = (line for line in opened.entities() if line.id not in taking.refused)
    for page in _batches(wanted):
        by_reach: dict[Reach, list[EntityLine]] = {}
        for line in page:
            by_reach.setdefault(taking.reaches[line.jpa.report], []).append(line)
        batches = [_batch(taking, reach, lines) for reach, lines in by_reach.items()]

        def save(tx: Tx, parts: list[Batch] = batches) -> None:
            _adoptable_tx(tx, ask, taking.package.id, taking.case.id)
            for part in parts:
                insert_tx(tx, part)
                if taking.apart:
                    packages.set_apart_tx(tx, [n.record.id for n in part.records])

        stores.graph.write(intent, save)


def _batch(taking: Taking, reach: Reach, lines: list[EntityLine]) -> Batch:
    said = [(line, said_of(line)) for line in lines]
    records = [(line, s) for line, s in said if isinstance(s, Record)]
    return Batch(
        reach,
        records=[NewRecord(r, statements.search_words(r)) for _, r in records],
        links=[s for _, s in said if isinstance(s, Link)],
        roles=[
            Role(derived_id(r.entered, taking.case.id, r.id, role), r.id, taking.case.id, role, r.report)
            for line, r in records
            for role in line.jpa.roles
        ],
    )


def _write_files(stores: Stores, ask: Ask, intent: Intent, taking: Taking, opened: Opened) -> None:
    for line in opened.evidence():
        with opened.file(line.sha256).open("rb") as stream:
            stores.evidence.put(taking.case.id, stream)
        file = EvidenceFile(
            id=line.id, report=line.report, case=taking.case.id, agency=line.agency, name=line.name, size=int(line.bytes),
            digest=line.sha256, by=line.officer, added=datetime.fromisoformat(line.entered), why=line.why,
        )  # fmt: skip

        def save(tx: Tx, this: EvidenceFile = file) -> None:
            _adoptable_tx(tx, ask, taking.package.id, taking.case.id)
            evidence.add_tx(tx, this, taking.reaches[this.report])

        stores.graph.write(intent, save)


def _propose_tx(tx: Tx, ask: Ask, taking: Taking, opened: Opened) -> None:
    """Let the sender's "same" stand as proposals; an officer of the own agency judges."""
    sender = taking.manifest.sender
    proposals = [
        Proposal(
            left=line.left,
            right=line.right,
            score=1.0,
            bits=0.0,
            features=(Feature("verdict", 0.0, line.left, line.right, f"{sender.name} says so: {line.reason}"),),
            model=f"verdict of {sender.agency}",
        )
        for line in opened.judgements()
        if verdict_of(line) is Verdict.SAME and taking.refused.isdisjoint({line.left, line.right})
    ]
    reach = Reach((taking.case.id,), (f"agency:{ask.officer.agency}",))
    judgements.add_proposals_tx(tx, proposals, f"package:{taking.package.id}", reach, ask.at)


def _batches(items: Iterator[T]) -> Iterator[list[T]]:
    while len(page := list(islice(items, BATCH))) > 0:
        yield page
