"""Who may read and who may do what; pure rules over what was loaded for this request.

A read needs one readable compartment *and* a marking that permits the reader (docs/architecture.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from jpa.model.officer import Officer, Role


class Action(StrEnum):
    """Everything an officer can ask for; each service names exactly one."""

    READ = "read"
    SEARCH = "search"
    OPEN_CASE = "open case"
    EDIT_CASE = "edit case"
    ADD_REPORT = "add report"
    CORRECT_RECORD = "correct record"
    RETRACT = "retract"
    IMPORT = "import"
    EXPORT = "export"
    JUDGE = "judge"
    RUN_RESOLUTION = "run resolution"
    RUN_DETECTION = "run detection"
    DECIDE_CANDIDATE = "decide candidate"
    ADMINISTER = "administer"
    READ_DIRECTORY = "read directory"
    READ_AUDIT = "read audit"
    READ_STATISTICS = "read statistics"
    RECORD_OUTCOME = "record an outcome"
    REPORT_OUTCOME = "report an outcome of the agency"
    REPORT_INCIDENT = "report an incident"
    CLAIM_OUTCOME = "credit an outcome to a joint period"
    SIGN_CLAIM = "sign a claim second"
    KEEP_ARTICLES = "keep the table of articles"
    READ_RELEASE = "read releases"
    MAKE_RELEASE = "make a release"
    SIGN_RELEASE = "sign a release"
    WITHDRAW_RELEASE = "withdraw a release"
    READ_RETURN = "read returns"
    MAKE_RETURN = "make a return"
    RELEASE_RETURN = "release a return"
    RECEIVE_RETURN = "receive a return"
    DECIDE_RETURN = "accept or question a return"
    TIE_CASE = "tie a case to a joint case"
    READ_AGREEMENT = "read agreements"
    DRAFT_AGREEMENT = "draft an agreement"
    SIGN_AGREEMENT = "sign an agreement second"
    END_AGREEMENT = "end an agreement"
    READ_REQUEST = "read requests"
    COUNT_REQUEST = "count requests"
    ASK_REQUEST = "ask another agency"
    ANSWER_REQUEST = "answer another agency"
    ASK_BLIND = "ask a blind question"
    READ_BLIND = "read blind questions"
    PLAN_ACTION = "post a planned action"
    READ_PLANS = "read planned actions"
    SHARE = "share"
    READ_PACKAGE = "read packages"
    MAKE_PACKAGE = "make a package"
    RELEASE_PACKAGE = "release a package"
    SIGN_SUMMARY = "sign a coded summary second"
    RECEIVE_PACKAGE = "receive a package"
    ADOPT_PACKAGE = "adopt a package"
    DECIDE_PROPOSAL = "decide on a recipient's proposal"
    SEAL_VICTIM = "seal victim"
    OPEN_VAULT = "open vault"
    APPROVE_VAULT = "approve opening the vault"


_READERS: Final = frozenset({Role.READ, Role.CONTRIBUTE, Role.LEAD, Role.ANALYST, Role.LIAISON, Role.SUPERVISOR})
_WRITERS: Final = frozenset({Role.CONTRIBUTE, Role.LEAD})
_SIGNATORIES: Final = frozenset({Role.LEAD, Role.LIAISON, Role.SUPERVISOR})
"""Who speaks for the agency towards others."""
_DESK: Final = frozenset({Role.LIAISON, Role.SUPERVISOR})
"""Who reads what other agencies ask and answer."""

ALLOWED: Final[Mapping[Action, frozenset[Role]]] = {
    Action.READ: _READERS,
    Action.SEARCH: _READERS,
    Action.OPEN_CASE: frozenset({Role.LEAD, Role.SUPERVISOR}),
    Action.EDIT_CASE: frozenset({Role.LEAD}),
    Action.ADD_REPORT: _WRITERS,
    Action.CORRECT_RECORD: _WRITERS,
    Action.RETRACT: frozenset({Role.LEAD}),
    Action.IMPORT: _WRITERS,
    Action.EXPORT: frozenset({Role.LEAD, Role.ANALYST, Role.LIAISON, Role.SUPERVISOR}),
    Action.JUDGE: frozenset({Role.CONTRIBUTE, Role.LEAD, Role.ANALYST}),
    Action.RUN_RESOLUTION: frozenset({Role.LEAD, Role.ANALYST}),
    Action.RUN_DETECTION: frozenset({Role.ANALYST}),
    Action.DECIDE_CANDIDATE: frozenset({Role.ANALYST, Role.LEAD}),
    Action.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
    Action.READ_DIRECTORY: _READERS | {Role.ADMINISTRATOR},
    Action.READ_AUDIT: frozenset({Role.AUDITOR}),
    Action.READ_STATISTICS: frozenset({Role.SUPERVISOR, Role.ANALYST}),
    Action.RECORD_OUTCOME: _WRITERS,
    Action.REPORT_OUTCOME: frozenset({Role.LEAD, Role.SUPERVISOR, Role.LIAISON}),
    Action.REPORT_INCIDENT: _WRITERS | {Role.SUPERVISOR, Role.LIAISON},
    Action.CLAIM_OUTCOME: frozenset({Role.LEAD, Role.SUPERVISOR}),
    Action.SIGN_CLAIM: frozenset({Role.LEAD, Role.SUPERVISOR}),
    Action.KEEP_ARTICLES: frozenset({Role.SUPERVISOR, Role.ANALYST}),
    Action.READ_RELEASE: frozenset({Role.SUPERVISOR}),
    Action.MAKE_RELEASE: frozenset({Role.SUPERVISOR}),
    Action.SIGN_RELEASE: frozenset({Role.SUPERVISOR}),
    Action.WITHDRAW_RELEASE: frozenset({Role.SUPERVISOR}),
    Action.READ_RETURN: frozenset({Role.LIAISON, Role.SUPERVISOR}),
    Action.MAKE_RETURN: frozenset({Role.LIAISON, Role.SUPERVISOR}),
    Action.RELEASE_RETURN: frozenset({Role.SUPERVISOR}),
    Action.RECEIVE_RETURN: frozenset({Role.LIAISON, Role.SUPERVISOR}),
    Action.DECIDE_RETURN: frozenset({Role.SUPERVISOR}),
    Action.TIE_CASE: frozenset({Role.LEAD, Role.SUPERVISOR}),
    Action.READ_AGREEMENT: _SIGNATORIES,
    Action.DRAFT_AGREEMENT: _SIGNATORIES,
    Action.SIGN_AGREEMENT: _SIGNATORIES,
    Action.END_AGREEMENT: _SIGNATORIES,
    Action.READ_REQUEST: _READERS,
    Action.COUNT_REQUEST: _DESK,
    Action.ASK_REQUEST: frozenset({Role.LIAISON}),
    Action.ANSWER_REQUEST: frozenset({Role.LIAISON}),
    Action.ASK_BLIND: frozenset({Role.LIAISON}),
    Action.READ_BLIND: _SIGNATORIES,
    Action.PLAN_ACTION: frozenset({Role.LEAD, Role.LIAISON}),
    Action.READ_PLANS: _SIGNATORIES,
    Action.SHARE: frozenset({Role.LIAISON}),
    Action.READ_PACKAGE: frozenset({Role.LIAISON, Role.SUPERVISOR, Role.LEAD}),
    Action.MAKE_PACKAGE: frozenset({Role.LIAISON}),
    Action.RELEASE_PACKAGE: frozenset({Role.LIAISON, Role.SUPERVISOR}),
    Action.SIGN_SUMMARY: _SIGNATORIES,
    Action.RECEIVE_PACKAGE: frozenset({Role.LIAISON, Role.SUPERVISOR}),
    Action.ADOPT_PACKAGE: frozenset({Role.LEAD}),
    Action.DECIDE_PROPOSAL: frozenset({Role.LEAD}),
    Action.SEAL_VICTIM: frozenset({Role.LEAD, Role.CONTRIBUTE}),
    Action.OPEN_VAULT: frozenset({Role.LEAD}),
    Action.APPROVE_VAULT: frozenset({Role.LEAD, Role.SUPERVISOR}),
}
"""The rule book: which roles may ask for an action at all; the object is checked by the readership."""


def can(officer: Officer, action: Action) -> bool:
    """Say whether any role of the officer allows the action."""
    return not officer.roles.isdisjoint(ALLOWED[action])


@dataclass(frozen=True, slots=True)
class Readership:
    """What one officer may read in this request; goes into every query as parameters, never cached."""

    officer: Officer
    compartments: frozenset[str]
    """Case and grant ids of which the officer may read the content."""
    team: frozenset[str] = field(default_factory=frozenset)
    """The cases among them whose team the officer is on: where they may also write, and read TLP:RED."""
    jpas: frozenset[str] = field(default_factory=frozenset)
    """The joint periods that the officer's state takes part in."""

    @property
    def audience(self) -> list[str]:
        """Tokens that a marking's release set is compared with (`jpa.model.marking`)."""
        return [
            "*",
            f"agency:{self.officer.agency}",
            f"state:{self.officer.state}",
            *(f"jpa:{j}" for j in sorted(self.jpas)),
            *(f"team:{c}" for c in sorted(self.team)),
        ]

    def parameters(self) -> dict[str, Any]:
        """Return the two parameters that the gate compares with every record, link and report."""
        return {"compartments": sorted(self.compartments), "audience": self.audience}
