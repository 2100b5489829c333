"""The pages: thin views that parse, call one service and render."""

import json
from pathlib import Path

from apiflask import APIFlask
from flask import Flask, url_for
from flask_wtf import CSRFProtect

from jpa.services.installation import Installation
from jpa.web import (
    admin,
    agreements,
    api,
    auth,
    blind,
    break_glass,
    cases,
    chart,
    claims,
    closing,
    context,
    entities,
    errors,
    evidence,
    figures,
    flows,
    forms_filled,
    frames,
    gate,
    grants,
    headers,
    imports,
    incidents,
    jobs,
    leads,
    limits,
    networks,
    outcomes,
    packages,
    planned,
    planning,
    post,
    quality,
    recalls,
    register,
    releases,
    reports,
    requests,
    resolution,
    retractions,
    returns,
    sealed_evidence,
    search,
    start,
    texts,
    tokens,
    trail,
)
from jpa.web.addresses import IdConverter
from jpa.web.sessions import ServerSessions

_STATIC = Path(__file__).parent / "static"


def create_app(installation: Installation) -> Flask:
    """Make the app of one installation."""
    app = APIFlask(
        __name__, title="jpa", version="1", static_folder=str(_STATIC), json_errors=False, docs_path=None,
        openapi_blueprint_url_prefix="/api/v1",
    )  # fmt: skip
    app.url_map.converters["id"] = IdConverter
    _configure(app, installation)
    app.extensions["jpa"] = installation
    app.session_interface = ServerSessions(installation)
    manifest = json.loads((_STATIC / "manifest.json").read_text(encoding="utf-8"))
    app.jinja_env.globals["asset"] = lambda name: url_for("static", filename=manifest[name])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    texts.init(app)
    csrf = CSRFProtect(app)
    csrf.exempt(api.pages)  # a token is never sent by a browser on its own, and cookies open nothing there
    headers.init(app, https=installation.settings.https)
    errors.init(app)
    trail.init(app)
    gate.init(app)
    context.init(app)
    for subject in (
        auth, tokens, start, cases, reports, entities, search, chart, resolution, networks, imports, jobs, retractions, evidence,
        break_glass, sealed_evidence, admin, leads, frames, quality, outcomes, figures, register, closing, claims, releases, forms_filled,
        incidents, flows, planning, returns, packages, recalls, post, agreements, grants, requests, blind, planned,
    ):  # fmt: skip
        app.register_blueprint(subject.pages)
    api.init(app)
    limits.init(app, installation.settings)
    return app


def _configure(app: Flask, installation: Installation) -> None:
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
