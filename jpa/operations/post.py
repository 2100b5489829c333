"""The post's books: where partners take post, what is on its way to them, what came from them. Nothing here is readable: items are closed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import RowMapping, and_, delete, exists, insert, select, update

from jpa.model.post import (
    LEASE,
    OPEN_POST,
    Arrival,
    Parcel,
    Posted,
    PostKind,
    PostPartner,
    PostState,
    moment_of,
    wait_after,
)
from jpa.operations.store import OperationsStore
from jpa.operations.tables import post_arrivals, post_items, post_partners

_OPEN: Final = [s.value for s in OPEN_POST]
_SHOWN: Final = [c for c in post_items.c if c.name not in {"content", "worker"}]
_LISTED: Final = 200


class Post:
    """The post of one installation."""

    def __init__(self, store: OperationsStore) -> None:
        self._store = store

    def pin(self, partner: PostPartner) -> bool:
        """Keep where an agency takes post; False when what is kept was signed later, or at the same moment."""
        with self._store.writing() as connection:
            known = connection.execute(
                select(post_partners.c.made).where(
                    post_partners.c.agency == partner.agency, post_partners.c.key == partner.key
                )
            ).scalar()
            if known is not None and known >= partner.made:
                return False
            connection.execute(delete(post_partners).where(post_partners.c.agency == partner.agency))
            connection.execute(insert(post_partners).values(**{**asdict(partner), "at": partner.at.timestamp()}))
        return True

    def forget(self, key: str) -> int:
        """Forget where the agency of a key takes post; returns how many places."""
        with self._store.writing() as connection:
            return connection.execute(delete(post_partners).where(post_partners.c.key == key)).rowcount

    def partners(self, *, agency: str = "", fingerprint: str = "") -> list[PostPartner]:
        """List where agencies take post: all, one agency's, or those behind one certificate."""
        wanted = select(post_partners).order_by(post_partners.c.agency)
        for column, value in ((post_partners.c.agency, agency), (post_partners.c.fingerprint, fingerprint)):
            if value != "":
                wanted = wanted.where(column == value)
        with self._store.reading() as connection:
            return [_partner_of(row) for row in connection.execute(wanted).mappings()]

    def add(self, item: Posted, content: bytes | None) -> Posted:
        """Put an item on its way; where the same is under way already, that one is returned."""
        same = select(*_SHOWN).where(
            post_items.c.agency == item.agency, post_items.c.partner == item.partner, post_items.c.kind == item.kind.value,
            post_items.c.object == item.object, post_items.c.state.in_(_OPEN),
        )  # fmt: skip
        kept = {**asdict(item), "kind": item.kind.value, "state": item.state.value, "created": item.created.timestamp()}
        with self._store.writing() as connection:
            row = connection.execute(same).mappings().first() if item.kind is not PostKind.PROPOSALS else None
            if row is not None:
                return _item_of(row)
            connection.execute(
                insert(post_items).values({**kept, "due": item.created.timestamp(), "content": content, "worker": ""})
            )
        return item

    def is_known(self, item: tuple[str, str, PostKind, str]) -> bool:
        """Say whether an agency ever sent a partner something of a kind and object, whatever became of it."""
        agency, partner, kind, this = item
        same = select(post_items.c.id).where(
            post_items.c.agency == agency, post_items.c.partner == partner, post_items.c.kind == kind.value, post_items.c.object == this,
        )  # fmt: skip
        with self._store.reading() as connection:
            return connection.execute(same).first() is not None

    def newest(self, agency: str, kind: PostKind, objects: Collection[str]) -> dict[tuple[str, str], Posted]:
        """Map each of these objects and partner to what an agency sent it of a kind last."""
        wanted = select(*_SHOWN).where(
            post_items.c.agency == agency, post_items.c.kind == kind.value, post_items.c.object.in_(objects)
        )
        with self._store.reading() as connection:
            rows = connection.execute(wanted.order_by(post_items.c.id)).mappings()
            return {(row["object"], row["partner"]): _item_of(row) for row in rows}

    def item(self, this: str) -> Posted | None:
        """Read one."""
        with self._store.reading() as connection:
            row = connection.execute(select(*_SHOWN).where(post_items.c.id == this)).mappings().first()
        return None if row is None else _item_of(row)

    def content(self, this: str) -> bytes | None:
        """Return the closed bytes that are kept with an item; None for a package, whose file is kept elsewhere."""
        with self._store.reading() as connection:
            found: bytes | None = connection.execute(
                select(post_items.c.content).where(post_items.c.id == this)
            ).scalar()
        return found

    def items(self, agency: str) -> list[Posted]:
        """List what an agency sent, newest first."""
        wanted = select(*_SHOWN).where(post_items.c.agency == agency).order_by(post_items.c.id.desc()).limit(_LISTED)
        with self._store.reading() as connection:
            return [_item_of(row) for row in connection.execute(wanted).mappings()]

    def take(self, worker: str, at: datetime) -> Posted | None:
        """Take an item that is due, for a while; None where there is none.

        What is about one thing goes in its order, and a partner gets one item at a time: one that is slow holds up nobody else's.
        """
        earlier, other = post_items.alias(), post_items.alias()
        before = exists().where(
            earlier.c.subject == post_items.c.subject, earlier.c.partner == post_items.c.partner,
            earlier.c.agency == post_items.c.agency, earlier.c.state.in_(_OPEN), earlier.c.id < post_items.c.id,
        )  # fmt: skip
        busy = exists().where(
            other.c.partner == post_items.c.partner,
            other.c.worker != "",
            other.c.due > at.timestamp(),
            other.c.state.in_(_OPEN),
        )
        due = and_(post_items.c.state.in_(_OPEN), post_items.c.due <= at.timestamp(), ~before, ~busy)
        wanted = select(*_SHOWN).where(due).order_by(post_items.c.due).limit(1)
        with self._store.reading() as connection:  # mostly there is nothing: no need of the write lock
            if connection.execute(wanted).first() is None:
                return None
        with self._store.writing() as connection:
            row = connection.execute(wanted).mappings().first()
            if row is None:
                return None
            still = _open(row["id"]).where(post_items.c.due == row["due"])
            taken = connection.execute(still.values(due=(at + LEASE).timestamp(), worker=worker)).rowcount
        return _item_of(row) if taken > 0 else None

    def release(self, worker: str, at: datetime) -> None:
        """Make due what a worker of this name had when it was killed."""
        held = update(post_items).where(post_items.c.worker == worker, post_items.c.state.in_(_OPEN))
        with self._store.writing() as connection:
            connection.execute(held.values(due=at.timestamp(), worker=""))

    def advance(self, this: str, sent: int, at: datetime, *, last: bool) -> bool:
        """Note how much is over there, whether the last part leaves now, and keep the item a while longer; False when it was taken back."""
        state = PostState.SENT if last else PostState.WAITING
        changed: dict[str, Any] = {"sent": sent, "state": state.value, "tries": 0, "due": (at + LEASE).timestamp()}
        with self._store.writing() as connection:
            return connection.execute(_open(this).values(**changed)).rowcount > 0

    def fail(self, this: str, error: str, at: datetime) -> None:
        """Note why a try failed, and when the next one is due."""
        with self._store.writing() as connection:
            tries = connection.execute(select(post_items.c.tries).where(post_items.c.id == this)).scalar() or 0
            due = (at + wait_after(tries + 1)).timestamp()
            connection.execute(_open(this).values(tries=tries + 1, due=due, error=error, worker=""))

    def end(self, this: str, state: PostState, error: str, at: datetime) -> bool:
        """Note how it ended, and throw the bytes away; False when it had ended before."""
        changed: dict[str, Any] = {"state": state.value, "error": error, "ended": at.timestamp(), "due": None}
        changed |= {"content": None, "worker": ""}
        if state in {PostState.ARRIVED, PostState.REFUSED}:
            changed["sent"] = post_items.c.size
        with self._store.writing() as connection:
            return connection.execute(_open(this).values(**changed)).rowcount > 0

    def take_back(self, this: str, at: datetime) -> bool:
        """Send it no more; False when all of it has left, or it has ended."""
        waiting = _open(this).where(post_items.c.state == PostState.WAITING.value)
        changed: dict[str, Any] = {
            "state": PostState.TAKEN_BACK.value, "error": "", "ended": at.timestamp(), "due": None, "content": None, "worker": "",
        }  # fmt: skip
        with self._store.writing() as connection:
            return connection.execute(waiting.values(**changed)).rowcount > 0

    def hurry(self, this: str, at: datetime) -> bool:
        """Let an item that no worker has be due now; False when it has ended."""
        with self._store.writing() as connection:
            idle = _open(this).where(post_items.c.worker == "")
            connection.execute(idle.values(due=at.timestamp()))
            return connection.execute(select(post_items.c.state).where(post_items.c.id == this)).scalar() in _OPEN

    def arrival(self, parcel: Parcel) -> Arrival | None:
        """Read what became of a parcel; None when nothing did yet."""
        with self._store.reading() as connection:
            row = connection.execute(select(post_arrivals).where(*_same(parcel))).mappings().first()
        return None if row is None else _arrival_of(row)

    def note(self, arrival: Arrival) -> None:
        """Keep what became of a parcel, in place of what became of it before."""
        parcel = arrival.parcel
        with self._store.writing() as connection:
            connection.execute(delete(post_arrivals).where(*_same(parcel)))
            connection.execute(
                insert(post_arrivals).values(
                    **asdict(parcel), subject=arrival.subject, state=arrival.state.value, reason=arrival.reason,
                    answer=arrival.answer, at=arrival.at.timestamp(),
                )
            )  # fmt: skip

    def arrivals(self, agency: str) -> list[Arrival]:
        """List what came for an agency, newest first."""
        wanted = select(post_arrivals).where(post_arrivals.c.agency == agency).order_by(post_arrivals.c.at.desc())
        with self._store.reading() as connection:
            return [_arrival_of(row) for row in connection.execute(wanted.limit(_LISTED)).mappings()]


def _one(this: str) -> Any:
    return update(post_items).where(post_items.c.id == this)


def _open(this: str) -> Any:
    return _one(this).where(post_items.c.state.in_(_OPEN))


def _same(parcel: Parcel) -> Sequence[Any]:
    c = post_arrivals.c
    return c.sender == parcel.sender, c.agency == parcel.agency, c.sha256 == parcel.sha256


def _item_of(row: RowMapping) -> Posted:
    read: Mapping[str, Any] = {
        **row, "kind": PostKind(row["kind"]), "state": PostState(row["state"]), "created": moment_of(row["created"]),
        "due": moment_of(row["due"]), "ended": moment_of(row["ended"]),
    }  # fmt: skip
    return Posted(**read)


def _partner_of(row: RowMapping) -> PostPartner:
    read: Mapping[str, Any] = {**row, "at": moment_of(row["at"])}
    return PostPartner(**read)


def _arrival_of(row: RowMapping) -> Arrival:
    parcel = Parcel(row["sender"], row["agency"], row["form"], row["sha256"], row["size"])
    at = moment_of(row["at"])
    if at is None:
        raise ValueError("every arrival has its moment")
    return Arrival(parcel, row["subject"], PostState(row["state"]), row["reason"], row["answer"], at)
