"""Releases: preview, draft, sign by two, withdraw by a later act, run again, compare, prove that an outcome was counted [T4, M2]."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError
from jpa.graph import frames, outcomes, releases
from jpa.graph.agencies import readership_tx
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag, Intent
from jpa.model.case import Jpa
from jpa.model.ids import is_id, new_id
from jpa.model.job import Progress, no_progress
from jpa.model.release import SIGNATURES, Definition, Edition, Release, ReleaseState, Signature
from jpa.services.accepted import asked_tx
from jpa.services.editions import (
    Composed,
    Counting,
    Kept,
    check_definition,
    compose,
    gives_away,
    keep,
    open_release,
    question_of,
    repeated,
    size_of,
)
from jpa.services.memory import Remembered, remembered_tx
from jpa.services.stores import Ask, Event, Stores, found, read, require, write
from jpa.statistics.comparison import Cause, Moved, Mover, Side, compare
from jpa.statistics.editions import outcomes_of
from jpa.statistics.merkle import Inclusion, prove

T = TypeVar("T")

HIDDEN: Final = ""
"""Stands for the id of an outcome that this officer may not read."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """What running a release again gave."""

    same: bool
    edition: Edition
    """As counted again."""
    why: str
    """What differs; empty when nothing does."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What an earlier and a later release say otherwise."""

    old: Release
    new: Release
    moved: Sequence[Moved]
    axes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Proof:
    """That one outcome was counted in a release; whoever has the root can check it without us."""

    release: Release
    outcome: str
    inclusion: Inclusion


def preview_release(stores: Stores, ask: Ask, definition: Definition) -> Composed:
    """Show what a release would publish and hold back; nothing is kept."""
    with stores.audit.act(
        AuditTag.RELEASE_PREVIEWED, ask.officer, object=definition.measure, purpose=ask.purpose, at=ask.at
    ) as act:
        return _composed(stores, ask, act.intent, definition)


def draft_release(
    stores: Stores, ask: Ask, definition: Definition, release: str = "", progress: Progress = no_progress
) -> Release:
    """Make a draft; first the bytes, then the graph, so that a crash in between leaves nothing that points nowhere.

    With an id given, doing it again is finding it done.
    """
    with stores.audit.act(
        AuditTag.RELEASE_DRAFTED, ask.officer, object=definition.measure, purpose=ask.purpose, at=ask.at
    ) as act:
        require(ask, Action.MAKE_RELEASE)
        if (
            release != ""
            and (done := stores.graph.read(act.intent, lambda tx: _known_tx(tx, ask, release))) is not None
        ):
            return done
        made = _release(
            stores, ask, _composed(stores, ask, act.intent, definition, progress), release or new_id(ask.at)
        )
        act.details |= {"release": made.id, "edition": made.edition, "snapshot": made.snapshot}
        stores.graph.write(act.intent, lambda tx: releases.add_tx(tx, made))
        return made


def measure_release(stores: Stores, ask: Ask, definition: Definition) -> int:
    """Count how many figures a release would have, without deciding what of them can be shown."""
    with stores.audit.act(
        AuditTag.RELEASE_PREVIEWED, ask.officer, object=definition.measure, purpose=ask.purpose, at=ask.at
    ) as act:
        require(ask, Action.MAKE_RELEASE)
        check_definition(definition)
        counted, _ = stores.graph.read(act.intent, lambda tx: _gather_tx(tx, stores, ask, definition))
        return size_of(definition, counted.facts)


def list_periods(stores: Stores, ask: Ask) -> list[Jpa]:
    """List the joint periods that a release can be made of."""
    event = Event(AuditTag.RELEASE_READ)
    rows = read(stores, ask, Action.MAKE_RELEASE, event, lambda tx, _: frames.frames_tx(tx, state=ask.officer.state))
    return [jpa for jpa, _ in rows]


def list_releases(stores: Stores, ask: Ask) -> list[Release]:
    """List the own agency's releases, newest first, drafts and withdrawn ones too."""
    event = Event(AuditTag.RELEASE_READ)
    return read(stores, ask, Action.READ_RELEASE, event, releases.releases_tx)


def read_release(stores: Stores, ask: Ask, release: str, tag: AuditTag = AuditTag.RELEASE_READ) -> Kept:
    """Open one release with what is published of it."""
    return _opened(stores, ask, release, tag, lambda kept: kept)


def sign_release(stores: Stores, ask: Ask, release: str) -> Release:
    """Sign a draft; the second signature publishes it, unless what was published meanwhile makes it tell too much."""

    def work(tx: Tx, reader: Readership, _: object) -> Release:
        releases.lock_tx(tx)
        this = found(releases.release_tx(tx, reader, release))
        if this.state is not ReleaseState.DRAFT:
            raise ConflictError(f"This release is {this.state.value} already. Open the page again to see it.")
        if any(s.by == ask.officer.id for s in this.signatures):
            raise ForbiddenError("You signed it already; another supervisor signs second.")
        if len(this.signatures) == SIGNATURES - 1:
            _require_safe(stores, this, remembered_tx(tx, stores, [this.definition.measure]))
        releases.sign_tx(tx, this.id, Signature(ask.officer.id, ask.officer.name, ask.at))
        return found(releases.release_tx(tx, reader, release))

    return write(stores, ask, Action.SIGN_RELEASE, Event(AuditTag.RELEASE_SIGNED, release), work)


def withdraw_release(stores: Stores, ask: Ask, release: str, reason: str) -> Release:
    """Withdraw a release or a draft by a later act; what was published stays readable here, and stays remembered."""
    if reason.strip() == "":
        raise InvalidInputError("Nothing was changed.", {"reason": "Say why; it stands beside the release for good."})

    def work(tx: Tx, reader: Readership, _: object) -> Release:
        releases.lock_tx(tx)
        this = found(releases.release_tx(tx, reader, release))
        if this.state is ReleaseState.WITHDRAWN:
            raise ConflictError("This release was withdrawn already.")
        signature = Signature(ask.officer.id, ask.officer.name, ask.at)
        releases.withdraw_tx(tx, this.id, signature, reason.strip())
        return found(releases.release_tx(tx, reader, release))

    return write(stores, ask, Action.WITHDRAW_RELEASE, Event(AuditTag.RELEASE_WITHDRAWN, release), work)


def repeat_release(stores: Stores, ask: Ask, release: str) -> Repeated:
    """Run a release again from the rows it was made from, and compare every byte."""

    def work(kept: Kept) -> Repeated:
        again = repeated(kept)
        same = again.content() == kept.edition.content()
        return Repeated(same, again, "" if same else _why(kept.edition, again))

    return _opened(stores, ask, release, AuditTag.RELEASE_REPEATED, work)


def compare_releases(stores: Stores, ask: Ask, old: str, new: str) -> Difference:
    """Say which cells differ between two releases of one measure, which outcomes moved them and why."""

    def work(tx: Tx, reader: Readership) -> Difference:
        before, after = (open_release(stores, found(releases.release_tx(tx, reader, i))) for i in (old, new))
        if before.release.definition.measure != after.release.definition.measure:
            raise InvalidInputError("Nothing was compared.", {"with": "Choose a release of the same measure."})
        if before.release.made > after.release.made:
            before, after = after, before
        moved = compare(_side(before), _side(after), question_of(after.edition.definition))
        return Difference(before.release, after.release, _told_tx(tx, reader, moved), after.edition.axes)

    return read(stores, ask, Action.READ_RELEASE, Event(AuditTag.RELEASE_COMPARED, new, {"with": old}), work)


def prove_inclusion(stores: Stores, ask: Ask, release: str, outcome: str) -> Proof:
    """Prove that a release counts an outcome; refused where it does not."""

    def work(kept: Kept) -> Proof:
        wanted = outcome.strip().lower()
        own = outcomes_of(kept.facts, question_of(kept.edition.definition))
        proof = prove(own, wanted) if is_id(wanted) else None
        if proof is None:
            problem = "This release counts no outcome of that id; copy the id from the ledger or from a comparison."
            raise InvalidInputError("There is no proof.", {"outcome": problem})
        return Proof(kept.release, wanted, proof)

    return _opened(stores, ask, release, AuditTag.RELEASE_PROVED, work)


def _opened(stores: Stores, ask: Ask, release: str, tag: AuditTag, work: Callable[[Kept], T]) -> T:
    def reading(tx: Tx, reader: Readership) -> Release:
        return found(releases.release_tx(tx, reader, release))

    with stores.audit.act(tag, ask.officer, object=release, purpose=ask.purpose, at=ask.at) as act:
        require(ask, Action.READ_RELEASE)
        this = stores.graph.read(act.intent, lambda tx: reading(tx, readership_tx(tx, ask.officer, ask.at)))
        return work(open_release(stores, this))


def _known_tx(tx: Tx, ask: Ask, release: str) -> Release | None:
    return releases.release_tx(tx, readership_tx(tx, ask.officer, ask.at), release)


def _gather_tx(tx: Tx, stores: Stores, ask: Ask, definition: Definition) -> tuple[Counting, Remembered]:
    reader = readership_tx(tx, ask.officer, ask.at)
    counted = asked_tx(tx, stores, reader, ask, question_of(definition))
    period = next((f"{jpa.name} ({jpa.start} to {jpa.end})" for jpa, _ in frames.frames_tx(tx, jpa=definition.jpa)), "")
    agency, day = ask.officer.agency, ask.at.date().isoformat()
    return Counting(counted.facts, counted.whose, agency, day, period), remembered_tx(tx, stores, [definition.measure])


def _composed(
    stores: Stores, ask: Ask, intent: Intent, definition: Definition, progress: Progress = no_progress
) -> Composed:
    require(ask, Action.MAKE_RELEASE)
    check_definition(definition)
    counting, earlier = stores.graph.read(intent, lambda tx: _gather_tx(tx, stores, ask, definition))
    return compose(
        definition, counting, earlier.told(stores, counting.agency, counting.facts, definition.jpa), progress
    )


def _release(stores: Stores, ask: Ask, composed: Composed, release: str) -> Release:
    edition = composed.edition
    rows_file, edition_file = keep(stores, release, composed)
    return Release(
        id=release,
        agency=ask.officer.agency,
        definition=edition.definition,
        code=edition.code,
        snapshot=edition.snapshot,
        root=edition.root,
        edition=edition.hash,
        rows_file=rows_file,
        edition_file=edition_file,
        made_by=ask.officer.id,
        made=ask.at,
    )


def _require_safe(stores: Stores, this: Release, published: Remembered) -> None:
    kept = open_release(stores, this)
    told = gives_away(kept, published.told(stores, this.agency, kept.facts, this.definition.jpa))
    if told != "":
        raise ConflictError(
            f"Since this draft something was published, and with it this one would tell {told}. "
            "Withdraw this draft and make a new one."
        )


def _side(kept: Kept) -> Side:
    return Side(kept.facts, int(kept.release.made.timestamp() * 1000), kept.release.code)


def _told_tx(tx: Tx, reader: Readership, moved: Sequence[Moved]) -> list[Moved]:
    """Say why outcomes left, as the ledger knows, and name only those that the officer may read."""
    ids = sorted({m.outcome for cell in moved for m in cell.movers})
    readable = {o.id for o in outcomes.readable_tx(tx, reader, ids)}
    gone = releases.gone_tx(tx, sorted({m.outcome for c in moved for m in c.movers if m.cause is Cause.LEFT}))

    def told(mover: Mover) -> Mover:
        corrected, retracted = gone.get(mover.outcome, (False, False)) if mover.cause is Cause.LEFT else (False, False)
        left = Cause.RETRACTED if retracted else Cause.CORRECTED
        cause = left if corrected or retracted else mover.cause
        return replace(mover, outcome=mover.outcome if mover.outcome in readable else HIDDEN, cause=cause)

    return [replace(cell, movers=tuple(told(m) for m in cell.movers)) for cell in moved]


def _why(edition: Edition, again: Edition) -> str:
    was, now = {f.place: f for f in edition.figures}, {f.place: f for f in again.figures}
    cells = sum(was.get(place) != now.get(place) for place in was.keys() | now.keys())
    if cells > 0:
        return f"{cells} figures differ: the code or the registry of measures is not the one it was made with ({edition.code})."
    return "The rows or the proofs differ: the code is not the one it was made with."
