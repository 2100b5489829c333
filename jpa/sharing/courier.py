"""The courier: brings a parcel to one partner's installation, and goes on where it was broken off."""

import http.client
import ssl
from dataclasses import dataclass
from typing import BinaryIO, Final
from urllib.parse import quote, urlencode

from jpa.errors import UnavailableError
from jpa.model.post import Parcel
from jpa.sharing.post_card import fingerprint_of, place_of
from jpa.sharing.post_wire import MOST_ANSWER, PART, PREFIX, Standing
from jpa.sharing.refusal import PackageRefusedError
from jpa.sharing.strict import parsed

_CONNECT: Final = 20.0
_PATIENCE: Final = 120.0
"""Seconds that a line may stand still."""
_LAST: Final = 600.0
"""Seconds to wait for the last part's answer: it comes when the package is verified, which takes two minutes for the largest."""
_MOST_BODY: Final = MOST_ANSWER + 1024
_OK: Final = 200
AWAY: Final = "Their installation does not answer, or the line was lost."
STRANGER: Final = (
    "Who answers there shows another certificate than the one that is pinned. Ask the agency for its new card."
)
UNKNOWN: Final = (
    "Their installation does not let ours in: our card is not pinned there, or no longer, or the line was lost. If it stays so, ask their "
    "administrator."
)
_SAID: Final = {
    404: UNKNOWN,
    409: "Their installation is taking it in at this moment.",
    413: "It is too large for their installation.",
    422: "What arrived there was not what was sent; it is sent anew.",
    429: "Their installation asks for patience.",
    503: "Their installation cannot take it now: it is busy, full or starting.",
}


@dataclass(frozen=True, slots=True)
class Courier:
    """A way to one partner."""

    address: str
    context: ssl.SSLContext
    fingerprint: str
    """Of the certificate that the other end must show."""

    def ask(self, parcel: Parcel) -> Standing:
        """Ask how a parcel stands; UnavailableError, with what to do, when nobody tells."""
        return self._call("GET", parcel, {}, b"", _PATIENCE)

    def bring(self, parcel: Parcel, content: BinaryIO, offset: int) -> Standing:
        """Bring the part that begins at an offset; the answer to the last one says what became of the parcel."""
        content.seek(offset)
        said = {"form": parcel.form, "size": str(parcel.size), "offset": str(offset)}
        part = content.read(PART)
        return self._call("PUT", parcel, said, part, _LAST if offset + len(part) == parcel.size else _PATIENCE)

    def _call(self, method: str, parcel: Parcel, said: dict[str, str], body: bytes, patience: float) -> Standing:
        path = "/".join((PREFIX, quote(parcel.sender, safe=""), quote(parcel.agency, safe=""), parcel.sha256))
        host, port = place_of(self.address)
        connection, met = http.client.HTTPSConnection(host, port, timeout=_CONNECT, context=self.context), False
        try:
            connection.connect()
            self._require_pinned(connection)
            met = True
            connection.sock.settimeout(patience)
            connection.request(method, f"{path}?{urlencode(said)}" if said else path, body if method == "PUT" else None)
            with connection.getresponse() as answer:
                content = answer.read(_MOST_BODY)
                if answer.length:  # reading a bounded number of bytes does not tell that fewer came
                    raise http.client.IncompleteRead(content, answer.length)
        except ssl.SSLCertVerificationError as error:
            raise UnavailableError(STRANGER) from error
        except (ssl.SSLError, ConnectionError) as error:
            # With TLS 1.3 a refused certificate shows after the handshake, as an alert or, when that is overtaken, as a closed connection.
            raise UnavailableError(UNKNOWN if met and method == "GET" else AWAY) from error
        except (OSError, http.client.HTTPException) as error:
            raise UnavailableError(AWAY) from error
        finally:
            connection.close()
        if answer.status != _OK:
            raise UnavailableError(
                _SAID.get(answer.status, "Their installation has a fault. Tell their administrator.")
            )
        try:
            return parsed(Standing, content.rstrip(b"\n"), "The answer")
        except PackageRefusedError as error:
            raise UnavailableError(
                "Their installation answers in another way than ours. Compare the versions."
            ) from error

    def _require_pinned(self, connection: http.client.HTTPSConnection) -> None:
        shown = connection.sock.getpeercert(binary_form=True) if isinstance(connection.sock, ssl.SSLSocket) else None
        if shown is None or fingerprint_of(shown) != self.fingerprint:
            raise ssl.SSLCertVerificationError
