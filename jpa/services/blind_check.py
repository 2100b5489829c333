"""The standing check: every night, under an agreement that says so, new records of one agency against what the other holds.

Both desks are told “ask desk X, reference N”, once for each pair of records, and no more of them in a night than the limit. Either
record keeps below the agreement's ceiling for the other side; smuggled migrants and what identifies them are left out on both.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

from jpa.entity_resolution.blind_keys import ASKABLE, asked_keys
from jpa.graph import agencies, agreements, blind, cases
from jpa.graph.holdings import Held, guarded_tx, held_tx
from jpa.graph.session import Tx
from jpa.model.agreement import Agreement, AgreementState, Partner, Way
from jpa.model.audit import AuditTag
from jpa.model.blind import MOST_TOLD, BlindQuestion, BlindWay
from jpa.model.case import Agency
from jpa.model.ids import new_id
from jpa.services.blind import oldest_by_key, releasable
from jpa.services.stores import Stores
from jpa.sharing.blind import SIZE, reference_of

_ID_TIME: Final = 12
"""Digits of an id that say when it was made."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two agencies that an agreement binds, seen from the one whose new records are looked at."""

    agreement: Agreement
    asker: Partner
    holder: Partner

    @property
    def name(self) -> str:
        """Of the mark up to which it has come."""
        return f"{self.agreement.id}|{self.asker.agency.id}|{self.holder.agency.id}"


def check_standing(stores: Stores, at: datetime) -> int:
    """Do the night's standing checks; returns how many hits both desks are told of. Doing it again tells nothing twice."""
    with stores.audit.act(AuditTag.BLIND_CHECKED, None, at=at) as act:
        pairs = stores.graph.read(act.intent, lambda tx: _pairs_tx(tx, at))
        works = [partial(_check_tx, stores=stores, pair=pair, at=at) for pair in pairs]
        told = sum(stores.graph.write(act.intent, work) for work in works)
        act.details |= {"pairs": len(pairs), "told": told}
    return told


def _pairs_tx(tx: Tx, at: datetime) -> list[_Pair]:
    known = {a.id: a for a in agencies.agencies_tx(tx)}
    live = {
        a.id: a
        for agency in known
        for a in agreements.agreements_tx(tx, agency)
        if a.state(at) is AgreementState.IN_FORCE and Way.STANDING_CHECK in a.ways
    }
    found = []
    for agreement in live.values():
        bound = [_partner_tx(tx, known[p]) for p in agreement.parties if agreement.binds(p) and p in known]
        found += [_Pair(agreement, one, other) for one in bound for other in bound if one != other]
    return sorted(found, key=lambda pair: pair.name)


def _partner_tx(tx: Tx, agency: Agency) -> Partner:
    return Partner(agency, frozenset(j.id for j in cases.jpas_tx(tx, agency.state)))


def _check_tx(tx: Tx, stores: Stores, pair: _Pair, at: datetime) -> int:
    """Tell of hits of one side's new records, oldest first, up to the limit; the rest waits for the next night."""
    blind.lock_tx(tx, pair.name)
    since = blind.mark_tx(tx, pair.name) or _first(pair.agreement)
    guarded = guarded_tx(tx)
    new = [h for h in held_tx(tx, pair.asker.agency, ASKABLE, guarded) if h.record.id > since]
    if len(new) == 0:
        return 0
    mine = releasable(new, [pair.agreement], pair.holder)
    theirs = oldest_by_key(releasable(held_tx(tx, pair.holder.agency, ASKABLE, guarded), [pair.agreement], pair.asker))
    told, last = 0, since
    for one in mine:
        for record, digest in _untold_tx(tx, one, theirs).items():
            if told == MOST_TOLD:
                blind.set_mark_tx(tx, pair.name, last)
                return told
            blind.add_tx(tx, _told(stores, pair, one.record.id, record, at), pair=digest)
            told += 1
        last = one.record.id
    blind.set_mark_tx(tx, pair.name, new[-1].record.id)
    return told


def _untold_tx(tx: Tx, one: Held, theirs: Mapping[str, str]) -> dict[str, str]:
    """Return the other side's records that one record meets, each with the digest of the pair, without pairs told before."""
    met: Sequence[str] = sorted({theirs[key] for key in asked_keys(one.record)[:SIZE] if key in theirs})
    digests = {r: hashlib.sha256("|".join(sorted((one.record.id, r))).encode()).hexdigest() for r in met}
    known = blind.known_pairs_tx(tx, list(digests.values())) if len(digests) > 0 else set()
    return {r: digest for r, digest in digests.items() if digest not in known}


def _told(stores: Stores, pair: _Pair, own: str, other: str, at: datetime) -> BlindQuestion:
    question = new_id(at)
    secrets = {
        side.agency.id: stores.agency_keys.reference_secret(side.agency.id) for side in (pair.asker, pair.holder)
    }
    return BlindQuestion(
        id=question,
        question=question,
        way=BlindWay.STANDING,
        asker=pair.asker.agency.id,
        holder=pair.holder.agency.id,
        officer="",
        agreements=(pair.agreement.id,),
        purpose=", ".join(sorted(p.value for p in pair.agreement.purposes)),
        about="",
        at=at,
        hit=True,
        references=(reference_of(secrets[pair.holder.agency.id], question, other),),
        own_references=(reference_of(secrets[pair.asker.agency.id], question, own),),
    )


def _first(agreement: Agreement) -> str:
    """Return what sorts before the ids of records entered since the agreement came into force."""
    start = datetime.fromisoformat(agreement.start).replace(tzinfo=UTC)
    return f"{int(start.timestamp() * 1000):0{_ID_TIME}x}"
