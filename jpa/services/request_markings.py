"""How far what one desk writes to another may go: the marking as its form says it, and its limits beside a ceiling."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jpa.errors import InvalidInputError
from jpa.model.agreement import CEILING_RELEASES, Partner
from jpa.model.limits import HANDLING, Limits, limits_of
from jpa.model.marking import Marking, Pap, Release, Tlp
from jpa.services.stores import Ask

NOT_SAID: Final = "Nothing was sent."


@dataclass(frozen=True, slots=True)
class TypedMarking:
    """What a form says of how far a text may go; the names of the release set follow from whom it goes to."""

    tlp: str = Tlp.AMBER.value
    release: str = Release.NAMED_STATES.value
    handling: str = ""
    pap: str = Pap.AMBER.value


def marked_for(typed: TypedMarking, to: Partner, jpa: str) -> Marking:
    """Understand the marking of a text that goes to a partner."""
    problems = {}
    if typed.tlp not in set(Tlp):
        problems["tlp"] = f"Choose one of: {', '.join(Tlp)}."
    if typed.pap not in set(Pap):
        problems["pap"] = f"Choose one of: {', '.join(Pap)}."
    if typed.handling.strip().upper() not in HANDLING:
        problems["handling"] = f"It is none of {' '.join(HANDLING).strip()}."
    if typed.release not in {r.value for r in CEILING_RELEASES}:
        problems["release"] = f"Choose one of: {', '.join(CEILING_RELEASES)}."
    elif typed.release == Release.JPA and jpa == "":
        problems["release"] = "Choose the joint period that the request counts for, or another release set."
    if len(problems) > 0:
        raise InvalidInputError(NOT_SAID, problems, cause="marking")
    names: Sequence[str] = {Release.NAMED_STATES: (to.agency.state,), Release.JPA: (jpa,)}.get(
        Release(typed.release), ()
    )
    try:
        return Marking(
            Tlp(typed.tlp), Release(typed.release), tuple(names), typed.handling.strip().upper(), Pap(typed.pap)
        )
    except InvalidInputError as error:
        raise InvalidInputError(NOT_SAID, error.fields, cause="marking") from error


def limits_for(ask: Ask, marking: Marking, case: str) -> Limits:
    """Return the limits of a text of the own agency that rests on a case."""
    return limits_of(marking, agency=ask.officer.agency, state=ask.officer.state, case=case)
