"""What the API's tests read: an open case with a crew, proposals, a verdict, a candidate, a victim; and hidden ones."""

from dataclasses import dataclass, replace
from datetime import timedelta

from jpa.model.case import ActionState
from jpa.model.draft import TypedLink, TypedRecord, TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.judgement import Verdict
from jpa.model.marking import Marking
from jpa.networks.detect import Parameters
from jpa.services import case_entries, cases, networks, reports, resolution
from jpa.services.cases import NewCase
from jpa.services.statements import Statements
from jpa.services.stores import Ask, Stores

GRADE = Grade("4x4", "B", "2", "H2")
VICTIM = "Canary Canarywala"


@dataclass(frozen=True, slots=True)
class Scene:
    """Ids of what stands in the store."""

    case: str
    boarding: Statements
    crew: Statements
    candidate: str
    hidden_case: str
    hidden: Statements

    @property
    def person(self) -> str:
        """The one whom both reports speak of."""
        return self.boarding.records[0].id

    @property
    def namesake(self) -> str:
        """Who might be the same."""
        return self.crew.records[6].id


def set_scene(stores: Stores, ask: Ask) -> Scene:
    """Enter, compare, judge and detect as an officer would; the hidden case is opened last and to the team alone."""
    case = cases.open_case(stores, ask, NewCase("T-1", "Selat crossing", open_in_agency=True)).id
    case_entries.record_action(
        stores, ask, case, title="Ask the bank", due="", state=ActionState.FOR_ALLOCATION, officer=""
    )
    case_entries.record_decision(stores, ask, case, decision="Wait", reason="The boat is out", alternative="Board now")
    boarding = reports.add_report(stores, ask, _boarding(case))
    crew = reports.add_report(stores, replace(ask, at=ask.at + timedelta(minutes=1)), _crew(case))
    resolution.judge(stores, ask, crew.records[0].id, crew.records[1].id, Verdict.NOT_SAME, "Brothers")
    resolution.run_resolution(stores, ask, "a" * 32)
    networks.run_detection(stores, ask, "b" * 32, Parameters())
    hidden_case = cases.open_case(stores, ask, NewCase("T-2", "Hidden")).id
    secret = TypedRecord("1", "Person", {"name": ["Hidden Secretname"]})
    said = TypedReport(hidden_case, "Interview", "I-9", "2024", GRADE, Marking(), records=(secret,))
    hidden = reports.add_report(stores, ask, said)
    candidate = networks.list_candidates(stores, ask)[0].candidate.id
    return Scene(case, boarding, crew, candidate, hidden_case, hidden)


def _boarding(case: str) -> TypedReport:
    return TypedReport(
        case=case,
        title="Boarding report",
        source_reference="CG-118/24",
        date="12.03.2024",
        grade=GRADE,
        marking=Marking(),
        text=f"Stopped 4 nm south of Jetty 4; {VICTIM} was below deck.",
        records=(
            TypedRecord("1", "Person", {"name": ["RAHIM UDDIN"], "birthDate": ["1987"]}, role="suspect"),
            TypedRecord("2", "Vessel", {"name": ["KM Bahari Jaya"]}),
            TypedRecord("3", "Phone", {"number": ["089-825 9791"]}),
            TypedRecord("4", "BankAccount", {"accountNumber": ["4471-22O-9"], "bankName": ["Selat Bank"]}),
        ),
        links=(
            TypedLink("CREW_OF", "1", "2", {"startDate": ["9.3.2024"], "role": ["helmsman"]}),
            TypedLink("USES", "1", "3"),
            TypedLink("HOLDS", "1", "4"),
        ),
        victims=(TypedVictim({"name": [VICTIM]}, {}),),
    )


def _crew(case: str) -> TypedReport:
    people = [TypedRecord(str(i), "Person", {"name": [f"Man {i}"]}) for i in range(6)]
    people.append(TypedRecord("6", "Person", {"name": ["Rohim Uddin"], "birthDate": ["1987"]}))
    links = [TypedLink("ASSOCIATE_OF", str(i), str(j)) for i in range(6) for j in range(i)]
    return TypedReport(case, "Surveillance log", "S-1", "2024", GRADE, Marking(), records=people, links=links)
