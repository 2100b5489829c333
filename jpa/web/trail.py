"""No answer without a trace: a page whose service had nothing to log leaves an event of its own, or is not given out."""

from datetime import UTC, datetime

from flask import Flask, Response, g, request

from jpa.errors import UnavailableError
from jpa.model.audit import AuditTag
from jpa.operations.audit import count_written, forget_written
from jpa.web.errors import answer
from jpa.web.gate import PUBLIC, installation


def init(app: Flask) -> None:
    """Count what each request logs; to be called before the gate, whose refusals count too."""

    @app.before_request
    def _begin() -> None:
        forget_written()

    @app.after_request
    def _require_trace(response: Response) -> Response:
        caller = g.get("caller")
        if caller is None or request.endpoint in PUBLIC or count_written() > 0:
            return response
        about = next((str(v) for v in (request.view_args or {}).values()), "")[:64]
        details = {"endpoint": request.endpoint or "", "status": response.status_code}
        try:
            installation().stores.audit.note(
                AuditTag.PAGE_OPENED, caller.account.officer, at=datetime.now(UTC), object=about, details=details
            )
        except UnavailableError as error:
            return answer(503, str(error), {})
        return response
