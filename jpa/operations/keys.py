"""Keys and secrets of one installation: files that only the owner can read."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jpa.errors import IntegrityError, SetupError

_NONCE = 12
_SECRETS = ("session", "audit-sign", "audit-hmac", "vault", "evidence", "draft", "totp")


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """All keys, each 32 random bytes made for this installation."""

    session: bytes
    audit_sign: bytes
    audit_hmac: bytes
    vault: bytes
    evidence: bytes
    draft: bytes
    totp: bytes

    @property
    def signer(self) -> Ed25519PrivateKey:
        """The key that signs audit checkpoints."""
        return Ed25519PrivateKey.from_private_bytes(self.audit_sign)


def load_keys(folder: Path) -> Keys:
    """Read the keys, making those that are missing; a file that others can read is refused."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    require_private(folder)
    return Keys(*(_load(folder / name) for name in _SECRETS))


def encrypt(key: bytes, plain: bytes, context: str) -> bytes:
    """Encrypt with AES-256-GCM; `context` must be the same to decrypt."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def decrypt(key: bytes, sealed: bytes, context: str) -> bytes:
    """Decrypt; IntegrityError when the bytes, the key or the context are not those of `encrypt`."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], context.encode())
    except InvalidTag as error:
        raise IntegrityError("Encrypted data does not open: it was altered, or its key is gone.") from error


def _load(path: Path) -> bytes:
    if not path.exists():
        part = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(32))
        with suppress(FileExistsError):  # two processes at once: the first one's key stands
            os.link(part, path)
        part.unlink()
    require_private(path)
    return bytes.fromhex(path.read_text(encoding="ascii"))


def require_private(path: Path) -> None:
    """Refuse a secret that others can read."""
    if path.stat().st_mode & 0o077 != 0:
        raise SetupError(f"{path} can be read by others; run: chmod go-rwx {path}")
