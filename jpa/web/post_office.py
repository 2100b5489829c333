"""The post office: what partners' installations speak to. An app of its own with two routes; no page, no session, no log-in, no form.

Who calls is known by the certificate of the connection alone; without a pinned one there is no connection (`jpa.web.post_server`).
"""

import io
import re
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final, cast

import structlog
from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from werkzeug.exceptions import HTTPException, NotFound

from jpa.errors import JpaError
from jpa.model.post import Parcel
from jpa.services.installation import Installation
from jpa.services.post_arrivals import ask_standing, take_part
from jpa.sharing.post_card import fingerprint_of
from jpa.sharing.post_wire import PART, PREFIX, Standing
from jpa.sharing.strict import written
from jpa.web.errors import status_of

RATE: Final = "600 per minute"
"""For each partner: 2 GB of parts a minute, more than the machine verifies."""
_SHA256: Final = re.compile(r"[0-9a-f]{64}")

log = structlog.get_logger()


def create_post_office(installation: Installation) -> Flask:
    """Make the app that takes post for one installation."""
    app = Flask(__name__, static_folder=None)
    app.extensions["jpa"] = installation
    app.config["MAX_CONTENT_LENGTH"] = PART
    path = f"{PREFIX}/<sender>/<agency>/<sha256>"
    app.add_url_rule(path, "ask", _ask, methods=["GET"], provide_automatic_options=False)
    app.add_url_rule(path, "bring", _bring, methods=["PUT"], provide_automatic_options=False)
    app.register_error_handler(HTTPException, lambda error: _blank(error.code or 500))
    app.register_error_handler(JpaError, lambda error: _blank(status_of(error)))
    app.register_error_handler(Exception, _failed)
    if installation.settings.ratelimit:
        limiter = Limiter(key_func=_peer, storage_uri="memory://", strategy="moving-window", default_limits=[RATE])
        limiter.init_app(app)
    return app


def _ask(sender: str, agency: str, sha256: str) -> Response:
    """Say how a parcel stands."""
    return _said(ask_standing(_here().stores, _peer(), _parcel(sender, agency, sha256), _now()))


def _bring(sender: str, agency: str, sha256: str) -> Response:
    """Take a part of a parcel in."""
    content = cast(BinaryIO, request.stream) if request.content_length else io.BytesIO()
    part = (_number("offset"), content)
    return _said(take_part(_here().stores, _peer(), _parcel(sender, agency, sha256), part, _now))


def _parcel(sender: str, agency: str, sha256: str) -> Parcel:
    if _SHA256.fullmatch(sha256) is None:
        raise NotFound
    return Parcel(sender, agency, request.args.get("form", ""), sha256, _number("size"))


def _number(name: str) -> int:
    return max(0, request.args.get(name, 0, type=int))


def _peer() -> str:
    """Name the certificate that the connection showed: pinned, for the handshake let nobody else in."""
    connection: Any = request.environ.get("gunicorn.socket")
    shown: bytes | None = None if connection is None else connection.getpeercert(True)
    if shown is None:
        raise NotFound
    return fingerprint_of(shown)


def _said(this: Standing) -> Response:
    return Response(written(this), mimetype="application/json", headers={"Cache-Control": "no-store"})


def _blank(status: int) -> Response:
    return Response(status=status, headers={"Cache-Control": "no-store"})


def _failed(error: Exception) -> Response:
    # The last line of defence: the partner gets a number, the log gets the trace.
    log.error("post request failed", exc_info=error, error=type(error).__name__)
    return _blank(500)


def _here() -> Installation:
    found: Installation = current_app.extensions["jpa"]
    return found


def _now() -> datetime:
    return datetime.now(UTC)
