"""Records, links and reports to and from what Neo4j stores; no driver object leaves this package."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from jpa.model.catalogue.incidents import INCIDENT
from jpa.model.catalogue.outcomes import OUTCOME_KINDS, properties_of
from jpa.model.entity import caption_of, key_of
from jpa.model.grading import Grade
from jpa.model.incident import Incident
from jpa.model.marking import Marking, Pap, Release, Tlp
from jpa.model.outcome import Outcome, marked, marking_of
from jpa.model.record import Link, Properties, Record, Report
from jpa.model.schema import Property
from jpa.model.value_types import Value

_SYSTEM: Final = frozenset(
    {
        "id",
        "report",
        "agency",
        "officer",
        "entered",
        "schema",
        "content_hash",
        "compartments",
        "audience",
        "flags",
        "source_key",
        "caption",
        "key",
        "names",
        "supersedes",
        "apart",
    }
)
_TYPED: Final = "_typed"
_NOT_UNDERSTOOD: Final = "!"
_ODD: Final = "?"


@dataclass(frozen=True, slots=True)
class Reach:
    """Who may read what is about to be written."""

    compartments: tuple[str, ...]
    audience: tuple[str, ...]

    @property
    def view(self) -> str:
        """Name the reach: equal for two officers whose results open to the same readers."""
        return hashlib.sha256(repr((self.compartments, self.audience)).encode()).hexdigest()[:16]


def report_properties(report: Report, reach: Reach, content_hash: str) -> dict[str, Any]:
    """Return the properties of a Report node."""
    return {
        "id": report.id,
        "case": report.case,
        "agency": report.agency,
        "title": report.title,
        "source_reference": report.source_reference,
        "date": report.date,
        "grade_scheme": report.grade.scheme,
        "grade_source": report.grade.source,
        "grade_information": report.grade.information,
        "handling": report.marking.handling,
        "pap": report.marking.pap.value,
        "tlp": report.marking.tlp.value,
        "release": report.marking.release.value,
        "release_names": list(report.marking.names),
        "officer": report.officer,
        "entered": stamp(report.entered),
        "text": report.text,
        "origin": report.origin,
        "supersedes": report.supersedes,
        "content_hash": content_hash,
        "compartments": list(reach.compartments),
        "audience": list(reach.audience),
    }


def report_of(node: Mapping[str, Any]) -> Report:
    """Read a Report node back."""
    return Report(
        id=node["id"],
        case=node["case"],
        agency=node["agency"],
        title=node["title"],
        source_reference=node["source_reference"],
        date=node["date"],
        grade=Grade(node["grade_scheme"], node["grade_source"], node["grade_information"], node["handling"]),
        marking=_marking_of(node),
        officer=node["officer"],
        entered=moment(node["entered"]),
        text=node["text"],
        origin=node["origin"],
        supersedes=node.get("supersedes"),
    )


def _marking_of(node: Mapping[str, Any]) -> Marking:
    """A report of an earlier release says nothing of permissible actions: it is as unmarked there."""
    names, pap = tuple(node["release_names"]), Pap(node.get("pap", Marking().pap))
    return Marking(Tlp(node["tlp"]), Release(node["release"]), names, node["handling"], pap)


def record_properties(record: Record, reach: Reach, names: list[str]) -> dict[str, Any]:
    """Return the properties of a Record node; `names` goes to the full-text index."""
    return {
        **_stated(record, reach),
        "caption": caption_of(record),
        "key": key_of(record),
        "names": names,
    }


def record_of(type_name: str, node: Mapping[str, Any]) -> Record:
    """Read a Record node back; equal to what was written, by content hash."""
    return Record(type=type_name, **_stated_of(node))


def link_properties(link: Link, reach: Reach) -> dict[str, Any]:
    """Return the properties of a link's relationship."""
    return _stated(link, reach)


def link_of(type_name: str, source: str, target: str, properties: Mapping[str, Any]) -> Link:
    """Read a link's relationship back."""
    return Link(type=type_name, source=source, target=target, **_stated_of(properties))


def outcome_properties(outcome: Outcome, reach: Reach) -> dict[str, Any]:
    """Return the properties of an Outcome node; its place in the ledger is given by the store."""
    return {
        **_entry(outcome, reach),
        "kind": outcome.kind,
        "case": outcome.case,
        "jpa": outcome.jpa,
        "person": outcome.person,
        "victim": outcome.victim,
        "report": outcome.report,
        "marking": None if outcome.marking is None else marked(outcome.marking),
    }


def incident_properties(incident: Incident, reach: Reach) -> dict[str, Any]:
    """Return the properties of an Incident node."""
    return _entry(incident, reach)


def incident_of(node: Mapping[str, Any]) -> Incident:
    """Read an Incident node back; equal to what was written, by content hash."""
    return Incident(properties=_said(node, INCIDENT.properties), **_entry_of(node))


def outcome_of(node: Mapping[str, Any]) -> Outcome:
    """Read an Outcome node back; equal to what was written, by content hash."""
    kind = OUTCOME_KINDS[node["kind"]]
    return Outcome(
        kind=kind.name,
        case=node["case"],
        jpa=node["jpa"],
        properties=_said(node, properties_of(kind)),
        person=node["person"],
        victim=node["victim"],
        report=node["report"],
        **_entry_of(node),
        marking=marking_of(node["marking"]) if node.get("marking") else None,
    )


def stamp(at: datetime) -> str:
    """Write a moment as ISO 8601 in UTC with microseconds: sorts as text."""
    return at.isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """Read a stored moment."""
    return datetime.fromisoformat(text)


def _entry(entry: Outcome | Incident, reach: Reach) -> dict[str, Any]:
    """Return what every entry of a ledger carries: what it says, who entered it, what it corrects, who may read it."""
    return {
        **_properties(entry.properties),
        "id": entry.id,
        "agency": entry.agency,
        "officer": entry.officer,
        "entered": stamp(entry.entered),
        "supersedes": entry.supersedes,
        "source_key": entry.source_key or None,
        "reason": entry.reason,
        "content_hash": entry.content_hash,
        "compartments": list(reach.compartments),
        "audience": list(reach.audience),
    }


def _entry_of(node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": node["id"],
        "agency": node["agency"],
        "officer": node["officer"],
        "entered": moment(node["entered"]),
        "supersedes": node["supersedes"],
        "source_key": node.get("source_key") or "",
        "reason": node.get("reason", ""),
    }


def _said(node: Mapping[str, Any], declared: Iterable[Property]) -> dict[str, tuple[Value, ...]]:
    said = {name: node.get(name) for p in declared for name in (p.name, p.name + _TYPED)}
    return _values({**said, "flags": node.get("flags", ())})


def _stated(said: Record | Link, reach: Reach) -> dict[str, Any]:
    """Return what every record and link carries: who states it, when, and who may read it."""
    return {
        **_properties(said.properties),
        "id": said.id,
        "report": said.report,
        "agency": said.agency,
        "officer": said.officer,
        "entered": stamp(said.entered),
        "schema": said.schema,
        "supersedes": said.supersedes,
        "source_key": said.source_key,
        "content_hash": said.content_hash,
        "compartments": list(reach.compartments),
        "audience": list(reach.audience),
    }


def _stated_of(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": stored["id"],
        "report": stored["report"],
        "agency": stored["agency"],
        "officer": stored["officer"],
        "entered": moment(stored["entered"]),
        "properties": _values(stored),
        "schema": stored["schema"],
        "supersedes": stored.get("supersedes"),
        "source_key": stored.get("source_key"),
    }


def _properties(properties: Properties) -> dict[str, Any]:
    stored: dict[str, Any] = {}
    flags: list[str] = []
    for name, values in properties.items():
        if len(values) == 0:
            continue
        stored[name] = [v.best for v in values]
        if any(v.typed != v.best for v in values):
            stored[name + _TYPED] = [v.typed for v in values]
        for index, value in enumerate(values):
            if value.clean is None or value.flag is not None:
                kind = _NOT_UNDERSTOOD if value.clean is None else _ODD
                flags.append(f"{name}:{index}:{kind}:{value.flag or ''}")
    if len(flags) > 0:
        stored["flags"] = flags
    return stored


def _values(stored: Mapping[str, Any]) -> dict[str, tuple[Value, ...]]:
    flags: dict[tuple[str, int], tuple[str, str]] = {}
    for flag in stored.get("flags", ()):
        name, index, kind, reason = flag.split(":", 3)
        flags[name, int(index)] = (kind, reason)
    found: dict[str, tuple[Value, ...]] = {}
    for name, best in stored.items():
        if name in _SYSTEM or name.endswith(_TYPED) or best is None:
            continue
        typed = stored.get(name + _TYPED) or best
        if len(flags) == 0:
            found[name] = tuple(Value(t, b) for t, b in zip(typed, best, strict=True))
            continue
        found[name] = tuple(
            _value(t, b, flags.get((name, i))) for i, (t, b) in enumerate(zip(typed, best, strict=True))
        )
    return found


def _value(typed: str, best: str, flag: tuple[str, str] | None) -> Value:
    if flag is None:
        return Value(typed, best)
    kind, reason = flag
    return Value(typed, None if kind == _NOT_UNDERSTOOD else best, reason or None)
