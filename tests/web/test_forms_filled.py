"""The page of forms: chosen, filled, refused with the cure, handed out as a workbook; closed to who counts nothing."""

from jpa.model.officer import Role
from tests.web.conftest import Login, token_of


def test_a_supervisor_fills_a_form_on_the_page_and_takes_it_as_a_workbook(login: Login) -> None:
    client = login(Role.SUPERVISOR)

    first = client.get("/figures/forms/")
    filled = client.get("/figures/forms/?form=glotip&year=2024")
    token = token_of(client, "/figures/forms/?form=glotip&year=2024")
    file = client.post("/figures/forms/file", data={"form": "glotip", "year": "2024", "csrf_token": token})
    wrong = client.post("/figures/forms/file", data={"form": "glotip", "year": "soon", "csrf_token": token})

    assert "Nothing filled yet" in first.text
    assert "Persons in formal contact" in filled.text
    assert "not read in a primary source" in filled.text
    assert file.headers["Content-Disposition"] == 'attachment; filename="glotip-2024.xlsx"'
    assert file.data.startswith(b"PK")
    assert (wrong.status_code, "Write a year, for example 2024." in wrong.text) == (422, True)


def test_a_form_without_a_year_is_refused_beside_the_field(login: Login) -> None:
    answer = login(Role.SUPERVISOR).get("/figures/forms/?form=glotip&year=soon")

    assert answer.status_code == 422
    assert "Write a year, for example 2024." in answer.text


def test_who_counts_nothing_gets_no_form(login: Login) -> None:
    client = login(Role.CONTRIBUTE)

    assert client.get("/figures/forms/?form=glotip&year=2024").status_code in {403, 404}
    token = token_of(client, "/account")
    answer = client.post("/figures/forms/file", data={"form": "glotip", "year": "2024", "csrf_token": token})
    assert answer.status_code in {403, 404}
