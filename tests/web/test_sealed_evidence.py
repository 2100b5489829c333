"""Evidence that names a sealed person: shown to the sealing officer, restricted, and opened with break-glass alone."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jpa.errors import ForbiddenError
from jpa.model.audit import AuditTag, Outcome
from jpa.model.case import TeamRole
from jpa.model.draft import TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.services import break_glass, cases, evidence, reports, teams
from jpa.services.cases import NewCase
from jpa.services.evidence import TypedFile
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.web.conftest import Login, asking, post, token_of

NAME = "Mariam Oddfinch"
STATEMENT = f"I am {NAME.upper()} and I was held below deck.".encode()


def held(stores: Stores, ask: Ask) -> tuple[str, str, dict[str, str]]:
    """Open a case with a person and four files; returns case, record, and each file's id by its name."""
    case = cases.open_case(stores, ask, NewCase("T-1", "Selat crossing")).id
    said = TypedReport(case, "Interview", "I-1", "2024", Grade("4x4", "B", "2"), Marking(), "Text.",
                       records=(TypedRecord("1", "Person", {"name": [NAME]}, role="suspect"),))  # fmt: skip
    contents = {
        "statement.txt": STATEMENT, "list.csv": b"name\nSomchai Rattana\n", "photo.jpg": b"\xff\xd8\xff picture",
        f"{NAME}.json": b'{"who": "M\\u0061riam Oddfinch"}',
    }  # fmt: skip
    files = [TypedFile(name, io.BytesIO(content), f"about {name}") for name, content in contents.items()]
    made = reports.add_report(stores, ask, said, files)
    kept = {f.name: f.id for f in reports.read_report(stores, ask, made.report.id).files}
    return case, made.records[0].id, kept


def test_sealing_lists_the_files_that_name_the_person_and_restricts_what_is_chosen(
    login: Login, installation: Installation, stores: Stores
) -> None:
    lead = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    ask = asking(installation, "lead.tip")
    case, record, kept = held(stores, ask)
    page = f"/cases/{case}/sealed-evidence"

    sealed = post(lead, f"/entities/{record}/seal", f"/entities/{record}")
    listed = lead.get(page).text
    wrong = post(lead, page, page, files=[kept["statement.txt"]], victims=["[victim V-9]"])
    done = post(
        lead,
        page,
        page,
        files=[kept["statement.txt"], kept[f"{NAME}.json"], kept["photo.jpg"]],
        victims=["[victim V-1]"],
    )
    opened = {
        name: post(lead, f"/evidence/{i}/open", f"/evidence/{i}", purpose="to read").status_code
        for name, i in kept.items()
    }

    assert sealed.headers["Location"].endswith(page)
    assert "Oddfinch" not in listed
    assert listed.count(" checked") == 3  # two files that hit, and whom they name
    assert "cannot be searched" in listed
    assert "names nobody sealed" in listed
    assert (wrong.status_code, done.status_code) == (422, 302)
    assert opened == {"statement.txt": 403, f"{NAME}.json": 403, "photo.jpg": 403, "list.csv": 200}
    assert "restricted" in lead.get(f"/evidence/{kept['photo.jpg']}").text
    event = next(e for e in stores.audit.events(tag=AuditTag.EVIDENCE_RESTRICTED.value) if e.outcome is Outcome.DONE)
    assert event.object == case


def test_a_restricted_file_opens_with_the_officers_own_approved_request_and_within_its_hour(
    login: Login, installation: Installation, stores: Stores
) -> None:
    lead, second = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE), login(Role.SUPERVISOR)
    ask, other = asking(installation, "lead.tip"), asking(installation, "supervisor.tip")
    case, record, kept = held(stores, ask)
    teams.join_team(stores, ask, case, other.officer.id, TeamRole.MEMBER)
    post(lead, f"/entities/{record}/seal", f"/entities/{record}")
    page, file = f"/cases/{case}/sealed-evidence", f"/evidence/{kept['statement.txt']}"
    post(lead, page, page, files=[kept["statement.txt"]], victims=["[victim V-1]"])

    victim = break_glass.list_victims(stores, ask, case)[0].id
    now = replace(ask, at=datetime.now(UTC))
    asked = break_glass.ask_identity(stores, now, victim, "she is in danger", "s. 12")
    before = post(lead, f"{file}/open", file, purpose="to read").status_code
    break_glass.approve(stores, replace(other, at=datetime.now(UTC)), asked.id)
    mine = post(lead, f"{file}/open", file, purpose="to read")
    theirs = post(second, f"{file}/open", file, purpose="to read").status_code
    events = stores.audit.events(tag=AuditTag.EVIDENCE_READ.value, outcomes=(Outcome.DONE,))
    late = replace(now, at=now.at + timedelta(hours=2))

    assert (before, mine.status_code, theirs) == (403, 200, 403)
    assert mine.data == STATEMENT
    assert events[0].details["vault_request"] == asked.id
    assert "opened, hash verified" in lead.get(file).text
    with pytest.raises(ForbiddenError):
        evidence.open_file(stores, late, kept["statement.txt"], "to read")


def test_a_file_that_names_a_sealed_person_is_born_restricted(
    login: Login, installation: Installation, stores: Stores
) -> None:
    lead = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    ask = asking(installation, "lead.tip")
    case, record, _ = held(stores, ask)
    post(lead, f"/entities/{record}/seal", f"/entities/{record}")
    said = TypedReport(case, "Log", "L-2", "2024", Grade("4x4", "B", "2"), Marking(), "Text.")
    made = reports.add_report(stores, ask, said, [TypedFile("b.txt", io.BytesIO(STATEMENT + b"2"), "why")])

    added = evidence.add_file(stores, ask, made.report.id, "c.txt", io.BytesIO(STATEMENT + b"3"), "why")
    clear = evidence.add_file(stores, ask, made.report.id, "d.txt", io.BytesIO(b"Somchai Rattana"), "why")
    files = {f.name: f.restricted for f in reports.read_report(stores, ask, made.report.id).files}

    assert files == {"b.txt": ("[victim V-1]",), "c.txt": ("[victim V-1]",), "d.txt": ()}
    assert added.restricted == ("[victim V-1]",)
    assert clear.restricted == ()


def test_only_the_team_searches_and_restricts(login: Login, installation: Installation, stores: Stores) -> None:
    login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    case, _, kept = held(stores, asking(installation, "lead.tip"))
    colleague, foreign, reader = login(Role.CONTRIBUTE), login(Role.LEAD, "ucg", "XB"), login(Role.READ)
    statuses = []

    for client in (colleague, foreign, reader):
        token = token_of(client, "/account")
        data = {"files": [kept["list.csv"]], "victims": ["[victim V-1]"], "csrf_token": token}
        statuses.append(client.get(f"/cases/{case}/sealed-evidence").status_code)
        statuses.append(client.post(f"/cases/{case}/sealed-evidence", data=data).status_code)

    assert statuses == [404, 404, 404, 404, 403, 403]
