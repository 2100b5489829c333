"""Commands that take files in and hand them out, as an officer."""

from pathlib import Path

import click
from rich.progress import Progress

from jpa.cli.opening import Opened, ask_as, console, officer_option, shown
from jpa.errors import InvalidInputError
from jpa.model.draft import TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking, Pap, Tlp
from jpa.operations.drafts import Draft, DraftState
from jpa.services import cases, exports, imports
from jpa.services.exports import ExportForm
from jpa.services.import_files import File
from jpa.services.stores import Ask, Stores

case_option = click.option("--case", "number", required=True, help="Number of the case, for example T-2024-0117.")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@officer_option
@case_option
@click.option("--title", default="Data set", show_default=True, help="Kind of report that states the rows.")
@click.option("--reference", required=True, help="Reference in your register; never the name of a source.")
@click.option("--date", required=True, help="Date of the data; a year or month alone is enough.")
@click.option(
    "--grade", required=True, help="Scheme, source and information: 4x4:B:2, 5x5x5:A:1, 3x5x2:1:A, admiralty:B:3."
)
@click.option("--tlp", type=click.Choice([t.value for t in Tlp]), default=Tlp.AMBER_STRICT.value, show_default=True)
@click.option("--pap", type=click.Choice([p.value for p in Pap]), default=Pap.AMBER.value, show_default=True)
@click.option(
    "--kind",
    default="Person",
    show_default=True,
    help="What each row of a table is, Outcome among them; FollowTheMoney says it itself.",
)
@click.option(
    "--map", "map_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Column map (TOML)."
)
@click.option("--dataset", default="", help="Files of one data set know each other's ids; left out: the file's name.")
@click.option(
    "--draft", "only_draft", is_flag=True, help="Stop after the list of what it would do; commit on the page."
)
@click.option("--yes", is_flag=True, help="Commit without asking.")
def import_file(
    file: Path, login: str, number: str, map_file: Path | None, *, only_draft: bool, yes: bool, **said: str
) -> None:
    """Take a CSV, XLSX or FollowTheMoney FILE into a draft, say what it would do, and commit it.

    A commit that broke off goes on when the same file is imported again: what stands is left alone.

    Example: jpa import people.csv --officer lead.tip --case T-2024-0117 --reference SUB-12 --date 2024 --grade 4x4:B:2 --map people.toml

    A court's list: jpa import court.csv --kind Outcome --officer lead.tip --case T-2024-0117 --reference CL-7 --date 2024 --grade 4x4:A:1
    """
    map_text = "" if map_file is None else map_file.read_text(encoding="utf-8")
    with Opened() as installation, Progress(console=console, transient=True) as bar:
        stores = installation.stores
        bar.stop()
        ask = ask_as(installation, login)
        face = TypedReport(
            case=_case(stores, ask, number),
            title=said["title"],
            source_reference=said["reference"],
            date=said["date"],
            grade=_grade(said["grade"]),
            marking=Marking(Tlp(said["tlp"]), pap=Pap(said["pap"])),
        )
        taken = File(file.name, file.read_bytes(), said["kind"], map_text, said["dataset"])
        bar.start()
        _finish_earlier(stores, ask, face.case, taken.dataset or taken.name, bar)
        draft = imports.stage(stores, ask, face, taken, shown(bar, "Reading"))
        bar.stop()
        _tell(draft)
        if only_draft:
            console.print("The draft waits on the page under Imports.")
            return
        if not yes and not click.confirm("Commit?"):
            imports.discard(stores, ask, draft.id)
            console.print("Discarded; nothing was written.")
            return
        bar.start()
        imports.commit(stores, ask, draft.id, shown(bar, "Writing"))
        bar.stop()
    console.print("Committed.")


@click.command("export")
@officer_option
@case_option
@click.option(
    "--form", type=click.Choice([f.value for f in ExportForm]), default=ExportForm.FTM.value, show_default=True
)
@click.option("--purpose", required=True, help="What for; it stands in the audit log.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="File to write; left out: a name that carries number and marking."
)
def export_file(login: str, number: str, form: str, purpose: str, out: Path | None) -> None:
    """Write what an officer may read of a case to a file.

    Example: jpa export --officer lead.tip --case T-2024-0117 --purpose "file for the prosecutor"
    """
    with Opened() as installation:
        ask = ask_as(installation, login)
        case = _case(installation.stores, ask, number)
        made = exports.export_case(installation.stores, ask, case, ExportForm(form), purpose)
        path = Path(made.name) if out is None else out
        path.write_bytes(made.content)
    console.print(f"{made.records} records in {path}.")


def _finish_earlier(stores: Stores, ask: Ask, case: str, dataset: str, bar: Progress) -> None:
    """Go on with a commit into the same data set that broke off."""
    for draft in imports.list_drafts(stores, ask):
        if (draft.state, draft.case, draft.head["dataset"]) == (DraftState.COMMITTING, case, dataset):
            imports.commit(stores, ask, draft.id, shown(bar, "Going on with the import that broke off"))


def _case(stores: Stores, ask: Ask, number: str) -> str:
    found = cases.find_case(stores, ask, number)
    if found is None:
        raise InvalidInputError("Nothing was done.", {"case": f"You may read no case with the number {number}."})
    return found.id


def _grade(text: str) -> Grade:
    parts = text.split(":")
    if len(parts) != 3:
        raise InvalidInputError(
            "The grade was not understood.", {"grade": "Write scheme:source:information, for example 4x4:B:2."}
        )
    return Grade(*parts)


def _tell(draft: Draft) -> None:
    counts = draft.head["counts"]
    console.print(
        f"New {counts['create']}, updates {counts['update']}, might be known {counts['likely']}, unchanged {counts['unchanged']}, "
        f"odd {counts.get('odd', 0)}, rejected {counts['rejected']}.",
        highlight=False,
    )
    if draft.head["map"] != "":
        console.print("Column map:\n" + draft.head["map"], highlight=False, markup=False)
    for row, reason in draft.head["rejects"][:20]:
        console.print(f"  row {row}: {reason}", highlight=False, markup=False)
