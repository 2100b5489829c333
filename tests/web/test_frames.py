"""Joint periods and their plans on the page: made, changed, refused by field."""

import re
from typing import Any

from jpa.model.officer import Role
from tests.web.conftest import Login, post

PERIOD: dict[str, Any] = {
    "number": "7",
    "name": "JPA 7, 2027",
    "start": "2027-01-01",
    "end": "2027-12-31",
    "states": ["XA", "XB"],
}


def test_a_joint_period_and_its_plan_are_made_changed_and_read_by_their_states_alone(login: Login) -> None:
    client = login(Role.ADMINISTRATOR)
    made = post(client, "/jpas/new", **PERIOD)
    own, foreign = login(Role.READ), login(Role.READ, "sfi", "XC")

    plan = post(client, f"{made.location}/plans/new", name="Plan Selat", states=["XA", "XB"])
    changed = post(client, f"{made.location}/change", **{**PERIOD, "name": "JPA 7 renamed", "end": "31.3.2028"})
    without = post(client, f"{made.location}/change", **{**PERIOD, "states": ["XA", "TH"]})
    lonely = post(client, f"{made.location}/plans/new", name="", states=["XA"])
    edit = re.findall(r'href="(/jpas/[0-9a-f]{32}/plans/[0-9a-f]{32})"', client.get(made.location).text)[0]
    renamed = post(client, edit, name="Plan Timur", states=["XA", "XB"])

    assert [a.status_code for a in (made, plan, changed, renamed, without, lonely)] == [302, 302, 302, 302, 422, 422]
    assert "Utara is party to Plan Selat" in without.text
    assert "Choose two or more of the states" in lonely.text
    seen = own.get(made.location).text
    assert "31 March 2028" in seen
    assert "Plan Timur" in seen
    assert own.get(edit).status_code == 403
    assert foreign.get(made.location).status_code == 404
    assert "No joint period yet" in foreign.get("/jpas/").text


def test_a_joint_period_is_refused_by_field_with_what_was_typed_kept(login: Login) -> None:
    client = login(Role.ADMINISTRATOR)

    wrong = post(client, "/jpas/new", number="x", name="", start="2027", end="never", states=["XA"], focus="Kept")
    backwards = post(client, "/jpas/new", **{**PERIOD, "end": "2026-01-01"})
    post(client, "/jpas/new", **PERIOD)
    twice = post(client, "/jpas/new", **PERIOD)

    for text in ("from 1 to 9999", "for example JPA 3, 2024", "Enter a whole day", "at least two participating states"):
        assert text in wrong.text, text
    assert 'value="Kept"' in wrong.text
    assert 'value="XA" checked' in wrong.text
    assert "The end must come after the start" in backwards.text
    assert "Number 7 is taken" in twice.text
    assert {a.status_code for a in (wrong, backwards, twice)} == {422}
