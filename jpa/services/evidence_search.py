"""Evidence that names somebody sealed: searched as far as it is text, and closed but for break-glass (decision 0014)."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jpa.errors import ConflictError, ForbiddenError, IntegrityError, InvalidInputError
from jpa.graph import cases, evidence, sealing
from jpa.graph.session import Tx
from jpa.interchange.texts import MOST_BYTES, read_text
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.break_glass import VaultState
from jpa.model.case import Case
from jpa.model.evidence import EvidenceFile
from jpa.services.cases import writing
from jpa.services.stores import Ask, Event, Stores, found, read, write

_PSEUDONYM: Final = re.compile(r"\[victim V-\d+\]")


class Finding(StrEnum):
    """What a search of one file came to."""

    NAMES = "names"
    CLEAR = "names nobody sealed"
    UNSEARCHED = "cannot be searched"
    RESTRICTED = "restricted already"
    DAMAGED = "altered or missing"


@dataclass(frozen=True, slots=True)
class Searched:
    """One file of a case and whom it names."""

    file: EvidenceFile
    finding: Finding
    names: tuple[str, ...] = ()
    """Pseudonyms."""


@dataclass(frozen=True, slots=True)
class SearchedCase:
    """The evidence of a case, searched for its victims."""

    case: Case
    victims: Sequence[str]
    """Pseudonyms."""
    files: Sequence[Searched]


def search_evidence(stores: Stores, ask: Ask, case: str) -> SearchedCase:
    """Search every file of a case that is text for everybody sealed in it; what hits comes first."""

    def work(tx: Tx, reader: Readership) -> SearchedCase:
        this = writing(tx, reader, found(cases.case_tx(tx, reader, case)).id)
        victims = [v["pseudonym"] for v in sealing.victims_tx(tx, reader, case)]
        return SearchedCase(this, victims, [Searched(f, Finding.CLEAR) for f in evidence.of_case_tx(tx, reader, case)])

    # The bytes are read after the transaction: they may be many, and Neo4j need not wait for them.
    listed = read(stores, ask, Action.SEAL_VICTIM, Event(AuditTag.EVIDENCE_SEARCHED, case), work)
    names = names_in(stores, case)
    files = sorted(
        (_searched(stores, s.file, names) for s in listed.files), key=lambda s: list(Finding).index(s.finding)
    )
    return SearchedCase(listed.case, listed.victims, files)


def restrict_files(stores: Stores, ask: Ask, case: str, files: Sequence[str], victims: Sequence[str]) -> int:
    """Close files of a case to everybody without an approved request for one of these victims; returns how many."""

    def work(tx: Tx, reader: Readership, _: object) -> int:
        writing(tx, reader, case)
        known = {v["pseudonym"] for v in sealing.victims_tx(tx, reader, case)}
        mine = {f.id for f in evidence.of_case_tx(tx, reader, case)}
        problems = {}
        if len(files) == 0 or not set(files) <= mine:
            problems["files"] = "Choose one or more files of this case."
        if len(victims) == 0 or not set(victims) <= known:
            problems["victims"] = "Choose whom the files name."
        if len(problems) > 0:
            raise InvalidInputError("Nothing was restricted.", problems)
        return evidence.restrict_tx(tx, case, sorted(set(files)), sorted(set(victims)))

    details = {"files": sorted(set(files)), "victims": sorted(set(victims))}
    return write(stores, ask, Action.SEAL_VICTIM, Event(AuditTag.EVIDENCE_RESTRICTED, case, details), work)


def names_in(stores: Stores, case: str) -> Callable[[str], tuple[str, ...]]:
    """Return what finds the pseudonyms of everybody sealed in a case whom a text names."""
    redact = stores.vault.redactor(case)

    def names(text: str) -> tuple[str, ...]:
        said = redact(text)
        return () if said == text else tuple(sorted(set(_PSEUDONYM.findall(said)) - set(_PSEUDONYM.findall(text))))

    return names


def names_of(pieces: Iterable[bytes], size: int, names: Callable[[str], tuple[str, ...]]) -> tuple[str, ...] | None:
    """Return whom a file names; None where it cannot be searched."""
    text = read_text(b"".join(pieces)) if size <= MOST_BYTES else None
    return None if text is None else names(text)


def require_opening(stores: Stores, ask: Ask, file: EvidenceFile) -> str:
    """Refuse to open a restricted file without an approved request of this officer; returns the request's id, if one is needed."""
    if len(file.restricted) == 0:
        return ""
    for request in stores.break_glass.of_agency(ask.officer.agency):
        fits = request.case == file.case and request.asker == ask.officer.id and request.pseudonym in file.restricted
        if fits and request.state(ask.at) is VaultState.APPROVED:
            return request.id
    raise ForbiddenError(
        f"This file names {', '.join(file.restricted)}. It opens only while your request for that identity is approved: "
        "ask for it on the page of the case."
    )


def _searched(stores: Stores, file: EvidenceFile, names: Callable[[str], tuple[str, ...]]) -> Searched:
    if len(file.restricted) > 0:
        return Searched(file, Finding.RESTRICTED, file.restricted)
    try:
        named = names_of(stores.evidence.pieces(file.case, file.digest), file.size, names)
    except (IntegrityError, ConflictError):
        return Searched(file, Finding.DAMAGED)
    if named is None:
        return Searched(file, Finding.UNSEARCHED)
    return Searched(file, Finding.NAMES, named) if len(named) > 0 else Searched(file, Finding.CLEAR)
