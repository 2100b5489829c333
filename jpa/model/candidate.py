"""Candidate networks: groups that detection proposes for review; a network is one that an officer adopted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class CandidateState(StrEnum):
    """What officers made of a candidate [N6]."""

    NEW = "new"
    UNDER_REVIEW = "under review"
    ADOPTED = "adopted"
    DISMISSED = "dismissed"


class Tier(StrEnum):
    """How firmly somebody belongs."""

    CORE = "core"
    LIKELY = "likely"
    PERIPHERY = "periphery"


@dataclass(frozen=True, slots=True)
class Member:
    """One person in a candidate, by the record that stands for them."""

    record: str
    share: float
    """Share of the pooled partitions in which they stand with the core, 0 to 1."""
    tier: Tier
    reasons: tuple[str, ...]
    towards: tuple[str, ...] = ()
    """For each reason the member that it speaks of: who left since the run is spoken of no more."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A group for review, with reasons for and against; no word of guilt."""

    id: str
    members: tuple[Member, ...]
    score: float
    stability: float
    factors: Mapping[str, float]
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    reports: tuple[str, ...]
    """Reports that state its ties."""
    brokers: tuple[str, ...] = field(default=())
    """Members whose removal would cut it apart, most first."""
