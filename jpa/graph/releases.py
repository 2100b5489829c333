"""Releases of an agency: written once; signatures and a withdrawal are acts beside it, and nothing of it is ever rewritten."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.canonical import canonical
from jpa.model.release import Definition, Release, Signature

ADD: Final[Query] = upkeep("CREATE (r:Release) SET r = $properties")

# The key is unique: one officer signs a release once, and it is withdrawn once, however many press the button. The lock on the
# release makes two signatures that come at once stand one after the other.
ACT: Final[Query] = upkeep("""
MATCH (r:Release {id: $release}) SET r.touched = true REMOVE r.touched
CREATE (a:ReleaseAct {key: $key, kind: $kind, by: $by, name: $name, at: $at, reason: $reason})-[:ABOUT]->(r)
""")

LOCK: Final[Query] = upkeep("MERGE (s:Serial {id: 'releases'}) SET s.value = coalesce(s.value, 0) + 1")

READ: Final[Query] = query("""
MATCH (r:Release {id: $id}) WHERE readable(r)
RETURN properties(r) AS release, COLLECT { MATCH (a:ReleaseAct)-[:ABOUT]->(r) RETURN properties(a) ORDER BY a.at, a.key } AS acts
""")

LIST: Final[Query] = query("""
MATCH (r:Release) WHERE readable(r)
RETURN properties(r) AS release, COLLECT { MATCH (a:ReleaseAct)-[:ABOUT]->(r) RETURN properties(a) ORDER BY a.at, a.key } AS acts
ORDER BY r.id DESC
""")

# Every agency's: the caller only asks whether a new table is safe beside them, and hands out nothing of another agency's.
OF_MEASURES: Final[Query] = upkeep("""
MATCH (r:Release) WHERE r.measure IN $measures
RETURN properties(r) AS release, COLLECT { MATCH (a:ReleaseAct)-[:ABOUT]->(r) RETURN properties(a) ORDER BY a.at, a.key } AS acts
ORDER BY r.id
""")

# Why an outcome counts no more: who superseded it or took it out of force. Ids only; whether they may be read is asked for apart.
GONE: Final[Query] = upkeep("""
UNWIND $ids AS id
MATCH (o:Outcome {id: id})
RETURN id, EXISTS { (n:Outcome) WHERE n.supersedes = id } AS corrected,
       EXISTS { (t:Retraction) WHERE t.standing IN [id, o.report] } AS retracted
""")

UNCLAIMED: Final[Query] = upkeep("""
UNWIND $files AS file
WITH file WHERE NOT EXISTS { MATCH (r:Release {id: file[0]}) WHERE file[1] IN [r.rows_file, r.edition_file] }
            AND NOT EXISTS { MATCH (h:Handout {id: file[0]}) WHERE file[1] IN [h.rows_file, h.cells_file] }
            AND NOT EXISTS { MATCH (t:Return {id: file[0]}) WHERE t.file = file[1] }
            AND NOT EXISTS { MATCH (k:Package {id: file[0]}) WHERE file[1] IN [k.file, k.pages] }
            AND NOT EXISTS { MATCH (:Package {id: file[0]})<-[:ABOUT]-(a:PackageAct) WHERE a.code = file[1] }
RETURN file
""")


def add_tx(tx: Tx, release: Release) -> None:
    """Write a new draft."""
    own = f"agency:{release.agency}"
    properties = {
        "id": release.id,
        "agency": release.agency,
        "measure": release.definition.measure,
        "definition": canonical(release.definition.plain()).decode(),
        "code": release.code,
        "snapshot": release.snapshot,
        "root": release.root,
        "edition": release.edition,
        "rows_file": release.rows_file,
        "edition_file": release.edition_file,
        "made_by": release.made_by,
        "made": stamp(release.made),
        "compartments": [own],
        "audience": [own],
    }
    tx.run(ADD, properties=properties).consume()


def sign_tx(tx: Tx, release: str, signature: Signature) -> None:
    """Append a signature; ConflictError from the store when this officer signed already."""
    _act_tx(tx, release, "signed", f"{release}:signed:{signature.by}", signature, "")


def withdraw_tx(tx: Tx, release: str, signature: Signature, reason: str) -> None:
    """Append the withdrawal; ConflictError from the store when there is one already."""
    _act_tx(tx, release, "withdrawn", f"{release}:withdrawn", signature, reason)


def lock_tx(tx: Tx) -> None:
    """Let one officer publish at a time, until the transaction ends: the next, of any agency, then sees what this one published."""
    tx.run(LOCK).consume()


def release_tx(tx: Tx, reader: Readership, release: str) -> Release | None:
    """Read one release; None when there is none that this reader may know of."""
    row = tx.run(READ, id=release, **reader.parameters()).single()
    return None if row is None else _release_of(row["release"], row["acts"])


def releases_tx(tx: Tx, reader: Readership) -> list[Release]:
    """List the releases of the reader's agency, newest first."""
    return [_release_of(row["release"], row["acts"]) for row in tx.run(LIST, **reader.parameters())]


def of_measures_tx(tx: Tx, measures: Sequence[str]) -> list[Release]:
    """List every agency's releases of any of these measures, oldest first."""
    return [_release_of(row["release"], row["acts"]) for row in tx.run(OF_MEASURES, measures=list(measures))]


def unclaimed_tx(tx: Tx, files: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return those of the files, by folder and name, that belong to no release, handout, return or package."""
    found = tx.run(UNCLAIMED, files=[list(file) for file in files])
    return [(row["file"][0], row["file"][1]) for row in found]


def gone_tx(tx: Tx, ids: Sequence[str]) -> Mapping[str, tuple[bool, bool]]:
    """Say of outcomes whether each was corrected, and whether it is retracted now."""
    return {row["id"]: (row["corrected"], row["retracted"]) for row in tx.run(GONE, ids=list(ids))}


def _act_tx(tx: Tx, release: str, kind: str, key: str, signature: Signature, reason: str) -> None:
    tx.run(
        ACT, release=release, kind=kind, key=key, by=signature.by, name=signature.name, at=stamp(signature.at), reason=reason
    ).consume()  # fmt: skip


def _release_of(node: Mapping[str, Any], acts: Sequence[Mapping[str, Any]]) -> Release:
    withdrawn = next((a for a in acts if a["kind"] == "withdrawn"), None)
    return Release(
        id=node["id"],
        agency=node["agency"],
        definition=Definition.of(json.loads(node["definition"])),
        code=node["code"],
        snapshot=node["snapshot"],
        root=node["root"],
        edition=node["edition"],
        rows_file=node["rows_file"],
        edition_file=node["edition_file"],
        made_by=node["made_by"],
        made=moment(node["made"]),
        signatures=tuple(_signature_of(a) for a in acts if a["kind"] == "signed"),
        withdrawn=None if withdrawn is None else _signature_of(withdrawn),
        reason="" if withdrawn is None else withdrawn["reason"],
    )


def _signature_of(act: Mapping[str, Any]) -> Signature:
    return Signature(act["by"], act["name"], moment(act["at"]))
