"""Two agencies that share under an agreement, and what either holds."""

from collections.abc import Sequence

from jpa.model.agreement import Agreement, Purpose, Way
from jpa.model.draft import TypedLink, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Role
from jpa.services import cases, reports
from jpa.services.agreement_drafts import TypedAgreement, draft_agreement, sign_agreement
from jpa.services.blind import TypedQuestion
from jpa.services.cases import NewCase
from jpa.services.statements import Statements
from jpa.services.stores import Ask, Stores
from tests.conftest import officer

PURPOSE = Purpose.SMUGGLING.value
SHARED = Marking(Tlp.AMBER, Release.NAMED_STATES, ("XA", "XB"))
ALL_WAYS = tuple(w.value for w in Way)


def agreed(
    stores: Stores,
    ways: Sequence[str] = ALL_WAYS,
    start: str = "2026-01-01",
    end: str = "2026-12-31",
    title: str = "Selat memorandum",
    purposes: Sequence[str] = (PURPOSE,),
) -> Agreement:
    """Sign an agreement between the two agencies."""
    tip = officer(stores, "signs.tip", "tip", "XA", Role.SUPERVISOR)
    ucg = officer(stores, "signs.ucg", "ucg", "XB", Role.SUPERVISOR)
    draft = draft_agreement(
        stores, tip, TypedAgreement(title, "MoU 2026/1", ("ucg",), tuple(purposes), tuple(ways), start, end)
    )
    return sign_agreement(stores, ucg, draft.id)


def said(
    stores: Stores,
    ask: Ask,
    number: str,
    *records: TypedRecord,
    marking: Marking = SHARED,
    links: Sequence[TypedLink] = (),
) -> Statements:
    """Report things in a new case of the officer's team."""
    case = cases.open_case(stores, ask, NewCase(number, number)).id
    typed = TypedReport(case, "Interview", f"I {number}", "2026-03-13", Grade("4x4", "B", "2"), marking, records=records, links=links)  # fmt: skip
    return reports.add_report(stores, ask, typed)


def person(name: str, born: str = "1987", ref: str = "1", role: str = "") -> TypedRecord:
    """Type a person."""
    return TypedRecord(ref, "Person", {"name": [name], "birthDate": [born]}, role=role)


def phone(number: str, ref: str = "2") -> TypedRecord:
    """Type a phone."""
    return TypedRecord(ref, "Phone", {"number": [number]})


def passport(number: str, ref: str = "3") -> TypedRecord:
    """Type a passport of XB's."""
    return TypedRecord(ref, "IdentityDocument", {"number": [number], "country": ["XB"]})


def question(kind: str = "Person", partner: str = "ucg", purpose: str = PURPOSE, **properties: str) -> TypedQuestion:
    """Type a question."""
    values = {name: [value] for name, value in properties.items()} or {"name": ["Rohim Uddin"], "birthDate": ["1986"]}
    return TypedQuestion(kind, values, (partner,), purpose, "T-17")
