"""Log-in, log-out, password, second factor, own sessions."""

import io
from datetime import UTC, datetime

import pyotp
import segno
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from jpa.errors import AuthenticationError, InvalidInputError
from jpa.model.audit import AuditTag, Outcome
from jpa.services import officers
from jpa.web.gate import User, ask, installation

pages = Blueprint("auth", __name__)


@pages.get("/health")
def health() -> tuple[str, int]:
    """Say that the web server answers; nothing more."""
    return "ok\n", 200


@pages.route("/login", methods=["GET", "POST"])
def login() -> Response | str | tuple[str, int]:
    """Log in; one message for every failure."""
    if request.method == "GET":
        return render_template("login.html", error="")
    now, here = datetime.now(UTC), installation()
    try:
        account = here.accounts.authenticate(
            request.form.get("login", ""), request.form.get("password", ""), request.form.get("code", ""), now
        )
    except AuthenticationError as error:
        tried = here.stores.audit.hmac(request.form.get("login", "").casefold())
        here.stores.audit.note(AuditTag.LOGIN_FAILED, None, at=now, outcome=Outcome.REFUSED, details={"login": tried})
        return render_template("login.html", error=str(error)), 401
    officers.sign_in(here, account, now)
    session.clear()
    login_user(User(account))
    session["agent"] = request.user_agent.string[:200]
    session.renew = True  # type: ignore[attr-defined]  # our ServerSession
    return redirect(url_for("start.home"))


@pages.post("/logout")
def logout() -> Response:
    """End the session on the server."""
    here = ask()
    installation().stores.audit.note(AuditTag.LOGOUT, here.officer, at=here.at, object=here.officer.id)
    session.clear()
    answer = redirect(url_for("auth.login"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@pages.route("/account", methods=["GET", "POST"])
def password() -> Response | str:
    """Change the own password and end own sessions."""
    here, asked = installation(), ask()
    if request.method == "POST":
        audit, officer = here.stores.audit, asked.officer
        if request.form.get("end", "") != "":
            with audit.act(AuditTag.SESSION_ENDED, officer, at=asked.at, object=officer.id):
                here.sessions.end(request.form["end"], officer.id)
            flash(_("The session was ended."))
        else:
            with audit.act(AuditTag.PASSWORD_CHANGED, officer, at=asked.at, object=officer.id):
                here.accounts.set_password(
                    officer.id, request.form.get("old", ""), request.form.get("password", ""),
                    keep_session=session.digest,  # type: ignore[attr-defined]  # our ServerSession
                )  # fmt: skip
            flash(_("The password was changed; your other sessions were ended."))
            if current_user.account.must_change:
                return redirect(url_for("start.home"))  # the gate leads on to the second factor
        return redirect(url_for("auth.password"))
    here.stores.audit.note(AuditTag.ACCOUNT_READ, asked.officer, at=asked.at, object=asked.officer.id)
    own = session.digest  # type: ignore[attr-defined]  # our ServerSession
    strict = not here.settings.demo
    return render_template(
        "account.html",
        sessions=here.sessions.listed(asked.officer.id),
        own=own,
        must_change=strict and current_user.account.must_change,
    )


@pages.route("/account/factor", methods=["GET", "POST"])
def factor() -> Response | str:
    """Set up the second factor; the secret is shown only now."""
    here, asked = installation(), ask()
    if request.method == "POST":
        secret = session.get("totp", "")
        with here.stores.audit.act(AuditTag.TOTP_ENROLLED, asked.officer, at=asked.at, object=asked.officer.id):
            if secret == "":
                raise InvalidInputError(
                    _("The page was too old."), {"code": _("Open the page again and scan the new code.")}
                )
            here.accounts.enrol_totp(asked.officer.id, secret, request.form.get("code", ""), asked.at)
        session.pop("totp")
        flash(_("The second factor is set up."))
        return redirect(url_for("start.home"))
    here.stores.audit.note(AuditTag.ACCOUNT_READ, asked.officer, at=asked.at, object=asked.officer.id)
    session["totp"] = session.get("totp") or pyotp.random_base32()
    address = pyotp.TOTP(session["totp"], issuer="jpa", name=current_user.account.login).provisioning_uri()
    picture = io.BytesIO()
    segno.make(address).save(picture, kind="svg", scale=4, xmldecl=False, nl=False, svgclass=None, lineclass=None)
    drawn = Markup(picture.getvalue().decode())  # noqa: S704 -- made by segno from our own secret
    return render_template("factor.html", secret=session["totp"], picture=drawn)
