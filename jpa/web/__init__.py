"""The pages: thin views that parse, call one service and render."""

import json
from pathlib import Path

from flask import Flask, url_for
from flask_babel import Babel
from flask_wtf import CSRFProtect

from jpa.services.installation import Installation
from jpa.web import (
    admin,
    auth,
    cases,
    chart,
    context,
    entities,
    errors,
    frames,
    gate,
    headers,
    networks,
    reports,
    resolution,
    search,
    start,
)
from jpa.web.sessions import ServerSessions

_STATIC = Path(__file__).parent / "static"


def create_app(installation: Installation) -> Flask:
    """Make the app of one installation."""
    app = Flask(__name__, static_folder=str(_STATIC))
    https = installation.settings.https
    app.config.update(
        SECRET_KEY=installation.keys.session,
        SESSION_COOKIE_NAME="__Host-jpa" if https else "jpa",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=105 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=20_000,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as its server-side session
        WTF_CSRF_SSL_STRICT=True,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.extensions["jpa"] = installation
    app.session_interface = ServerSessions(installation.sessions)
    manifest = json.loads((_STATIC / "manifest.json").read_text(encoding="utf-8"))
    app.jinja_env.globals["asset"] = lambda name: url_for("static", filename=manifest[name])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    CSRFProtect(app)
    headers.init(app, https=https)
    errors.init(app)
    gate.init(app)
    context.init(app)
    for subject in (auth, start, cases, reports, entities, search, chart, resolution, networks, admin, frames):
        app.register_blueprint(subject.pages)
    return app
