"""What each row of a table of incidents would do; what was not understood is left out and said, because it may be a name."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from jpa.graph import incidents
from jpa.graph.session import Tx
from jpa.interchange.incoming import IncomingRecord
from jpa.model.access import Readership
from jpa.model.catalogue.incidents import INCIDENT, Reason
from jpa.model.draft import TypedIncident
from jpa.model.ids import derived_id
from jpa.model.incident import Incident
from jpa.services.entries import updating, versions_tx
from jpa.services.import_rows import CREATE, REJECT, SAME, UPDATE, Row, Setting
from jpa.services.incident_statements import REFERENCE, build, contradictions, understand
from jpa.services.incidents import new_places_tx, reach_of

_NUMBERED: Final = re.compile(r"row \d+")
"""What a row is called in a table without ids of its own."""
_NO_NUMBER: Final = (
    "its id is no number of a register such as CG-118/24, and may be a name; give the rows numbers as ids"
)


def decide_incidents(tx: Tx, reader: Readership, setting: Setting, incoming: Sequence[IncomingRecord]) -> list[Row]:
    """Say of each row what it would do; a correction by hand stays until the file says otherwise."""
    if len(incoming) == 0:
        return []
    taken, now = versions_tx(tx, incidents.of_agency_tx(tx, reader))
    rows = [_row(setting, one, taken, now) for one in incoming]
    written = [row for row in rows if row["status"] in {CREATE, UPDATE}]
    made = {row["id"]: build_row(setting, row) for row in written}
    new = new_places_tx(tx, reader, list(made.values()))
    for row in written:
        place = made[row["id"]].clean("place")
        if place in new:
            alike = f", spelled much like “{new[place]}”" if new[place] else ""
            row["odd"].append(f"“{place}” was never named before{alike}; committing says that it is a place and no person")  # fmt: skip
    return rows


def build_row(setting: Setting, row: Mapping[str, Any]) -> Incident:
    """Make the incident of a row."""
    reason = "" if row["supersedes"] == "" else Reason.IMPORTED_AGAIN.value
    typed = TypedIncident(row["properties"], row["source_key"], reason)
    return build(setting.ask, typed, setting.context(row["by"]), row["supersedes"])


def insert_incidents_tx(tx: Tx, setting: Setting, rows: Sequence[Row]) -> None:
    """Append the incidents of rows; a batch that is written again is the same batch."""
    made = [build_row(setting, row) for row in rows if row["status"] in {CREATE, UPDATE}]
    incidents.add_tx(tx, [(incident, reach_of(setting.ask)) for incident in made])


def _row(setting: Setting, one: IncomingRecord, taken: Mapping[str, Incident], now: Mapping[str, Incident]) -> Row:
    key = setting.source_key(one.key)
    context = setting.context(one.reported_by)
    properties, left_out = understand(one.properties, context)
    # The draft keeps what was understood alone: what is left out of the store is left out of it too.
    said = {name: [v.typed for v in values] for name, values in properties.items()}
    odd = [f"{INCIDENT.property(n).label} is left out: not understood, and it may be a name" for n in left_out]
    odd += list(contradictions(properties).values())
    odd += [] if "date" in properties else ["says no day; it counts under unknown"]
    odd += [f"{INCIDENT.property(n).label}: {v.flag}" for n, vs in properties.items() for v in vs if v.flag is not None]
    row: Row = {
        "kind": "incident", "status": CREATE, "row": one.row, "key": one.key, "type": INCIDENT.name, "properties": said,
        "source_key": key, "supersedes": "", "odd": odd, "id": derived_id(setting.ask.at, "incident", key), "by": context.state or "",
    }  # fmt: skip
    if REFERENCE.fullmatch(one.key) is None and _NUMBERED.fullmatch(one.key) is None:
        return {**row, "key": "", "status": REJECT, "reason": _NO_NUMBER}
    if key not in taken:
        return row
    made = build_row(setting, row)
    if _content(taken[key]) == _content(made):
        return {**row, "status": SAME, "id": now[key].id}
    return updating(setting, row, "incident", now[key], repr(_content(made)))


def _content(incident: Incident) -> list[tuple[str, list[str]]]:
    return sorted((name, [v.typed for v in values]) for name, values in incident.properties.items())
