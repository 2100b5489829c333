"""Returns: each version written once, what is done about it appended; and the pinned keys of agencies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.returns import Act, ActKind, Return

ADD: Final[Query] = upkeep("CREATE (r:Return) SET r = $properties")

# The key is unique, and counts what was done before: of two who press a button at once one finds it taken.
ACT: Final[Query] = upkeep("""
MATCH (r:Return {id: $return}) SET r.touched = true REMOVE r.touched
CREATE (a:ReturnAct {key: $key, kind: $kind, by: $by, name: $name, at: $at, code: $code, text: $text, number: $number})-[:ABOUT]->(r)
""")

# The one thing of a return that changes: once it is sent, the agency that coordinates the joint period reads it too.
OPEN: Final[Query] = upkeep("""
MATCH (r:Return {id: $return}) SET r.compartments = r.compartments + $compartment, r.audience = r.audience + $compartment
""")

SIGN: Final[Query] = upkeep("MATCH (r:Return {id: $return}) SET r.fingerprint = $fingerprint")

LOCK: Final[Query] = upkeep("""
MERGE (s:Serial {id: 'returns:' + $jpa}) SET s.value = coalesce(s.value, 0) + 1
""")

LIST: Final[Query] = query("""
MATCH (r:Return) WHERE ($id = '' OR r.id = $id) AND ($jpa = '' OR r.jpa = $jpa) AND readable(r)
RETURN properties(r) AS return, COLLECT { MATCH (a:ReturnAct)-[:ABOUT]->(r) RETURN properties(a) ORDER BY a.number } AS acts
ORDER BY r.id DESC
""")

# A version is taken by whoever made it, whether or not the asker may read it; only the number leaves here.
LATEST: Final[Query] = upkeep("""
MATCH (r:Return {agency: $agency, jpa: $jpa, period: $period}) RETURN max(r.version) AS version
""")

KNOWN: Final[Query] = upkeep("MATCH (r:Return {id: $id}) RETURN r.digest AS digest")

SEALED: Final[Query] = upkeep("MATCH (o:Outcome {agency: $agency}) WHERE o.sealed IS NOT NULL RETURN o.id AS id")

# Numbers that the agencies of a joint case give its persons; asked for the cases that are tied to one, for counting alone.
REFERENCES: Final[Query] = upkeep("""
MATCH (o:Outcome) WHERE o.case IN $cases AND o.reference IS NOT NULL AND o.victim = '' RETURN o.id AS id, o.reference[0] AS reference
""")

PIN: Final[Query] = upkeep("CREATE (k:AgencyKey) SET k = $properties")
UNPIN: Final[Query] = upkeep("""
MATCH (k:AgencyKey {fingerprint: $fingerprint}) WHERE k.withdrawn IS NULL SET k.withdrawn = $at, k.withdrawn_by = $by
RETURN k.fingerprint AS fingerprint
""")
COMPLETE: Final[Query] = upkeep("""
MATCH (k:AgencyKey {fingerprint: $fingerprint, agency: $agency}) WHERE k.withdrawn IS NULL AND coalesce(k.closing, '') = ''
SET k.closing = $closing, k.card = $card RETURN k.fingerprint AS fingerprint
""")
KEYS: Final[Query] = upkeep("MATCH (k:AgencyKey) RETURN properties(k) AS key ORDER BY k.at")


@dataclass(frozen=True, slots=True)
class PinnedKey:
    """A public key that was compared with the agency that it belongs to."""

    fingerprint: str
    public: str
    agency: str
    at: datetime
    by: str
    withdrawn: datetime | None = None
    closing: str = ""
    """Its age public key, where it handed over a card: packages are closed with it."""
    card: str = ""
    """SHA-256 of the card that was compared."""


def add_tx(tx: Tx, this: Return, compartments: Sequence[str]) -> None:
    """Write a new version; ConflictError from the store where there is one of that number."""
    properties = {
        "id": this.id,
        "agency": this.agency,
        "state": this.state,
        "jpa": this.jpa,
        "period": this.period,
        "version": this.version,
        "slot": ":".join((*this.slot, str(this.version))),
        "rows": this.rows,
        "digest": this.digest,
        "root": this.root,
        "file": this.file,
        "withheld_reasons": [reason for reason, _ in this.withheld],
        "withheld_counts": [count for _, count in this.withheld],
        "made_by": this.made_by,
        "made_name": this.made_name,
        "made": stamp(this.made),
        "fingerprint": this.fingerprint,
        "received": this.received,
        "compartments": list(compartments),
        "audience": list(compartments),
    }
    tx.run(ADD, properties=properties).consume()


def act_tx(tx: Tx, this: Return, act: Act) -> None:
    """Append what was done; ConflictError from the store when somebody else did something at the same moment."""
    number = len(this.acts)
    tx.run(
        ACT, {"return": this.id}, key=f"{this.id}:{number}", number=number, kind=act.kind.value, by=act.by, name=act.name,
        at=stamp(act.at), code=act.code, text=act.text,
    ).consume()  # fmt: skip


def open_tx(tx: Tx, this: Return, agency: str) -> None:
    """Let another agency read it from now on."""
    tx.run(OPEN, {"return": this.id}, compartment=[f"agency:{agency}"]).consume()


def sign_tx(tx: Tx, this: Return, fingerprint: str) -> None:
    """Keep by which key it was signed."""
    tx.run(SIGN, {"return": this.id}, fingerprint=fingerprint).consume()


def lock_tx(tx: Tx, jpa: str) -> None:
    """Let one officer at a time change the returns of a joint period, until the transaction ends."""
    tx.run(LOCK, jpa=jpa).consume()


def returns_tx(tx: Tx, reader: Readership, jpa: str = "") -> list[Return]:
    """List the returns that a reader may know of, newest first."""
    return [_return_of(row["return"], row["acts"]) for row in tx.run(LIST, id="", jpa=jpa, **reader.parameters())]


def return_tx(tx: Tx, reader: Readership, this: str) -> Return | None:
    """Read one; None when there is none that this reader may know of."""
    row = tx.run(LIST, id=this, jpa="", **reader.parameters()).single()
    return None if row is None else _return_of(row["return"], row["acts"])


def latest_tx(tx: Tx, agency: str, jpa: str, period: str) -> int:
    """Return the newest version of an agency's return for a period; 0 where there is none."""
    return int(tx.run(LATEST, agency=agency, jpa=jpa, period=period).single(strict=True)["version"] or 0)


def known_tx(tx: Tx, this: str) -> str | None:
    """Return the digest of a return that is here already, whoever may read it; None where there is none."""
    row = tx.run(KNOWN, id=this).single()
    return None if row is None else str(row["digest"])


def sealed_tx(tx: Tx, agency: str) -> set[str]:
    """Return the agency's outcomes whose person was found to be a victim."""
    return {row["id"] for row in tx.run(SEALED, agency=agency)}


def references_tx(tx: Tx, cases: Sequence[str]) -> dict[str, str]:
    """Map outcomes of these cases to the number that is given to their person."""
    return {row["id"]: row["reference"] for row in tx.run(REFERENCES, cases=list(cases))}


def pin_tx(tx: Tx, key: PinnedKey) -> None:
    """Pin a key; ConflictError from the store when it is pinned already."""
    properties = {
        "fingerprint": key.fingerprint, "public": key.public, "agency": key.agency, "at": stamp(key.at), "by": key.by,
        "closing": key.closing, "card": key.card,
    }  # fmt: skip
    tx.run(PIN, properties=properties).consume()


def complete_tx(tx: Tx, key: PinnedKey) -> bool:
    """Add the key that closes to a signing key that is pinned already; False where there is none to complete."""
    said = {"fingerprint": key.fingerprint, "agency": key.agency, "closing": key.closing, "card": key.card}
    return tx.run(COMPLETE, said).single() is not None


def unpin_tx(tx: Tx, fingerprint: str, *, by: str, at: datetime) -> bool:
    """Trust a key no more; False when there is none in force."""
    return tx.run(UNPIN, fingerprint=fingerprint, by=by, at=stamp(at)).single() is not None


def keys_tx(tx: Tx) -> list[PinnedKey]:
    """List all pinned keys, withdrawn ones too."""
    return [_key_of(row["key"]) for row in tx.run(KEYS)]


def _key_of(node: Mapping[str, Any]) -> PinnedKey:
    withdrawn = node.get("withdrawn")
    return PinnedKey(
        node["fingerprint"], node["public"], node["agency"], moment(node["at"]), node["by"],
        None if withdrawn is None else moment(withdrawn), node.get("closing", ""), node.get("card", ""),
    )  # fmt: skip


def _return_of(node: Mapping[str, Any], acts: Sequence[Mapping[str, Any]]) -> Return:
    return Return(
        id=node["id"],
        agency=node["agency"],
        state=node["state"],
        jpa=node["jpa"],
        period=node["period"],
        version=node["version"],
        rows=node["rows"],
        digest=node["digest"],
        root=node["root"],
        file=node["file"],
        withheld=tuple(zip(node["withheld_reasons"], node["withheld_counts"], strict=True)),
        made_by=node["made_by"],
        made_name=node["made_name"],
        made=moment(node["made"]),
        fingerprint=node["fingerprint"],
        received=node["received"],
        acts=tuple(Act(ActKind(a["kind"]), a["by"], a["name"], moment(a["at"]), a["code"], a["text"]) for a in acts),
    )
