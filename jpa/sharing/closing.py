"""Closing a package to its recipients with age (X25519), and opening it with one's own key."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyrage

from jpa.errors import InvalidInputError
from jpa.sharing.container import MOST_FILE
from jpa.sharing.refusal import refused

MARK: Final = b"age-encryption.org/v1\n"
_MOST_OVERHEAD: Final = 64 * 1024


def close(plain: Path, target: Path, recipients: Sequence[str]) -> None:
    """Encrypt a file to the public keys; InvalidInputError for one that is none."""
    keys = [recipient_of(text) for text in recipients]
    with plain.open("rb") as reader, target.open("xb") as writer:
        pyrage.encrypt_io(reader, writer, keys)


def open_closed(closed: Path, target: Path, identity: str) -> None:
    """Decrypt a file with a private key; refused where it is no closed package, was altered, or is for somebody else."""
    size = closed.stat().st_size
    if size > MOST_FILE + _MOST_OVERHEAD:
        raise refused("size", f"It has {size} bytes; a package has {MOST_FILE} at most.")
    with closed.open("rb") as reader, target.open("xb") as writer:
        if reader.read(len(MARK)) != MARK:
            raise refused("closed", "It is no closed package: it does not begin as an age file does.")
        reader.seek(0)
        try:
            pyrage.decrypt_io(reader, writer, [pyrage.x25519.Identity.from_str(identity)])
        except pyrage.DecryptError as error:
            words = (
                "It does not open with the key of your agency: it is for somebody else, or it was altered or cut off."
            )
            raise refused("closed", words) from error
        except pyrage.IdentityError as error:
            raise InvalidInputError("Nothing was opened.", {"identity": "This is no age private key."}) from error
        except OSError as error:  # a piece of the stream does not open: age tells it while reading
            raise refused("closed", "It was altered or cut off on the way. Ask the agency to send it again.") from error


def close_message(content: bytes, recipient: str) -> bytes:
    """Encrypt a signed message to a public key, for the way."""
    closed: bytes = pyrage.encrypt(content, [recipient_of(recipient)])
    return closed


def open_message_file(closed: Path, identity: str, most: int) -> bytes:
    """Decrypt a message of at most so many bytes; refused as a package is."""
    if closed.stat().st_size > most + _MOST_OVERHEAD:
        raise refused("size", f"It has more than {most} bytes.")
    try:
        content: bytes = pyrage.decrypt(closed.read_bytes(), [pyrage.x25519.Identity.from_str(identity)])
    except pyrage.DecryptError as error:
        raise refused("closed", "It does not open with the key of your agency, or it was altered.") from error
    return content


def recipient_of(text: str) -> pyrage.x25519.Recipient:
    """Read a public key; InvalidInputError for what is none."""
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise InvalidInputError(
            "The key was not taken.", {"key": "This is no age public key: age1 and 58 letters."}
        ) from error


def public_of(identity: str) -> str:
    """Return the public key of a private one; InvalidInputError for what is none."""
    try:
        return str(pyrage.x25519.Identity.from_str(identity).to_public())
    except pyrage.IdentityError as error:
        raise InvalidInputError("Nothing was opened.", {"identity": "This is no age private key."}) from error
