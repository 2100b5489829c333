"""A canary victim and a person sealed after the fact appear in no answer, store, file or log."""

import io
import json
import re
import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from jpa.errors import ForbiddenError
from jpa.graph.cypher import upkeep
from jpa.graph.session import Tx
from jpa.model.candidate import CandidateState
from jpa.model.case import ActionState, CaseState
from jpa.model.draft import TypedLink, TypedOutcome, TypedRecord, TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.judgement import Verdict
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.networks.detect import Parameters
from jpa.services import (
    case_entries,
    cases,
    charts,
    entities,
    evidence,
    evidence_search,
    imports,
    networks,
    outcome_entry,
    outcomes,
    reports,
    resolution,
    retractions,
    search,
    victims,
)
from jpa.services.cases import NewCase
from jpa.services.evidence import TypedFile
from jpa.services.evidence_search import Finding
from jpa.services.import_files import File
from jpa.services.installation import Installation
from jpa.services.outcome_files import LedgerForm, export_ledger
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW, emptied
from tests.web.conftest import Login, logins, token_of
from tests.web.test_routes import form_of, requests

NAME, PHONE, DOCUMENT = "Zarinah Quenzelbird", "+62 812 7777 4321", "X7712345"
SEALED, OTHER_PHONE, OTHER_DOCUMENT = "Mariam Oddfinch", "+66 81 555 0199", "P9988776"
SPELLINGS = ("ZARINAH  QUENZELBIRD", "Quenzelbird, Zarinah", "Zárinah Quenzelbírd", "\uff3aarinah-quenzelbird", "zarinah.quenzelbird@mail.example")  # fmt: skip
WORDS = ("quenzelbird", "oddfinch")
NUMBERS = ("81277774321", "815550199", "x7712345", "p9988776")
SEPARATOR = re.compile(r"[\s\-./()+]")
EVERYTHING = upkeep("""
CALL { MATCH (n) RETURN properties(n) AS p UNION ALL MATCH ()-[l]->() RETURN properties(l) AS p } RETURN p
""")


@dataclass(frozen=True, slots=True)
class Told:
    """A case in which a canary was typed everywhere, before and after they were known to be victims."""

    ask: Ask
    values: dict[str, str]
    login: Login


def without(text: str, dropped: Callable[[str], bool]) -> str:
    # Of a log in three tenths of the time that going through it character by character takes.
    for c in filter(dropped, set(text)):
        text = text.replace(c, "")
    return text


def leaks(text: str) -> list[str]:
    folded = without(unicodedata.normalize("NFKD", text).casefold(), lambda c: unicodedata.combining(c) > 0)
    squashed = without(folded, lambda c: SEPARATOR.match(c) is not None)
    return [w for w in WORDS if w in folded] + [n for n in NUMBERS if n in squashed]


def report(case: str, title: str = "Log", reference: str = "R", text: str = "Seen.", **more: Any) -> TypedReport:
    return TypedReport(case, title, reference, "2024", Grade("4x4", "A", "1"), Marking(), text, **more)


def minutes(ask: Ask, number: int) -> Ask:
    return replace(ask, at=ask.at + timedelta(minutes=number))


@pytest.fixture(scope="module")
def told(app: Flask, installation: Installation) -> Told:
    """What all tests here read; the one that posts to every route stands behind those that look at what it might change."""
    stores = emptied(installation)
    login = logins(app, installation, stores)
    login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE, Role.ANALYST)
    account = installation.accounts.find("lead.tip")
    assert account is not None
    ask = Ask(account.officer, NOW)
    case = cases.open_case(stores, ask, NewCase("T-1", f"The {NAME} case", f"{NAME} fled", open_in_agency=True)).id
    left, right = _type_before(stores, ask, case)
    early = _attach(stores, ask, case, "early")
    draft = imports.stage(stores, ask, report(case), rows("early"))
    trial = imports.stage(stores, ask, report(case), trials("early trials", NAME, PHONE))
    outcomes.record_outcomes(stores, ask, [convicted(case, left, NAME)])
    victim = TypedVictim({"name": [NAME], "phone": [PHONE], "document": [DOCUMENT]}, {"gender": ["Feminine"]})
    made = reports.add_report(stores, minutes(ask, 1), report(case, victims=(victim,)))
    _type_after(stores, minutes(ask, 2), case, left, right)
    imports.commit(stores, minutes(ask, 3), draft.id)
    imports.commit(stores, minutes(ask, 3), trial.id)
    person = _type_person(stores, minutes(ask, 4), case)
    _enter_outcomes(stores, minutes(ask, 5), case, left, person)
    resolution.run_resolution(stores, minutes(ask, 5), "a" * 32)
    networks.run_detection(stores, minutes(ask, 5), "b" * 32, Parameters())
    candidate = networks.list_candidates(stores, ask)[0].candidate.id
    networks.decide(stores, ask, candidate, CandidateState.UNDER_REVIEW, f"{SEALED} leads it")
    victims.seal_entity(stores, minutes(ask, 6), person, {})
    late = _attach(stores, minutes(ask, 7), case, "late")
    hits = [s.file.id for s in evidence_search.search_evidence(stores, ask, case).files if s.finding is Finding.NAMES]
    assert early in hits
    evidence_search.restrict_files(stores, minutes(ask, 8), case, hits, ["[victim V-1]", "[victim V-2]"])
    verdict = entities.read_entity(stores, ask, left).judgements[0][0].id
    outcome = outcomes.case_ledger(stores, ask, case)[1][0].outcome.id
    values = {"outcome": outcome, "case": case, "record": left, "left": left, "right": right, "report": made.report.id}
    values |= {"jpa": "0" * 32, "candidate": candidate, "judgement": verdict, "file": early, "late": late}
    return Told(ask, values, login)


@pytest.fixture
def stores(installation: Installation) -> Stores:
    """The stores as `told` left them."""
    return installation.stores


def convicted(case: str, person: str, name: str, kind: str = "convicted") -> TypedOutcome:
    """An outcome that names somebody in every text that it may have."""
    said = {
        "note": f"{name} saw it",
        "reference": f"K-1 {name}",
        "place": f"house of {name}",
        "court": f"court of {name}",
    }
    return TypedOutcome(
        kind,
        {n: [text] for n, text in {**said, "article": name}.items()},
        case,
        person=person,
        reason=f"{name} says so",
    )


def trials(dataset: str, name: str, phone: str) -> File:
    """Rows of outcomes whose reference, note, id and, where it may not, victim is a name."""
    table = (
        f"id,kind,who,note,victim\n{name},arrested,{name},{name},\n2,charged,{name},{phone},\n"
        f"3,victim assisted,{name},seen,{name}\n"
    )
    columns = 'id = "id"\n[outcome]\nkind_column = "kind"\nperson = "who"\nvictim = "victim"\nnote = "note"\n'
    return File(f"{name}.csv", table.encode(), map_text=columns, dataset=dataset)


def rows(dataset: str) -> File:
    table = f"id,name,note\n{NAME},{NAME},sister of {SPELLINGS[1].replace(',', '')}\n2,Hla Myint,phone {PHONE}\n"
    columns = 'id = "id"\n[properties]\nname = "name"\nnotes = "note"\n'
    return File(f"{NAME}.csv", table.encode(), map_text=columns, dataset=dataset)


def _type_before(stores: Stores, ask: Ask, case: str) -> tuple[str, str]:
    people = (
        TypedRecord("1", "Person", {"name": ["Rahim Uddin"], "notes": [f"knows {NAME}, {PHONE}"]}, role="suspect"),
        TypedRecord("2", "Person", {"name": ["Rahim Udin"]}),
        TypedRecord("3", "Person", {"firstName": ["Zarinah"], "lastName": ["Quenzelbird"], "email": [SPELLINGS[4]]}),
        TypedRecord("4", "Phone", {"number": [PHONE]}),
        TypedRecord("5", "IdentityDocument", {"number": [DOCUMENT], "country": ["ID"]}),
    )
    links = (
        TypedLink("ASSOCIATE_OF", "1", "3", {"relationship": [f"husband of {NAME}"]}),
        TypedLink("USES", "3", "4"),
        TypedLink("HAS_DOCUMENT", "3", "5"),
    )
    text = f"{SPELLINGS[0]} called from 0812-7777-4321 and showed {DOCUMENT}."
    typed = report(case, f"Interview of {NAME}", SPELLINGS[1], text, records=people, links=links)
    left, right, *_ = (r.id for r in reports.add_report(stores, ask, typed).records)
    resolution.judge(stores, ask, left, right, Verdict.NOT_SAME, f"{NAME} says so")
    resolution.run_resolution(stores, ask, "e" * 32)
    _enter_all(stores, ask, case)
    return left, right


def _attach(stores: Stores, ask: Ask, case: str, reference: str) -> str:
    """Attach a file whose name, reason and bytes name both; returns its id."""
    content = f"{reference}: {SPELLINGS[1]} on {PHONE} with {SEALED} on {OTHER_PHONE}".encode()
    file = TypedFile(f"{NAME} and {SEALED}.txt", io.BytesIO(content), f"statement of {SEALED} and {NAME}")
    made = reports.add_report(stores, ask, report(case, reference=reference), [file])
    return reports.read_report(stores, ask, made.report.id).files[0].id


def _type_after(stores: Stores, ask: Ask, case: str, left: str, right: str) -> None:
    for spelling in SPELLINGS:
        records = (TypedRecord("1", "Person", {"name": [spelling], "notes": [f"{spelling} {PHONE}"]}),)
        reports.add_report(stores, ask, report(case, spelling, spelling, f"Also {spelling}.", records=records))
    _enter_all(stores, ask, case)
    resolution.judge(stores, ask, left, right, Verdict.UNSURE, f"{NAME} is not sure")
    reports.correct_record(stores, ask, left, {"name": ["Rahim Uddin"], "notes": [NAME]}, report(case, text=NAME))
    imports.commit(stores, ask, imports.stage(stores, ask, report(case, NAME, NAME, NAME), rows("late")).id)
    search.search_all(stores, ask, NAME)
    search.search_all(stores, ask, PHONE)


def _enter_outcomes(stores: Stores, ask: Ask, case: str, left: str, person: str) -> None:
    """Name the victim who is known and the one who is not yet in outcomes, a correction, a retraction and a file."""
    [late, about, _] = outcomes.record_outcomes(
        stores, ask, [convicted(case, p, n) for p, n in ((left, NAME), (person, SEALED), (left, SEALED))]
    )
    outcomes.correct_outcome(stores, ask, late.id, convicted(case, left, NAME, "acquitted"))
    wrong = outcomes.correct_outcome(stores, ask, about.id, convicted(case, person, SEALED, "acquitted"))
    retractions.retract_outcome(stores, ask, wrong.id, f"{SEALED} is somebody else")
    imports.commit(stores, ask, imports.stage(stores, ask, report(case), trials("trials", SEALED, OTHER_PHONE)).id)


def _enter_all(stores: Stores, ask: Ask, case: str) -> None:
    case_entries.record_action(
        stores, ask, case, title=f"Ask {NAME}", due="", state=ActionState.FOR_ALLOCATION, officer="", result=NAME
    )
    case_entries.record_decision(stores, ask, case, decision=f"House {NAME}", reason=NAME, alternative=SPELLINGS[1])
    cases.change_case(stores, ask, case, open_in_agency=True, status=CaseState.OPEN, summary=f"{NAME} fled")


def _type_person(stores: Stores, ask: Ask, case: str) -> str:
    people = (
        TypedRecord("1", "Person", {"name": [SEALED], "birthDate": ["1999"]}, role="suspect"),
        TypedRecord("2", "Person", {"name": ["Somchai Rattana"]}),
        TypedRecord("3", "Person", {"name": ["Hla Myint"], "notes": [f"seen with {SEALED}"]}),
        TypedRecord("4", "Phone", {"number": [OTHER_PHONE]}),
        TypedRecord("5", "IdentityDocument", {"number": [OTHER_DOCUMENT], "country": ["TH"]}),
        TypedRecord("6", "Person", {"name": [SEALED], "birthDate": ["1999"]}),
    )
    links = (
        TypedLink("USES", "1", "4"),
        TypedLink("HAS_DOCUMENT", "1", "5"),
        *(TypedLink("ASSOCIATE_OF", a, b) for a, b in ("12", "13", "23")),
    )
    text = f"{SEALED} on {OTHER_PHONE}, passport {OTHER_DOCUMENT}."
    made = reports.add_report(stores, ask, report(case, f"Log on {SEALED}", "S", text, records=people, links=links))
    first, last = made.records[0].id, made.records[5].id
    resolution.judge(stores, ask, first, last, Verdict.SAME, f"both {SEALED}")
    reports.correct_record(stores, minutes(ask, 1), first, {"name": [SEALED], "birthDate": ["1998"]}, report(case))
    return first


def test_the_graph_holds_neither_name_nor_number(told: Told, stores: Stores) -> None:
    def dump(tx: Tx) -> list[dict[str, Any]]:
        return [row["p"] for row in tx.run(EVERYTHING)]

    kept = [json.dumps(properties, ensure_ascii=False) for properties in stores.graph.upkeep(dump)]

    assert [(leaks(text), text[:600]) for text in kept if len(leaks(text)) > 0] == []
    assert told.values["case"] in "".join(kept)


def test_what_was_redacted_is_still_whole(told: Told, stores: Stores) -> None:
    file = cases.read_case(stores, told.ask, told.values["case"])

    for listed, _ in file.reports:
        for record in reports.read_report(stores, told.ask, listed.id).records:
            entity = entities.read_entity(stores, told.ask, record.id).entity
            assert record.content_hash in {r.content_hash for r in (*entity.records, *entity.history)}
    stored = upkeep("MATCH (r:Record {id: $id}) RETURN r.content_hash AS hash")
    left = entities.read_entity(stores, told.ask, told.values["left"]).entity.history[0]
    found = stores.graph.upkeep(lambda tx: tx.run(stored, id=left.id).single(strict=True)["hash"])

    assert found == left.content_hash
    assert "[victim V-1]" in left.properties["notes"][0].best
    assert file.case.title == "The [victim V-1] case"


def test_no_read_service_says_it(told: Told, stores: Stores) -> None:
    case, ask = told.values["case"], minutes(told.ask, 30)
    file = cases.read_case(stores, ask, case)
    said: list[Any] = [file, charts.case_chart(stores, ask, case), resolution.list_proposals(stores, ask)]
    said += [reports.read_report(stores, ask, listed.id) for listed, _ in file.reports]
    said += [entities.read_entity(stores, ask, thing.id) for thing in charts.case_chart(stores, ask, case).things]
    said += [search.search_all(stores, ask, words) for words in (NAME, SEALED, PHONE, OTHER_PHONE, DOCUMENT)]
    said += [networks.list_candidates(stores, ask), imports.list_drafts(stores, ask)]
    said += [outcomes.case_ledger(stores, ask, case), outcome_entry.read_desk(stores, ask, case)]
    said += [export_ledger(stores, ask, case, LedgerForm.CSV, "check").content.decode()]
    resolution.run_resolution(stores, ask, "c" * 32)
    networks.run_detection(stores, ask, "d" * 32, Parameters())
    said += [resolution.list_proposals(stores, ask), networks.list_candidates(stores, ask)]
    said += [stores.audit.events(limit=1000)]

    assert [(leaks(repr(answer)), repr(answer)[:600]) for answer in said if len(leaks(repr(answer))) > 0] == []


def test_evidence_that_names_them_opens_to_nobody_without_the_vault(told: Told, stores: Stores) -> None:
    for file in (told.values["file"], told.values["late"]):
        known = evidence.read_dossier(stores, told.ask, file).file
        with pytest.raises(ForbiddenError):
            evidence.open_file(stores, told.ask, file, "to read it")
        assert set(known.restricted) == {"[victim V-1]", "[victim V-2]"}
        assert leaks(f"{known.name} {known.why}") == []


def test_no_page_says_it_to_any_role_of_any_agency(app: Flask, told: Told) -> None:
    login = told.login
    clients = {
        "own": login(Role.CONTRIBUTE, "tip", "XA", Role.LEAD, Role.ANALYST),
        "reader": login(Role.READ),
        "auditor": login(Role.AUDITOR, "tip", "XA", Role.ADMINISTRATOR),
        "foreign": login(Role.LIAISON, "ucg", "XB", Role.LEAD, Role.ANALYST, Role.CONTRIBUTE),
    }
    said = []

    for who, client in clients.items():
        token = token_of(client, "/account")
        for endpoint, method, path in requests(app, told.values):
            if endpoint in {"auth.logout", "entities.seal", "auth.password"} and method == "POST":
                continue
            answer = client.open(path, method=method, data=form_of(endpoint, told.values, token))
            if len(leaks(answer.text)) > 0:
                said.append((who, endpoint, method, leaks(answer.text)))

    assert said == []


def test_no_file_of_the_installation_and_no_log_line_holds_it(
    told: Told, installation: Installation, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    # Copied by another process: closing a file of SQLite's that it did not open itself takes this process's locks from it, and
    # whoever ends next removes the log from under its open connections (sqlite.org/howtocorrupt.html, 2.2).
    home = installation.settings.home
    kept = [p for p in home.iterdir() if p != installation.settings.neo4j_home]
    subprocess.run(["/bin/cp", "-r", *kept, tmp_path], check=True)
    files = [p for p in tmp_path.rglob("*") if p.is_file()]

    found = [(p.name, leaks(p.read_bytes().decode("latin-1"))) for p in files]
    printed = capfd.readouterr()

    assert {"operations.sqlite", "operations.sqlite-wal"} <= {name for name, _ in found}
    assert [which for which in found if len(which[1]) > 0] == []
    assert leaks(printed.out + printed.err) == []
    assert told.values["case"] != ""
