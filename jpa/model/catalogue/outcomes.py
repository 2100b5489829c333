"""Kinds of outcome: what a court, an officer or a joint period brought about, each a dated event [C4, C5].

Kinds follow the criminal-justice chain of the UN-CTS and the lines of the communiqué of JPA 1 (28 September to 28 October
2015); victims' facts are coded by HTCDS 2.0 and the CTDC codebook of February 2024, and never name anyone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jpa.model import codes
from jpa.model.catalogue.victims import VICTIM
from jpa.model.schema import Property
from jpa.model.value_types import (
    AMOUNT,
    COUNTRY,
    CURRENCY,
    DATE,
    GENDER,
    IDENTIFIER,
    LONG_TEXT,
    NUMBER,
    TERM,
    TEXT,
    choice,
)


class About(StrEnum):
    """What an outcome speaks of."""

    PERSON = "person"
    CHARGE = "charge"
    """A person and one charge against that person."""
    VICTIM = "victim"
    EVENT = "event"
    """A thing done or found, in a case or under a joint period."""


@dataclass(frozen=True, slots=True)
class OutcomeKind:
    """One kind of outcome: what it is called, what it speaks of and what is said of it."""

    name: str
    label: str
    plural: str
    about: About
    stage: int = 0
    """Place in the criminal-justice chain, 1 identified to 7 appeal decided; 0: outside it."""
    properties: tuple[Property, ...] = ()
    """Beyond those that all kinds have."""
    without_case: bool = False
    """May be reported for the agency under a joint period, without a case."""

    @property
    def names_person(self) -> bool:
        """Whether it speaks of somebody who may be named; a victim never is."""
        return self.about in {About.PERSON, About.CHARGE}

    def property(self, name: str) -> Property:
        """Return what an outcome of this kind may say under that name; KeyError where there is nothing."""
        return {p.name: p for p in properties_of(self)}[name]


APPEAL_RESULT: Final = choice(
    "appeal result",
    "Result",
    (
        ("upheld", "Conviction upheld"),
        ("overturned", "Conviction set aside"),
        ("acquittal overturned", "Acquittal set aside, convicted"),
        ("sentence changed", "Sentence changed"),
        ("retrial", "Retrial ordered"),
    ),
)
SENTENCE_KIND: Final = choice(
    "sentence kind",
    "Kind of sentence",
    (
        ("imprisonment", "Imprisonment"),
        ("life", "Imprisonment for life"),
        ("suspended", "Suspended imprisonment"),
        ("fine", "Fine"),
        ("community", "Community service"),
        ("death", "Death"),
        ("other", "Other"),
    ),
)
SEIZED_WHAT: Final = choice(
    "thing seized",
    "What",
    (
        ("cash", "Cash"),
        ("funds", "Funds in accounts"),
        ("vehicle", "Vehicles"),
        ("device", "Phones and other devices"),
        ("goods", "Goods"),
        ("weapon", "Weapons"),
        ("real estate", "Real estate"),
        ("other", "Other"),
    ),
)

DATE_OF: Final = Property("date", "Date", DATE, "A month or year alone is enough.", multiple=False, featured=True)
STATE_OF: Final = Property("state", "State", COUNTRY, "Where it happened.", multiple=False, featured=True)
PLACE_OF: Final = Property("place", "Place", TEXT, "Town, port or district.", multiple=False)
COUNT_OF: Final = Property("count", "How many", NUMBER, "Only where they are not entered one by one.", multiple=False)
NOTE_OF: Final = Property("note", "Note", LONG_TEXT, "Never the name of a victim or a migrant.", multiple=False)
_PERSON: Final = (
    Property("reference", "Reference of the person", IDENTIFIER, "Court or register number; tells persons apart who are not entered as records.", multiple=False),
    Property("sex", "Sex", GENDER, multiple=False),
    Property("citizenship", "Citizenship", COUNTRY, multiple=False),
)  # fmt: skip
_OFFENCE: Final = (
    Property("charge", "Charge number", IDENTIFIER, "Number of the charge in the indictment.", multiple=False),
    Property("article", "National article", TEXT, "As the law is cited: Anti-Trafficking Act 2008 s. 6(1).", multiple=False, featured=True),
    Property("offence", "ICCS code", choice("iccs", "ICCS", codes.load("iccs").marked), "Overrides what the article's entry says.", multiple=False),
)  # fmt: skip
_COURT: Final = Property("court", "Court", TEXT, multiple=False)
_PARTNER: Final = Property("partner", "Other state", COUNTRY, "The state asked, told or returned to.", multiple=False)
_RESULT: Final = Property("result", "Result", APPEAL_RESULT, multiple=False, required=True)
_SENTENCE: Final = (
    Property("sentence", "Sentence", SENTENCE_KIND, multiple=False, featured=True),
    Property("length", "Length", TERM, "For example 3 years 6 months.", multiple=False),
    Property("amount", "Amount of the fine", AMOUNT, multiple=False),
    Property("currency", "Currency", CURRENCY, multiple=False),
)
_SEIZED: Final = (
    Property("what", "What", SEIZED_WHAT, multiple=False, featured=True),
    Property("quantity", "How much", NUMBER, multiple=False),
    Property("amount", "Value", AMOUNT, multiple=False),
    Property("currency", "Currency", CURRENCY, multiple=False),
)
_TOPIC: Final = Property("topic", "Subject", TEXT, "What it was about.", multiple=False)


def _person(name: str, label: str, plural: str, stage: int, *more: Property) -> OutcomeKind:
    return OutcomeKind(name, label, plural, About.PERSON, stage, (*_PERSON, *more))


def _charge(name: str, label: str, plural: str, stage: int, *more: Property) -> OutcomeKind:
    return OutcomeKind(name, label, plural, About.CHARGE, stage, (*_PERSON, *_OFFENCE, *more))


def _victim(name: str, label: str, plural: str) -> OutcomeKind:
    return OutcomeKind(name, label, plural, About.VICTIM, 0, VICTIM.coded[:4])


def _event(name: str, label: str, plural: str, *more: Property, without_case: bool = False) -> OutcomeKind:
    return OutcomeKind(name, label, plural, About.EVENT, 0, more, without_case)


OUTCOME_KINDS: Final[Mapping[str, OutcomeKind]] = {
    kind.name: kind
    for kind in (
        _person("identified", "Suspect identified", "Suspects identified", 1),
        _charge("arrested", "Arrest", "Arrests", 2),
        _charge("charged", "Charge", "Charges", 3, _COURT),
        _charge("prosecuted", "Prosecution", "Prosecutions", 4, _COURT),
        _charge("convicted", "Conviction", "Convictions", 5, _COURT),
        _charge("acquitted", "Acquittal", "Acquittals", 5, _COURT),
        _charge("sentenced", "Sentence", "Sentences", 6, _COURT, *_SENTENCE),
        _charge("appeal decided", "Appeal decided", "Appeals decided", 7, _COURT, _RESULT),
        _charge("extradition requested", "Extradition requested", "Extraditions requested", 0, _PARTNER),
        _charge("extradition granted", "Extradition granted", "Extraditions granted", 0, _PARTNER),
        _charge("extradition refused", "Extradition refused", "Extraditions refused", 0, _PARTNER),
        _person("returned", "Person returned", "Persons returned", 0, _PARTNER),
        _victim("victim assisted", "Victim assisted", "Victims assisted"),
        _victim("victim rescued", "Victim rescued", "Victims rescued"),
        _event("seizure", "Seizure", "Seizures", *_SEIZED),
        _event("vessel seized", "Vessel seized", "Vessels seized"),
        _event("document seized", "Document seized", "Documents seized"),
        _event("search warrant", "Search warrant executed", "Search warrants executed"),
        _event("investigation opened", "Investigation opened", "Investigations opened"),
        _event("intelligence shared", "Intelligence report shared", "Intelligence reports shared", _PARTNER, without_case=True),
        _event("enquiry", "Enquiry to a state", "Enquiries to states", _PARTNER, without_case=True),
        _event("officer trained", "Officer trained", "Officers trained", _TOPIC, without_case=True),
        _event("training session", "Training session", "Training sessions", _TOPIC, without_case=True),
        _event("awareness activity", "Awareness activity", "Awareness activities", _TOPIC, without_case=True),
    )
}  # fmt: skip
"""Every kind by name, in the order of the chain and of the communiqué."""


def properties_of(kind: OutcomeKind) -> tuple[Property, ...]:
    """Return everything that an outcome of this kind may say, in the order of its form."""
    return (DATE_OF, STATE_OF, PLACE_OF, *kind.properties, COUNT_OF, NOTE_OF)


def kind_named(text: str) -> OutcomeKind | None:
    """Return the kind that a file or an officer names: `CONVICTED`, `vessel_seized`, “Conviction”; None for any other text."""
    return _SPELLINGS.get(" ".join(text.replace("_", " ").replace("-", " ").split()).casefold())


def kinds_like(text: str) -> list[OutcomeKind]:
    """Return the kinds that a few typed letters may mean: the one named, else all with a word that begins so."""
    named = kind_named(text)
    if named is not None:
        return [named]
    letters = text.strip().casefold()
    return [
        kind
        for kind in OUTCOME_KINDS.values()
        if letters != "" and any(f" {said.casefold()}".find(f" {letters}") >= 0 for said in (kind.name, kind.label))
    ]


_SPELLINGS: Final[Mapping[str, OutcomeKind]] = {
    said.casefold(): kind for kind in OUTCOME_KINDS.values() for said in (kind.plural, kind.label, kind.name)
}
