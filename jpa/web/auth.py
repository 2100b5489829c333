"""Log-in, log-out, password, second factor, own sessions."""

from datetime import UTC, datetime

import pyotp
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user
from werkzeug.wrappers import Response

from jpa.errors import AuthenticationError
from jpa.services import account
from jpa.web.gate import User, ask, installation
from jpa.web.pictures import drawn

pages = Blueprint("auth", __name__)


@pages.get("/health")
def health() -> tuple[str, int]:
    """Say that the web server answers; nothing more."""
    return "ok\n", 200


@pages.route("/login", methods=["GET", "POST"])
def login() -> Response | str | tuple[str, int]:
    """Log in; one message for every failure."""
    if request.method != "POST":
        return render_template("login.html", error="")
    form = request.form
    try:
        entered = account.log_in(
            installation(), form.get("login", ""), form.get("password", ""), form.get("code", ""), datetime.now(UTC)
        )
    except AuthenticationError as error:
        return render_template("login.html", error=str(error)), 401
    session.clear()
    login_user(User(entered))
    session["agent"] = request.user_agent.string[:200]
    session.renew = True  # type: ignore[attr-defined]  # our ServerSession
    return redirect(url_for("start.home"))


@pages.post("/logout")
def logout() -> Response:
    """End the session on the server."""
    account.log_out(installation(), ask())
    session.clear()
    answer = redirect(url_for("auth.login"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@pages.route("/account", methods=["GET", "POST"])
def password() -> Response | str:
    """Change the own password and end own sessions."""
    here, asked, form = installation(), ask(), request.form
    own = session.digest  # type: ignore[attr-defined]  # our ServerSession
    must_change = current_user.account.must_change
    if request.method != "POST":
        return render_template(
            "account.html", sessions=account.list_sessions(here, asked), own=own,
            must_change=must_change and not here.settings.demo,
        )  # fmt: skip
    if form.get("end", "") != "":
        account.end_session(here, asked, form["end"])
        flash(_("The session was ended."))
        return redirect(url_for("auth.password"))
    account.change_password(here, asked, form.get("old", ""), form.get("password", ""), keep_session=own)
    flash(_("The password was changed; your other sessions were ended."))
    return redirect(url_for("start.home" if must_change else "auth.password"))  # the gate leads on to the second factor


@pages.route("/account/factor", methods=["GET", "POST"])
def factor() -> Response | str:
    """Set up the second factor; the secret is shown only now."""
    here, asked = installation(), ask()
    if request.method == "POST":
        account.enrol_factor(here, asked, session.get("totp", ""), request.form.get("code", ""))
        session.pop("totp")
        flash(_("The second factor is set up."))
        return redirect(url_for("start.home"))
    account.note_read(here, asked)
    session["totp"] = session.get("totp") or pyotp.random_base32()
    return render_template("factor.html", secret=session["totp"], picture=drawn(_address(session["totp"])))


def _address(secret: str) -> str:
    """Return what an authenticator scans."""
    return pyotp.TOTP(secret, issuer="jpa", name=current_user.account.login).provisioning_uri()
