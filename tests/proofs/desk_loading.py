"""Bringing what lies on the desks of a world into the store, and taking out what one reader may not know of."""

from datetime import timedelta
from typing import Final

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jpa.graph import agencies, agreements, evidence, incidents, retractions, returns, sealing
from jpa.graph.cypher import Query, upkeep
from jpa.graph.returns import PinnedKey
from jpa.graph.rows import Reach, stamp
from jpa.graph.session import Tx
from jpa.model.agreement import Agreement, Ceiling, Purpose, Signature, Way
from jpa.model.case import Agency
from jpa.model.evidence import EvidenceFile
from jpa.model.incident import Incident
from jpa.model.outcome import Outcome
from jpa.model.record import Link, Record
from jpa.operations.messages import fingerprint_of, public_of
from tests.proofs.worlds import AGENCIES, NOW, OFFICERS, World

AWAY: Final = Agency("away", "Coast Guard elsewhere", "XC")
"""An agency of another installation, that packages may go to."""
TREATY: Final = "e" * 32
_SIGNER: Final = Ed25519PrivateKey.from_private_bytes(b"a" * 32)
_CLOSING: Final = str(pyrage.x25519.Identity.generate().to_public())
HIDE_DESKS: Final[Query] = upkeep("MATCH (n:Evidence|Incident) WHERE n.id IN $hidden DETACH DELETE n")
# That a report speaks of a victim keeps its text and files out of packages, whoever knows of the victim (graph/package_content.py).
HIDE_VICTIMS: Final[Query] = upkeep("MATCH (v:Victim) WHERE v.id IN $hidden SET v = {id: v.id}")
HIDE_CORRECTIONS: Final[Query] = upkeep("MATCH (k:LinkCorrection) WHERE k.link IN $hidden DETACH DELETE k")
HIDE_RETRACTIONS: Final[Query] = upkeep("""
MATCH (t:Retraction) OPTIONAL MATCH (u:Restoration)-[:SUPERSEDES]->(t)
WITH t, u WHERE NOT t.target IN $readable
CALL (t) { MATCH (t) WHERE t.target IN $stating SET t.by = '', t.reason = 'nothing', t.at = $long_ago }
CALL (t, u) { MATCH (t) WHERE NOT t.target IN $stating DETACH DELETE u, t }
""")


def load_desks_tx(tx: Tx, world: World) -> None:
    """Put files, victims, incidents and retractions in, and the agency elsewhere with its keys and a treaty with all."""
    agencies.save_agency_tx(tx, AWAY)
    everyone = (*AGENCIES, AWAY)
    signed = {a.id: next((o.id for o in OFFICERS if o.agency == a.id), "abroad") for a in everyone}
    agreements.add_tx(
        tx,
        Agreement(
            TREATY, "Treaty", "Article 1", tuple(signed), frozenset(Purpose), frozenset(Way),
            tuple(Ceiling(a) for a in signed), "2026-01-01", "2026-12-31", 30,
            tuple(Signature(agency, officer, officer, NOW) for agency, officer in signed.items()),
        ),
    )  # fmt: skip
    public = public_of(_SIGNER)
    returns.pin_tx(tx, PinnedKey(fingerprint_of(public), public, AWAY.id, NOW, "admin", closing=_CLOSING, card="c"))
    for marked in world.files:
        if isinstance(marked.thing, EvidenceFile):
            evidence.add_tx(tx, marked.thing, Reach(marked.compartments, marked.audience))
    for marked in world.victims:
        if isinstance(marked.thing, tuple):
            victim, pseudonym, case, report, coded = marked.thing
            sealing.add_victim_tx(tx, victim, pseudonym, case, report, {"exploitation": [coded]}, marked.audience, NOW)
    told = [(m.thing, Reach(m.compartments, m.audience)) for m in world.incidents if isinstance(m.thing, Incident)]
    incidents.add_tx(tx, told)
    for act in world.retractions:
        retractions.add_tx(tx, act)
        if act.undone is not None:
            retractions.undo_tx(tx, act.id, act.undone)


def hide_desks_tx(tx: Tx, world: World, readable: set[str], hidden: list[str]) -> None:
    """Take out what is hidden; a report's retraction stays where something that it states may be read, without who and why."""
    tx.run(HIDE_DESKS, hidden=hidden).consume()
    tx.run(HIDE_VICTIMS, hidden=hidden).consume()
    tx.run(HIDE_CORRECTIONS, hidden=hidden).consume()
    stating = {
        m.thing.report
        for m in (*world.records, *world.links, *world.outcomes)
        if m.id in readable and isinstance(m.thing, Record | Link | Outcome)
    }
    tx.run(
        HIDE_RETRACTIONS,
        readable=sorted(readable),
        stating=sorted(stating - {""}),
        long_ago=stamp(NOW - timedelta(days=300)),
    ).consume()
