"""What each row of a table of outcomes would do to a case's ledger; what is odd about it is kept and said.

A row is rejected only where nobody can say what it reports: without a kind, without an id of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from jpa.errors import InvalidInputError
from jpa.graph import cases, entities, imports, outcomes, roles, sealing
from jpa.graph.session import Tx
from jpa.interchange.incoming import IncomingOutcome
from jpa.interchange.outcome_map import OUTCOME_PROPERTIES
from jpa.model.access import Readership
from jpa.model.case import Case
from jpa.model.catalogue.outcomes import OUTCOME_KINDS, About, OutcomeKind, properties_of
from jpa.model.draft import TypedOutcome
from jpa.model.ids import derived_id, is_id
from jpa.model.marking import Marking, said_marking
from jpa.model.outcome import Outcome, marked, marking_of
from jpa.model.record import Report
from jpa.model.redaction import redact_typed
from jpa.services.entries import updating, versions_tx
from jpa.services.grant_ceilings import require_below_tx
from jpa.services.import_rows import (
    CREATE,
    MOST_KEY,
    SAME,
    UPDATE,
    Row,
    Setting,
    external_id,
    refused_key,
    unversioned,
)
from jpa.services.outcome_checks import oddities_tx
from jpa.services.outcome_statements import build
from jpa.services.reports import reach_of

_ALIKE: Final = {"sex": "gender", "gender": "sex"}
"""A victim's sex is coded under another name than a suspect's."""


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in the case already and rows may point at."""

    people: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """A file's own id of a person, or the id of a record, to the person's records."""
    victims: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """A coded victim by id and by pseudonym, with and without its brackets."""
    taken: Mapping[str, Outcome] = field(default_factory=dict)
    """By the source key of a row: what the newest version of that row was taken in as."""
    now: Mapping[str, Outcome] = field(default_factory=dict)
    """By the source key of a row: what stands in its place, corrected by hand or not."""
    sealed: frozenset[str] = frozenset()
    """Source keys of rows whose person has been sealed since."""
    jpa: str = ""
    """The joint period of the case, which a marking for its participants means."""


def decide_outcomes(tx: Tx, reader: Readership, setting: Setting, incoming: Sequence[IncomingOutcome]) -> list[Row]:
    """Say of each row what it would do to the ledger."""
    if len(incoming) == 0:
        return []
    known = _known_tx(tx, reader, setting, incoming)
    rows = [_row(setting, one, known) for one in incoming]
    written = [r for r in rows if r["status"] in {CREATE, UPDATE}]
    _say_oddities(tx, reader, setting, written, known)
    offenders = [r["person"] for r in written if r["person"] and OUTCOME_KINDS[r["type"]].stage > 0]
    migrants = roles.migrants_tx(tx, reader, offenders) if len(offenders) > 0 else {}
    captions = entities.glances_tx(tx, reader, sorted({r["person"] for r in rows if r.get("person")}))
    for row in rows:
        row["caption"] = captions[row["person"]].caption if row.get("person") in captions else ""
        if row.get("person") in migrants and OUTCOME_KINDS[row["type"]].stage > 0:
            row["odd"].append(
                f"is entered as a smuggled migrant in {migrants[row['person']]}; committing confirms that you mean it"
            )
    return rows


def build_row(
    setting: Setting, row: Mapping[str, Any], report: str, victims: Mapping[str, Mapping[str, Any]]
) -> Outcome:
    """Make the outcome of a row."""
    typed = TypedOutcome(
        row["type"], row["properties"], setting.case, person=row["person"], victim=row["victim"], report=report,
        source_key=row["source_key"], marking=marking_of(row.get("marking") or marked(Marking())), marked=bool(row.get("marking")), reason="" if row["supersedes"] == "" else "The file was imported again and says otherwise.",
    )  # fmt: skip
    victim = victims.get(row["victim"])
    return build(setting.ask, typed, setting.context(row["by"]), setting.redact, victim, row["supersedes"])


def insert_rows_tx(
    tx: Tx, reader: Readership, setting: Setting, rows: Sequence[Row], case: Case, report: Report
) -> None:
    """Append the outcomes of rows, marked as their report is where they are not marked themselves; written again it is the same."""
    about = any(row["victim"] for row in rows)
    victims = {v["id"]: v for v in sealing.victims_tx(tx, reader, setting.case)} if about else {}
    made = [build_row(setting, row, report.id, victims) for row in rows]
    require_below_tx(tx, case, (one.marking for one in made if one.marking is not None), setting.ask.at)
    outcomes.add_tx(tx, [(one, reach_of(case, replace(report, marking=one.marking or report.marking))) for one in made])


def _row(setting: Setting, one: IncomingOutcome, known: Known) -> Row:
    kind = OUTCOME_KINDS[one.kind]
    key, odd = setting.source_key(one.key), list[str]()
    person, victim, said = _placed(kind, one, known, odd)
    row: Row = {
        "kind": "outcome", "status": CREATE, "row": one.row, "key": setting.redact(one.key)[:MOST_KEY], "type": kind.name, "person": person,
        "victim": victim, "properties": redact_typed(said, setting.redact), "source_key": key, "supersedes": "", "odd": odd,
        "id": derived_id(setting.ask.at, "outcome", key), "by": setting.redact(one.reported_by)[:80], "marking": _marking(one, known, odd),
    }  # fmt: skip
    if (refusal := refused_key(row, one.key)) is not None:
        return refusal
    made = build_row(setting, row, "", known.victims)
    odd += _missing(kind, made)
    if key in known.sealed:
        return {**row, "status": SAME, "odd": ["its person was sealed as a victim since; the ledger stays as it is"]}
    if key not in known.taken:
        return row
    if _content(known.taken[key]) == _content(made):
        return {**row, "status": SAME, "id": known.now[key].id}
    return updating(setting, row, "outcome", known.now[key], repr(_content(made)))


def _content(outcome: Outcome) -> tuple[object, ...]:
    said = sorted((name, [v.typed for v in values]) for name, values in outcome.properties.items())
    own = () if outcome.marking is None else (marked(outcome.marking),)
    return outcome.kind, outcome.person, outcome.victim, said, *own


def _marking(one: IncomingOutcome, known: Known, odd: list[str]) -> list[str]:
    """Return the row's own marking; nothing where it has none, the narrowest where it is not understood."""
    if one.marking == ("", "", "", ""):
        return []
    try:
        return marked(said_marking(*one.marking, jpa=known.jpa))
    except InvalidInputError as error:
        odd += [f"Marking: {words} It stays in the own agency." for words in error.fields.values()]
        return marked(Marking())


def _placed(
    kind: OutcomeKind, one: IncomingOutcome, known: Known, odd: list[str]
) -> tuple[str, str, dict[str, list[str]]]:
    """Say which person and which coded victim a row speaks of, and what it says; what has no field goes into the note."""
    declared = {p.name for p in properties_of(kind)}
    said: dict[str, list[str]] = {}
    left: list[tuple[str, str]] = []
    for name, values in one.properties.items():
        field_name = name if name in declared else _ALIKE.get(name, name)
        if field_name in declared and field_name not in said:
            said[field_name] = list(values)
        else:
            left += [(name, value) for value in values]
    person = _person(kind, one.person, known, said, left, odd)
    victim = _victim(kind, one.victim, known, odd)
    for name, value in left:
        label = OUTCOME_PROPERTIES[name].label if name in OUTCOME_PROPERTIES else "Person"
        if kind.about is About.VICTIM and name in {"person", "reference"}:
            odd.append(f"{label} is left out: an outcome about a victim names nobody")
            continue
        odd.append(f"“{kind.label}” has no field for “{label}”; it stands in the note")
        said["note"] = ["; ".join([*said.get("note", ()), f"{label}: {value}"])]
    return person, victim, said


def _person(
    kind: OutcomeKind,
    cell: str,
    known: Known,
    said: dict[str, list[str]],
    left: list[tuple[str, str]],
    odd: list[str],
) -> str:
    if cell == "":
        return ""
    if not kind.names_person:
        left.append(("person", cell))
        return ""
    records = known.people.get(cell, ())
    if len(records) == 1:
        return records[0]
    if len(records) > 1:
        odd.append("several persons of this case have that id in their files; it stands as the reference")
    elif is_id(cell):
        odd.append("you may read no person's record of that id; it stands as the reference")
    if "reference" in said:
        left.append(("person", cell))
    else:
        said["reference"] = [cell]
    return ""


def _victim(kind: OutcomeKind, cell: str, known: Known, odd: list[str]) -> str:
    if cell == "":
        return ""
    if kind.about is About.VICTIM and cell in known.victims:
        return str(known.victims[cell]["id"])
    odd.append("names no coded victim of this case; it is left out, because it may be a name")
    return ""


def _missing(kind: OutcomeKind, made: Outcome) -> list[str]:
    return [
        f"{p.label} is not given; it counts as unknown"
        for p in kind.properties
        if p.required and not made.clean(p.name)
    ]


def _say_oddities(tx: Tx, reader: Readership, setting: Setting, rows: Sequence[Row], known: Known) -> None:
    """Say of rows that would be written what the entry page would say beside the fields."""
    made = [replace(build_row(setting, row, "", known.victims), id=row["id"]) for row in rows]
    for row, one, odd in zip(
        rows, made, oddities_tx(tx, reader, setting.ask, setting.case, made, assumed=True), strict=True
    ):
        row["odd"] += [f"{one.type.property(name).label}: {words}" for name, words in odd.items()]


def _known_tx(tx: Tx, reader: Readership, setting: Setting, incoming: Sequence[IncomingOutcome]) -> Known:
    cells = {one.person for one in incoming if one.person}
    standing_rows = outcomes.of_case_tx(tx, reader, setting.case)
    gone = outcomes.sealed_of_case_tx(tx, reader, setting.case)
    taken, now = versions_tx(tx, standing_rows)
    victims: dict[str, Mapping[str, Any]] = {}
    for victim in sealing.victims_tx(tx, reader, setting.case) if any(one.victim for one in incoming) else ():
        victims |= dict.fromkeys((victim["id"], victim["pseudonym"], victim["pseudonym"][1:-1].split()[-1]), victim)
    return Known(
        people=_people_tx(tx, reader, setting, cells) if len(cells) > 0 else {},
        victims=victims,
        taken=taken,
        now=now,
        jpa=(case.jpa or "") if (case := cases.case_tx(tx, reader, setting.case)) is not None else "",
        sealed=frozenset(unversioned(o.source_key) for o in standing_rows if o.id in gone and o.source_key),
    )


def _people_tx(tx: Tx, reader: Readership, setting: Setting, cells: set[str]) -> dict[str, list[str]]:
    """Find persons by the id of a record, else by the id that they had in a file of the same data set, else of the case."""
    glances = entities.glances_tx(tx, reader, sorted(c for c in cells if is_id(c)))
    people = {record: [record] for record, glance in glances.items() if glance.type == "Person"}
    keyed = imports.people_of_case_tx(tx, reader, setting.case)
    own, others = dict[str, list[str]](), dict[str, list[str]]()
    for key, record in keyed:
        named = external_id(key)
        if named in cells and unversioned(key) == key:  # a corrected record is found through its first
            (own if key == setting.source_key(named) else others).setdefault(named, []).append(record)
    return {**others, **own, **people}
