"""Who might be the same: run, review, judge, undo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jpa.entity_resolution.frequency import NameTable, count_names, keys_of
from jpa.entity_resolution.keys import Tally
from jpa.entity_resolution.profile import Profile
from jpa.entity_resolution.resolve import MODEL, compare, propose, what_would_change
from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import candidates, entities, judgements, names, projection
from jpa.graph.rows import Reach, moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.catalogue import ENTITY_TYPES
from jpa.model.entity import Entity, Glance
from jpa.model.ids import new_id
from jpa.model.job import Progress, no_progress
from jpa.model.judgement import Judgement, Proposal, Verdict, contradictions, pair_of
from jpa.model.record import Record
from jpa.services import recall_drafts
from jpa.services.stores import Also, Ask, Event, Stores, found, nothing_else, read, write

RESOLVABLE = [name for name, declared in ENTITY_TYPES.items() if declared.resolvable]


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal in the queue with glances at both sides."""

    proposal: Proposal
    left: Glance
    right: Glance


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two entities side by side with the evidence."""

    proposal: Proposal
    left: Entity
    right: Entity
    verdict: Judgement | None
    contradicting: Sequence[Judgement]
    together: bool
    """Whether both records are one entity already, by this or other verdicts."""

    @property
    def change(self) -> str:
        """Say which single piece of evidence the score rests on most."""
        return what_would_change(self.proposal)


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What one comparison went through."""

    at: datetime
    records: int
    pairs: int
    proposals: int
    skipped: int
    """Blocks of alike records that were too large to compare each with each."""
    crowded: int
    """Records in the largest of these."""


def run_resolution(stores: Stores, ask: Ask, run: str, progress: Progress = no_progress) -> int:
    """Propose pairs among everything that the officer may read; returns how many. The same run again changes nothing."""

    def load(tx: Tx, reader: Readership) -> tuple[list[Profile], set[str], Reach]:
        records = projection.records_tx(tx, reader, RESOLVABLE)
        tied = projection.tied_keys_tx(tx, reader)
        decided = {j.pair for j in judgements.all_in_force_tx(tx, reader) if j.verdict is not Verdict.UNSURE}
        reach = projection.reach_tx(tx, reader)
        return [profile_of(r, tied.get(r.id, ())) for r in records], decided, reach

    profiles, decided, reach = read(stores, ask, Action.RUN_RESOLUTION, Event(AuditTag.RESOLUTION_RUN, run), load)
    table, tally = count_names(profiles), Tally()
    proposals = propose(profiles, decided=decided, table=table, tally=tally, progress=progress)

    def save(tx: Tx, _: Readership, __: object) -> int:
        candidates.save_run_tx(tx, _run_properties(ask, run, reach, len(profiles), len(proposals), tally))
        names.save_table_tx(tx, table.records, table.counts, run, reach, by=ask.officer.id, at=stamp(ask.at))
        judgements.save_proposals_tx(tx, proposals, run, reach, ask.at)
        return len(proposals)

    return write(stores, ask, Action.RUN_RESOLUTION, Event(AuditTag.RESOLUTION_RUN, run), save)


def _run_properties(
    ask: Ask, run: str, reach: Reach, records: int, proposals: int, tally: Tally
) -> dict[str, str | int | list[str]]:
    return {
        "id": run,
        "kind": "resolution",
        "scope": ask.officer.id,
        "compartments": list(reach.compartments),
        "audience": list(reach.audience),
        "model": MODEL,
        "records": records,
        "pairs": tally.pairs,
        "skipped": tally.skipped,
        "crowded": tally.crowded,
        "proposals": proposals,
        "by": ask.officer.id,
        "at": stamp(ask.at),
    }


def read_summary(stores: Stores, ask: Ask) -> RunSummary | None:
    """Say what the newest comparison that the officer may know of went through; None before any."""

    def work(tx: Tx, reader: Readership) -> RunSummary | None:
        run = candidates.newest_run_tx(tx, reader, "resolution")
        if run is None:
            return None
        counts = (int(run.get(n, 0)) for n in ("records", "pairs", "proposals", "skipped", "crowded"))
        return RunSummary(moment(run["at"]), *counts)

    return read(stores, ask, Action.READ, Event(AuditTag.PROPOSAL_READ), work)


def list_proposals(stores: Stores, ask: Ask, *, skip: int = 0, limit: int = 50) -> tuple[list[ProposalRow], int]:
    """List open proposals, most probable first, and how many there are, counted as far as `MOST_COUNTED` beyond the page."""

    def work(tx: Tx, reader: Readership) -> tuple[list[ProposalRow], int]:
        proposals, total = judgements.proposals_tx(tx, reader, skip=skip, limit=limit)
        glances = entities.glances_tx(tx, reader, sorted({e for p in proposals for e in (p.left, p.right)}))
        return [ProposalRow(p, glances[p.left], glances[p.right]) for p in proposals], total

    return read(stores, ask, Action.READ, Event(AuditTag.PROPOSAL_READ), work)


def compare_records(stores: Stores, ask: Ask, left: str, right: str) -> Comparison:
    """Put two records' entities side by side with itemised evidence, proposed or not."""

    def work(tx: Tx, reader: Readership) -> Comparison:
        return _comparison(tx, reader, left, right)

    return read(stores, ask, Action.READ, Event(AuditTag.PROPOSAL_READ, left), work)


def judge(
    stores: Stores, ask: Ask, left: str, right: str, verdict: Verdict, reason: str, also: Also = nothing_else
) -> Judgement:
    """Append a verdict; the evidence shown is frozen into it. A "same" against an earlier "not the same" is refused [R4]."""
    if left == right:
        raise InvalidInputError("Nothing was judged.", {"right": "Choose two different records."})

    def work(tx: Tx, reader: Readership, _: object) -> Judgement:
        shown = _comparison(tx, reader, left, right)
        if verdict is Verdict.SAME:
            if shown.left.type != shown.right.type:
                raise InvalidInputError(
                    "Nothing was merged.", {"right": "Only two things of one kind can be the same."}
                )
            if len([j for j in shown.contradicting if j.by == ask.officer.id or j.pair != pair_of(left, right)]) > 0:
                raise ConflictError(
                    "This contradicts an earlier “not the same”. Undo that verdict first, or ask a second officer to decide."
                )
        judgement = Judgement(
            id=new_id(ask.at),
            verdict=verdict,
            left=left,
            right=right,
            by=ask.officer.id,
            agency=ask.officer.agency,
            at=ask.at,
            reason=stores.vault.redactor(*_cases_of(shown.left, shown.right))(reason.strip()),
            model=shown.proposal.model,
            evidence=shown.proposal.features,
            supersedes=None if shown.verdict is None else shown.verdict.id,
        )
        judgements.add_tx(tx, judgement, _reach_of_evidence_tx(tx, reader, [left, right]))
        if verdict is not Verdict.SAME and shown.verdict is not None and shown.verdict.verdict is Verdict.SAME:
            recall_drafts.correct_tx(tx, ask, _cases_of(shown.left, shown.right), (), [(left, right)])
        also(tx, judgement.id)
        return judgement

    details = {"right": right, "verdict": verdict.value}
    return write(stores, ask, Action.JUDGE, Event(AuditTag.JUDGEMENT_RECORDED, left, details), work)


def undo(stores: Stores, ask: Ask, judgement: str, reason: str) -> Judgement:
    """Supersede a verdict by "unsure": records and links were never rewritten, so everything is as before, exactly."""

    def work(tx: Tx, reader: Readership, _: object) -> Judgement:
        old = found(judgements.judgement_tx(tx, reader, judgement))
        now = judgements.in_force_tx(tx, reader, old.pair)
        if now is None or now.id != old.id:
            raise ConflictError("A later verdict about these two stands already. Open the comparison to see it.")
        sides = [found(entities.entity_tx(tx, reader, i)) for i in (old.left, old.right)]
        undone = Judgement(
            id=new_id(ask.at),
            verdict=Verdict.UNSURE,
            left=old.left,
            right=old.right,
            by=ask.officer.id,
            agency=ask.officer.agency,
            at=ask.at,
            reason=stores.vault.redactor(*_cases_of(*sides))(reason.strip() or "undone"),
            model=old.model,
            evidence=old.evidence,
            supersedes=old.id,
        )
        # The evidence is the old one's, and opens to whom it opened.
        judgements.add_tx(tx, undone, judgements.reach_tx(tx, reader, old.id))
        if old.verdict is Verdict.SAME:
            recall_drafts.correct_tx(tx, ask, _cases_of(*sides), (), [(old.left, old.right)])
        return undone

    return write(stores, ask, Action.JUDGE, Event(AuditTag.JUDGEMENT_RECORDED, judgement), work)


def _reach_of_evidence_tx(tx: Tx, reader: Readership, pair: list[str]) -> Reach:
    """Say who can read all that the evidence about a pair rests on: what was reached from it, and all whose names were counted."""
    around, counted = projection.reach_around_tx(tx, reader, pair), names.table_reach_tx(tx, reader)
    if counted is None:
        return around
    compartments, audience = {*around.compartments, *counted.compartments}, {*around.audience, *counted.audience}
    return Reach(tuple(sorted(compartments)), tuple(sorted(audience)))


def _cases_of(*sides: Entity) -> list[str]:
    return sorted({report.case for side in sides for report in side.reports.values()})


def profile_of(record: Record, tied: Sequence[str]) -> Profile:
    """Reduce a record to what the comparators look at: clean values only."""
    values = {
        name: tuple(v.clean for v in stated if v.clean is not None)
        for name, stated in record.properties.items()
        if any(v.clean is not None for v in stated)
    }
    keys: dict[str, set[str]] = {}
    for key in tied:
        keys.setdefault(key.split("|", 1)[0], set()).add(key)
    return Profile(record.id, record.type, record.agency, values, {k: frozenset(v) for k, v in keys.items()})


def _comparison(tx: Tx, reader: Readership, left: str, right: str) -> Comparison:
    one = found(entities.entity_tx(tx, reader, left))
    other = found(entities.entity_tx(tx, reader, right))
    records = [found(entities.record_tx(tx, reader, i)) for i in (left, right)]
    tied = projection.tied_keys_of_tx(tx, reader, [left, right])
    profiles = [profile_of(r, tied.get(r.id, ())) for r in records]
    table = NameTable(*names.table_tx(tx, reader, {key for p in profiles for key in keys_of(p)}))
    degrees = projection.degrees_tx(tx, reader, sorted({k for keys in tied.values() for k in keys}), RESOLVABLE)
    about = judgements.about_tx(tx, reader, [r.id for side in (one, other) for r in (*side.records, *side.history)])
    in_force = [judgement for judgement, superseded in reversed(about) if not superseded]
    return Comparison(
        proposal=compare(profiles[0], profiles[1], table, degrees),
        left=one,
        right=other,
        verdict=judgements.in_force_tx(tx, reader, pair_of(left, right)),
        contradicting=contradictions(left, right, in_force),
        together=one.id == other.id,
    )
