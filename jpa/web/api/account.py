"""Who the token speaks for."""

from datetime import UTC, datetime

from apiflask.fields import DateTime, List, Nested, String

from jpa.model.access import Action, can
from jpa.model.officer import Role
from jpa.web.api.blueprint import answers, pages
from jpa.web.api.shapes import Shape, one_of
from jpa.web.gate import caller


class TokenSchema(Shape):
    """The token that this request was sent with."""

    id = String()
    name = String()
    expires = DateTime(format="iso")


class WhoamiSchema(Shape):
    """The officer behind the token."""

    id = String()
    login = String()
    name = String()
    agency = String()
    state = String(metadata={"description": "ISO 3166-1 alpha-2"})
    roles = List(one_of(Role))
    may = List(one_of(Action), metadata={"description": "What the roles allow; the API itself only reads"})
    token = Nested(TokenSchema, allow_none=True)


@pages.get("/whoami")
@answers(WhoamiSchema)
def whoami() -> object:
    """Say which officer the token speaks for."""
    by = caller()
    officer, token = by.account.officer, by.token
    ends = None if token is None else datetime.fromtimestamp(token.expires, UTC)
    return {
        "id": officer.id,
        "login": officer.login,
        "name": officer.name,
        "agency": officer.agency,
        "state": officer.state,
        "roles": sorted(officer.roles),
        "may": [action for action in Action if can(officer, action)],
        "token": None if token is None else {"id": token.id, "name": token.name, "expires": ends},
    }
