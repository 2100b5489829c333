"""Flask's session over our own table: the cookie holds a random reference, the server everything else."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from jpa.services import sessions
from jpa.services.installation import Installation
from jpa.web.gate import API


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """One session's data, with its token."""

    def __init__(self, data: dict[str, Any] | None, token: str | None) -> None:
        def changed(_: object) -> None:
            self.modified = True

        super().__init__(data, changed)
        self.modified = False
        self.new = token is None
        self.token = token
        self.renew = False
        """Give a new token with the answer: at log-in, so that a planted one is worth nothing."""

    @property
    def digest(self) -> str:
        """The stored name of this session."""
        return "" if self.token is None else sessions.name_of(self.token)


class ServerSessions(SessionInterface):
    """Opens and saves sessions."""

    def __init__(self, here: Installation) -> None:
        self._here = here

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """Find the session of the cookie; an unknown, idle or old one starts empty, and the API has none."""
        if request.path.startswith(API):
            return ServerSession(None, None)
        token = request.cookies.get(self.get_cookie_name(app))
        found = sessions.load_session(self._here, token, datetime.now(UTC)) if token is not None else None
        return ServerSession(dict(found.data) if found is not None else None, token if found is not None else None)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed; end what was emptied."""
        if not isinstance(session, ServerSession) or not session.modified:
            return
        name = self.get_cookie_name(app)
        if len(session) == 0 or session.renew:
            if session.token is not None:
                sessions.drop_session(self._here, session.token)
                session.token = None
            if len(session) == 0:
                response.delete_cookie(
                    name, path="/", secure=self.get_cookie_secure(app), httponly=True, samesite="Strict"
                )
                return
        if session.token is None:
            account = session.get("_user_id")
            session.token = sessions.start_session(
                self._here, account, dict(session), session.get("agent", ""), datetime.now(UTC)
            )
            response.set_cookie(
                name, session.token, path="/", secure=self.get_cookie_secure(app), httponly=True, samesite="Strict"
            )
        else:
            sessions.keep_session(self._here, session.token, dict(session))
