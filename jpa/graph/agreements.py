"""The register of agreements: each written once, signed by its parties, ended once. Only its parties read it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from jpa.graph.cypher import Query, upkeep
from jpa.graph.rows import moment, stamp
from jpa.graph.session import Tx
from jpa.model.agreement import Agreement, Ceiling, Purpose, Signature, Way
from jpa.model.limits import Condition
from jpa.model.marking import Pap, Release, Tlp

ADD: Final[Query] = upkeep("CREATE (a:Agreement) SET a = $properties")

# The key is unique: of two who sign for one party at once, one finds it taken.
SIGN: Final[Query] = upkeep("""
MATCH (a:Agreement {id: $agreement})
CREATE (s:AgreementSignature)-[:SIGNS]->(a) SET s = $properties
""")

END: Final[Query] = upkeep("""
MATCH (a:Agreement {id: $id}) WHERE a.ended IS NULL SET a.ended = $at, a.ended_by = $by, a.reason = $reason RETURN a.id AS id
""")

LIST: Final[Query] = upkeep("""
MATCH (a:Agreement) WHERE $agency IN a.parties AND ($id = '' OR a.id = $id)
RETURN properties(a) AS agreement, COLLECT { MATCH (s:AgreementSignature)-[:SIGNS]->(a) RETURN properties(s) ORDER BY s.at, s.key } AS signatures
ORDER BY a.end DESC, a.id DESC
""")


def add_tx(tx: Tx, agreement: Agreement) -> None:
    """Register a draft with the signatures that it has."""
    tx.run(ADD, properties=_properties(agreement)).consume()
    for signature in agreement.signatures:
        sign_tx(tx, agreement.id, signature)


def sign_tx(tx: Tx, agreement: str, signature: Signature) -> None:
    """Add a signature; ConflictError from the store when the party has signed."""
    properties = {
        "key": f"{agreement}:{signature.agency}", "agency": signature.agency, "officer": signature.officer,
        "name": signature.name, "at": stamp(signature.at), "on_paper": signature.on_paper,
    }  # fmt: skip
    tx.run(SIGN, agreement=agreement, properties=properties).consume()


def end_tx(tx: Tx, agreement: str, *, by: str, at: datetime, reason: str) -> bool:
    """End an agreement now; False when it was ended already."""
    return tx.run(END, id=agreement, by=by, at=stamp(at), reason=reason).single() is not None


def agreements_tx(tx: Tx, agency: str) -> list[Agreement]:
    """List the agreements that an agency is party to, drafts and ended ones too; the one that ends last comes first."""
    return [_agreement_of(row["agreement"], row["signatures"]) for row in tx.run(LIST, agency=agency, id="")]


def agreement_tx(tx: Tx, agency: str, agreement: str) -> Agreement | None:
    """Read one; None when there is none that the agency is party to."""
    row = tx.run(LIST, agency=agency, id=agreement).single() if agreement != "" else None
    return None if row is None else _agreement_of(row["agreement"], row["signatures"])


def _properties(agreement: Agreement) -> dict[str, Any]:
    return {
        "id": agreement.id,
        "title": agreement.title,
        "basis": agreement.basis,
        "parties": list(agreement.parties),
        "purposes": sorted(p.value for p in agreement.purposes),
        "ways": sorted(w.value for w in agreement.ways),
        "start": agreement.start,
        "end": agreement.end,
        "warning_days": agreement.warning_days,
        "ceiling_agencies": [c.agency for c in agreement.ceilings],
        "ceiling_tlps": [c.tlp.value for c in agreement.ceilings],
        "ceiling_paps": [c.pap.value for c in agreement.ceilings],
        "ceiling_releases": [c.release.value for c in agreement.ceilings],
        "ceiling_conditions": ["|".join(sorted(x.value for x in c.conditions)) for c in agreement.ceilings],
    }


def _agreement_of(node: Mapping[str, Any], signatures: Sequence[Mapping[str, Any]]) -> Agreement:
    parts = (node[f"ceiling_{part}"] for part in ("agencies", "tlps", "paps", "releases", "conditions"))
    ended = node.get("ended")
    return Agreement(
        id=node["id"],
        title=node["title"],
        basis=node["basis"],
        parties=tuple(node["parties"]),
        purposes=frozenset(Purpose(p) for p in node["purposes"]),
        ways=frozenset(Way(w) for w in node["ways"]),
        ceilings=tuple(
            Ceiling(agency, Tlp(tlp), Pap(pap), Release(release), frozenset(Condition(c) for c in said.split("|") if c))
            for agency, tlp, pap, release, said in zip(*parts, strict=True)
        ),
        start=node["start"],
        end=node["end"],
        warning_days=node["warning_days"],
        signatures=tuple(
            Signature(s["agency"], s["officer"], s["name"], moment(s["at"]), s["on_paper"]) for s in signatures
        ),
        ended=None if ended is None else moment(ended),
        ended_by=node.get("ended_by", ""),
        reason=node.get("reason", ""),
    )
