"""What may go into a package: one decision for each thing of a case, by rules that no tick can overrule.

Whatever goes must be permitted to every recipient by its own marking, stay below the agreement's ceiling, be stated by the sender itself,
and neither be, name nor identify a victim or a smuggled migrant. What stays is counted by reason, and the count is signed.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from jpa.model.limits import Limits, meet_of


class Reason(StrEnum):
    """Why a thing stays with the sender; the recipient sees reason and number."""

    PROTECTED = "is, names or identifies a protected person"
    THIRD = "stated by another agency, which alone may hand it on"
    MARKING = "marked for others than the recipient"
    CEILING = "above the ceiling of the agreement"
    NOT_CHOSEN = "not chosen"
    ALONE = "ties something that stays"


@dataclass(frozen=True, slots=True)
class Source:
    """A report, as far as the decision needs it."""

    id: str
    agency: str
    limits: Limits


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom a package is made."""

    sender: str
    """Id of the agency that sends."""
    tokens: Sequence[Collection[str]]
    """Of each recipient: what its officers can show to a marking."""
    ceiling: Callable[[Limits], bool]
    """Whether the agreement lets limits pass to every recipient."""

    def refuses(self, source: Source) -> Reason | None:
        """Say why nothing that a report states may go; None where its marking lets it."""
        if source.agency != self.sender:
            return Reason.THIRD
        if not all(source.limits.permits(tokens) for tokens in self.tokens):
            return Reason.MARKING
        return None if self.ceiling(source.limits) else Reason.CEILING


@dataclass(slots=True)
class Decided:
    """What goes, and how much stays for which reason."""

    audience: Audience
    protected: set[str]
    """Ids of all that is, names or identifies a protected person: records, links, reports for their texts, verdicts, files."""
    records: set[str] = field(default_factory=set)
    reports: set[str] = field(default_factory=set)
    """Reports that something which goes is stated by."""
    links: list[tuple[str, str]] = field(default_factory=list)
    """Id and first end of each link."""
    withheld: Counter[str] = field(default_factory=Counter)
    counted: set[str] = field(default_factory=set)
    """Reports whose protected persons a summary counts: nothing of them goes but the counts, which are no freer than they are."""
    _refusals: dict[str, Reason | None] = field(default_factory=dict)
    _sources: dict[str, Source] = field(default_factory=dict)

    def record(self, record: str, source: Source, *, chosen: bool) -> bool:
        """Decide on a record, which an officer has ticked or not."""
        reason = self._reason(record, source)
        if reason is None and not chosen:
            reason = Reason.NOT_CHOSEN
        if self._stays(reason):
            return False
        self.records.add(record)
        self.reports.add(source.id)
        return True

    def link(self, link: str, ends: Sequence[str], source: Source) -> bool:
        """Decide on a link: it goes where both its ends go; the records were decided before."""
        reason = self._reason(link, source)
        if reason is None and not self.records.issuperset(ends):
            reason = Reason.ALONE
        if self._stays(reason):
            return False
        self.reports.add(source.id)
        self.links.append((link, ends[0]))
        return True

    def file(self, file: str, source: Source, *, chosen: bool) -> bool:
        """Decide on a file of evidence: it goes with a report that goes."""
        reason = self._reason(file, source)
        if reason is None and not (chosen and source.id in self.reports):
            reason = Reason.NOT_CHOSEN
        return not self._stays(reason)

    def text(self, report: str, *, chosen: bool) -> bool:
        """Decide on the free text of a report that goes."""
        reason = Reason.PROTECTED if report in self.protected else None if chosen else Reason.NOT_CHOSEN
        return not self._stays(reason)

    def judgement(self, judgement: str, pair: Iterable[str], agency: str) -> bool:
        """Decide on a verdict: it goes where both records go; verdicts about others are not even counted."""
        if not self.records.issuperset(pair) or agency != self.audience.sender:
            return False
        return not self._stays(Reason.PROTECTED if judgement in self.protected else None)

    def counts(self, source: Source) -> bool:
        """Say whether a summary may count whom a report speaks of; it takes the report's marking."""
        if self._refused(source) is not None:
            return False
        self.counted.add(source.id)
        return True

    @property
    def limits(self) -> Limits:
        """The strictest marking inside: the meet of all that goes."""
        return meet_of(self._sources[report].limits for report in sorted(self.reports | self.counted))

    def _reason(self, this: str, source: Source) -> Reason | None:
        if this in self.protected:
            return Reason.PROTECTED
        return self._refused(source)

    def _refused(self, source: Source) -> Reason | None:
        if source.id not in self._refusals:
            self._refusals[source.id] = self.audience.refuses(source)
            self._sources[source.id] = source
        return self._refusals[source.id]

    def _stays(self, reason: Reason | None) -> bool:
        if reason is not None:
            self.withheld[reason.value] += 1
        return reason is not None


def near(starts: Iterable[str], ties: Iterable[tuple[str, str]], hops: int) -> dict[str, int]:
    """Return how many ties away from the nearest start each record is, as far as `hops`."""
    around: dict[str, list[str]] = {}
    for one, other in ties:
        around.setdefault(one, []).append(other)
        around.setdefault(other, []).append(one)
    found = dict.fromkeys(starts, 0)
    edge = list(found)
    for distance in range(1, hops + 1):
        edge = [o for one in edge for o in around.get(one, ()) if o not in found]
        found |= dict.fromkeys(edge, distance)
        edge = list(dict.fromkeys(edge))
    return found


def counted(withheld: Mapping[str, int]) -> list[tuple[str, int]]:
    """List reasons and numbers, most first."""
    return sorted(withheld.items(), key=lambda one: (-one[1], one[0]))
