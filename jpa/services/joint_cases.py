"""Joint cases: two agencies tie their cases by a code, so that returns count once whoever stands in both (decision 0022)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jpa.graph import cases
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Case
from jpa.operations.agency_keys import drawn
from jpa.services.claims import claiming
from jpa.services.stores import Ask, Event, Stores, read, write
from jpa.statistics.pseudonyms import DRAWN, code_of, read_code

MOST: Final = 500
"""Cases that are listed."""


@dataclass(frozen=True, slots=True)
class TiedCase:
    """One case of the own agency, and the code of its joint case; empty where it has none."""

    case: Case
    code: str


def list_cases(stores: Stores, ask: Ask) -> list[TiedCase]:
    """List the own agency's cases that the officer may read with their codes, tied ones first."""

    def work(tx: Tx, reader: Readership) -> list[TiedCase]:
        codes = stores.agency_keys.joint_codes()
        own = [c for c, _, _ in cases.cases_tx(tx, reader, limit=MOST) if c.agency == ask.officer.agency]
        return sorted((TiedCase(c, codes.get(c.id, "")) for c in own), key=lambda t: t.code == "")

    return read(stores, ask, Action.TIE_CASE, Event(AuditTag.CASE_LISTED), work)


def tie_case(stores: Stores, ask: Ask, case: str, code: str) -> str:
    """Tie a case to a joint case by the other agency's code, or by a new one where none is given; returns the code."""
    kept = code_of(drawn(DRAWN)) if code.strip() == "" else read_code(code)
    _tie(stores, ask, case, kept)
    return kept


def untie_case(stores: Stores, ask: Ask, case: str) -> None:
    """Take a case out of its joint case; returns made from now on count it by itself."""
    _tie(stores, ask, case, "")


def _tie(stores: Stores, ask: Ask, case: str, code: str) -> None:
    def work(tx: Tx, reader: Readership, _: object) -> Sequence[str]:
        this = claiming(tx, reader, case)
        stores.agency_keys.tie_case(this.id, code)
        return ()

    write(stores, ask, Action.TIE_CASE, Event(AuditTag.CASE_TIED, case, {"tied": code != ""}), work)
