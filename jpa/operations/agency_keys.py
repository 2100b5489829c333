"""Secrets of this installation's agencies: the keys that sign for one and open what is closed to it, the secret of its pseudonyms, the codes of its joint cases.

Each lies wrapped in the operations store, as the keys of cases do, and never leaves it: public keys and pseudonyms do.
"""

import secrets
from collections.abc import Mapping
from typing import Final

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, insert, select

from jpa.operations.case_keys import case_key
from jpa.operations.keys import Keys, decrypt, encrypt
from jpa.operations.store import OperationsStore
from jpa.operations.tables import case_keys

_SIGN: Final = "agency-sign"
_PSEUDONYM: Final = "agency-pseu"
_CLOSE: Final = "agency-age"
_JOINT: Final = "joint-case"


class AgencyKeys:
    """The secrets of the agencies of one installation."""

    def __init__(self, store: OperationsStore, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def signer(self, agency: str) -> Ed25519PrivateKey:
        """Return the key that signs for an agency, made when it is first asked for."""
        return Ed25519PrivateKey.from_private_bytes(self._secret(agency, _SIGN))

    def opener(self, agency: str) -> str:
        """Return the age private key that opens what is closed to an agency, made when it is first asked for."""
        with self._store.writing() as connection:
            wanted = select(case_keys.c.wrapped).where(case_keys.c.case == agency, case_keys.c.purpose == _CLOSE)
            wrapped = connection.execute(wanted).scalar()
            if wrapped is not None:
                return decrypt(self._keys.vault, wrapped, f"{_CLOSE}:{agency}").decode()
            made = str(pyrage.x25519.Identity.generate())
            sealed = encrypt(self._keys.vault, made.encode(), f"{_CLOSE}:{agency}")
            connection.execute(insert(case_keys).values(case=agency, purpose=_CLOSE, wrapped=sealed))
            return made

    def closing(self, agency: str) -> str:
        """Return the age public key that others close to this agency with."""
        return str(pyrage.x25519.Identity.from_str(self.opener(agency)).to_public())

    def pseudonym_secret(self, agency: str) -> bytes:
        """Return the secret that an agency's own pseudonyms are made with."""
        return self._secret(agency, _PSEUDONYM)

    def joint_codes(self) -> Mapping[str, str]:
        """Return the code of each case that is tied to a joint case."""
        with self._store.reading() as connection:
            rows = connection.execute(
                select(case_keys.c.case, case_keys.c.wrapped).where(case_keys.c.purpose == _JOINT)
            ).all()
        return {case: decrypt(self._keys.vault, wrapped, f"{_JOINT}:{case}").decode() for case, wrapped in rows}

    def tie_case(self, case: str, code: str) -> None:
        """Keep the code of the joint case that a case belongs to, in place of an earlier one; an empty code unties it."""
        with self._store.writing() as connection:
            connection.execute(delete(case_keys).where(case_keys.c.case == case, case_keys.c.purpose == _JOINT))
            if code != "":
                wrapped = encrypt(self._keys.vault, code.encode(), f"{_JOINT}:{case}")
                connection.execute(insert(case_keys).values(case=case, purpose=_JOINT, wrapped=wrapped))

    def _secret(self, agency: str, purpose: str) -> bytes:
        with self._store.writing() as connection:
            return case_key(connection, self._keys.vault, agency, purpose, make=True)


def drawn(size: int) -> bytes:
    """Draw random bytes for a new code."""
    return secrets.token_bytes(size)
