"""A court's list by `jpa import`, then a form by `jpa figures`, as the officers who do it would type them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from jpa.cli import main
from jpa.model.officer import Role
from jpa.services import cases, imports, outcomes
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.stores import Ask
from tests.conftest import NOW
from tests.web.conftest import PASSWORD, account_of

HEAD = "no,what,who,day,state,article,tlp\n"
ROWS = (
    "1,arrested,K-1,2024-03-05,XA,,",
    "2,charged,K-1,2024-05-01,XA,Act s. 6(1),",
    "3,convicted,K-1,2024-04-01,XA,Act s. 6(1),red",
    "4,shaved,K-2,2024,XA,,",
)
MAP = 'id = "no"\n[outcome]\nkind_column = "what"\nperson = "who"\ndate = "day"\nstate = "state"\narticle = "article"\ntlp = "tlp"\n'
SAID = ("--case", "T-1", "--reference", "CL-7", "--date", "2024", "--grade", "4x4:A:1", "--kind", "Outcome", "--yes")


@pytest.fixture
def lead(here: Installation) -> Ask:
    ask = Ask(account_of(here, here.stores, Role.LEAD, "tip", "XA", Role.CONTRIBUTE).officer, NOW)
    account_of(here, here.stores, Role.SUPERVISOR, "tip", "XA")
    cases.open_case(here.stores, ask, NewCase("T-1", "Camp"))
    return ask


def run(*arguments: str | Path, password: str = PASSWORD) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], input=f"{password}\n")


def test_a_court_s_list_is_taken_in_once_and_a_form_is_filled_from_it(
    here: Installation, lead: Ask, tmp_path: Path
) -> None:
    table, columns, form = tmp_path / "court.csv", tmp_path / "court.toml", tmp_path / "glotip.xlsx"
    table.write_text(HEAD + "\n".join(ROWS) + "\n")
    columns.write_text(MAP)
    command = ("import", table, "--officer", "lead.tip", "--map", columns, *SAID)

    taken = run(*command)
    again = run(*command)
    filled = run("figures", "--officer", "supervisor.tip", "--form", "glotip", "--year", "2024", "--out", form)

    assert (taken.exit_code, again.exit_code, filled.exit_code) == (0, 0, 0), (
        taken.output + again.output + filled.output
    )
    assert "New 3, updates 0, might be known 0, unchanged 0, odd 2, rejected 1." in taken.output
    assert "row 5: 'shaved' is no kind of outcome" in taken.output
    assert "Committed." in taken.output
    assert "New 0, updates 0, might be known 0, unchanged 3, odd 0, rejected 1." in again.output
    case = cases.find_case(here.stores, lead, "T-1")
    assert case is not None
    _, lines = outcomes.case_ledger(here.stores, lead, case.id)
    assert [line.outcome.kind for line in lines] == ["arrested", "convicted", "charged"]
    assert "GLOTIP" in filled.output
    assert len(load_workbook(form).sheetnames) > 1


def test_a_draft_waits_and_a_refusal_names_what_to_change(here: Installation, lead: Ask, tmp_path: Path) -> None:
    table, wrong = tmp_path / "court.csv", tmp_path / "wrong.toml"
    table.write_text("no,kind,person,date\n1,arrested,K-1,2024-03-05\n")
    wrong.write_text('[outcome]\nkind_column = "nothing"\n')

    waits = run("import", table, "--officer", "lead.tip", *SAID, "--draft")
    mistyped = run("import", table, "--officer", "lead.tip", "--map", wrong, *SAID)
    nowhere = run("import", table, "--officer", "lead.tip", *SAID, "--case", "T-9")
    yearless = run("figures", "--officer", "supervisor.tip", "--form", "glotip")
    periodless = run("figures", "--officer", "supervisor.tip", "--form", "communique", "--jpa", "9")
    unallowed = run("figures", "--officer", "lead.tip", "--form", "glotip", "--year", "2024")

    assert waits.exit_code == 0, waits.output
    assert "The draft waits on the page under Imports." in waits.output
    assert 'kind_column = "kind"' in waits.output
    assert [d.state.value for d in imports.list_drafts(here.stores, lead)] == ["staged"]
    assert {r.exit_code for r in (mistyped, nowhere, yearless, periodless, unallowed)} == {1}
    assert "nothing" in mistyped.output
    assert "You may read no case with the number T-9." in nowhere.output
    assert "year: Write a year, for example 2024." in yearless.output
    assert "jpa: Choose a joint period of your state." in periodless.output
    assert "Example: jpa figures" in run("figures", "--help").output
    assert "jpa import court.csv --kind Outcome" in run("import", "--help").output


def test_comparing_and_detecting_end_with_what_was_found(here: Installation) -> None:
    account_of(here, here.stores, Role.ANALYST, "tip", "XA")

    compared, detected = (run(name, "--officer", "analyst.tip") for name in ("resolve", "detect"))

    assert (compared.exit_code, detected.exit_code) == (0, 0), compared.output + detected.output
    assert "0 pairs might be the same." in compared.output
    assert "0 candidates, for review." in detected.output
