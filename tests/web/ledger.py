"""A small ledger: each kind of outcome in a joint period, outside it, of unknown date and state, and several as one."""

from jpa.model.catalogue.outcomes import OUTCOME_KINDS, About
from jpa.model.draft import TypedOutcome, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.services import cases, frames, outcomes, reports
from jpa.services.cases import NewCase
from jpa.services.frames import TypedJpa
from jpa.services.stores import Ask, Stores
from tests.conftest import officer

EXTRA = {"charge": "1", "result": "acquittal overturned", "sentence": "imprisonment", "citizenship": "MM"}
"""Said of every outcome whose kind can say it."""


def set_ledger(stores: Stores, ask: Ask) -> tuple[str, str]:
    """Return the ids of a joint period and of a case, closed to all but its team, with outcomes of all kinds."""
    chief = officer(stores, "chief", "tip", "XA", Role.ADMINISTRATOR)
    jpa = frames.create_jpa(stores, chief, TypedJpa("3", "JPA 3, 2024", "2024-01-15", "2024-06-30", ("XA", "XB"))).id
    return jpa, _add_all_kinds(stores, ask)


def _add_all_kinds(stores: Stores, ask: Ask) -> str:
    """Enter each kind of outcome in the period, outside it, without date and state, and several as one."""
    case = cases.open_case(stores, ask, NewCase("T-1", "Camp")).id
    people = [TypedRecord(str(n), "Person", {"name": [f"Suspect {n}"]}) for n in range(3)]
    typed = TypedReport(case, "Log", "R-1", "2024", Grade("4x4", "A", "1"), Marking(), records=people)
    records = [r.id for r in reports.add_report(stores, ask, typed).records]
    said = [
        {"date": "2024-02-03", "state": "XA"},
        {"date": "2023-05", "state": "TH"},
        {"charge": "2"},
        {"date": "2024-05", "count": "4"},
    ]
    for kind in OUTCOME_KINDS.values():
        about = kind.about in {About.PERSON, About.CHARGE}
        entered = [
            TypedOutcome(
                kind.name,
                {name: [value] for name, value in (EXTRA | given).items() if name in _known(kind.name)},
                case, person=records[n] if about and n < 3 else "",
            )
            for n, given in enumerate(said)
        ]  # fmt: skip
        outcomes.record_outcomes(stores, ask, entered)
    return case


def _known(kind: str) -> set[str]:
    return {"date", "state", "count"} | {p.name for p in OUTCOME_KINDS[kind].properties}
