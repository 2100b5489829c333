"""Requests between three desks: whatever an officer asks, the answer equals that without the requests they may not know of."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, Final

from jpa.errors import JpaError
from jpa.graph.cypher import upkeep
from jpa.model.agreement import Purpose, Way
from jpa.model.case import Agency
from jpa.model.officer import Officer, Role
from jpa.model.request import Kind, Refusal
from jpa.services import (
    agencies,
    agreement_drafts,
    cases,
    reciprocity,
    request_figures,
    request_moves,
    requests,
)
from jpa.services.agreement_drafts import TypedAgreement
from jpa.services.cases import NewCase
from jpa.services.request_moves import TypedAnswer
from jpa.services.requests import TypedRequest
from jpa.services.stores import Ask, Stores
from jpa.statistics.requests import REQUEST_DIMENSIONS, REQUEST_MEASURES, RequestQuestion
from tests.proofs.loading import CLEAR
from tests.proofs.worlds import NOW

SMUGGLING: Final = Purpose.SMUGGLING.value
STATES: Final = {"tip": "XA", "ucg": "XB", "usp": "XB"}
"""Two of one state: what one of them was asked is nothing to the other."""
ROLES: Final = ((Role.LIAISON, Role.LEAD), (Role.SUPERVISOR,), (Role.READ,))
ALL = upkeep("MATCH (n) WHERE n:Request OR n:RequestMove RETURN properties(n) AS node")
HIDE = upkeep("""
MATCH (q:Request) WHERE NOT (q.asker = $agency AND q.case IN $cases OR $desk AND q.sent IS NOT NULL AND $agency IN [q.asker, q.asked])
OPTIONAL MATCH (m)-[:ABOUT]->(q) DETACH DELETE m, q
""")


def check_requests(stores: Stores, seed: int) -> str:
    """Compare all answers to three officers over one play; returns the first difference in words, or nothing."""
    draw = Random(seed)
    stores.graph.upkeep(lambda tx: tx.run(CLEAR).consume())
    desks = {(agency, roles[0]): _officer(stores, agency, *roles) for agency in STATES for roles in ROLES}
    liaisons = {agency: ask for (agency, role), ask in desks.items() if role is Role.LIAISON}
    opened = {
        agency: [
            cases.open_case(stores, ask, NewCase(f"{agency}-{n}", "Case", open_in_agency=n == 0)).id for n in range(2)
        ]
        for agency, ask in liaisons.items()
    }
    made = _play(stores, draw, liaisons, opened, _agreed(stores, liaisons))
    for (agency, role), ask in draw.sample(sorted(desks.items(), key=str), 3):
        told = _answers(stores, _later(ask, 40), made, opened)
        readable = [c.case.id for c in cases.list_cases(stores, ask).rows]
        kept = _hide(stores, agency, readable, desk=role is not Role.READ)
        filtered = _answers(stores, _later(ask, 40), made, opened)
        _restore(stores, kept)
        for name, answer in told.items():
            if answer != filtered[name]:
                return f"seed {seed}, {role} of {agency}, {name}:\n  full     {answer}\n  filtered {filtered[name]}"
    return ""


def _officer(stores: Stores, agency: str, *roles: Role) -> Ask:
    agencies.save_agency(stores, Agency(agency, agency.upper(), STATES[agency]), NOW)
    login = f"{roles[0]}.{agency}"
    made = Officer(login, login, login.title(), agency, STATES[agency], frozenset(roles))
    agencies.save_officer(stores, made, NOW, active=True)
    return Ask(made, NOW)


def _agreed(stores: Stores, liaisons: dict[str, Ask]) -> str:
    first, *others = liaisons.values()
    days = tuple((NOW + timedelta(days=n)).date().isoformat() for n in (-30, 300))
    partners = tuple(o.officer.agency for o in others)
    typed = TypedAgreement("Arrangement", "Article 1", partners, (SMUGGLING,), (Way.REQUEST.value,), days[0], days[1])
    made = agreement_drafts.draft_agreement(stores, first, typed).id
    for other in others:
        agreement_drafts.sign_agreement(stores, other, made)
    return made


def _later(ask: Ask, days: float) -> Ask:
    return replace(ask, at=ask.at + timedelta(days=days))


def _hide(stores: Stores, agency: str, readable: list[str], *, desk: bool) -> list[dict[str, Any]]:
    """Take away what an officer may not know of; returns everything as it was."""
    kept = stores.graph.upkeep(lambda tx: [row["node"] for row in tx.run(ALL)])
    stores.graph.upkeep(lambda tx: tx.run(HIDE, agency=agency, cases=readable, desk=desk).consume())
    return kept


def _play(
    stores: Stores, draw: Random, liaisons: dict[str, Ask], opened: dict[str, list[str]], agreed: str
) -> list[str]:
    made = []
    for _ in range(9):
        asker, asked = draw.sample(sorted(liaisons), 2)
        form = TypedRequest(
            draw.choice(opened[asker]),
            asked,
            agreed,
            SMUGGLING,
            draw.choice(list(Kind)).value,
            "Who?",
            "MoU",
            "2026-12-04",
        )
        this = requests.draft_request(stores, liaisons[asker], form).id
        made.append(this)
        if draw.random() < 0.8:
            request_moves.send_request(stores, _later(liaisons[asker], draw.random()), this)
        answer = TypedAnswer("Known.", code=draw.choice(list(Refusal)).value)
        for act in draw.choices((request_moves.answer_request, request_moves.refuse_request), k=draw.randint(0, 1)):
            _said(partial(act, stores, _later(liaisons[asked], 1 + draw.random() * 20), this, answer))
    return made


def _answers(stores: Stores, ask: Ask, made: list[str], opened: dict[str, list[str]]) -> dict[str, Any]:
    questions = [RequestQuestion(m, (d,)) for m in REQUEST_MEASURES for d in REQUEST_DIMENSIONS]
    asked: dict[str, Callable[[], Any]] = {
        "tables": lambda: [f.table for f in request_figures.read_figures(stores, ask, questions)],
        "meter": lambda: [(p.state, p.ours, p.theirs) for p in reciprocity.read_meter(stores, ask).agencies],
        "waiting": partial(request_figures.list_waiting, stores, ask),
    }
    for m in REQUEST_MEASURES:
        asked[f"list {m}"] = partial(request_figures.list_requests, stores, ask, RequestQuestion(m))
    for this in made:
        asked[f"read {this}"] = partial(requests.read_request, stores, ask, this)
    for case in (c for listed in opened.values() for c in listed):
        asked[f"case {case}"] = partial(requests.list_case_requests, stores, ask, case)
    return {name: _said(do) for name, do in asked.items()}


def _said(do: Callable[[], Any]) -> Any:
    try:
        return do()
    except JpaError as error:
        return type(error).__name__, str(error)


RESTORE = upkeep("UNWIND $kept AS row MERGE (q:Request {id: row.id}) SET q = row")
RESTORE_MOVES = upkeep("""
UNWIND $kept AS row MERGE (m:RequestMove {key: row.key}) SET m = row
WITH m, row MATCH (q:Request {id: split(row.key, ':')[0]}) MERGE (m)-[:ABOUT]->(q)
""")


def _restore(stores: Stores, kept: list[dict[str, Any]]) -> None:
    for query, nodes in (
        (RESTORE, [n for n in kept if "key" not in n]),
        (RESTORE_MOVES, [n for n in kept if "key" in n]),
    ):
        stores.graph.upkeep(lambda tx: tx.run(query, kept=nodes).consume())  # noqa: B023 -- run at once
