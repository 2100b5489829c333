"""Claims: signed acts that credit a case, an own ledger or an outcome to a joint period; appended, signed second, withdrawn, never changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from jpa.graph.cypher import Query, query, upkeep
from jpa.graph.rows import Reach, moment, stamp
from jpa.graph.session import Tx
from jpa.model.access import Readership
from jpa.model.outcome import Basis, Claim

ADD: Final[Query] = upkeep("CREATE (k:Claim) SET k = $properties")

# Only one second signature and one withdrawal: the later of two at the same moment finds nothing to change.
SIGN: Final[Query] = upkeep("""
MATCH (k:Claim {id: $id}) SET k.lock = true
WITH k WHERE k.signed IS NULL AND k.withdrawn IS NULL SET k.second = $by, k.signed = $at RETURN k.id AS id
""")

WITHDRAW: Final[Query] = upkeep("""
MATCH (k:Claim {id: $id}) SET k.lock = true
WITH k WHERE k.withdrawn IS NULL SET k.withdrawn = $at, k.withdrawn_by = $by, k.withdrawn_reason = $reason RETURN k.id AS id
""")

READ: Final[Query] = query("""
MATCH (k:Claim) WHERE k.id = $id AND readable(k) RETURN properties(k) AS claim
""")

OF_CASE: Final[Query] = query("""
MATCH (k:Claim {case: $case}) WHERE readable(k) RETURN properties(k) AS claim ORDER BY k.id
""")

OWN: Final[Query] = query("""
MATCH (k:Claim {case: ''}) WHERE k.agency = $agency AND k.under = $under AND readable(k)
RETURN properties(k) AS claim ORDER BY k.id
""")

WAITING: Final[Query] = query("""
MATCH (k:Claim {agency: $agency}) WHERE readable(k) AND k.signed IS NULL AND k.withdrawn IS NULL AND k.by <> $officer
RETURN properties(k) AS claim ORDER BY k.id
""")

# Two claims about one target at the same moment must not add up to more than the whole: the target is locked first.
LOCK: Final[Query] = upkeep("MERGE (t:ClaimTarget {id: $target}) SET t.lock = true")

IN_FORCE: Final[Query] = upkeep("""
MATCH (k:Claim {target: $target}) WHERE k.withdrawn IS NULL RETURN properties(k) AS claim ORDER BY k.id
""")

COUNTING: Final[Query] = upkeep("""
MATCH (k:Claim) WHERE k.withdrawn IS NULL AND k.signed IS NOT NULL RETURN properties(k) AS claim ORDER BY k.id
""")

COUNTING_FOR: Final[Query] = query("""
MATCH (k:Claim) WHERE k.withdrawn IS NULL AND k.signed IS NOT NULL AND readable(k) RETURN properties(k) AS claim ORDER BY k.id
""")


def add_tx(tx: Tx, claim: Claim, reach: Reach) -> None:
    """Append a claim; it counts once it is signed second."""
    properties = {
        "id": claim.id,
        "target": claim.target,
        "case": claim.case,
        "under": claim.under,
        "agency": claim.agency,
        "jpa": claim.jpa,
        "basis": claim.basis.value,
        "share": str(claim.share),
        "reason": claim.reason,
        "shown_by": claim.evidence,
        "by": claim.by,
        "at": stamp(claim.at),
        "compartments": list(reach.compartments),
        "audience": list(reach.audience),
    }
    tx.run(ADD, properties=properties)


def sign_tx(tx: Tx, claim: str, *, by: str, at: datetime) -> bool:
    """Sign second; False when it was signed or withdrawn already."""
    return tx.run(SIGN, id=claim, by=by, at=stamp(at)).single() is not None


def withdraw_tx(tx: Tx, claim: str, *, by: str, at: datetime, reason: str) -> bool:
    """Withdraw a claim; False when it was withdrawn already."""
    return tx.run(WITHDRAW, id=claim, by=by, at=stamp(at), reason=reason).single() is not None


def claim_tx(tx: Tx, reader: Readership, claim: str) -> Claim | None:
    """Read one claim; None when there is none that this reader may know of."""
    row = tx.run(READ, id=claim, **reader.parameters()).single()
    return None if row is None else claim_of(row["claim"])


def of_case_tx(tx: Tx, reader: Readership, case: str) -> list[Claim]:
    """List the claims about a case and its outcomes, withdrawn ones too, oldest first."""
    return [claim_of(row["claim"]) for row in tx.run(OF_CASE, case=case, **reader.parameters())]


def own_tx(tx: Tx, reader: Readership, under: str) -> list[Claim]:
    """List the claims about what the reader's agency did under a joint period without a case, withdrawn ones too, oldest first."""
    found = tx.run(OWN, agency=reader.officer.agency, under=under, **reader.parameters())
    return [claim_of(row["claim"]) for row in found]


def waiting_tx(tx: Tx, reader: Readership) -> list[Claim]:
    """List the readable claims of the own agency that wait for a second signature that this officer could give."""
    officer = reader.officer
    found = tx.run(WAITING, agency=officer.agency, officer=officer.id, **reader.parameters())
    return [claim_of(row["claim"]) for row in found]


def in_force_tx(tx: Tx, target: str) -> list[Claim]:
    """Read the claims about a target that are not withdrawn, and keep others from adding to them until the end of the transaction."""
    tx.run(LOCK, target=target).consume()
    return [claim_of(row["claim"]) for row in tx.run(IN_FORCE, target=target)]


def counting_tx(tx: Tx, reader: Readership | None) -> Sequence[Claim]:
    """Read every claim that is signed by two and not withdrawn, or those of them that a reader may read.

    An agency counts by all of them; the caller counts only the outcomes that it may.
    """
    found = tx.run(COUNTING) if reader is None else tx.run(COUNTING_FOR, **reader.parameters())
    return [claim_of(row["claim"]) for row in found]


def claim_of(node: Mapping[str, Any]) -> Claim:
    """Read a Claim node back."""
    signed, withdrawn = node.get("signed"), node.get("withdrawn")
    return Claim(
        id=node["id"],
        target=node["target"],
        case=node["case"],
        agency=node["agency"],
        jpa=node["jpa"],
        basis=Basis(node["basis"]),
        share=Fraction(node["share"]),
        reason=node["reason"],
        evidence=node["shown_by"],
        by=node["by"],
        at=moment(node["at"]),
        second=node.get("second", ""),
        signed=None if signed is None else moment(signed),
        withdrawn=None if withdrawn is None else moment(withdrawn),
        withdrawn_by=node.get("withdrawn_by", ""),
        withdrawn_reason=node.get("withdrawn_reason", ""),
        under=node.get("under", ""),
    )
