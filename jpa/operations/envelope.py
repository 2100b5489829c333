"""A file sealed with age: closed by a passphrase, or to a recipient's public key, and opened by what fits.

Line 1 is `jpa backup 1` and the number of bytes after line 2; line 2 is the key of this file, closed by the passphrase, or `-`; then comes an
age file. So a sealed file also opens without jpa:
`sed -n 2p FILE | base64 -d | age -d > key; tail -n +3 FILE | age -d -i key | tar x`, or with the recipient's own key in place of `key`.
"""

import base64
import binascii
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import pyrage

from jpa.errors import IntegrityError, InvalidInputError, SetupError

FORMAT: Final = 1
LEAST_PASSPHRASE: Final = 15
"""As for an officer's password: whoever has file and passphrase has everything."""
_MAGIC: Final = "jpa backup"
_NO_KEY: Final = b"-"
_MOST_LINE: Final = 8192


@dataclass(frozen=True, slots=True)
class Lock:
    """What a file is closed with: one of the two."""

    passphrase: str | None = field(default=None, repr=False)
    recipient: str | None = None
    """A public key, `age1…`."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a file is opened with: one of the two."""

    passphrase: str | None = field(default=None, repr=False)
    identity: str | None = field(default=None, repr=False)
    """A private key, `AGE-SECRET-KEY-1…`."""


@dataclass(frozen=True, slots=True)
class _Head:
    size: int
    wrapped: bytes
    begin: int


def seal(source: Path, target: Path, lock: Lock) -> Key:
    """Seal a file and return a key that opens it again, to verify it; the target must not exist."""
    own = pyrage.x25519.Identity.generate()
    recipients, wrapped = [own.to_public()], _NO_KEY
    if lock.recipient is not None:
        recipients.append(_recipient(lock.recipient))
    else:
        wrapped = base64.b64encode(pyrage.passphrase.encrypt(str(own).encode(), _passphrase(lock.passphrase)))
    with source.open("rb") as plain, _private(target) as sealed:
        sealed.write(_first_line(0) + wrapped + b"\n")
        begin = sealed.tell()
        pyrage.encrypt_io(plain, sealed, recipients)
        size = sealed.seek(0, os.SEEK_END) - begin
        sealed.seek(0)
        sealed.write(_first_line(size))
        sealed.flush()
        os.fsync(sealed.fileno())
    return Key(passphrase=lock.passphrase) if lock.recipient is None else Key(identity=str(own))


def check_lock(lock: Lock) -> None:
    """Refuse a lock that cannot be used, before any work is done."""
    if lock.recipient is not None:
        _recipient(lock.recipient)
    else:
        _passphrase(lock.passphrase)


def wants_passphrase(path: Path) -> bool:
    """Say whether a sealed file is closed by a passphrase; one that is no backup, or cut, is refused by name."""
    with path.open("rb") as sealed:
        return _read_head(path, sealed).wrapped != _NO_KEY


def unseal(path: Path, key: Key, target: Path) -> None:
    """Open a sealed file into `target`; one that was cut or altered, or another key, is refused by name."""
    with path.open("rb") as sealed, _private(target) as plain:
        head = _read_head(path, sealed)
        identity = _identity(path, head, key)
        sealed.seek(head.begin)
        try:
            pyrage.decrypt_io(sealed, plain, [identity])
        except pyrage.DecryptError as error:
            if "matching" not in str(error):
                raise IntegrityError(f"{path.name} was altered: it does not decrypt.") from error
            raise _wrong("identity", "This key does not open it, or its first bytes were altered.") from error
        except OSError as error:
            if error.errno is not None:
                raise
            raise IntegrityError(f"{path.name} was altered: it does not decrypt.") from error


def _first_line(size: int) -> bytes:
    return f"{_MAGIC} {FORMAT} {size:020d}\n".encode("ascii")


def _read_head(path: Path, sealed: IO[bytes]) -> _Head:
    words = sealed.readline(_MOST_LINE).decode("ascii", "replace").split()
    if words[:2] != _MAGIC.split() or len(words) != 4 or not all(w.isascii() and w.isdigit() for w in words[2:]):
        raise InvalidInputError("Nothing was restored.", {"file": f"{path.name} is not a backup made by jpa."})
    if int(words[2]) > FORMAT:
        raise SetupError(f"{path.name} was made by a newer jpa (format {words[2]}); restore it with that one.")
    wrapped = sealed.readline(_MOST_LINE)
    begin = sealed.tell()
    size, there = int(words[3]), sealed.seek(0, os.SEEK_END) - begin
    if there < size or not wrapped.endswith(b"\n"):
        raise IntegrityError(f"{path.name} was cut off: {there} of {size} bytes are there. Fetch the file again.")
    if there > size:
        raise IntegrityError(f"{path.name} was altered: {there - size} bytes were added.")
    return _Head(size, wrapped.rstrip(b"\n"), begin)


def _identity(path: Path, head: _Head, key: Key) -> Any:
    if head.wrapped == _NO_KEY:
        if key.identity is None:
            raise _wrong("identity", "It is closed to a public key; give the file of the private key.")
        return _parsed(key.identity)
    if key.passphrase is None:
        raise _wrong("passphrase", "It is closed by a passphrase; give that.")
    try:
        own = pyrage.passphrase.decrypt(base64.b64decode(head.wrapped, validate=True), key.passphrase)
    except binascii.Error as error:
        raise IntegrityError(f"{path.name} was altered: its second line is not readable.") from error
    except pyrage.DecryptError as error:
        raise _wrong("passphrase", "This is not its passphrase, or its second line was altered.") from error
    return _parsed(own.decode("ascii"))


def _parsed(text: str) -> Any:
    lines = [line.strip() for line in text.splitlines() if line.strip() != "" and not line.startswith("#")]
    try:
        return pyrage.x25519.Identity.from_str("".join(lines))
    except pyrage.IdentityError as error:
        raise _wrong("identity", "This is not a private key of age (AGE-SECRET-KEY-1…).") from error


def _wrong(field_name: str, problem: str) -> InvalidInputError:
    return InvalidInputError("The backup was not opened.", {field_name: problem})


def _recipient(text: str) -> Any:
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise InvalidInputError(
            "The backup was not made.", {"recipient": "This is not a public key of age (age1…)."}
        ) from error


def _passphrase(text: str | None) -> str:
    if text is None or len(text) < LEAST_PASSPHRASE:
        raise InvalidInputError(
            "The backup was not made.",
            {"passphrase": f"Use at least {LEAST_PASSPHRASE} characters; six unrelated words will do."},
        )
    return text


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
