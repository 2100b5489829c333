"""Evidence through the pages: upload, custody, a download that no browser interprets."""

import io

from flask.testing import FlaskClient

from jpa.model.officer import Role
from jpa.services.installation import Installation
from jpa.services.stores import Stores
from tests.web.conftest import Login, token_of
from tests.web.test_retraction import entered

CONTENT = b"<script>alert(1)</script>" * 2000


def upload(client: FlaskClient, report: str, content: bytes, name: str = "page.html", why: str = "chat") -> int:
    data = {"file": (io.BytesIO(content), name), "why": why, "csrf_token": token_of(client, "/account")}
    return client.post(f"/reports/{report}/evidence", data=data).status_code


def test_a_file_is_added_listed_opened_with_a_purpose_and_handed_out_inert(
    login: Login, installation: Installation, stores: Stores
) -> None:
    lead = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    report = entered(installation, stores).report.id
    empty = lead.get(f"/reports/{report}").text

    codes = [upload(lead, report, CONTENT), upload(lead, report, b""), upload(lead, report, CONTENT, why="")]
    page = lead.get(f"/reports/{report}").text
    file = page.split('href="/evidence/')[1].split('"')[0]
    token = token_of(lead, f"/evidence/{file}")
    without = lead.post(f"/evidence/{file}/open", data={"purpose": "", "csrf_token": token})
    answer = lead.post(f"/evidence/{file}/open", data={"purpose": "read it", "csrf_token": token})
    verified = lead.post(f"/evidence/{file}/verify", data={"csrf_token": token}, follow_redirects=True)
    custody = lead.get(f"/evidence/{file}").text

    assert "No file yet" in empty
    assert codes == [302, 422, 422]
    assert "page.html" in page
    assert without.status_code == 422
    assert "Say why you open it" in without.text
    assert answer.data == CONTENT
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="evidence-')
    assert answer.headers["Content-Disposition"].endswith('.bin"')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "exactly what was added" in verified.text
    assert "read it" in custody


def test_an_altered_file_gives_a_clear_page_and_no_bytes(
    login: Login, installation: Installation, stores: Stores
) -> None:
    lead = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    made = entered(installation, stores)
    upload(lead, made.report.id, CONTENT)
    file = lead.get(f"/reports/{made.report.id}").text.split('href="/evidence/')[1].split('"')[0]
    path = next((stores.settings.evidence_dir / made.report.case).iterdir())
    path.write_bytes(path.read_bytes()[:-1] + b"?")

    token = token_of(lead, f"/evidence/{file}")
    answer = lead.post(f"/evidence/{file}/open", data={"purpose": "read it", "csrf_token": token})

    assert answer.status_code == 500
    assert "its hash differs" in answer.text
    assert "alert(1)" not in answer.text
    assert "altered" in lead.get(f"/evidence/{file}").text


def test_a_foreign_officer_gets_the_same_answer_for_a_file_that_is_there_and_one_that_is_not(
    login: Login, installation: Installation, stores: Stores
) -> None:
    lead = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    report = entered(installation, stores).report.id
    upload(lead, report, CONTENT)
    file = lead.get(f"/reports/{report}").text.split('href="/evidence/')[1].split('"')[0]
    foreign = login(Role.LEAD, "ucg", "XB", Role.CONTRIBUTE)

    token = token_of(foreign, "/account")
    for address in (f"/evidence/{file}", f"/evidence/{'0' * 32}"):
        assert foreign.get(address).status_code == 404
        for act in ("open", "verify"):
            assert foreign.post(f"{address}/{act}", data={"purpose": "x", "csrf_token": token}).status_code == 404
    assert [upload(foreign, which, CONTENT) for which in (report, "0" * 32)] == [404, 404]
