"""Officers: a log-in in the operations store and a place in the graph, changed together.

Order: intent, operations store, graph, outcome. The log-in is the truth: where a crash in between left the graph behind, the next
save, the next log-in or the next start brings it in step.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import agencies
from jpa.model.access import Action
from jpa.model.account import Account
from jpa.model.audit import AuditTag
from jpa.model.credentials import canonical, officer_problems, random_password
from jpa.model.officer import Role
from jpa.operations.audit import Act
from jpa.services.installation import Installation
from jpa.services.stores import Ask, require


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner of the folder at the command line: no officer, and audited as such."""

    at: datetime


By = Ask | Owner
"""Who may look after officers: an administrator, or the owner of the folder."""


class LoginState(StrEnum):
    """Whether an officer can log in."""

    ACTIVE = "active"
    LOCKED = "locked"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """An officer in a list."""

    account: Account
    agency: str
    """Name of the agency."""
    in_step: bool
    """Whether the graph says the same as the log-in; it does not where a save was cut short."""

    @property
    def state(self) -> LoginState:
        """Whether the officer can log in."""
        if self.account.disabled:
            return LoginState.DISABLED
        return LoginState.LOCKED if self.account.locked else LoginState.ACTIVE


@dataclass(frozen=True, slots=True)
class OfficerFile:
    """An officer as the administrator's page shows it."""

    row: OfficerRow
    sessions: int
    tokens: int


@dataclass(frozen=True, slots=True)
class NewOfficer:
    """What the form for a new officer says."""

    login: str
    name: str
    agency: str
    roles: frozenset[Role]


def list_officers(
    here: Installation, by: By, *, words: str = "", agency: str = "", state: LoginState | None = None
) -> list[OfficerRow]:
    """List officers by log-in name: those of an agency, in a state, or with all of `words` in log-in name and name."""
    wanted = words.casefold().split()
    with _acting(here, by, AuditTag.ADMINISTRATION_READ) as act:
        rows = _rows(here, act, here.accounts.listed())
    return [
        row
        for row in rows
        if agency in {"", row.account.agency}
        and (state is None or row.state is state)
        and all(word in f"{row.account.login} {row.account.name}".casefold() for word in wanted)
    ]


def read_officer(here: Installation, by: By, officer: str) -> OfficerFile:
    """Read one officer, with how many sessions and tokens disabling would end."""
    with _acting(here, by, AuditTag.ADMINISTRATION_READ, officer) as act:
        account = here.accounts.known(officer)
        tokens = [t for t in here.tokens.listed(officer) if t.in_force(by.at)]
        return OfficerFile(_rows(here, act, [account])[0], len(here.sessions.listed(officer)), len(tokens))


def create_officer(here: Installation, by: By, new: NewOfficer) -> tuple[Account, str]:
    """Make an officer; returns the random first password, which nobody chooses and nothing stores (ASVS 6.4.6).

    The same again finishes a creation that was cut short before the officer had a place in the graph.
    """
    with _acting(here, by, AuditTag.OFFICER_CREATED, details=_roles(new.roles)) as act:
        problems = officer_problems(new.login, new.name, new.roles)
        agency = here.stores.graph.read(act.intent, lambda tx: agencies.agency_tx(tx, new.agency))
        if agency is None:
            problems["agency"] = "Choose one of the agencies."
        if agency is None or len(problems) > 0:
            raise InvalidInputError("The officer was not created.", problems)
        password = random_password(canonical(new.login))
        account = _unfinished(here, act, new)
        if account is None:
            account = here.accounts.create(
                login=new.login, name=new.name, agency=agency.id, state=agency.state, roles=new.roles,
                password=password, at=by.at, must_change=True,
            )  # fmt: skip
        else:
            here.accounts.set_password(account.id, None, password)
        _place(here, act, account)
        act.details["officer"] = account.id
    return account, password


def change_officer(here: Installation, by: By, officer: str, *, name: str, roles: frozenset[Role]) -> Account:
    """Change an officer's name and roles, from the next request on; saving the same again brings the graph in step."""
    with _acting(here, by, AuditTag.OFFICER_CHANGED, officer, _roles(roles)) as act:
        before = here.accounts.known(officer)
        problems = officer_problems(before.login, name, roles)
        if _is_self(by, officer) and Role.ADMINISTRATOR not in roles:
            problems["roles"] = "You cannot take the administrator's role from yourself; another administrator can."
        if len(problems) > 0:
            raise InvalidInputError("The officer was not changed.", problems)
        account = here.accounts.change(officer, name=name, roles=roles)
        _place(here, act, account)
    return account


def disable_officer(here: Installation, by: By, officer: str) -> Account:
    """Disable an officer: sessions and tokens end at once, and the next request reads nothing."""
    with _acting(here, by, AuditTag.OFFICER_DISABLED, officer) as act:
        if _is_self(by, officer):
            raise ConflictError("You cannot disable yourself; another administrator can.")
        account = here.accounts.change(officer, disabled=True)
        _place(here, act, account)
    return account


def enable_officer(here: Installation, by: By, officer: str) -> Account:
    """Enable an officer again; the password and second factor are as they were."""
    with _acting(here, by, AuditTag.OFFICER_ENABLED, officer) as act:
        account = here.accounts.change(officer, disabled=False)
        _place(here, act, account)
    return account


def release_officer(here: Installation, by: By, officer: str) -> None:
    """Unlock an officer after failed log-ins (CJIS AC-7)."""
    with _acting(here, by, AuditTag.OFFICER_RELEASED, officer):
        here.accounts.release(officer)


def reset_password(here: Installation, by: By, officer: str) -> str:
    """Give a random password, to be changed at the next log-in; ends the sessions and releases a lock."""
    with _acting(here, by, AuditTag.PASSWORD_RESET, officer) as act:
        _require_other(by, officer)
        account = here.accounts.known(officer)
        password = random_password(account.login)
        here.accounts.set_password(officer, None, password)
        here.accounts.release(officer)
        _place(here, act, account)
    return password


def reset_factor(here: Installation, by: By, officer: str) -> None:
    """Forget an officer's second factor, for a lost telephone; ends the sessions."""
    with _acting(here, by, AuditTag.FACTOR_RESET, officer):
        _require_other(by, officer)
        here.accounts.reset_factor(officer)


def sign_in(here: Installation, account: Account, at: datetime, purpose: str = "") -> Ask:
    """Note a log-in that succeeded, and bring the officer's place in the graph in step: nobody reads nothing unawares."""
    officer = account.officer
    with here.stores.audit.act(AuditTag.LOGIN_SUCCEEDED, officer, object=account.id, purpose=purpose, at=at) as act:
        if not _rows(here, act, [account])[0].in_step:
            _place(here, act, account)
            act.details["graph"] = "brought in step"
    return Ask(officer, at, purpose)


def bring_in_step(here: Installation, at: datetime) -> int:
    """Bring every place in the graph in step with its log-in, at a start after a crash; returns how many were not."""
    with here.stores.audit.act(AuditTag.ADMINISTRATION_READ, None, at=at) as act:
        behind = [row.account for row in _rows(here, act, here.accounts.listed()) if not row.in_step]
    for account in behind:
        with here.stores.audit.act(AuditTag.OFFICER_CHANGED, None, object=account.id, at=at) as act:
            _place(here, act, account)
    return len(behind)


@contextmanager
def _acting(
    here: Installation, by: By, tag: AuditTag, officer: str = "", details: dict[str, object] | None = None
) -> Iterator[Act]:
    if isinstance(by, Ask):
        require(by, Action.ADMINISTER)
    actor, purpose = (by.officer, by.purpose) if isinstance(by, Ask) else (None, "command line")
    with here.stores.audit.act(tag, actor, object=officer, purpose=purpose, details=details, at=by.at) as act:
        yield act


def _rows(here: Installation, act: Act, accounts: list[Account]) -> list[OfficerRow]:
    one = accounts[0].id if len(accounts) == 1 else None
    places, listed = here.stores.graph.read(
        act.intent, lambda tx: (agencies.places_tx(tx, one), agencies.agencies_tx(tx))
    )
    names = {a.id: a.name for a in listed}
    return [
        OfficerRow(
            account=a,
            agency=names.get(a.agency, a.agency),
            in_step=places.get(a.id) == agencies.place_of(a.officer, active=not a.disabled),
        )
        for a in accounts
    ]


def _place(here: Installation, act: Act, account: Account) -> None:
    active = not account.disabled
    here.stores.graph.write(act.intent, lambda tx: agencies.save_officer_tx(tx, account.officer, active=active))


def _unfinished(here: Installation, act: Act, new: NewOfficer) -> Account | None:
    there = here.accounts.find(new.login)
    if there is None:
        return None
    same = (there.name, there.agency, there.roles) == (new.name.strip(), new.agency, new.roles)
    placed = there.id in here.stores.graph.read(act.intent, lambda tx: agencies.places_tx(tx, there.id))
    if placed or there.disabled or not same:
        raise InvalidInputError(
            "The officer was not created.", {"login": f"{there.login} is taken by another officer; choose another."}
        )
    return there


def _is_self(by: By, officer: str) -> bool:
    return isinstance(by, Ask) and by.officer.id == officer


def _require_other(by: By, officer: str) -> None:
    if _is_self(by, officer):
        raise ConflictError("Change your own password and second factor on your account page.")


def _roles(roles: frozenset[Role]) -> dict[str, object]:
    return {"roles": sorted(r.value for r in roles)}
