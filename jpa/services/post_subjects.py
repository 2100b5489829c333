"""What post is about, as far as an officer may know of it: packages, blind questions, returns, requests, planned actions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from jpa.graph import blind, packages, plan_questions, requests, returns
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership, can
from jpa.services import planned


class About(StrEnum):
    """What kind of thing post is about."""

    PACKAGE = "package"
    QUESTION = "blind question"
    RETURN = "return"
    REQUEST = "request"
    PLAN = "planned action"


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that post is about, with the id that its page opens by."""

    about: About
    id: str


def subjects_tx(tx: Tx, reader: Readership, wanted: Collection[str]) -> Mapping[str, Subject]:
    """Return those of these subjects that a reader may know of."""
    found: dict[str, Subject] = {}
    if len(wanted) == 0:
        return found
    if can(reader.officer, Action.READ_PACKAGE):
        found |= {p.id: Subject(About.PACKAGE, p.id) for p in packages.packages_tx(tx, reader)}
    if can(reader.officer, Action.READ_BLIND):
        found |= {q: Subject(About.QUESTION, line) for q, line in blind.lines_tx(tx, reader, wanted).items()}
    if can(reader.officer, Action.READ_RETURN):
        found |= {r.id: Subject(About.RETURN, r.id) for r in returns.returns_tx(tx, reader)}
    if can(reader.officer, Action.READ_REQUEST):
        found |= {r.id: Subject(About.REQUEST, r.id) for r in requests.requests_tx(tx, reader)}
    if can(reader.officer, Action.READ_PLANS):
        mine = {p.id for p in planned.own_plans_tx(tx, reader)} | ({""} if planned.reads_all(reader) else set())
        asked = plan_questions.of_numbers_tx(tx, reader, wanted)
        found |= {q.question: Subject(About.PLAN, q.plan) for q in asked if q.plan in mine}
    return {this: subject for this, subject in found.items() if this in wanted}
