"""The officer's own account: log in, password, second factor, sessions."""

from datetime import datetime

from jpa.errors import AuthenticationError, InvalidInputError
from jpa.model.account import Account, Session
from jpa.model.audit import AuditTag, Outcome
from jpa.services import officers
from jpa.services.installation import Installation
from jpa.services.stores import Ask


def log_in(here: Installation, login: str, password: str, code: str, at: datetime, purpose: str = "") -> Account:
    """Let an officer in; a failure stands in the log under a digest of the name, for what was typed may be a password."""
    try:
        account = here.accounts.authenticate(login, password, code, at)
    except AuthenticationError:
        tried = here.stores.audit.hmac(login.casefold())
        here.stores.audit.note(AuditTag.LOGIN_FAILED, None, at=at, outcome=Outcome.REFUSED, details={"login": tried})
        raise
    officers.sign_in(here, account, at, purpose)
    return account


def step_up(here: Installation, ask: Ask, password: str, code: str) -> None:
    """Let an officer prove anew who they are, right before an act that cannot be taken back; a failure counts as one to log in."""
    known = here.accounts.known(ask.officer.id)
    try:
        here.accounts.authenticate(known.login, password, code, ask.at)
    except AuthenticationError as error:
        here.stores.audit.note(
            AuditTag.STEP_UP_FAILED, ask.officer, at=ask.at, outcome=Outcome.REFUSED, object=ask.officer.id
        )
        problem = (
            "Password or code is wrong, or the code was used before. Wait for the next code, then enter both again."
        )
        raise InvalidInputError("Nothing was done.", {"password": problem}, cause="step-up") from error


def log_out(here: Installation, ask: Ask) -> None:
    """Note that the officer left; the page ends the session."""
    here.stores.audit.note(AuditTag.LOGOUT, ask.officer, at=ask.at, object=ask.officer.id)


def list_sessions(here: Installation, ask: Ask) -> list[Session]:
    """List the officer's own sessions, newest first."""
    note_read(here, ask)
    return here.sessions.listed(ask.officer.id)


def end_session(here: Installation, ask: Ask, digest: str) -> None:
    """End one of the officer's own sessions."""
    with here.stores.audit.act(AuditTag.SESSION_ENDED, ask.officer, at=ask.at, object=ask.officer.id):
        here.sessions.end(digest, ask.officer.id)


def change_password(here: Installation, ask: Ask, old: str, new: str, keep_session: str) -> None:
    """Change the officer's own password; every other session ends."""
    with here.stores.audit.act(AuditTag.PASSWORD_CHANGED, ask.officer, at=ask.at, object=ask.officer.id):
        here.accounts.set_password(ask.officer.id, old, new, keep_session=keep_session)


def enrol_factor(here: Installation, ask: Ask, secret: str, code: str) -> None:
    """Set up the second factor from the secret that the page showed; the code proves that it was taken over."""
    with here.stores.audit.act(AuditTag.TOTP_ENROLLED, ask.officer, at=ask.at, object=ask.officer.id):
        if secret == "":
            raise InvalidInputError("The page was too old.", {"code": "Open the page again and scan the new code."})
        here.accounts.enrol_totp(ask.officer.id, secret, code, ask.at)


def note_read(here: Installation, ask: Ask) -> None:
    """Note that the officer looked at the own account."""
    here.stores.audit.note(AuditTag.ACCOUNT_READ, ask.officer, at=ask.at, object=ask.officer.id)
