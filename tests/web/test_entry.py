"""The entry page: marking, ties with details and to known things, victims; corrections and roles afterwards."""

import io
from typing import Any

from flask.testing import FlaskClient

from jpa.model.case import TeamRole
from jpa.model.marking import Release, Tlp
from jpa.model.officer import Role
from jpa.services import break_glass, cases, entities, frames, reports, teams
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW, officer
from tests.web.conftest import Login, token_of
from tests.web.test_retraction import entered

FACE = {
    "title": "Boarding report",
    "source_reference": "CG-2",
    "date": "2024",
    "grade_source": "B",
    "grade_information": "2",
}


def lead_of(installation: Installation) -> Ask:
    return Ask(next(a for a in installation.accounts.listed() if a.login == "lead.tip").officer, NOW)


def enter(client: FlaskClient, case: str, **fields: Any) -> Any:
    data = {**FACE, "csrf_token": token_of(client, "/account"), **fields}
    return client.post(f"/cases/{case}/reports/new", data=data)


def test_a_report_is_released_to_named_states_or_a_joint_period_that_its_page_names(
    login: Login, installation: Installation, stores: Stores
) -> None:
    client = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    ask = lead_of(installation)
    case = cases.open_case(stores, ask, NewCase("T-9", "Selat")).id
    marked = {"tlp": "TLP:AMBER", "release": "named states", "text": "x"}

    unknown = enter(client, case, **marked, release_states="Malaysia, Atlantis")
    strict = enter(client, case, **{**marked, "tlp": "TLP:RED"}, release_states="Malaysia")
    saved = enter(client, case, **marked, release_states="Malaysia, ID")
    marking = reports.read_report(stores, ask, saved.location.rsplit("/", 1)[1]).report.marking
    registrar = officer(stores, "registrar", "tip", "XA", Role.ADMINISTRATOR)
    period = frames.create_jpa(
        stores, registrar, frames.TypedJpa("6", "JPA 6, 2026", "2026-01-15", "2026-06-30", ("XA", "XB"))
    )
    joint = enter(client, case, **{**marked, "release": "JPA participants"}, release_jpa=period.id)

    assert (unknown.status_code, strict.status_code) == (422, 422)
    assert "Atlantis" in unknown.text
    assert "stays inside the own agency" in strict.text or "allows only own agency" in strict.text
    assert (marking.tlp, marking.release, marking.names) == (Tlp.AMBER, Release.NAMED_STATES, ("MY", "ID"))
    assert "named states: Malaysia, Indonesia<" in client.get(saved.location).text
    assert "JPA participants: JPA 6, 2026<" in client.get(joint.location).text


def test_ties_carry_details_and_reach_things_that_are_known_already(
    login: Login, installation: Installation, stores: Stores
) -> None:
    client = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    made = entered(installation, stores)
    ask = lead_of(installation)
    known = made.records[0].id

    saved = enter(
        client, made.report.case,
        line=["phone 0812 3456 7890", "vessel KM Laut"], role=["", ""], tie=["USES:in", ""], to=["k1", ""],
        details=["role: own phone, from: 9.3.2024", ""], tieline=["k1 owns 2, percentage: 50, until: 2025"],
        known=[known], known_caption=["Rahim"], known_type=["Person"],
    )  # fmt: skip
    ties = {t.link.type: t for t in entities.read_entity(stores, ask, known).ties}

    assert saved.status_code == 302, saved.text
    assert {"CREW_OF", "USES", "OWNS"} == set(ties)
    assert ties["USES"].link.properties["startDate"][0].clean == "2024-03-09"
    assert ties["OWNS"].link.properties["percentage"][0].best == "50"
    report = client.get(saved.location).text
    assert "own phone" in report
    assert report.count("Retract this tie") >= 2


def test_a_bad_detail_a_misplaced_tie_and_a_hidden_end_save_nothing_and_keep_what_was_typed(
    login: Login, installation: Installation, stores: Stores
) -> None:
    client = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    made = entered(installation, stores)
    row = {
        "line": ["phone 0812 3456 7890"],
        "role": [""],
        "tie": ["USES:in"],
        "known_caption": ["Rahim"],
        "known_type": ["Person"],
    }

    bad = enter(client, made.report.case, **row, to=["k1"], details=["shoe size: 43"], known=[made.records[0].id])
    misplaced = enter(client, made.report.case, **row, to=["k1"], details=[""], known=[made.records[1].id])
    hidden = enter(client, made.report.case, **row, to=["k1"], details=[""], known=["0" * 32])

    assert [a.status_code for a in (bad, misplaced, hidden)] == [422, 422, 422]
    assert "shoe size" in bad.text
    assert "0812 3456 7890" in bad.text
    assert "does not fit there" in misplaced.text
    assert "not there" in hidden.text
    assert cases.read_case(stores, lead_of(installation), made.report.case).report_count == 1


def test_victims_are_entered_with_coded_facts_and_listed_by_pseudonym(
    login: Login, installation: Installation, stores: Stores
) -> None:
    client = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    made = entered(installation, stores)

    saved = enter(
        client, made.report.case, text="Zarinah Canarywala and a girl were aboard.",
        victim_name=["Zarinah Canarywala", ""], victim_phone=["", ""], victim_document=["", ""], victim_ageBand=["18–20", "9–17"],
        victim_gender=["Feminine", "Feminine"], victim_citizenship=["Malaysia", ""], victim_exploitation=["ForcedLabour", ""],
        victim_status=["", "PossibleVictimOfTrafficking"],
    )  # fmt: skip
    rows = break_glass.list_victims(stores, lead_of(installation), made.report.case)
    page = client.get(f"/cases/{made.report.case}").text

    assert saved.status_code == 302, saved.text
    assert "Canarywala" not in client.get(saved.location).text + page
    assert [r.pseudonym for r in rows] == ["[victim V-1]", "[victim V-2]"]
    assert dict(rows[0].facts)["Form of exploitation"] == "Forced labour"
    assert dict(rows[1].facts)["Age band"] == "9–17"
    assert "[victim V-2]" in page
    assert "Ask to open the identity" in page


def test_a_correction_can_add_any_property_and_needs_a_reason(
    login: Login, installation: Installation, stores: Stores
) -> None:
    client = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    made = entered(installation, stores)
    address = f"/entities/{made.records[0].id}/correct"
    data = {
        "name": "Rahim Uddin",
        "religion": "Islam",
        "source_reference": "C-1",
        "csrf_token": token_of(client, address),
    }

    refused = client.post(address, data=data)
    saved = client.post(address, data={**data, "reason": "interview"})
    stated = entities.read_entity(stores, lead_of(installation), made.records[0].id).entity.stated()

    assert refused.status_code == 422
    assert "Islam" in refused.text
    assert saved.status_code == 302
    assert ("religion", "Islam") in {(s.declared.name, s.best) for s in stated}


def test_a_tie_is_corrected_and_the_earlier_one_stays_on_its_reports_page(
    login: Login, installation: Installation, stores: Stores
) -> None:
    client = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    made = entered(installation, stores)
    address = f"/reports/{made.report.id}/links/{made.links[0].id}/correct"
    data = {"role": "cook", "startDate": "9.3.2024", "source_reference": "C-2", "reason": "heard again"}

    saved = client.post(address, data={**data, "csrf_token": token_of(client, address)})
    again = client.post(address, data={**data, "csrf_token": token_of(client, "/account")})
    ties = entities.read_entity(stores, lead_of(installation), made.records[0].id).ties
    old, new = client.get(f"/reports/{made.report.id}").text, client.get(saved.location).text

    assert (saved.status_code, again.status_code) == (302, 409)
    assert [t.link.properties["role"][0].best for t in ties] == ["cook"]
    assert "no longer in force" in old
    assert "cook" in new
    undo = client.post(f"{saved.location}/retract", data={"reason": "no", "csrf_token": token_of(client, "/account")})
    assert undo.status_code == 302
    back = entities.read_entity(stores, lead_of(installation), made.records[0].id).ties
    assert [t.link.id for t in back] == [made.links[0].id]


def test_a_role_is_added_later_with_the_report_that_states_it(
    login: Login, installation: Installation, stores: Stores
) -> None:
    client = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    made = entered(installation, stores)
    person = made.records[0].id

    def state(role: str) -> int:
        data = {"role": role, "stated": person, "csrf_token": token_of(client, "/account")}
        return client.post(f"/entities/{person}/role", data=data).status_code

    codes = [state("witness"), state("witness"), state("villain")]
    involvements = entities.read_entity(stores, lead_of(installation), person).entity.involvements

    assert codes == [302, 302, 422]
    assert [(i.role, i.report) for i in involvements] == [("witness", made.report.id)]


def test_break_glass_through_the_pages_shows_an_identity_once_and_to_the_asker_alone(
    login: Login, installation: Installation, stores: Stores
) -> None:
    client = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    made = entered(installation, stores)
    enter(client, made.report.case, **{"victim_" + n: [""] for n in (
        "phone", "document", "ageBand", "gender", "citizenship", "exploitation", "status")}, victim_name=["Zarinah Canarywala"])  # fmt: skip
    ask = lead_of(installation)
    victim = break_glass.list_victims(stores, ask, made.report.case)[0].id
    second, auditor = login(Role.SUPERVISOR), login(Role.AUDITOR)
    account = next(a for a in installation.accounts.listed() if a.login == "supervisor.tip")
    teams.join_team(stores, ask, made.report.case, account.id, TeamRole.MEMBER)

    said = {"reason": "in danger", "basis": "s. 12", "csrf_token": token_of(client, "/account")}
    client.post(f"/vault/victims/{victim}/ask", data=said)
    start, alarm = second.get("/").text, auditor.get("/").text
    request = start.split('action="/vault/')[1].split("/")[0]
    own = client.post(f"/vault/{request}/decide", data={"decision": "approve", "csrf_token": said["csrf_token"]})
    early = client.post(f"/vault/{request}/open", data={"csrf_token": said["csrf_token"]})
    other = second.post(
        f"/vault/{request}/decide", data={"decision": "approve", "csrf_token": token_of(second, "/account")}
    )
    shown = client.post(f"/vault/{request}/open", data={"csrf_token": said["csrf_token"]})

    assert "in danger" in start
    assert "The vault was asked for" in alarm
    assert (own.status_code, early.status_code, other.status_code) == (403, 409, 302)
    assert "Zarinah Canarywala" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert second.post(f"/vault/{request}/open", data={"csrf_token": token_of(second, "/account")}).status_code == 403
    assert "Zarinah" not in client.get(f"/cases/{made.report.case}").text + client.get("/").text + auditor.get("/").text


def test_files_come_with_the_report_and_a_refused_one_keeps_what_was_typed(
    login: Login, installation: Installation, stores: Stores
) -> None:
    client = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    ask = lead_of(installation)
    case = cases.open_case(stores, ask, NewCase("T-9", "Selat")).id

    def files(*contents: bytes) -> list[tuple[io.BytesIO, str]]:
        return [(io.BytesIO(content), f"phone-{i}.txt") for i, content in enumerate(contents)]

    empty = enter(client, case, text="a long text", files=files(b"calls", b""), files_why="her phone")
    unexplained = enter(client, case, text="a long text", files=files(b"calls"), files_why="")
    nothing = cases.read_case(stores, ask, case).report_count
    saved = enter(client, case, text="a long text", files=files(b"calls", b"pictures"), files_why="her phone")
    page = client.get(saved.location)
    unchosen = enter(client, case, text="x", files=[(io.BytesIO(b""), "")], files_why="")

    assert (empty.status_code, unexplained.status_code, unchosen.status_code) == (422, 422, 302)
    assert "phone-1.txt" in empty.text
    assert "The file is empty" in empty.text
    assert "a long text" in empty.text
    assert "Choose again" in empty.text
    assert "Say what the files show" in unexplained.text
    assert nothing == 0
    assert "Kept with it, encrypted: 2 files" in page.text
    assert {f.name for f in reports.read_report(stores, ask, saved.location.rsplit("/", 1)[1]).files} == {
        "phone-0.txt",
        "phone-1.txt",
    }
