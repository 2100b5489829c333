"""One table from error class to status, and the page that says what happened and what to do."""

from collections.abc import Mapping
from typing import Final

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from jpa.errors import (
    AuthenticationError,
    ConflictError,
    ForbiddenError,
    IntegrityError,
    InvalidInputError,
    JpaError,
    NotFoundError,
    SetupError,
    UnavailableError,
)
from jpa.model.audit import AuditTag, Outcome
from jpa.web.gate import ask, installation, is_api

STATUS: Final[Mapping[type[JpaError], int]] = {
    InvalidInputError: 422,
    NotFoundError: 404,
    ForbiddenError: 403,
    ConflictError: 409,
    AuthenticationError: 401,
    UnavailableError: 503,
    SetupError: 503,
    IntegrityError: 500,
}

log = structlog.get_logger()


def status_of(error: JpaError) -> int:
    """Return the HTTP status that an error class stands for."""
    return next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)


def init(app: Flask) -> None:
    """Answer every error in the form that was asked for, without saying more than the officer may know."""

    @app.errorhandler(JpaError)
    def _refused(error: JpaError) -> Response:
        if isinstance(error, ForbiddenError) and current_user.is_authenticated:
            asked = ask()
            details = {"endpoint": request.endpoint}
            installation().stores.audit.note(
                AuditTag.ACCESS_DENIED, asked.officer, at=asked.at, outcome=Outcome.REFUSED, details=details
            )
        fields = error.fields if isinstance(error, InvalidInputError) else {}
        return answer(status_of(error), str(error), fields)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        code = error.code or 500
        texts = {
            400: _("The page was too old or the request was not made by this site. Go back, reload and try again."),
            404: _("There is nothing here that you may read."),
            405: _("This address does not take that kind of request."),
            413: _("That file is too large."),
            429: _("Too many requests. Wait a minute and try again."),
        }
        if is_api():
            texts[400] = _("The request is not valid JSON in UTF-8, or was cut short.")
        answered = answer(code, texts.get(code, _("The request could not be answered.")), {})
        allow = dict(error.get_headers()).get("Allow")
        if allow is not None:
            answered.headers["Allow"] = allow
        return answered

    @app.errorhandler(Exception)
    def _failed(error: Exception) -> Response:
        # The last line of defence: the officer gets a plain page, the log gets the trace, nobody gets data.
        log.error("request failed", exc_info=error, endpoint=request.endpoint, error=type(error).__name__)
        return answer(500, _("Something went wrong here. Nothing you entered was changed; try again."), {})


def answer(status: int, message: str, fields: Mapping[str, str]) -> Response:
    """Make the answer: JSON for the API and for scripts, else a page with a way back."""
    if is_api() or request.accept_mimetypes.best == "application/json":
        response = jsonify({"message": message, "fields": dict(fields)})
    else:
        response = make_response(render_template("error.html", status=status, message=message, fields=fields))
    response.status_code = status
    if status == 401 and is_api():
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
