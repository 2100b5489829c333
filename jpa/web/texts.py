"""Texts in the officer's language: whose they are is looked up once in a request, not for each text of a page."""

from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import Babel, get_translations


def init(app: Flask) -> None:
    """Let templates translate."""
    Babel(app)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # comes with the extension that Babel adds
        gettext=gettext,
        ngettext=lambda one, many, count: _translations().ungettext(one, many, count),
        newstyle=True,
    )


def gettext(text: str) -> str:
    """Translate a text without variables."""
    return _translations().ugettext(text)


def _translations() -> NullTranslations:
    if "translations" not in g:
        g.translations = get_translations()
    found: NullTranslations = g.translations
    return found
