"""R2: over any history of merges, undos, corrections and imports, undo restores the view exactly and no id is lost."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any, Final

from jpa.errors import JpaError
from jpa.model.case import TeamRole
from jpa.model.draft import TypedRecord, TypedReport
from jpa.model.entity import Entity
from jpa.model.grading import Grade
from jpa.model.judgement import Judgement, Verdict
from jpa.model.marking import Marking
from jpa.services import cases, entities, imports, reports, resolution, teams
from jpa.services.cases import NewCase
from jpa.services.import_files import File
from jpa.services.stores import Ask, Stores
from tests.proofs.loading import load_world
from tests.proofs.worlds import NAMES, NOW, OFFICERS, World

STEPS: Final = 12
_GRADE: Final = Grade("4x4", "A", "1")


class History:
    """One random history on an empty graph."""

    def __init__(self, stores: Stores, seed: int) -> None:
        load_world(stores, World(seed))
        self.stores, self.draw, self.moment = stores, Random(seed), 0
        self.case = cases.open_case(stores, self.ask(), NewCase("T-1", "History", open_in_agency=True)).id
        teams.join_team(stores, self.ask(), self.case, "budi", TeamRole.MEMBER)
        people = tuple(TypedRecord(str(i), "Person", {"name": [self.draw.choice(NAMES)]}) for i in range(5))
        made = reports.add_report(stores, self.ask(), self.face(records=people))
        self.ids = [r.id for r in made.records]
        self.in_force: list[Judgement] = []

    def ask(self, officer: int = 0) -> Ask:
        """Ask a second later than before."""
        self.moment += 1
        return Ask(OFFICERS[officer], NOW + timedelta(seconds=self.moment))

    def face(self, records: Sequence[TypedRecord] = ()) -> TypedReport:
        """Make a report of the history's case."""
        return TypedReport(self.case, "Log", "R", "2024", _GRADE, Marking(), text="Seen.", records=records)

    def view(self) -> dict[str, Any]:
        """Read what every id leads to now: its entity's address, records, history and involvements."""
        return {i: _content(entities.read_entity(self.stores, self.ask(), i).entity) for i in self.ids}

    def judge(self, verdict: Verdict) -> Judgement | None:
        """Judge a random pair; a refusal leaves all as it is."""
        left, right = self.draw.sample(self.ids, 2)
        try:
            made = resolution.judge(self.stores, self.ask(self.draw.randint(0, 1)), left, right, verdict, "seen")
        except JpaError:
            return None
        self.in_force = [j for j in self.in_force if j.pair != made.pair] + [made]
        return made

    def correct(self) -> None:
        """Correct a random record; the old id stays known."""
        try:
            made = reports.correct_record(
                self.stores, self.ask(), self.draw.choice(self.ids), {"name": [self.draw.choice(NAMES)]}, self.face()
            )
        except JpaError:
            return
        self.ids.append(made.id)

    def bring(self) -> None:
        """Import rows, some of them again."""
        rows = "".join(f"{i},{self.draw.choice(NAMES)}\n" for i in range(self.draw.randint(1, 3)))
        columns = 'id = "id"\n[properties]\nname = "name"\n'
        file = File("people.csv", f"id,name\n{rows}".encode(), map_text=columns, dataset="people")
        draft = imports.stage(self.stores, self.ask(), self.face(), file)
        for found in imports.preview(self.stores, self.ask(), draft.id).rows.values():
            self.ids += [row["id"] for row in found if row["status"] in {"create", "update"}]
        imports.commit(self.stores, self.ask(), draft.id)


def check_history(stores: Stores, seed: int) -> str:
    """Play one history; returns the first broken promise in words, or nothing."""
    history = History(stores, seed)
    for step in range(STEPS):
        kind = history.draw.choice(("same", "same", "same", "not", "undo", "correct", "import"))
        if kind == "correct":
            history.correct()
        elif kind == "import":
            history.bring()
        elif kind == "not":
            history.judge(Verdict.NOT_SAME)
        elif kind == "undo" and len(history.in_force) > 0:
            undone = history.in_force.pop(history.draw.randrange(len(history.in_force)))
            resolution.undo(stores, history.ask(), undone.id, "")
        elif (fault := _merge_and_undo(history)) != "":
            return f"seed {seed}, step {step}: {fault}"
    return _check_order(history, seed)


def _merge_and_undo(history: History) -> str:
    """Merge, undo, compare; half of the time merge again, to go on from there."""
    before = history.view()
    verdicts = list(history.in_force)
    made = history.judge(Verdict.SAME)
    if made is None:
        return "" if history.view() == before else "a refused merge changed something"
    if made.supersedes is None:
        resolution.undo(history.stores, history.ask(), made.id, "")
        if history.view() != before:
            return f"undoing {made.pair} did not restore the view"
        history.in_force = verdicts
    if history.draw.random() < 0.6 and made.supersedes is None:
        again = resolution.judge(history.stores, history.ask(), made.left, made.right, Verdict.SAME, "again")
        history.in_force.append(again)
    return ""


def _check_order(history: History, seed: int) -> str:
    """Undo every verdict and give each "same" again in another order: the partition is the same.

    A "not the same" draws no records together; left standing, it would rightly refuse a "same" that goes against it.
    """
    before = history.view()
    same = [j for j in history.in_force if j.verdict is Verdict.SAME]
    for judgement in history.in_force:
        resolution.undo(history.stores, history.ask(), judgement.id, "")
    for judgement in history.draw.sample(same, len(same)):
        resolution.judge(history.stores, history.ask(), judgement.right, judgement.left, Verdict.SAME, "")
    return "" if history.view() == before else f"seed {seed}: another order of verdicts gave another partition"


def _content(entity: Entity) -> tuple[Any, ...]:
    hashes = [(r.id, r.content_hash) for r in (*entity.records, *entity.history)]
    return entity.id, tuple(hashes), entity.involvements, tuple(sorted(entity.reports))
