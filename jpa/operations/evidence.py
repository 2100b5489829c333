"""Evidence files: addressed by the SHA-256 of their content, encrypted per case, verified whenever they are read."""

import hashlib
from pathlib import Path
from typing import Final

from jpa.errors import IntegrityError, InvalidInputError, NotFoundError
from jpa.operations.case_keys import case_key
from jpa.operations.keys import Keys, decrypt, encrypt
from jpa.operations.store import OperationsStore

MOST_BYTES: Final = 100 * 1024 * 1024
_PURPOSE: Final = "evidence"


class Evidence:
    """The evidence folder of one installation."""

    def __init__(self, store: OperationsStore, keys: Keys, folder: Path) -> None:
        self._store = store
        self._keys = keys
        self._folder = folder

    def put(self, case: str, content: bytes) -> str:
        """Keep a file and return its digest; the same file again changes nothing."""
        if len(content) == 0:
            raise InvalidInputError("The file was not added.", {"file": "The file is empty."})
        if len(content) > MOST_BYTES:
            raise InvalidInputError("The file was not added.", {"file": "The file is larger than 100 MB."})
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(case, digest)
        if not path.exists():
            with self._store.writing() as connection:
                key = case_key(connection, self._keys.evidence, case, _PURPOSE, make=True)
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = path.with_suffix(".part")
            part.write_bytes(encrypt(key, content, f"{case}:{digest}"))
            part.chmod(0o600)
            part.replace(path)
        return digest

    def read(self, case: str, digest: str) -> bytes:
        """Read a file back; IntegrityError when it is not what was put in."""
        path = self._path(case, digest)
        if not path.exists():
            raise NotFoundError("There is nothing here that you may read.")
        with self._store.writing() as connection:
            key = case_key(connection, self._keys.evidence, case, _PURPOSE, make=False)
        content = decrypt(key, path.read_bytes(), f"{case}:{digest}")
        if hashlib.sha256(content).hexdigest() != digest:
            raise IntegrityError("The file is not the one that was added; its hash differs.")
        return content

    def _path(self, case: str, digest: str) -> Path:
        if not (case.isalnum() and digest.isalnum()):
            raise NotFoundError("There is nothing here that you may read.")
        return self._folder / case / digest
