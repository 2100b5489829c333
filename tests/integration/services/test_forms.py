"""Forms filled: each cell is what `tabulate` answers to its question; small figures of victims and their sums are held back."""

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from jpa.errors import InvalidInputError
from jpa.graph import handouts
from jpa.model.officer import Role
from jpa.model.release import Definition
from jpa.services import cases, forms, frames, outcomes, releases
from jpa.services.cases import NewCase
from jpa.services.frames import TypedJpa
from jpa.services.ledger import count
from jpa.services.stores import Ask, Stores
from jpa.statistics.filling import FilledCell
from jpa.statistics.forms import FORMS, Scope
from jpa.statistics.tables import Question, tabulate
from tests.conftest import officer
from tests.integration.services.test_outcomes import outcome


@pytest.fixture
def tran(stores: Stores) -> Ask:
    return officer(stores, "tran", "tip", "XA", Role.SUPERVISOR)


@pytest.fixture
def jpa(stores: Stores, wulan: Ask) -> str:
    registrar = officer(stores, "admin", "tip", "XA", Role.ADMINISTRATOR)
    typed = TypedJpa("3", "Andaman", "2024-01-15", "2024-06-30", ("XA", "XB"))
    made = frames.create_jpa(stores, registrar, typed).id
    case = cases.open_case(stores, wulan, NewCase("T-1", "Camp")).id
    on = {"date": "2024-03-05", "state": "XA"}
    person = {**on, "reference": "R1", "sex": "male", "citizenship": "XB"}
    lines = [
        outcome("arrested", case, offence="08051", **person),
        outcome("convicted", case, offence="0204", **person),
        outcome("arrested", case, offence="0204", article="=1+1", **{**person, "reference": "R2", "sex": "female"}),
        outcome("charged", case, offence="0204", article="=1+1", **person),
        outcome("victim assisted", case, count="14", gender="Feminine", ageBand="18–20", citizenship="XC", **on),
        outcome("victim assisted", case, count="3", gender="Masculine", ageBand="18–20", citizenship="XC", **on),
        outcome("search warrant", case, **on),
    ]
    outcomes.record_outcomes(stores, wulan, lines)
    return made


@pytest.mark.parametrize("name", sorted(FORMS))
def test_each_cell_of_a_form_is_what_the_one_count_answers(stores: Stores, tran: Ask, jpa: str, name: str) -> None:
    made = forms.fill_form(stores, tran, name, year="2024", jpa=jpa)

    cells = [c for s in made.filled.sheets for row in s.rows for c in row.cells]
    told = [(c.question, c.value) for c in cells if c.value is not None and isinstance(c.question, Question)]
    counted = count(stores, tran, "test", lambda counted: [tabulate(counted.facts, q).total for q, _ in told])
    assert counted == [value for _, value in told]
    assert any(value > 0 for _, value in told)
    assert (FORMS[name].scope is Scope.JPA) == all(q.jpa == jpa for q, _ in told)


@pytest.mark.usefixtures("jpa")
def test_few_victims_are_held_back_with_every_sum_that_would_give_them_away(stores: Stores, tran: Ask) -> None:
    made = forms.fill_form(stores, tran, "un-cts", year="2024")

    [victims] = [s for s in made.filled.sheets if s.title == "TIP victims"]
    rows = {row.label: [c.value for c in row.cells] for row in victims.rows}
    for line in ("Adults", "All victims"):
        total, male, female, other, unknown = rows[line]
        assert (male, other, unknown) == (None, 0, 0)
        assert None in (total, female), "17 less 14 would tell the three"
    assert rows["Children"] == [0, 0, 0, 0, 0]


@pytest.mark.usefixtures("jpa")
def test_a_form_that_was_handed_out_is_remembered_by_other_forms_and_by_releases(stores: Stores, tran: Ask) -> None:
    first, name, content = forms.hand_out_form(stores, tran, "un-cts", year="2024")
    forms.hand_out_form(stores, tran, "un-cts", year="2024")
    handed = stores.graph.upkeep(lambda tx: handouts.of_measures_tx(tx, ["victims_assisted"]))
    assert (name, content[:2], len(handed)) == ("un-cts-2024.xlsx", b"PK", 1), "the same form again is the same handout"
    told = {key: c.value for s in first.filled.sheets for row in s.rows for c in row.cells for key in [asked(c)]}

    other = forms.fill_form(stores, tran, "crim-thb", year="2024")

    for cell in (c for s in other.filled.sheets for row in s.rows for c in row.cells):
        if asked(cell) in told and told[asked(cell)] is None:
            assert cell.value is None, "what one form held back no other shows"
    by_sex = Definition("Victims", "victims_assisted", ("sex",), {"year": ("2024",)}, "all", "", 11, 11, 1)
    with pytest.raises(InvalidInputError) as refused:
        releases.preview_release(stores, tran, replace(by_sex, dimensions=(), k=20, width=20))
    assert "handed out on" in refused.value.fields["table"] or "Nothing of it" in refused.value.fields["table"]
    assert releases.preview_release(stores, tran, by_sex).reasons.keys() >= {("Masculine",)}


def asked(cell: FilledCell) -> tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    return cell.question.measure, tuple(sorted(cell.question.where.items()))


@pytest.mark.usefixtures("jpa")
def test_the_workbook_links_each_figure_to_its_definition_and_holds_no_formula(stores: Stores, tran: Ask) -> None:
    name, content = forms.write_form(forms.fill_form(stores, tran, "glotip", year="2024"))

    book = load_workbook(io.BytesIO(content))
    sheet, defined = book["Offences recorded"], book["Definitions"]
    figures = [c for row in sheet.iter_rows() for c in row if isinstance(c.value, int)]
    assert name == "glotip-2024.xlsx"
    assert str(sheet["A4"].value).startswith("Source: UNODC, Questionnaire")
    assert [s.title for s in book] == [*(s.title for s in FORMS["glotip"].sheets), "Definitions"]
    for laid, declared in zip(book, FORMS["glotip"].sheets, strict=False):
        top = next(n for n in range(1, 12) if laid.cell(n, 1).value == "Line")
        assert [laid.cell(top, c).value for c in range(2, 2 + len(declared.heads))] == [h.label for h in declared.heads]
        assert laid.freeze_panes == f"B{top + 1}"
    assert figures[0].value == 1
    for cell in figures:
        assert cell.hyperlink is not None
        assert cell.hyperlink.location is not None
        assert str(defined[cell.hyperlink.location.split("!")[1]].value).startswith("Charges laid. Unit: charge.")
    assert not any(c.data_type == "f" for s in book for row in s.iter_rows() for c in row)
    assert any("=1+1" in str(c.value) for row in sheet.iter_rows() for c in row)


def test_a_form_without_its_year_or_joint_period_is_refused_with_the_cure(stores: Stores, tran: Ask) -> None:
    with pytest.raises(InvalidInputError) as year:
        forms.fill_form(stores, tran, "glotip", year="soon")
    with pytest.raises(InvalidInputError) as jpa:
        forms.fill_form(stores, tran, "communique")
    with pytest.raises(InvalidInputError) as form:
        forms.fill_form(stores, tran, "tax return")

    assert (set(year.value.fields), set(jpa.value.fields), set(form.value.fields)) == ({"year"}, {"jpa"}, {"form"})
