"""Reporting forms as data: which figure goes into which line of which sheet [T8].

What could not be read in a primary source is marked `RETOLD`: the line stands as others report it, and is checked against
the form before it is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from jpa.errors import InvalidInputError
from jpa.statistics.incidents import INCIDENT_MEASURES
from jpa.statistics.measures import measure_of

Where = Mapping[str, tuple[str, ...]]


class Scope(StrEnum):
    """What a form is filled for."""

    YEAR = "a year"
    JPA = "a joint period"


class Mark(StrEnum):
    """Where the wording of a line comes from."""

    READ = "read in the primary source"
    RETOLD = "not read in a primary source; check against the form"


@dataclass(frozen=True, slots=True)
class Head:
    """One column of figures."""

    label: str
    where: Where = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a form: its figure, the outcomes it takes in, and how it was mapped."""

    label: str
    measure: str
    where: Where = field(default_factory=dict)
    by: str = ""
    """A dimension whose every label makes a line of its own."""
    note: str = ""
    mark: Mark = Mark.RETOLD

    @property
    def mark_sign(self) -> str:
        """An asterisk for a line that was not read in a primary source."""
        return " *" if self.mark is Mark.RETOLD else ""

    @property
    def of_incidents(self) -> bool:
        """Whether it is counted from incidents, not from outcomes."""
        return self.measure in INCIDENT_MEASURES

    def __post_init__(self) -> None:
        """Refuse a figure that there is not."""
        if not self.of_incidents:
            measure_of(self.measure)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a form."""

    title: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A form with its sheets."""

    name: str
    label: str
    scope: Scope
    note: str
    sheets: tuple[Sheet, ...]
    source: str = ""
    """What was read of it, where and in which edition."""


TRAFFICKING: Final = ("0204", "02041", "02042", "02043", "02044")
SMUGGLING: Final = ("08051",)
_ALL: Final = Head("Total")
_SEX: Final = (
    _ALL,
    Head("Male", {"sex": ("male", "Masculine")}),
    Head("Female", {"sex": ("female", "Feminine")}),
    Head("Other", {"sex": ("other", "TransgenderFeminine", "TransgenderMasculine", "NonConforming")}),
    Head("Unknown", {"sex": ("", "NonSpecifiedUnknown")}),
)
_AGES: Final = (
    _ALL,
    Head("Children", {"ageBand": ("0–8", "9–17")}),  # noqa: RUF001 -- as the CTDC codebook writes its bands
    Head("Adults", {"ageBand": ("18–20", "21–23", "24–26", "27–29", "30–38", "39–47", "48+")}),  # noqa: RUF001
    Head("Unknown", {"ageBand": ("",)}),
)
_FORMS: Final = (
    _ALL,
    Head("Sexual exploitation", {"exploitation": ("SexualExploitation",)}),
    Head("Forced labour", {"exploitation": ("ForcedLabour",)}),
    Head("Organ removal", {"exploitation": ("OrganRemoval",)}),
    Head("Other forms", {"exploitation": (
        "ChildLabour", "ForcedMarriage", "Servitude", "ForcedMilitaryByNonStateActors", "ForcedBegging", "ForcedAdoption", "Surrogacy", "Other",
    )}),
    Head("Unknown", {"exploitation": ("",)}),
)  # fmt: skip
_STAGES: Final = (
    ("Persons arrested", "persons_arrested"),
    ("Persons charged", "persons_charged"),
    ("Persons prosecuted", "persons_prosecuted"),
    ("Persons convicted", "persons_convicted"),
    ("Persons acquitted", "persons_acquitted"),
)
_SUSPECTS: Final = Line(
    "Persons suspected, whatever the offence", "suspects_identified",
    note="An identification names no offence, so that persons suspected of other offences are in this line too.",
)  # fmt: skip
_ASSISTED: Final = "Victims detected are taken as victims assisted; a rescue is a figure of its own."


def _chain(offence: tuple[str, ...], *, by: str = "", mark: Mark = Mark.RETOLD) -> tuple[Line, ...]:
    return tuple(
        Line(label, name, {"offence": offence}, by, "Of the ICCS codes in the definition.", mark)
        for label, name in _STAGES
    )


def _victims(*heads: Head, title: str, mark: Mark = Mark.RETOLD) -> Sheet:
    by_age = (
        Line("Children", "victims_assisted", _AGES[1].where, note=_ASSISTED, mark=mark),
        Line("Adults", "victims_assisted", _AGES[2].where, note=_ASSISTED, mark=mark),
        Line("Age unknown", "victims_assisted", _AGES[3].where, note=_ASSISTED, mark=mark),
        Line("All victims", "victims_assisted", note=_ASSISTED, mark=mark),
    )
    return Sheet(title, heads, by_age)


_CITIZENS: Final = Line("Victims by citizenship", "victims_assisted", by="citizenship", note=_ASSISTED)

COMMUNIQUE: Final = Form(
    "communique", "Communiqué of a joint period", Scope.JPA,
    "The lines of the published report of JPA 1 (28 September to 28 October 2015), read there; convictions as the later letters name them.",
    (
        Sheet("Communiqué", (_ALL,), (
            Line("Trafficked persons assisted", "victims_assisted", mark=Mark.READ),
            Line("Search warrants executed", "search_warrants", mark=Mark.READ),
            Line("Suspects identified", "suspects_identified", mark=Mark.READ),
            Line("Arrests", "persons_arrested", note="Persons, each once.", mark=Mark.READ),
            Line("New investigations", "investigations_opened", mark=Mark.READ),
            Line("Enquiries between states", "enquiries", mark=Mark.READ),
            Line("Awareness activities", "awareness_activities", mark=Mark.READ),
            Line("Training sessions", "training_sessions", mark=Mark.READ),
            Line("Officers trained", "officers_trained", mark=Mark.READ),
            Line("Convictions", "persons_convicted", note="Persons, each once, after appeals; named for JPA 3.", mark=Mark.READ),
        )),
    ),
    "The published report of JPA 1, 28 September to 28 October 2015.",
)  # fmt: skip
GLOTIP: Final = Form(
    "glotip", "GLOTIP questionnaire", Scope.YEAR,
    "UNODC's questionnaire for the Global Report on Trafficking in Persons. Offences and persons in formal contact were read in part in the "
    "edition of 2016; prosecutions, convictions and the tables of victims are as others describe them.",
    (
        Sheet("Offences recorded", (_ALL,), (
            Line("Offences of trafficking in persons", "charges_laid", {"offence": TRAFFICKING}, note="Charges laid stand for offences recorded; the ledger keeps no reports of crime.", mark=Mark.READ),
            Line("By article", "charges_laid", {"offence": TRAFFICKING}, "article", "Each with its penal article.", Mark.READ),
        )),
        Sheet("Persons in formal contact", _SEX, (_SUSPECTS, *_chain(TRAFFICKING, mark=Mark.READ)[:1])),
        Sheet("Prosecuted and convicted by sex", _SEX, _chain(TRAFFICKING)[2:4]),
        Sheet("Convicted by citizenship", _SEX, _chain(TRAFFICKING, by="citizenship")[3:4]),
        _victims(*_SEX, title="Victims by age and sex"),
        Sheet("Victims by form", _FORMS, (Line("All victims", "victims_assisted", note=_ASSISTED),)),
        Sheet("Victims by citizenship", _SEX, (_CITIZENS,)),
    ),
    "UNODC, Questionnaire for the Global Report on Trafficking in Persons 2016 (annex III of the report), questions 1 and 2, from a public copy (scribd.com/document/390661714, read 25 November 2026); its later questions were not in reach.",
)  # fmt: skip
UN_CTS: Final = Form(
    "un-cts", "UN-CTS: trafficking in persons and smuggling of migrants", Scope.YEAR,
    "Units and stages follow the metadata of the UN-CTS; the layout of its sheets was not read in a primary source.",
    (
        Sheet("TIP persons", _SEX, _chain(TRAFFICKING)),
        _victims(*_SEX, title="TIP victims"),
        Sheet("SOM persons", _SEX, _chain(SMUGGLING)),
        Sheet("SOM persons by citizenship", _SEX, _chain(SMUGGLING, by="citizenship")[:1]),
    ),
    "UNODC's page of the Eleventh UN-CTS (unodc.org/unodc/en/data-and-analysis/crime_survey_eleventh.html, read 25 November 2026) says that module A asks for trafficking in persons by each stage of criminal justice; the tables themselves, and a sheet on smuggling, were not in reach.",
)  # fmt: skip
CRIM_THB: Final = Form(
    "crim-thb", "Trafficking in human beings, shaped as Eurostat's crim_thb", Scope.YEAR,
    "The tables' subjects were read in Eurostat's metadata; the citizenships are single states here, as the reporting state outside the "
    "Union has no use for its groups.",
    (
        Sheet("Victims, suspected, convicted", _SEX, (
            Line("Victims", "victims_assisted", note=_ASSISTED, mark=Mark.READ),
            Line("Suspected", "persons_arrested", {"offence": TRAFFICKING}, note="Arrested for it.", mark=Mark.READ),
            Line("Convicted", "persons_convicted", {"offence": TRAFFICKING}, mark=Mark.READ),
        )),
        Sheet("Victims by citizenship", (_ALL,), (Line("Victims by citizenship", "victims_assisted", by="citizenship", note=_ASSISTED, mark=Mark.READ),)),
        Sheet("Victims by form", _FORMS, (Line("All victims", "victims_assisted", note=_ASSISTED, mark=Mark.READ),)),
    ),
    "Eurostat, reference metadata of crim_thb, section 3.1, last certified 24 January 2024 (ec.europa.eu/eurostat/cache/metadata/en/crim_thb_esms.htm, read 25 November 2026).",
)  # fmt: skip
CRIM_SMU: Final = Form(
    "crim-smu", "Smuggling of migrants, shaped as Eurostat's crim_smu", Scope.YEAR,
    "The tables' subjects were read in Eurostat's metadata. Eurostat follows Directive 2002/90/EC, which departs from ICCS 08051 as used here.",
    (
        Sheet("Suspected, convicted, imprisoned", _SEX, (
            Line("Suspected", "persons_arrested", {"offence": SMUGGLING}, note="Arrested for it.", mark=Mark.READ),
            Line("Convicted", "persons_convicted", {"offence": SMUGGLING}, mark=Mark.READ),
            Line("Imprisoned", "persons_imprisoned", {"offence": SMUGGLING}, note="Sentenced to prison.", mark=Mark.READ),
        )),
        Sheet("Suspected by citizenship", (_ALL,), (Line("Suspected by citizenship", "persons_arrested", {"offence": SMUGGLING}, "citizenship", "Arrested for it.", Mark.READ),)),
    ),
    "Eurostat, reference metadata of crim_smu, sections 3.1 and 3.2, last certified 22 April 2024 (ec.europa.eu/eurostat/cache/metadata/en/crim_smu_esms.htm, read 25 November 2026).",
)  # fmt: skip
_MET: Final = "The same person met twice counts twice."
VRS_MSRC: Final = Form(
    "vrs-msrc", "VRS-MSRC non-nominal extract", Scope.YEAR,
    "Non-nominal by the description of the system; its templates were not read. Flows, routes, fees, means and the profile of migrants come from "
    "incidents without names, by the day of the incident; arrests, verdicts and seizures from the ledger of outcomes.",
    (
        Sheet("Flows and routes", (_ALL,), (
            Line("Incidents, by month", "incidents", by="month"),
            Line("Migrants met, by month", "migrants", by="month", note=_MET),
            Line("Incidents, by route", "incidents", by="route"),
            Line("Migrants met, by route", "migrants", by="route", note=_MET),
            Line("Incidents, by state on the way", "incidents", by="transit", note="Under each state on the way."),
            Line("Incidents, by place", "incidents", by="place"),
        )),
        Sheet("Means and methods", (_ALL,), (
            Line("Incidents, by means", "incidents", by="means"),
            Line("Incidents, by method", "incidents", by="method"),
            Line("Incidents, by what came of it", "incidents", by="result"),
        )),
        Sheet("Fees", (_ALL,), (
            Line("Fee paid by one person, middle, by currency", "fee_paid", by="currency"),
            Line("Fee asked of one person, middle, by currency", "fee_asked", by="currency"),
        )),
        Sheet("Profile of migrants", (_ALL,), (
            Line("Migrants met, by nationality", "migrants", by="nationality", note=_MET),
            Line("Migrants met, by sex and age", "migrants", by="group", note=f"From 18 years on, and below. {_MET}"),
        )),
        Sheet("Smugglers met", (_ALL,), (
            Line("Smugglers met, by nationality", "smugglers", by="nationality", note=f"Present at incidents, suspected. {_MET}"),
        )),
        Sheet("Profile of smugglers", _SEX, (
            Line("Arrested, by citizenship", "persons_arrested", {"offence": SMUGGLING}, "citizenship"),
            Line("Convicted, by citizenship", "persons_convicted", {"offence": SMUGGLING}, "citizenship"),
        )),
        Sheet("By month and state", (_ALL,), (
            Line("Arrested, by month", "persons_arrested", {"offence": SMUGGLING}, "month"),
            Line("Arrested, by state", "persons_arrested", {"offence": SMUGGLING}, "state"),
            Line("Vessels seized, by month", "vessels_seized", by="month", note="Whatever the offence."),
            Line("Documents seized, by month", "documents_seized", by="month", note="Whatever the offence."),
            Line("Persons returned, by state returned to", "persons_returned", by="partner", note="Whatever the offence."),
        )),
    ),
    "UNODC on the subjects of the system: size of flows, routes, fees, means and methods, profiles of migrants and of smugglers (unodc.org/southeastasiaandpacific/en/2012/12/vrs-msrc/story.html and unodc.org/roseap/en/2013/07/vrs-launch/story.html, read 25 November 2026); its templates are closed to the public.",
)  # fmt: skip
FORMS: Final[Mapping[str, Form]] = {f.name: f for f in (COMMUNIQUE, GLOTIP, UN_CTS, CRIM_THB, CRIM_SMU, VRS_MSRC)}
"""Every form by name."""


def form_of(name: str) -> Form:
    """Return a form; InvalidInputError that names the choice for any other text."""
    if name not in FORMS:
        raise InvalidInputError("No such form.", {"form": f"{name!r} is no form; choose of {', '.join(FORMS)}."})
    return FORMS[name]
