"""One data key per case and purpose, wrapped by the installation's key."""

import secrets

from sqlalchemy import Connection, insert, select

from jpa.errors import NotFoundError
from jpa.operations.keys import decrypt, encrypt
from jpa.operations.tables import case_keys


def case_key(connection: Connection, master: bytes, case: str, purpose: str, *, make: bool) -> bytes:
    """Return the data key of a case; NotFoundError when it was never made."""
    wanted = select(case_keys.c.wrapped).where(case_keys.c.case == case, case_keys.c.purpose == purpose)
    wrapped = connection.execute(wanted).scalar()
    if wrapped is not None:
        return decrypt(master, wrapped, f"{purpose}:{case}")
    if not make:
        raise NotFoundError("There is nothing here that you may read.")
    key = secrets.token_bytes(32)
    sealed = encrypt(master, key, f"{purpose}:{case}")
    connection.execute(insert(case_keys).values(case=case, purpose=purpose, wrapped=sealed))
    return key
