"""The ledger's pages: entry for several persons, the next one kept, correction, retraction and undoing, files, other agencies."""

import io

import pytest
from flask.testing import FlaskClient

from jpa.model.case import CaseRole
from jpa.model.draft import TypedOutcome, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Officer, Role
from jpa.services import cases, imports, outcomes, reports, retractions
from jpa.services.cases import NewCase
from jpa.services.frames import TypedJpa, create_jpa
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW, officer
from tests.web.conftest import Bearer, Login, token_of
from tests.web.test_entry import lead_of


@pytest.fixture
def lead(login: Login) -> FlaskClient:
    return login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)


def filed(stores: Stores, ask: Ask) -> tuple[str, list[str], str]:
    case = cases.open_case(stores, ask, NewCase("T-1", "Camp")).id
    people = [
        TypedRecord("1", "Person", {"name": ["RAHIM UDDIN"]}, role=CaseRole.SUSPECT),
        TypedRecord("2", "Person", {"name": ["HLA MYINT"]}, role=CaseRole.SUSPECT),
        TypedRecord("3", "Person", {"name": ["NUR Begum"]}, role=CaseRole.SMUGGLED_MIGRANT),
    ]
    typed = TypedReport(case, "Arrest record", "R-1", "2021-06-11", Grade("4x4", "A", "1"), Marking(), "", people)
    made = reports.add_report(stores, ask, typed)
    return case, [r.id for r in made.records], made.report.id


def post(client: FlaskClient, address: str, **form: object) -> tuple[int, str, str]:
    answer = client.post(address, data={"csrf_token": token_of(client, "/account"), **form})
    return answer.status_code, answer.text, answer.location or ""


def test_several_persons_become_an_entry_each_and_the_next_one_keeps_what_stays(
    lead: FlaskClient, installation: Installation, stores: Stores
) -> None:
    case, (rahim, hla, _nur), report = filed(stores, lead_of(installation))
    address = f"/cases/{case}/outcomes/new"
    empty = lead.get(f"/cases/{case}/outcomes").text
    chosen = lead.get(f"{address}?kind=conv").text
    said = {"kind": "convicted", "date": "1.5.2023", "court": "High Court", "article": "Act s. 6(1)", "charge": "7"}
    bare, _, plain = post(lead, address, kind="convicted", date="2022", then="next")
    unsaid = lead.get(plain).text

    status, _, location = post(lead, address, **said, person=[rahim, hla], report=report, then="next")
    following = lead.get(location).text
    again = lead.get(location).text
    ledger = lead.get(f"/cases/{case}/outcomes").text

    assert "No outcome in force" in empty
    assert ("RAHIM UDDIN" in chosen, 'name="result"' in chosen, 'name="court"' in chosen) == (True, False, True)
    assert (bare, status) == (302, 302)
    assert 'name="place" value=""' in unsaid
    assert "court" not in location.replace("kind=convicted", "")
    assert all(f'value="{text}"' in following for text in ("1.5.2023", "High Court", "Act s. 6(1)"))
    assert 'value="7"' not in following
    assert "High Court" not in again
    assert "<b>3</b> Convictions" in ledger
    assert ledger.count("1 May 2023") == 2
    assert "an entry for each of 2 persons" in following
    assert "Outcomes <span" in lead.get(f"/cases/{case}").text
    assert "High Court" in lead.get(f"/entities/{rahim}").text
    assert "Outcomes that it states" in lead.get(f"/reports/{report}").text


def test_letters_that_mean_several_kinds_are_asked_back(
    lead: FlaskClient, installation: Installation, stores: Stores
) -> None:
    case, _, _ = filed(stores, lead_of(installation))

    page = lead.get(f"/cases/{case}/outcomes/new?kind=seiz").text

    assert "Which of these?" in page
    assert page.count('<a href="?kind=') == 3
    assert "Trainings" not in page


def test_a_migrant_as_arrested_is_asked_back_and_a_problem_keeps_what_was_typed(
    lead: FlaskClient, installation: Installation, stores: Stores
) -> None:
    ask = lead_of(installation)
    case, (rahim, hla, nur), _ = filed(stores, ask)
    address = f"/cases/{case}/outcomes/new"
    arrest = {"kind": "arrested", "date": "2021-06-11"}

    asked, told, _ = post(lead, address, **arrest, person=nur)
    twice, shared, _ = post(lead, address, **arrest, person=[rahim, hla], reference="K-1")
    empty, _, _ = post(lead, address, kind="appeal decided", date="2023", person=rahim)
    before = len(outcomes.case_ledger(stores, ask, case)[1])
    meant, _, _ = post(lead, address, **arrest, person=nur, confirmed="1")

    assert (asked, twice, empty, meant, before) == (422, 422, 422, 302, 0)
    assert "NUR Begum (T-1)" in told
    assert 'name="confirmed"' in told
    assert 'value="2021-06-11"' in told
    assert "A reference tells one person apart" in shared
    assert len(outcomes.case_ledger(stores, ask, case)[1]) == 1


def test_an_entry_is_corrected_retracted_and_brought_back_with_who_and_why(
    lead: FlaskClient, installation: Installation, stores: Stores
) -> None:
    ask = lead_of(installation)
    case, (rahim, hla, _nur), _ = filed(stores, ask)
    post(lead, f"/cases/{case}/outcomes/new", kind="arrested", date="2021-06-11", person=rahim)
    [line] = outcomes.case_ledger(stores, ask, case)[1]
    address = f"/outcomes/{line.outcome.id}"

    unreasoned, page, _ = post(lead, f"{address}/correct", kind="charged", date="2021-06-12", person=hla)
    corrected, _, place = post(
        lead, f"{address}/correct", kind="charged", date="2021-06-12", person=hla, reason="mixed up"
    )
    new = place.rsplit("#", 1)[1]
    folded = lead.get(f"/cases/{case}/outcomes").text
    retracted, _, back = post(lead, f"/outcomes/{new}/retract", reason="wrong file")
    gone = lead.get(f"/cases/{case}/outcomes").text
    undo = gone.split("/retractions/")[1].split("/")[0]
    undone, _, where = post(lead, f"/retractions/{undo}/undo", reason="right after all")
    restored = lead.get(f"/cases/{case}/outcomes").text

    assert (unreasoned, corrected, retracted, undone) == (422, 302, 302, 302)
    assert 'value="2021-06-12"' in page
    assert "Corrected by Lead" in folded
    assert "mixed up" in folded
    assert "1 corrected or retracted entry" in folded
    assert back.endswith(f"/outcomes/{new}")
    assert "wrong file" in gone
    assert "<b>1</b> Arrest" in gone
    assert where.endswith(f"/outcomes/{new}")
    assert lead.get(where).location.endswith(f"/cases/{case}/outcomes#{new}")
    assert "<b>1</b> Charge" in restored
    assert "right after all" in restored


def test_an_import_is_offered_from_the_ledger_and_shows_outcomes_before_they_are_written(
    lead: FlaskClient, installation: Installation, stores: Stores
) -> None:
    ask = lead_of(installation)
    case, _, _ = filed(stores, ask)
    table = b"id,kind,person,date\n1,arrested,K-1,2021\n2,shaved,K-2,2021\n3,arrested,K-3,2099\n"
    face = {
        "title": "Court list",
        "source_reference": "CL",
        "date": "2024",
        "grade_source": "B",
        "grade_information": "2",
    }

    form = lead.get(f"/cases/{case}/imports/new?kind=Outcome").text
    status, _, place = post(
        lead, f"/cases/{case}/imports/new", **face, kind="Outcome", file=(io.BytesIO(table), "courts.csv")
    )
    imports.read_rows(stores, ask, place.rsplit("/", 1)[1])
    shown = lead.get(place).text

    assert '<option value="Outcome" selected>' in form
    assert status == 302
    assert "[outcome]" in shown
    assert "is no kind of outcome" in shown
    assert "lies in the future" in shown


def test_a_ledger_is_downloaded_for_a_purpose(lead: FlaskClient, installation: Installation, stores: Stores) -> None:
    case, (rahim, *_), _ = filed(stores, lead_of(installation))
    post(lead, f"/cases/{case}/outcomes/new", kind="arrested", date="2021-06-11", person=rahim)

    refused, page, _ = post(lead, f"/cases/{case}/outcomes/file", form="csv", purpose="")
    handed, content, _ = post(lead, f"/cases/{case}/outcomes/file", form="csv", purpose="for the prosecutor")

    assert (refused, handed) == (422, 200)
    assert "Say what the file is for" in page
    assert "Arrest,in force,RAHIM UDDIN,2021-06-11" in content


def test_an_agency_reports_trainings_under_a_joint_period(login: Login, lead: FlaskClient, stores: Stores) -> None:
    admin = Ask(Officer("adi", "adi", "Adi", "tip", "XA", frozenset({Role.ADMINISTRATOR})), NOW)
    jpa = create_jpa(stores, admin, TypedJpa("3", "JPA 3", "2024-01-01", "2024-12-31", ("XA", "XB"))).id
    foreign, outside = login(Role.LEAD, "ucg", "XB"), login(Role.LEAD, "zzz", "XC")

    status, _, _ = post(
        lead, f"/jpas/{jpa}/outcomes/new", kind="officer trained", date="2024-03", count="485", topic="Boats"
    )
    wrong, page, _ = post(lead, f"/jpas/{jpa}/outcomes/new", kind="arrested", date="2024-03")
    own = lead.get(f"/jpas/{jpa}/outcomes").text

    assert status == 302
    assert (wrong, "Which of these?" in page) == (200, True)
    assert "<b>485</b> Officers trained" in own
    assert "<b>485</b> Officers trained" in lead.get(f"/jpas/{jpa}").text
    assert "Nothing reported yet" in foreign.get(f"/jpas/{jpa}/outcomes").text
    assert outside.get(f"/jpas/{jpa}/outcomes").status_code == 404
    assert login(Role.READ).get(f"/jpas/{jpa}/outcomes/new").status_code == 403


def test_the_api_gives_the_ledger_of_the_page(bearer: Bearer, stores: Stores, wulan: Ask) -> None:
    client, asked = bearer(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    case, (rahim, *_), _ = filed(stores, asked)
    typed = TypedOutcome("arrested", {"date": ["11.6.2021"]}, case, person=rahim)
    [made] = outcomes.record_outcomes(stores, asked, [typed])
    theirs = cases.open_case(stores, wulan, NewCase("T-2", "Hidden")).id

    ledger = client.get(f"/api/v1/cases/{case}/outcomes?limit=1").json
    hidden = client.get(f"/api/v1/cases/{theirs}/outcomes")

    assert ledger is not None
    [item] = ledger["items"]
    assert (ledger["total"], ledger["more"]) == (1, False)
    assert (item["id"], item["kind"], item["person"], item["in_force"]) == (made.id, "arrested", rahim, True)
    assert item["properties"]["date"] == [{"typed": "11.6.2021", "clean": "2021-06-11", "flag": "read as day first"}]
    assert hidden.status_code == 404


def test_what_is_odd_is_said_beside_the_field_before_it_is_saved_and_kept_all_the_same(
    lead: FlaskClient, installation: Installation, stores: Stores, login: Login
) -> None:
    ask = lead_of(installation)
    case, (rahim, _hla, _nur), _ = filed(stores, ask)
    address = f"/cases/{case}/outcomes"
    post(lead, f"{address}/new", kind="charged", date="2024-05-01", person=rahim, charge="1")
    early = {"kind": "convicted", "date": "2024-03-01", "person": rahim, "charge": "1"}
    odd = {"kind": "sentenced", "date": "2099", "article": "Act s. 99", "offence": "9999x", "sex": "unsure"}
    token = token_of(lead, "/account")

    def checked(path: str, **form: str) -> tuple[int, dict[str, str]]:
        answer = lead.post(path, data={"csrf_token": token, **form})
        return answer.status_code, answer.json or {}

    status, contradiction = checked(f"{address}/check", **early)
    _, codes = checked(f"{address}/check", **odd)
    unfinished = checked(f"{address}/check", kind="convicted"), checked(f"{address}/check", kind="")
    nothing_kept = len(outcomes.case_ledger(stores, ask, case)[1])
    saved, _, location = post(lead, f"{address}/new", **early)
    told = lead.get(location).text
    [line] = [one for one in outcomes.case_ledger(stores, ask, case)[1] if one.outcome.kind == "convicted"]
    _, mended = checked(f"{address}/check?corrects={line.outcome.id}", **{**early, "date": "2024-06-01"})
    form = lead.get(f"/outcomes/{line.outcome.id}/correct").text
    post(lead, f"{address}/new", **odd)

    assert (status, list(contradiction)) == (200, ["date"])
    assert contradiction["date"].startswith("Later stage before an earlier one.")
    assert set(codes) == {"date", "article", "offence", "sex"}
    assert "lies in the future" in codes["date"]
    assert codes["article"].startswith("Article in no table.")
    assert unfinished == ((200, {}), (200, {}))
    assert (nothing_kept, saved) == (1, 302)
    assert '<div class="alert warn" role="status">Kept as typed. Date: Later stage before an earlier one.' in told
    assert mended == {}
    assert (
        checked(f"{address}/check", **{**early, "date": "1.6.2024"})[1] == {}
    )  # that the day stands first is no oddity
    assert f'data-check="/cases/{case}/outcomes/check?corrects={line.outcome.id}"' in form
    questions = login(Role.SUPERVISOR).get("/questions").text
    for asked in (
        "Later stage before an earlier one",
        "Day lies ahead",
        "Typed and not understood",
        "Article in no table",
    ):
        assert asked in questions, asked
    foreign = login(Role.LEAD, "ucg", "XB", Role.CONTRIBUTE)
    assert post(foreign, f"{address}/check", **early)[0] == 404


def test_an_entry_is_marked_by_itself_shown_so_and_keeps_it_when_it_is_corrected(
    lead: FlaskClient, installation: Installation, stores: Stores
) -> None:
    ask = lead_of(installation)
    case, (rahim, _hla, _nur), report = filed(stores, ask)
    registrar = officer(stores, "registrar", "tip", "XA", Role.ADMINISTRATOR)
    jpa = create_jpa(stores, registrar, TypedJpa("3", "JPA 3", "2024-01-15", "2024-06-30", ("XA", "XB"))).id
    address, said = f"/cases/{case}/outcomes/new", {"kind": "arrested", "date": "2024-02-01"}
    wide = {"tlp": "TLP:AMBER", "release": "JPA participants", "release_jpa": jpa, "handling": "H1"}

    form = lead.get(f"{address}?kind=arrested").text
    refused, page, _ = post(lead, address, **said, person=rahim, tlp="TLP:RED", release="own state")
    unknown, code, _ = post(lead, address, **said, person=rahim, **{**wide, "handling": "XX"})
    post(lead, address, **said, report=report, tlp="")
    post(lead, address, **said, person=rahim, **wide)
    lines = {line.outcome.person: line.outcome for line in outcomes.case_ledger(stores, ask, case)[1]}
    shown = lead.get(f"/cases/{case}/outcomes").text
    old = lines[rahim]
    correction = lead.get(f"/outcomes/{old.id}/correct").text
    post(lead, f"/outcomes/{old.id}/correct", **said, person=rahim, reason="slip", **wide)
    unread, told, _ = post(
        lead, f"/jpas/{jpa}/outcomes/new", kind="training session", tlp="TLP:RED", release="own agency"
    )

    assert "as the report, else own agency" in form
    assert (refused, unknown) == (422, 422)
    assert "TLP:RED allows only own agency" in page
    assert "It is none of" in code
    assert lines[""].marking is None
    assert old.marking == Marking(Tlp.AMBER, Release.JPA, (jpa,), "H1")
    assert '<span class="tag plain">TLP:AMBER, JPA participants, H1</span>' in shown
    assert "<option selected>TLP:AMBER</option>" in correction
    assert f'<option value="{jpa}" selected>' in correction
    [now] = [x.outcome for x in outcomes.case_ledger(stores, ask, case)[1] if x.outcome.supersedes == old.id]
    assert now.marking == old.marking
    assert (unread, "there is no team that could read it" in told) == (422, True)


def test_the_page_tells_that_a_report_was_retracted_but_not_why_to_who_may_not_open_it(
    lead: FlaskClient, login: Login, installation: Installation, stores: Stores
) -> None:
    ask = lead_of(installation)
    case = cases.open_case(stores, ask, NewCase("T-9", "Camp", open_in_agency=True)).id
    source = TypedReport(
        case, "Informant", "S-1", "2021-06-11", Grade("4x4", "A", "1"), Marking(Tlp.RED), "He was seen."
    )
    report = reports.add_report(stores, ask, source).report.id
    said = {"date": ["2021-06-11"], "state": ["XA"]}
    outcomes.record_outcomes(stores, ask, [TypedOutcome("arrested", said, case, report=report, marked=True)])
    reader = login(Role.READ, "tip", "XA")

    retractions.retract_report(stores, ask, report, "the informant lied")

    assert "the informant lied" in lead.get(f"/cases/{case}/outcomes").text
    page = reader.get(f"/cases/{case}/outcomes").text
    assert "With the report that states it." in page
    assert "lied" not in page
