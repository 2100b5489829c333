"""The same reads as the pages as JSON, for programs that hold an officer's token: same services, same gate."""

from typing import Final

from apiflask import APIFlask

from jpa.web.api import (
    account,
    agreements,
    blind,
    cases,
    catalogue,
    chart,
    comparison,
    document,
    entities,
    figures,
    grants,
    incidents,
    networks,
    outcomes,
    packages,
    reports,
    requests,
    resolution,
    returns,
    search,
)
from jpa.web.api.blueprint import pages

SUBJECTS: Final = (
    account,
    catalogue,
    cases,
    outcomes,
    reports,
    entities,
    search,
    resolution,
    comparison,
    networks,
    chart,
    figures,
    incidents,
    returns,
    agreements,
    grants,
    requests,
    packages,
    blind,
)
"""The modules whose views stand on the blueprint."""


def init(app: APIFlask) -> None:
    """Put the operations and their document on the app."""
    document.init(app)
    app.register_blueprint(pages)


__all__ = ["SUBJECTS", "init", "pages"]
