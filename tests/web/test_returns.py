"""Returns through the browser's requests: preview, draft, release, send, accept, question, file, keys, joint cases, refusals."""

import io
import re
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient

from jpa.interchange.return_file import write_return
from jpa.model.officer import Role
from jpa.model.returns import Head, Part, Row
from jpa.operations.messages import public_of, sign_message
from jpa.services import frames
from jpa.services.frames import TypedJpa
from jpa.services.stores import Ask, Stores
from jpa.statistics.merkle import root_of
from tests.conftest import officer
from tests.integration.services.test_returns import case_of, entered
from tests.web.conftest import Bearer, Login, token_of

FOREIGN = Ed25519PrivateKey.from_private_bytes(b"f" * 32)


@pytest.fixture
def jpa(stores: Stores, prasert: Ask) -> str:
    chief = officer(stores, "chief", "tip", "XA", Role.ADMINISTRATOR)
    typed = TypedJpa("3", "JPA 3, 2024", "2024-01-15", "2024-06-30", ("XA", "XB", "XC"), coordinator="tip")
    entered(
        stores, prasert, case_of(stores, prasert, "U-1"), ("arrested", "2024-02-03", "1"), ("arrested", "2024-03", "2")
    )
    return frames.create_jpa(stores, chief, typed).id


def post(client: FlaskClient, path: str, **data: object) -> tuple[int, str]:
    sent = {**data, "csrf_token": token_of(client, "/account")}
    answer = client.post(path, data=sent, follow_redirects=True, content_type="multipart/form-data")
    return answer.status_code, answer.text


def test_a_return_goes_from_preview_to_the_figures_and_back(login: Login, jpa: str) -> None:
    liaison = login(Role.LIAISON, "ucg", "XB")
    supervisor = login(Role.SUPERVISOR, "ucg", "XB")
    coordinator = login(Role.SUPERVISOR)
    assert "Make the first one" in liaison.get("/returns/").text
    assert "nothing yet" in coordinator.get("/returns/").text
    assert "no agency of this state is known here" in coordinator.get("/returns/").text

    _, preview = post(liaison, "/returns/new", jpa=jpa, period="all", do="preview")
    _, kept = post(liaison, "/returns/new", jpa=jpa, period="all", do="draft")
    page = re.findall(r'action="(/returns/[0-9a-f]{32})/', kept)[0]
    assert "Exactly what Tenggara Immigration Police will see" in preview
    assert preview.count("<td>arrested</td>") == 2
    assert "Unit: person." in preview
    assert "Nothing stays behind." in preview
    assert "Another supervisor of your agency releases it" not in kept  # a liaison officer is told nothing of a button
    assert coordinator.get(page).status_code == 404
    assert post(liaison, f"{page}/release")[0] == 403
    assert post(supervisor, f"{page}/send")[0] == 409
    assert "You released this return" in post(supervisor, f"{page}/release")[1]
    assert "coordinator&#39;s inbox" in post(liaison, f"{page}/send")[1]
    handed = liaison.get(f"{page}/file")
    assert handed.data.count(b"\n") == 4
    assert coordinator.get(f"{page}/file").status_code == 404

    assert "waits for the coordinator" in coordinator.get("/returns/").text
    assert post(coordinator, f"{page}/query", code="fewer than before", text="")[0] == 422
    assert "fewer than before" in post(coordinator, f"{page}/query", code="fewer than before", text="Where?")[1]
    assert "make a new version" in liaison.get(page).text
    assert "is accepted" in post(coordinator, f"{page}/accept")[1]
    table = f"/figures/table?measure=persons_arrested&by=state&credit=in+the+period&jpa={jpa}"
    assert "plus 1 accepted return of" in coordinator.get(table).text
    records = coordinator.get(f"/figures/records?measure=persons_arrested&credit=in+the+period&jpa={jpa}").text
    assert records.count("from the return of ucg, everything up to its day, version 1") == 2
    assert "counted by Tenggara Immigration Police alone" in supervisor.get(table).text
    assert "plus 1 accepted return of" in coordinator.get(f"/figures/?jpa={jpa}").text
    assert post(coordinator, f"{page}/reopen", reason="")[0] == 422
    assert "Taken back" in post(coordinator, f"{page}/reopen", reason="too early")[1]
    assert "no accepted return yet" in coordinator.get(table).text
    assert "is withdrawn" in post(liaison, f"{page}/withdraw", reason="wrong year")[1]


def test_a_file_of_another_installation_counts_only_by_a_pinned_key(login: Login, jpa: str) -> None:
    coordinator = login(Role.SUPERVISOR)
    administrator = login(Role.ADMINISTRATOR)
    assert "No return has come yet" in coordinator.get("/returns/").text

    def receive(content: bytes) -> tuple[int, str]:
        return post(coordinator, "/returns/receive", file=(io.BytesIO(content), "return.jsonl"))

    refused, text = receive(foreign())
    assert (refused, "is not pinned here" in text) == (422, True)
    public = public_of(FOREIGN)
    assert post(coordinator, "/returns/keys", agency="ucg", key=public)[0] == 403
    assert post(administrator, "/returns/keys", agency="ucg", key="short")[0] == 422
    assert "is pinned" in post(administrator, "/returns/keys", agency="ucg", key=public)[1]
    assert receive(b"")[0] == 422
    code, page = receive(foreign())
    assert (code, "waits for the coordinator" in page) == (200, True)
    assert receive(foreign())[0] == 200  # the same file again changes nothing
    for flawed, problem in (
        (foreign(number=4), "the register here has no such one"),
        (foreign(start="2024-01-16"), "the register here has no such one"),
        (foreign(state="XC"), "its key belongs to Utara Coast Guard"),
        (foreign(this="d" * 32), "version 1 is here already"),
        (foreign(made="2026-11-25"), "another return of this number"),
    ):
        code, text = receive(flawed)
        assert (code, problem in text) == (422, True), problem
    this = re.findall(r"/returns/([0-9a-f]{32})", page)[0]
    assert "is accepted" in post(coordinator, f"/returns/{this}/accept")[1]
    assert "plus 1 accepted return of" in coordinator.get(f"/figures/?jpa={jpa}").text
    assert coordinator.get("/returns/").text.count("version 1</a>") == 1
    fingerprint = re.findall(r'name="fingerprint" value="([0-9a-f]{64})"', administrator.get("/returns/keys").text)[0]
    assert "is withdrawn" in post(administrator, "/returns/keys", do="withdraw", fingerprint=fingerprint)[1]
    assert receive(foreign(this="e" * 32, version=2))[0] == 422


def foreign(
    this: str = "c" * 32,
    number: int = 3,
    start: str = "2024-01-15",
    state: str = "XB",
    made: str = "2026-11-24",
    version: int = 1,
) -> bytes:
    """A file that another installation signed."""
    rows = (Row("a" * 32, "arrested", "2024-02", Part.IN, "XB", person=("b" * 32,)),)
    root = root_of(r.key for r in rows).hex()
    head = Head(this, "ucg", state, number, start, "2024-06-30", "all", version, made, 1, root, (), "0" * 64)
    body = write_return(head, rows)
    return sign_message(FOREIGN, "return", body).encode() + b"\n" + body


def test_a_case_is_tied_by_the_other_agencys_code(login: Login, stores: Stores, jpa: str) -> None:
    lead, other = login(Role.SUPERVISOR, "ucg", "XB"), login(Role.LEAD, "ucg", "XB")
    page = lead.get("/returns/joint").text
    case = re.findall(r'<option value="([0-9a-f]{32})"', page)[0]
    assert "counts by itself" in page

    assert post(lead, "/returns/joint", case=case, code="no code")[0] == 422
    made = post(lead, "/returns/joint", case=case, code="")[1]
    code = re.findall(r"<code class=\"nowrap\">([0-9A-Z-]{25})</code>", made)

    assert len(code) == 1
    assert post(login(Role.SUPERVISOR), "/returns/joint", case=case, code="")[0] == 404
    assert "counts by itself" in post(lead, "/returns/joint", case=case, do="untie")[1]
    assert (other.get("/returns/joint").status_code, other.get("/returns/").status_code) == (200, 403)
    assert post(other, "/returns/joint", case=case, code="")[0] == 403  # leads another case
    assert jpa
    assert case not in stores.agency_keys.joint_codes()


def test_the_api_says_how_far_returns_have_come(login: Login, bearer: Bearer, jpa: str) -> None:
    liaison = login(Role.LIAISON, "ucg", "XB")
    post(liaison, "/returns/new", jpa=jpa, period="2024", do="draft")
    program, _ = bearer(Role.SUPERVISOR, "ucg", "XB")
    foreigner, _ = bearer(Role.SUPERVISOR)
    reader, _ = bearer(Role.READ)

    answer = program.get("/api/v1/returns").json

    assert answer is not None
    assert (answer["total"], answer["more"]) == (1, False)
    [item] = answer["items"]
    assert (item["standing"], item["period"], item["version"], item["rows"]) == ("draft", "2024", 1, 2)
    assert datetime.fromisoformat(item["made"]).tzinfo is not None
    assert datetime.fromisoformat(item["made"]) <= datetime.now(UTC)
    assert foreigner.get("/api/v1/returns").json["items"] == []  # type: ignore[index]
    assert reader.get("/api/v1/returns").status_code == 403
