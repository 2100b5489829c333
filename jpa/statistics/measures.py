"""The registry of measures: what is counted, in which unit, by which rules [T1].

Units, stages and rules follow the metadata of the UN-CTS and of Eurostat's crim_thb: persons, charges and events are never
added up with each other. Lines of the joint periods' communiqués are measures like all others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Final

from jpa.errors import InvalidInputError


class Unit(StrEnum):
    """What one counts."""

    PERSON = "person"
    CHARGE = "charge"
    CASE = "case"
    EVENT = "event"


class DateRule(StrEnum):
    """Which date puts it into a period."""

    OUTCOME = "the date of the outcome itself"


class PlaceRule(StrEnum):
    """Which state it counts for."""

    WHERE = "the state where it happened"
    REPORTING = "the state of the agency that reports it"


class DuplicateRule(StrEnum):
    """What happens when the same thing is entered more than once."""

    ONCE = "counted once in each cell and once in each total, through entities as merged"
    EACH = "every outcome counts, with its number where several were entered as one"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure with one definition; every page, chart, file and answer of the API takes it from here."""

    name: str
    label: str
    unit: Unit
    kinds: frozenset[str]
    """Names in `OUTCOME_KINDS`."""
    stage: str
    place_rule: PlaceRule
    duplicate_rule: DuplicateRule
    note: str = ""
    date_rule: DateRule = DateRule.OUTCOME
    after_appeal: bool = False
    """Leaves out verdicts that an appeal set aside."""
    only: tuple[tuple[str, str, frozenset[str]], ...] = ()
    """(kind, dimension, labels): of this kind only outcomes with one of these labels count."""

    @property
    def definition(self) -> str:
        """The definition in one sentence, shown beside each figure."""
        words = f"Unit: {self.unit}. Stage: {self.stage}. Date: {self.date_rule}. Place: {self.place_rule}. Each is {self.duplicate_rule}."
        return f"{words} {self.note}".strip().replace("Each is every outcome counts", "Every outcome counts")


@dataclass(frozen=True, slots=True)
class Part:
    """A measure that is a slice of another: it counts what the other counts with one of these labels, nothing else."""

    of: str
    dimension: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtMost:
    """A measure that is nowhere more than another: in no cell of any table, whatever was entered."""

    small: str
    large: str
    why: str
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Dimension to the labels of the smaller that this is said of; empty: of all."""


Only = tuple[tuple[str, str, frozenset[str]], ...]
_MADE_ON_APPEAL: Final[Only] = (("appeal decided", "result", frozenset({"acquittal overturned"})),)
_IMPRISONED: Final[Only] = (("sentenced", "sentence", frozenset({"imprisonment", "life"})),)


def _once(
    unit: Unit,
    name: str,
    label: str,
    stage: str,
    *kinds: str,
    note: str = "",
    after_appeal: bool = False,
    only: Only = (),
) -> Measure:
    return Measure(
        name=name,
        label=label,
        unit=unit,
        kinds=frozenset(kinds),
        stage=stage,
        place_rule=PlaceRule.WHERE,
        duplicate_rule=DuplicateRule.ONCE,
        note=note,
        after_appeal=after_appeal,
        only=only,
    )


_persons = partial(_once, Unit.PERSON)
_charges = partial(_once, Unit.CHARGE)


def _events(name: str, label: str, *kinds: str, place: PlaceRule = PlaceRule.WHERE, note: str = "") -> Measure:
    return Measure(name, label, Unit.EVENT, frozenset(kinds), "event", place, DuplicateRule.EACH, note)


MEASURES: Final[Mapping[str, Measure]] = {
    measure.name: measure
    for measure in (
        _persons("suspects_identified", "Suspects identified", "identified", "identified"),
        _persons("persons_arrested", "Persons arrested", "arrested", "arrested"),
        _persons("persons_charged", "Persons charged", "charged", "charged"),
        _persons("persons_prosecuted", "Persons prosecuted", "prosecuted", "prosecuted"),
        _persons("persons_convicted", "Persons convicted", "convicted, after appeals", "convicted", "appeal decided",
                 note="A person whose last conviction an appeal set aside is not counted; one convicted on appeal is.",
                 after_appeal=True, only=_MADE_ON_APPEAL),
        _persons("persons_convicted_first_instance", "Persons convicted at first instance", "convicted", "convicted",
                 note="Appeals do not change it."),
        _persons("persons_acquitted", "Persons acquitted", "acquitted, after appeals", "acquitted",
                 note="Of at least one charge; a person may also be convicted of another.", after_appeal=True),
        _persons("persons_sentenced", "Persons sentenced", "sentenced", "sentenced"),
        _persons("persons_imprisoned", "Persons imprisoned", "sentenced", "sentenced",
                 note="Imprisonment, for life included; suspended sentences are not.", only=_IMPRISONED),
        _persons("persons_extradited", "Extraditions granted", "extradition granted", "extradition granted"),
        _persons("persons_returned", "Persons returned", "returned", "returned"),
        _charges("charges_laid", "Charges laid", "charged", "charged"),
        _charges("charges_convicted", "Charges ending in conviction", "convicted, after appeals", "convicted", "appeal decided",
                 after_appeal=True, only=_MADE_ON_APPEAL),
        _charges("charges_acquitted", "Charges ending in acquittal", "acquitted, after appeals", "acquitted", after_appeal=True),
        Measure("investigations_opened", "Investigations opened", Unit.CASE, frozenset({"investigation opened"}), "opened",
                PlaceRule.REPORTING, DuplicateRule.ONCE),
        _persons("victims_assisted", "Trafficked persons assisted", "assisted", "victim assisted",
                 note="Coded facts only; where no coded person is entered, the number given counts."),
        _persons("victims_rescued", "Victims rescued", "rescued", "victim rescued",
                 note="Coded facts only; where no coded person is entered, the number given counts."),
        _persons("officers_trained", "Officers trained", "trained", "officer trained", note="Attendances; officers are not told apart."),
        _events("search_warrants", "Search warrants executed", "search warrant"),
        _events("seizures", "Seizures", "seizure", "vessel seized", "document seized"),
        _events("vessels_seized", "Vessels seized", "vessel seized"),
        _events("documents_seized", "Documents seized", "document seized"),
        _events("extraditions_requested", "Extraditions requested", "extradition requested", place=PlaceRule.REPORTING),
        _events("extraditions_refused", "Extraditions refused", "extradition refused", place=PlaceRule.REPORTING),
        _events("intelligence_shared", "Intelligence reports shared", "intelligence shared", place=PlaceRule.REPORTING),
        _events("enquiries", "Enquiries between states", "enquiry", place=PlaceRule.REPORTING),
        _events("awareness_activities", "Awareness activities", "awareness activity"),
        _events("training_sessions", "Training sessions", "training session"),
    )
}  # fmt: skip
"""Every measure by name, in the order of the chain."""

PARTS: Final[Mapping[str, Part]] = {
    "persons_imprisoned": Part("persons_sentenced", "sentence", ("imprisonment", "life")),
    "vessels_seized": Part("seizures", "kind", ("vessel seized",)),
    "documents_seized": Part("seizures", "kind", ("document seized",)),
}
"""Measures that are a slice of another, by definition."""
AT_MOST: Final = (
    AtMost("persons_charged", "charges_laid", "everyone charged is charged with at least one thing"),
    AtMost("persons_convicted", "charges_convicted", "everyone convicted is convicted of at least one charge"),
    AtMost("persons_acquitted", "charges_acquitted", "everyone acquitted is acquitted of at least one charge"),
    AtMost("persons_convicted", "persons_convicted_first_instance", "a conviction that stands was one at first instance",
           {"kind": ("convicted",)}),
)  # fmt: skip
"""What readers know of two measures without having seen a figure, because the definitions say so.

Not here, because nothing in the definitions makes it so: that the arrested are more than the charged (a summons arrests nobody), or
the charged more than the convicted (a court may convict whom another agency charged).
"""


def measure_of(name: str) -> Measure:
    """Return a measure; InvalidInputError that names the choice for any other text."""
    if name not in MEASURES:
        raise InvalidInputError(
            "No such figure.", {"measure": f"{name!r} is no measure; choose of {', '.join(MEASURES)}"}
        )
    return MEASURES[name]
