"""Audit events: who did what to which object, for which purpose, with which outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class AuditTag(StrEnum):
    """`subject:action`, a closed list; no event carries free text as its kind."""

    LOGIN_SUCCEEDED = "login:succeeded"
    LOGIN_FAILED = "login:failed"
    LOGOUT = "login:ended"
    STEP_UP_FAILED = "login:step-up-failed"
    ACCESS_DENIED = "access:denied"
    SESSION_ENDED = "session:ended"
    PASSWORD_CHANGED = "officer:password-changed"  # noqa: S105 -- the name of an event
    OFFICER_CREATED = "officer:created"
    OFFICER_CHANGED = "officer:changed"
    OFFICER_DISABLED = "officer:disabled"
    OFFICER_ENABLED = "officer:enabled"
    OFFICER_RELEASED = "officer:released"
    PASSWORD_RESET = "officer:password-reset"  # noqa: S105 -- the name of an event
    FACTOR_RESET = "officer:factor-reset"
    TOTP_ENROLLED = "officer:totp-enrolled"
    TOKEN_CREATED = "token:created"  # noqa: S105 -- the name of an event
    TOKEN_REVOKED = "token:revoked"  # noqa: S105 -- the name of an event
    AGENCY_CREATED = "agency:created"
    AGENCY_CHANGED = "agency:changed"
    TEAM_CHANGED = "team:changed"
    LEAD_NAMED = "team:lead-named"
    AGREEMENT_READ = "agreement:read"
    AGREEMENT_DRAFTED = "agreement:drafted"
    AGREEMENT_SIGNED = "agreement:signed"
    AGREEMENT_ENDED = "agreement:ended"
    REQUEST_DRAFTED = "request:drafted"
    REQUEST_SENT = "request:sent"
    REQUEST_ACKNOWLEDGED = "request:acknowledged"
    REQUEST_ANSWERED = "request:answered"
    REQUEST_REFUSED = "request:refused"
    REQUEST_WITHDRAWN = "request:withdrawn"
    REQUEST_REMINDED = "request:reminded"
    REQUEST_MESSAGED = "request:messaged"
    REQUEST_READ = "request:read"
    REQUEST_RECEIVED = "request:received"
    REQUEST_COUNTED = "request:counted"
    BLIND_ASKED = "blind:asked"
    BLIND_ANSWERED = "blind:answered"
    BLIND_TOLD = "blind:told"
    BLIND_READ = "blind:read"
    BLIND_CHECKED = "blind:checked"
    BLIND_SWEPT = "blind:swept"
    PLAN_POSTED = "planned-action:posted"
    PLAN_WITHDRAWN = "planned-action:withdrawn"
    PLAN_COLLIDED = "planned-action:collided"
    PLAN_READ = "planned-action:read"
    PLAN_ASKED = "planned-action:asked"
    """Of a partner elsewhere, whether it meets a plan there."""
    PLAN_ANSWERED = "planned-action:answered"
    PLAN_HEARD = "planned-action:heard"
    PLAN_TOLD = "planned-action:told"
    """By a partner that had asked: what it heard."""
    PLAN_CHECKED = "planned-action:checked"
    GRANT_CREATED = "grant:created"
    GRANT_READ = "grant:read"
    GRANT_REVOKED = "grant:revoked"
    JPA_CREATED = "jpa:created"
    JPA_CHANGED = "jpa:changed"
    PLAN_CREATED = "plan:created"
    PLAN_CHANGED = "plan:changed"
    CASE_OPENED = "case:opened"
    CASE_CHANGED = "case:changed"
    CASE_READ = "case:read"
    CASE_LISTED = "case:listed"
    DECISION_RECORDED = "case:decision-recorded"
    ACTION_RECORDED = "case:action-recorded"
    REPORT_ADDED = "report:added"
    REPORT_READ = "report:read"
    RECORD_CORRECTED = "record:corrected"
    RECORD_RETRACTED = "record:retracted"
    REPORT_RETRACTED = "report:retracted"
    LINK_RETRACTED = "link:retracted"
    LINK_CORRECTED = "link:corrected"
    RETRACTION_UNDONE = "retraction:undone"
    OUTCOME_RECORDED = "outcome:recorded"
    OUTCOME_CORRECTED = "outcome:corrected"
    OUTCOME_RETRACTED = "outcome:retracted"
    OUTCOME_READ = "outcome:read"
    INCIDENT_RECORDED = "incident:recorded"
    INCIDENT_CORRECTED = "incident:corrected"
    INCIDENT_RETRACTED = "incident:retracted"
    INCIDENT_READ = "incident:read"
    CLAIM_MADE = "claim:made"
    CLAIM_SIGNED = "claim:signed"
    CLAIM_WITHDRAWN = "claim:withdrawn"
    CLAIM_READ = "claim:read"
    ARTICLE_ADDED = "article:added"
    ARTICLE_WITHDRAWN = "article:withdrawn"
    ARTICLE_READ = "article:read"
    FIGURE_READ = "figure:read"
    LEDGER_READ_AHEAD = "figure:ledger-read-ahead"
    VIEW_SAVED = "view:saved"
    VIEW_REMOVED = "view:removed"
    RELEASE_PREVIEWED = "release:previewed"
    RELEASE_DRAFTED = "release:drafted"
    RELEASE_SIGNED = "release:signed"
    RELEASE_WITHDRAWN = "release:withdrawn"
    RELEASE_READ = "release:read"
    RELEASE_WRITTEN = "release:written"
    RELEASE_REPEATED = "release:repeated"
    RELEASE_COMPARED = "release:compared"
    RELEASE_PROVED = "release:proved"
    RELEASE_ORDERED = "release:ordered"
    RELEASES_SWEPT = "release:swept"
    FORM_HANDED_OUT = "form:handed-out"
    RETURN_PREVIEWED = "return:previewed"
    RETURN_DRAFTED = "return:drafted"
    RETURN_RELEASED = "return:released"
    RETURN_SENT = "return:sent"
    RETURN_WITHDRAWN = "return:withdrawn"
    RETURN_READ = "return:read"
    RETURN_WRITTEN = "return:written"
    RETURN_VERIFIED = "return:verified"
    RETURN_RECEIVED = "return:received"
    RETURN_ACCEPTED = "return:accepted"
    RETURN_QUERIED = "return:queried"
    RETURN_REOPENED = "return:reopened"
    RETURN_TOLD = "return:told"
    PACKAGE_PREVIEWED = "package:previewed"
    PACKAGE_ORDERED = "package:ordered"
    PACKAGE_DRAFTED = "package:drafted"
    SUMMARY_ASKED = "summary:asked"
    SUMMARY_SIGNED = "summary:signed"
    PACKAGE_RELEASE_ORDERED = "package:release-ordered"
    PACKAGE_RELEASED = "package:released"
    PACKAGE_DISCARDED = "package:discarded"
    PACKAGE_READ = "package:read"
    PACKAGE_WRITTEN = "package:written"
    PACKAGE_PAGE_WRITTEN = "package:page-written"
    PACKAGE_RECEIVED = "package:received"
    PACKAGE_ADOPTED = "package:adopted"
    PACKAGE_DECLINED = "package:declined"
    NOTICE_DRAFTED = "notice:drafted"
    NOTICE_RELEASED = "notice:released"
    NOTICE_DISCARDED = "notice:discarded"
    NOTICE_READ = "notice:read"
    NOTICE_WRITTEN = "notice:written"
    NOTICE_RECEIVED = "notice:received"
    ACKNOWLEDGEMENT_WRITTEN = "acknowledgement:written"
    ACKNOWLEDGEMENT_RECEIVED = "acknowledgement:received"
    ANSWER_RECEIVED = "answer:received"
    ANSWER_READ = "answer:read"
    ANSWER_DECIDED = "answer:decided"
    RECEIPT_WRITTEN = "receipt:written"
    RECEIPT_RECEIVED = "receipt:received"
    POST_SENT = "post:sent"
    POST_READ = "post:read"
    POST_HURRIED = "post:hurried"
    POST_TAKEN_BACK = "post:taken-back"
    POST_DELIVERED = "post:delivered"
    """One try to bring something to a partner, or the one that brought it."""
    POST_RECEIVED = "post:received"
    POST_REFUSED = "post:refused"
    """A partner's installation asked for an agency that it has nothing to do with."""
    POST_SWEPT = "post:swept"
    POST_CARD_WRITTEN = "post-card:written"
    POST_CARD_PINNED = "post-card:pinned"
    KEY_READ = "key:read"
    KEY_PINNED = "key:pinned"
    KEY_WITHDRAWN = "key:withdrawn"
    CASE_TIED = "case:tied"
    ROLE_STATED = "record:role-stated"
    ENTITY_READ = "entity:read"
    ENTITY_SEARCHED = "entity:searched"
    CHART_READ = "chart:read"
    PROPOSAL_READ = "proposal:read"
    JUDGEMENT_RECORDED = "judgement:recorded"
    RESOLUTION_RUN = "resolution:run"
    DETECTION_RUN = "detection:run"
    CANDIDATE_READ = "candidate:read"
    CANDIDATE_DECIDED = "candidate:decided"
    DRAFT_CREATED = "draft:created"
    DRAFT_READ = "draft:read"
    DRAFT_COMMITTED = "draft:committed"
    DRAFT_DISCARDED = "draft:discarded"
    EXPORT_MADE = "export:made"
    EVIDENCE_ADDED = "evidence:added"
    EVIDENCE_LISTED = "evidence:listed"
    EVIDENCE_READ = "evidence:read"
    EVIDENCE_VERIFIED = "evidence:verified"
    EVIDENCE_SWEPT = "evidence:swept"
    EVIDENCE_SEARCHED = "evidence:searched"
    EVIDENCE_RESTRICTED = "evidence:restricted"
    VICTIM_SEALED = "victim:sealed"
    VAULT_ASKED = "vault:asked"
    VAULT_APPROVED = "vault:approved"
    VAULT_REFUSED = "vault:refused"
    VAULT_OPENED = "vault:opened"
    VAULT_REVIEWED = "vault:reviewed"
    JOB_STARTED = "job:started"
    JOB_CANCELLED = "job:cancelled"
    JOB_READ = "job:read"
    AUDIT_READ = "audit:read"
    AUDIT_VERIFIED = "audit:verified"
    BACKUP_MADE = "backup:made"
    BACKUP_RESTORED = "backup:restored"
    GRAPH_COMPACTED = "graph:compacted"
    MIGRATION_APPLIED = "migration:applied"
    ACCOUNT_READ = "account:read"
    LINES_UNDERSTOOD = "entry:lines-understood"
    START_PAGE_READ = "start:read"
    PAGE_OPENED = "page:opened"
    ADMINISTRATION_READ = "administration:read"
    WORLD_LOADED = "world:loaded"


class Outcome(StrEnum):
    """How an intent ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """Reconciled at start: the process died and the graph did not carry the intent's id."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A stored intent: without one the graph session neither reads nor writes.

    Made only by the audit log; carrying it is the proof that the event stands in the chain.
    """

    id: str
    tag: AuditTag
    actor: str
    """Officer id, or `owner` for upkeep from the command line."""
    at: datetime
    object: str = ""
    """Id of the thing acted on, or empty."""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One link of the chain as it is read back."""

    sequence: int
    id: str
    intent: str
    """The id of the intent that this event opens or closes."""
    tag: AuditTag
    actor: str
    agency: str
    at: datetime
    object: str
    purpose: str
    outcome: Outcome | None
    """None on the intent itself."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Counts and ids only, never personal data; searched words as HMAC."""
    previous: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True)
class AuditAct:
    """One act as a reader sees it: what was intended, and how it ended."""

    opened: AuditEvent
    closed: AuditEvent | None
    """None while it is under way, or when a crash cut it short; a note closes itself."""

    @property
    def outcome(self) -> Outcome | None:
        """How it ended, if it did."""
        return None if self.closed is None else self.closed.outcome

    @property
    def took(self) -> timedelta | None:
        """How long it took; None for a note, for what did not end, and for what a later start closed."""
        if self.closed is None or self.closed is self.opened or self.closed.details.get("reconciled"):
            return None
        return self.closed.at - self.opened.at


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found."""

    events: int
    checkpoints: int
    fault: str = ""
    """The first place that does not hold, in words; empty when all holds."""

    @property
    def whole(self) -> bool:
        """Whether nothing was edited, removed, swapped or cut."""
        return self.fault == ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the log stands, without walking the chain."""

    events: int
    open: int
    """Intents without an outcome: under way, or left by a crash until the next start."""
    signed: int
    """Number of the event that the newest checkpoint signs."""
    signed_at: datetime | None
