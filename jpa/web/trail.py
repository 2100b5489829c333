"""No answer without a trace: a page whose service had nothing to log leaves an event of its own, or is not given out."""

from datetime import UTC, datetime

from flask import Flask, Response, g, request

from jpa.errors import UnavailableError
from jpa.services.stores import Ask
from jpa.services.trail import begin_trace, has_trace, note_page
from jpa.web.errors import answer
from jpa.web.gate import PUBLIC, installation


def init(app: Flask) -> None:
    """Count what each request logs; to be called before the gate, whose refusals count too."""

    @app.before_request
    def _begin() -> None:
        begin_trace()

    @app.after_request
    def _require_trace(response: Response) -> Response:
        caller = g.get("caller")
        if caller is None or request.endpoint in PUBLIC or has_trace():
            return response
        about = next((str(v) for v in (request.view_args or {}).values()), "")[:64]
        details = {"endpoint": request.endpoint or "", "status": response.status_code}
        try:
            note_page(installation(), Ask(caller.account.officer, datetime.now(UTC)), about, details)
        except UnavailableError as error:
            return answer(503, str(error), {})
        return response
