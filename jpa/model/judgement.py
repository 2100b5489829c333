"""Judgements: verdicts of officers about two records, append-only; and proposals, which only models make."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

MOST_COUNTED: Final = 1000
"""Open proposals counted beyond the page: each costs the gate and the ledger, and nobody plans a day on the exact number."""


class Verdict(StrEnum):
    """What an officer says about two records."""

    SAME = "same"
    NOT_SAME = "not the same"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Feature:
    """One piece of evidence that two records are, or are not, one thing."""

    name: str
    bits: float
    """Weight of evidence in bits (log2 of the likelihood ratio); negative speaks against."""
    left: str
    right: str
    detail: str
    """In plain words, for the officer and for court."""


def pair_of(left: str, right: str) -> str:
    """Name a pair of records; the order does not matter."""
    return "|".join(sorted((left, right)))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A model's opinion that two records might be one thing; never makes an entity."""

    left: str
    right: str
    score: float
    """Probability, 0 to 1."""
    bits: float
    """Sum of the features' bits and the prior."""
    features: tuple[Feature, ...]
    model: str

    @property
    def pair(self) -> str:
        """The pair's name."""
        return pair_of(self.left, self.right)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One verdict; a later one about the same pair supersedes it."""

    id: str
    verdict: Verdict
    left: str
    right: str
    by: str
    agency: str
    at: datetime
    reason: str
    model: str = ""
    evidence: tuple[Feature, ...] = ()
    """What the officer was shown, frozen at decision time."""
    supersedes: str | None = None

    @property
    def pair(self) -> str:
        """The pair's name."""
        return pair_of(self.left, self.right)


def contradictions(left: str, right: str, in_force: Iterable[Judgement]) -> Sequence[Judgement]:
    """Return the "not the same" verdicts that joining two records would go against [R4].

    Joining joins whole components: a verdict between any record of one and any of the other counts.
    """
    verdicts = list(in_force)
    parent: dict[str, str] = {}

    def root(record: str) -> str:
        while parent.get(record, record) != record:
            record = parent[record]
        return record

    for judgement in verdicts:
        if judgement.verdict is Verdict.SAME:
            parent[root(judgement.left)] = root(judgement.right)
    ends = {root(left), root(right)}
    return [
        j
        for j in verdicts
        if j.verdict is Verdict.NOT_SAME and len(ends) == 2 and {root(j.left), root(j.right)} == ends
    ]
