"""Victims: some landings carry somebody who was held or forced; the truth file knows them by pseudonym alone."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from jpa.operations.vault import pseudonym
from jpa.world.people import draw_person, spelled
from jpa.world.plan import WorldReport
from jpa.world.region import Region

_AGE_BANDS: Final = ("9\u201317", "18\u201320", "21\u201323", "24\u201326", "30\u201338")
_FORMS: Final = ("ForcedLabour", "SexualExploitation", "Servitude", "ForcedBegging")
_SHARE: Final = 0.3
"""Of boarding reports."""


def add_victims(region: Region, reports: Iterable[WorldReport]) -> list[WorldReport]:
    """Let some boarding reports name a victim in their text, as officers do before they know better."""
    found = []
    for report in reports:
        if report.title == "Boarding report" and len(report.victims) == 0 and region.chance(_SHARE):
            name = spelled(region, draw_person(region))
            victim = (name, region.random.choice(_AGE_BANDS), region.random.choice(_FORMS))
            text = f"{report.text} One passenger, {name}, said that the debt was to be worked off in a house that nobody may leave."
            found.append(replace(report, text=text, victims=(victim,)))
        else:
            found.append(report)
    return found


def pseudonyms(reports: Sequence[WorldReport]) -> list[dict[str, str]]:
    """Name each victim as the vault will: by number inside the case, in the order of the reports."""
    counts: dict[str, int] = {}
    named = []
    for report in reports:
        for _ in report.victims:
            counts[report.case] = counts.get(report.case, 0) + 1
            named.append(
                {"case": report.case, "report": report.source_reference, "pseudonym": pseudonym(counts[report.case])}
            )
    return named
