"""Random histories of outcomes made by the services on the real store, with the clerk's papers written beside them."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Final

from jpa.errors import JpaError
from jpa.graph import grants
from jpa.graph.cypher import Query, upkeep
from jpa.graph.session import Tx
from jpa.model.case import Agency
from jpa.model.catalogue.outcomes import OUTCOME_KINDS, About
from jpa.model.draft import TypedOutcome, TypedRecord, TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.grant import Grant
from jpa.model.ids import new_id
from jpa.model.judgement import Judgement, Verdict
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Officer, Role
from jpa.model.outcome import Outcome
from jpa.services import agencies, cases, claims, frames, outcomes, reports, resolution, retractions
from jpa.services.cases import NewCase
from jpa.services.claims import TypedClaim
from jpa.services.frames import TypedJpa
from jpa.services.ledger import count
from jpa.services.stores import Ask, Stores
from tests.proofs.figures import compare_figures
from tests.proofs.loading import CLEAR
from tests.proofs.papers import AGENCIES, CASES, COUNTING, GRANTED, SPANS, draw_claims, draw_kind, draw_words
from tests.proofs.recount import Clerk, Credited, Papers, Slip
from tests.proofs.worlds import NOW

VICTIMS: Final[Query] = upkeep("MATCH (v:Victim {case: $case}) RETURN v.id AS id ORDER BY id")
_EACH_CASE: Final = 11
"""Outcomes entered in each case at first."""
_GRADE: Final = Grade("4x4", "A", "1")
_OPEN: Final = Marking(Tlp.GREEN, Release.ALL_MEMBERS)
_LEAD: Final = frozenset({Role.CONTRIBUTE, Role.LEAD, Role.ANALYST})
_LEADS: Final = {
    agency: tuple(Officer(f"{agency}-{n}", f"{agency}-{n}", f"{agency} {n}", agency, state, _LEAD) for n in (1, 2))
    for agency, state in AGENCIES
}
_COUNTS: Final = Officer("tran", "tran", "Tran", COUNTING, "XA", frozenset({Role.SUPERVISOR}))
_REGISTRAR: Final = Officer("admin", "admin", "Admin", COUNTING, "XA", frozenset({Role.ADMINISTRATOR}))
_GARBLED: Final = {"date": "some day", "state": "nowhere", "sex": "?", "count": "many", "citizenship": "nowhere"}
"""What officers type and nobody understands: it counts as unknown."""


def check_figures(stores: Stores, seed: int) -> str:
    """Play one history and compare every figure; returns the first difference in words, or nothing."""
    world = FigureWorld(stores, seed)
    world.play()
    papers = world.papers
    clerk = Clerk(papers, COUNTING, {world.cases[GRANTED]})
    facts = count(stores, world.ask(_COUNTS), "proof", lambda counted: counted.facts)
    return compare_figures(facts, clerk, world.draw, f"seed {seed}")


class FigureWorld:
    """One history, and the papers about it that a clerk would hold."""

    def __init__(self, stores: Stores, seed: int) -> None:
        self.stores, self.draw, self.moment = stores, Random(seed), 0
        self.papers = Papers()
        self.cases: dict[str, str] = {}
        self.people: dict[str, list[str]] = {}
        self.victims: dict[str, list[str]] = {}
        self.reports: dict[str, list[str]] = {}
        self.made: dict[str, Outcome] = {}
        self.judged: list[Judgement] = []
        self.jpas: dict[str, str] = {}

    def ask(self, officer: Officer) -> Ask:
        """Ask a second later than before."""
        self.moment += 1
        return Ask(officer, NOW + timedelta(seconds=self.moment))

    def lead(self, agency: str, number: int = 0) -> Ask:
        """Ask as a lead of an agency."""
        return self.ask(_LEADS[agency][number])

    def play(self) -> None:
        """Found the agencies, open the cases, enter outcomes, then let this and that happen to them."""
        self._found()
        for case, agency in CASES:
            self._open(case, agency)
        self._grant()
        for case, agency in CASES:
            typed = [self._typed(case) for _ in range(_EACH_CASE)]
            made = outcomes.record_outcomes(self.stores, self.lead(agency), [t for t, _ in typed])
            for one, (_, slip) in zip(made, typed, strict=True):
                self._write(one, slip)
        acts: tuple[Callable[[], None], ...] = (self._correct, self._judge, self._judge, self._retract, self._replace)
        for _ in range(self.draw.randint(8, 16)):
            # What the services refuse leaves all as it was, in the store and on paper.
            with suppress(JpaError):
                self.draw.choice((*acts, self._correct, self._undo_verdict, self._undo_retraction))()
        self._claim()

    def _found(self) -> None:
        self.stores.graph.upkeep(lambda tx: tx.run(CLEAR).consume())
        for agency, state in AGENCIES:
            agencies.save_agency(self.stores, Agency(agency, agency.upper(), state), NOW)
        for officer in (*(o for both in _LEADS.values() for o in both), _COUNTS, _REGISTRAR):
            agencies.save_officer(self.stores, officer, NOW, active=True)
        for number, (name, span) in enumerate(sorted(SPANS.items()), start=1):
            # The second lets the first agency's claims name a period that the other agency's state is no part of.
            typed = TypedJpa(
                str(number), name, span.start.isoformat(), span.end.isoformat(), tuple(sorted(span.states))
            )
            made = frames.create_jpa(self.stores, self.ask(_REGISTRAR), typed)
            self.jpas[name] = made.id
            self.papers.spans[made.id] = span

    def _open(self, case: str, agency: str) -> None:
        opened = cases.open_case(self.stores, self.lead(agency), NewCase(case, case, team=[_LEADS[agency][1].id])).id
        self.cases[case] = opened
        people = [TypedRecord(str(n), "Person", {"name": [f"Man {n}"]}) for n in range(3)]
        victims = [TypedVictim({"name": [f"Woman {n}"]}, {}) for n in range(2)]
        face = TypedReport(opened, "Book", "R", "2023", _GRADE, _OPEN, text="Seen.", records=people, victims=victims)
        made = reports.add_report(self.stores, self.lead(agency), face)
        self.people[case] = [r.id for r in made.records]
        self.papers.homes |= {r.id: (agency, opened) for r in made.records}
        self.victims[case] = self.stores.graph.upkeep(lambda tx: [r["id"] for r in tx.run(VICTIMS, case=opened)])
        empty = replace(face, title="Note", records=(), victims=())
        self.reports[case] = [reports.add_report(self.stores, self.lead(agency), empty).report.id for _ in range(2)]

    def _grant(self) -> None:
        """Let the first lead read both of the other agency's cases, and the supervisor count one of them."""
        given = [
            Grant(new_id(NOW), self.cases[case], "ucg", (officer,), NOW, NOW + timedelta(days=9), "proof", "ucg-1", counting)
            for case, officer, counting in (
                (GRANTED, _COUNTS.id, True),
                (GRANTED, _LEADS[COUNTING][0].id, False),
                ("closed", _LEADS[COUNTING][0].id, False),
            )
        ]  # fmt: skip

        def save(tx: Tx) -> None:
            for grant in given:
                grants.save_tx(tx, grant)

        self.stores.graph.upkeep(save)

    def _typed(self, case: str) -> tuple[TypedOutcome, Slip]:
        """Make an outcome as typed, and as a clerk reads it."""
        kind = draw_kind(self.draw)
        about = OUTCOME_KINDS[kind].about
        person = about in {About.PERSON, About.CHARGE} and self.draw.random() < 0.8
        victim = about is About.VICTIM and self.draw.random() < 0.5
        said = draw_words(self.draw, kind)
        typed = {name: [value] for name, value in said.items()}
        for name in [n for n in said if n in _GARBLED and self.draw.random() < 0.08]:
            typed[name] = [_GARBLED[name]]
            del said[name]
        if "exploitation" in said and self.draw.random() < 0.5:
            typed["exploitation"] = ["no form", "Other", "SexualExploitation", "ForcedLabour"]
            said["exploitation"] = "ForcedLabour"
        report = self.draw.choice(("", *self.reports[case]))
        record = self.draw.choice(self.people[case]) if person else ""
        coded = self.draw.choice(self.victims[case]) if victim else ""
        agency = dict(CASES)[case]
        slip = Slip("", kind, agency, dict(AGENCIES)[agency], self.cases[case], said, record, coded, report=report)
        return TypedOutcome(kind, typed, self.cases[case], person=record, victim=coded, report=report), slip

    def _write(self, one: Outcome, slip: Slip) -> None:
        self.made[one.id] = one
        self.papers.slips.append(replace(slip, id=one.id, supersedes=one.supersedes))

    def _correct(self) -> None:
        newest = self.papers.slips[-4:] if self.draw.random() < 0.5 else self.papers.slips
        old = self.draw.choice(newest)
        typed, slip = self._typed(self._named(old.case))
        self._write(outcomes.correct_outcome(self.stores, self.lead(old.agency), old.id, typed), slip)

    def _judge(self) -> None:
        left, right = self.draw.sample(sorted(self.papers.homes), 2)
        verdict = self.draw.choice((Verdict.SAME, Verdict.SAME, Verdict.SAME, Verdict.NOT_SAME))
        made = resolution.judge(self.stores, self.lead(COUNTING), left, right, verdict, "seen")
        self.judged.append(made)
        self.papers.verdicts.append((left, right, verdict.value))

    def _undo_verdict(self) -> None:
        if len(self.judged) > 0:
            old = self.judged.pop(self.draw.randrange(len(self.judged)))
            resolution.undo(self.stores, self.lead(COUNTING), old.id, "")
            self.papers.verdicts.append((old.left, old.right, Verdict.UNSURE.value))

    def _replace(self) -> None:
        """Correct what a report says of a person: the new record is the same person as the old."""
        case = self.draw.choice(sorted(self.people))
        old, agency = self.draw.choice(self.people[case]), dict(CASES)[case]
        face = TypedReport(self.cases[case], "Again", "R", "2023", _GRADE, _OPEN, text="Seen.")
        made = reports.correct_record(self.stores, self.lead(agency), old, {"name": ["Man X"]}, face)
        self.people[case].append(made.id)
        self.papers.homes[made.id] = (agency, self.cases[case])
        self.papers.replaced.append((old, made.id))

    def _retract(self) -> None:
        slip = self.draw.choice(self.papers.slips)
        ask = self.lead(slip.agency)
        if slip.report and self.draw.random() < 0.4:
            act = retractions.retract_report(self.stores, ask, slip.report, "wrong")
        else:
            act = retractions.retract_outcome(self.stores, ask, slip.id, "wrong")
        self.papers.retractions.append((act.id, act.target))

    def _undo_retraction(self) -> None:
        open_acts = [act for act, _ in self.papers.retractions if act not in self.papers.undone]
        if len(open_acts) > 0:
            act = self.draw.choice(open_acts)
            target = dict(self.papers.retractions)[act]
            agency = next(s.agency for s in self.papers.slips if target in {s.id, s.report})
            retractions.undo(self.stores, self.lead(agency), act, "right after all")
            self.papers.undone.add(act)

    def _claim(self) -> None:
        """Make, sign and withdraw claims; one that the services refuse is none on paper either."""
        for wanted in draw_claims(self.draw, self.papers):
            target = self.cases.get(wanted.target, wanted.target)
            case = target if wanted.target in self.cases else self.made[target].case
            agency = dict(CASES)[self._named(case)]
            typed = TypedClaim(target, self.jpas[wanted.jpa], wanted.basis, str(wanted.share), "because", "report")
            try:
                made = claims.make_claim(self.stores, self.lead(agency), case, typed)
            except JpaError:
                continue
            if wanted.signed:
                claims.sign_claim(self.stores, self.lead(agency, 1), made.id)
            if wanted.withdrawn:
                claims.withdraw_claim(self.stores, self.lead(agency), made.id, "no more")
            self.papers.claims.append(
                Credited(target, typed.jpa, wanted.basis, wanted.share, wanted.signed, wanted.withdrawn)
            )

    def _named(self, case: str) -> str:
        return next(name for name, key in self.cases.items() if key == case)
