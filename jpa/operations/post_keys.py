"""The installation's own key and certificate for the post, and the two kinds of connection made with them.

No authority is involved: each end trusts exactly the certificates that were pinned, whatever their dates and names say of them.
"""

import os
import secrets
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jpa.operations.keys import require_private

KEY: Final = "post-key"
"""File of the private key and, behind it, the certificate."""
_NO_END: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
"""RFC 5280, 4.1.2.5: no end. A pinned certificate ends when it is withdrawn; a date would only keep a recall from arriving."""
_SKEW: Final = timedelta(days=2)
STALLED: Final = 30.0
"""Seconds that a connection may stand still before it is closed: a handshake that never ends holds no thread."""


class _Listening(ssl.SSLContext):
    """A context whose connections do not stand still for ever, from the first byte of the handshake on."""

    def wrap_socket(self, sock: socket.socket, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        """Wrap a socket that was accepted."""
        sock.settimeout(STALLED)
        return super().wrap_socket(sock, *args, **kwargs)


def own_certificate(folder: Path) -> bytes:
    """Return the own certificate (DER), made with its key when it is first asked for."""
    key = folder / KEY
    if not key.exists():
        _make(key)
    require_private(key)
    return x509.load_pem_x509_certificate(key.read_bytes()).public_bytes(serialization.Encoding.DER)


def listening(folder: Path, pinned: Sequence[bytes]) -> ssl.SSLContext:
    """Return the context of the listener: who shows none of the pinned certificates does not get past the handshake."""
    return _context(_Listening(ssl.PROTOCOL_TLS_SERVER), folder, pinned)


def calling(folder: Path, pinned: bytes) -> ssl.SSLContext:
    """Return the context of a call to the one who shows this certificate."""
    return _context(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), folder, [pinned])


def _context(context: ssl.SSLContext, folder: Path, pinned: Sequence[bytes]) -> ssl.SSLContext:
    own_certificate(folder)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False  # a name says nothing here: the certificate itself is pinned
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(folder / KEY)
    if len(pinned) > 0:
        context.load_verify_locations(cadata="".join(ssl.DER_cert_to_PEM_cert(der) for der in pinned))
    return context


def _make(key: Path) -> None:
    made = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"jpa post {secrets.token_hex(8)}")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(made.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - _SKEW)
        .not_valid_after(_NO_END)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(made, hashes.SHA256())
    )
    content = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + signed.public_bytes(serialization.Encoding.PEM)
    part = key.with_suffix(f".{os.getpid()}")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    with suppress(FileExistsError):  # two processes at once: the first one's key stands
        os.link(part, key)
    part.unlink()
