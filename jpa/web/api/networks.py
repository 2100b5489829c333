"""Candidate networks: list, one with its members and reasons; for review, no word of guilt."""

from typing import Any

from apiflask.fields import Dict, Float, Integer, List, Nested, String

from jpa.model.candidate import CandidateState, Tier
from jpa.services import networks
from jpa.services.networks import CandidateFile
from jpa.web.api.blueprint import answers, pages, takes
from jpa.web.api.shapes import PageQuery, PageShape, Shape, one_of, page_of
from jpa.web.gate import ask, installation


class MemberSchema(Shape):
    """One person in a candidate, by the record that stands for them."""

    record = String()
    caption = String()
    share = Float()
    tier = one_of(Tier)
    reasons = List(String())


class CandidateRunSchema(Shape):
    """The run that found it: enough to repeat it."""

    id = String()
    at = String()
    snapshot = String()


class CandidateSchema(Shape):
    """A group for review with reasons for and against."""

    id = String()
    state = one_of(CandidateState)
    score = Float()
    stability = Float()
    factors = Dict(keys=String(), values=Float())
    reasons = List(String())
    against = List(String())
    members = List(Nested(MemberSchema))
    left = Integer(metadata={"description": "Members of the run of whom nothing in force speaks any more"})
    brokers = List(String(), metadata={"description": "Members on many of the shortest paths between the others"})
    run = Nested(CandidateRunSchema)


class CandidatePageSchema(PageShape):
    """One part of the candidates, best first."""

    items = List(Nested(CandidateSchema))
    total = Integer(metadata={"description": "Of the candidates that you may open"})


class CandidateDecisionSchema(Shape):
    """What an officer made of it."""

    state = one_of(CandidateState)
    reason = String()
    by = String()
    at = String()


class CandidateFileSchema(Shape):
    """A candidate with the decisions about it, newest first."""

    candidate = Nested(CandidateSchema)
    decisions = List(Nested(CandidateDecisionSchema))


@pages.get("/candidates")
@takes(PageQuery)
@answers(CandidatePageSchema)
def list_candidates(query_data: dict[str, int]) -> object:
    """List the candidates that you may open, best first."""
    skip, limit = query_data["skip"], query_data["limit"]
    stores, asked = installation().stores, ask()
    files = networks.list_candidates(stores, asked, skip=skip, limit=limit + 1)
    return {
        **page_of([_candidate(file) for file in files], skip, limit),
        "total": networks.count_candidates(stores, asked),
    }


@pages.get("/candidates/<id:candidate>")
@answers(CandidateFileSchema)
def read_candidate(candidate: str) -> object:
    """Read one candidate."""
    file = networks.read_candidate(installation().stores, ask(), candidate)
    return {"candidate": _candidate(file), "decisions": file.decisions}


def _candidate(file: CandidateFile) -> dict[str, Any]:
    found = file.candidate
    members = [
        {
            "record": m.record,
            "caption": file.captions[m.record],
            "share": m.share,
            "tier": m.tier,
            "reasons": m.reasons,
        }
        for m in found.members
    ]
    return {
        "id": found.id,
        "state": file.state,
        "score": found.score,
        "stability": found.stability,
        "factors": found.factors,
        "reasons": found.reasons,
        "against": found.against,
        "members": members,
        "left": file.left,
        "brokers": found.brokers,
        "run": file.run,
    }
