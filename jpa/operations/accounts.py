"""Officers' log-ins: argon2id, second factor, lock-out; one message for every failure."""

import secrets
from datetime import datetime
from typing import Any, Final

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select, update

from jpa.errors import AuthenticationError, ConflictError, InvalidInputError, NotFoundError
from jpa.model.account import Account
from jpa.model.credentials import canonical, normal, officer_problems, password_problems
from jpa.model.ids import new_id
from jpa.model.officer import Role
from jpa.operations.keys import Keys, decrypt, encrypt
from jpa.operations.store import OperationsStore
from jpa.operations.tables import accounts, failures, sessions, tokens

MOST_FAILURES: Final = 5
FAILURE_WINDOW: Final = 15 * 60
"""CJIS AC-7: five failures in fifteen minutes lock the account until an administrator releases it."""

_ONE: Final = select(accounts).where(accounts.c.id == bindparam("account"))
"""Every request reads who asks: the statement is built once."""

_REFUSED: Final = (
    "The log-in did not succeed. Check name, password and code; after five failures an administrator must release it."
)


class Accounts:
    """The accounts of one installation."""

    def __init__(self, store: OperationsStore, keys: Keys, *, totp_required: bool) -> None:
        self._store = store
        self._keys = keys
        self._totp_required = totp_required
        self.hasher = PasswordHasher()
        self._decoy = self.hasher.hash(secrets.token_hex(16))

    def create(
        self,
        *,
        login: str,
        name: str,
        agency: str,
        state: str,
        roles: frozenset[Role],
        password: str,
        at: datetime,
        must_change: bool | None = None,
    ) -> Account:
        """Make a log-in; the password is the first one and must be changed, except (by default) in the demo."""
        problems = officer_problems(login, name, roles)
        login = canonical(login)
        problems |= password_problems(password, login)
        if len(problems) > 0:
            raise InvalidInputError("The officer was not created.", problems)
        row = {
            "id": new_id(at),
            "login": login,
            "name": name.strip(),
            "agency": agency,
            "state": state,
            "roles": sorted(r.value for r in roles),
            "password": self.hasher.hash(normal(password)),
            "must_change": self._totp_required if must_change is None else must_change,
            "totp_step": 0,
            "disabled": False,
            "locked": False,
            "created": at.timestamp(),
        }
        with self._store.writing() as connection:
            if connection.execute(select(accounts.c.id).where(accounts.c.login == login)).first() is not None:
                raise ConflictError(f"The log-in name {login} is taken; choose another.")
            connection.execute(insert(accounts).values(**row))
        created = self.find(login)
        if created is None:
            raise NotFoundError("The officer was not created; try again.")
        return created

    def authenticate(self, login: str, password: str, code: str, at: datetime) -> Account:
        """Return the account, or raise AuthenticationError; unknown names take as long as known ones."""
        login = canonical(login)
        with self._store.reading() as connection:
            row = connection.execute(select(accounts).where(accounts.c.login == login)).mappings().first()
        right = self._verify(row["password"] if row is not None else self._decoy, password)
        usable = row is not None and not row["disabled"] and not row["locked"]
        if row is None or not right or not usable or not self._second_factor(row, code, at):
            self._fail(login, at)
            raise AuthenticationError(_REFUSED)
        with self._store.writing() as connection:
            connection.execute(delete(failures).where(failures.c.login == login))
        return _account_of(row)

    def get(self, account: str) -> Account | None:
        """Read an account as it is now: roles and disabling take effect on the next request."""
        with self._store.reading() as connection:
            row = connection.execute(_ONE, {"account": account}).mappings().first()
        return None if row is None else _account_of(row)

    def find(self, login: str) -> Account | None:
        """Find an account by its log-in name."""
        with self._store.reading() as connection:
            row = connection.execute(select(accounts).where(accounts.c.login == canonical(login))).mappings().first()
        return None if row is None else _account_of(row)

    def listed(self) -> list[Account]:
        """List all accounts by log-in name."""
        with self._store.reading() as connection:
            return [_account_of(r) for r in connection.execute(select(accounts).order_by(accounts.c.login)).mappings()]

    def change(
        self,
        account: str,
        *,
        name: str | None = None,
        roles: frozenset[Role] | None = None,
        disabled: bool | None = None,
    ) -> Account:
        """Change name or roles, disable or enable; disabling ends all sessions and tokens at once."""
        values: dict[str, Any] = {}
        if name is not None:
            values["name"] = name.strip()
        if roles is not None:
            if len(roles) == 0:
                raise InvalidInputError("Nothing was changed.", {"roles": "Choose at least one role."})
            values["roles"] = sorted(r.value for r in roles)
        if disabled is not None:
            values["disabled"] = disabled
        with self._store.writing() as connection:
            before = _administrators(connection)
            if connection.execute(update(accounts).where(accounts.c.id == account).values(**values)).rowcount == 0:
                raise NotFoundError("There is no such officer.")
            if before == {account} and len(_administrators(connection)) == 0:
                raise ConflictError(
                    "This is the last active administrator. Make another officer administrator first, then do it again."
                )
            if disabled is True:
                connection.execute(delete(sessions).where(sessions.c.account == account))
                connection.execute(update(tokens).where(tokens.c.account == account).values(revoked=True))
        return self.known(account)

    def known(self, account: str) -> Account:
        """Read an account that must be there."""
        found = self.get(account)
        if found is None:
            raise NotFoundError("There is no such officer.")
        return found

    def release(self, account: str) -> None:
        """Unlock after failed log-ins; the administrator's act (CJIS AC-7)."""
        with self._store.writing() as connection:
            row = connection.execute(select(accounts.c.login).where(accounts.c.id == account)).first()
            if row is None:
                raise NotFoundError("There is no such officer.")
            connection.execute(update(accounts).where(accounts.c.id == account).values(locked=False))
            connection.execute(delete(failures).where(failures.c.login == row[0]))

    def set_password(self, account: str, old: str | None, new: str, keep_session: str = "") -> None:
        """Change a password; `old` None is an administrator's random one. Ends all other sessions."""
        with self._store.reading() as connection:
            row = connection.execute(select(accounts).where(accounts.c.id == account)).mappings().first()
        if row is None or (old is not None and not self._verify(row["password"], old)):
            raise InvalidInputError("The password was not changed.", {"old": "This is not your password now."})
        problems = password_problems(new, row["login"])
        if self._verify(row["password"], new):
            problems = {"password": "This is the password that is being replaced; choose another."}
        if len(problems) > 0:
            raise InvalidInputError("The password was not changed.", problems)
        with self._store.writing() as connection:
            values = {"password": self.hasher.hash(normal(new)), "must_change": old is None}
            connection.execute(update(accounts).where(accounts.c.id == account).values(**values))
            connection.execute(delete(sessions).where(sessions.c.account == account, sessions.c.digest != keep_session))

    def enrol_totp(self, account: str, secret: str, code: str, at: datetime) -> None:
        """Take a new second factor after one right code."""
        step = _fitting_step(secret, code, at)
        if step is None:
            raise InvalidInputError(
                "The second factor was not set up.", {"code": "The code does not fit; try the next one."}
            )
        sealed = encrypt(self._keys.totp, secret.encode(), account)
        with self._store.writing() as connection:
            connection.execute(update(accounts).where(accounts.c.id == account).values(totp=sealed, totp_step=step))

    def reset_factor(self, account: str) -> None:
        """Forget the second factor and end all sessions; the officer sets up a new one at the next log-in."""
        with self._store.writing() as connection:
            forget = update(accounts).where(accounts.c.id == account).values(totp=None, totp_step=0)
            if connection.execute(forget).rowcount == 0:
                raise NotFoundError("There is no such officer.")
            connection.execute(delete(sessions).where(sessions.c.account == account))

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self.hasher.verify(stored, normal(password))
        except VerifyMismatchError:
            return False

    def _second_factor(self, row: RowMapping, code: str, at: datetime) -> bool:
        if row["totp"] is None:
            return True  # enrolment is asked for right after the first log-in where it is required
        step = _fitting_step(decrypt(self._keys.totp, row["totp"], row["id"]).decode(), code, at)
        if step is None:
            return False
        with self._store.writing() as connection:  # a code, and any before it, is good once (ASVS 6.5.1)
            used = update(accounts).where(accounts.c.id == row["id"], accounts.c.totp_step < step)
            return connection.execute(used.values(totp_step=step)).rowcount == 1

    def _fail(self, login: str, at: datetime) -> None:
        now = at.timestamp()
        with self._store.writing() as connection:
            connection.execute(delete(failures).where(failures.c.at < now - FAILURE_WINDOW))
            connection.execute(insert(failures).values(login=login[:80], at=now))
            recent = select(func.count()).select_from(failures).where(failures.c.login == login[:80])
            if connection.execute(recent).scalar_one() >= MOST_FAILURES:
                connection.execute(update(accounts).where(accounts.c.login == login).values(locked=True))


def _fitting_step(secret: str, code: str, at: datetime) -> int | None:
    """Return the half-minute that a code belongs to: the present one, or a neighbour for clocks that differ."""
    totp, now = pyotp.TOTP(secret), int(at.timestamp()) // 30
    typed = code.replace(" ", "")
    fits = [s for s in (now - 1, now, now + 1) if secrets.compare_digest(totp.at(s * 30).encode(), typed.encode())]
    return max(fits, default=None)


def _administrators(connection: Connection) -> set[str]:
    """The active administrators; locked where the store can, so that two cannot disable one another at once."""
    rows = connection.execute(
        select(accounts.c.id, accounts.c.roles)
        .where(accounts.c.disabled.is_(False))
        .order_by(accounts.c.id)
        .with_for_update()
    )
    return {row.id for row in rows if Role.ADMINISTRATOR.value in row.roles}


def _account_of(row: RowMapping) -> Account:
    return Account(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        agency=row["agency"],
        state=row["state"],
        roles=frozenset(Role(r) for r in row["roles"]),
        must_change=row["must_change"],
        has_totp=row["totp"] is not None,
        disabled=row["disabled"],
        locked=row["locked"],
    )
