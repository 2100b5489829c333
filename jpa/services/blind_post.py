"""Blind questions to agencies of other installations by post: asked, answered by the clerk over there, heard here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jpa.errors import InvalidInputError
from jpa.graph import agencies
from jpa.graph.session import Tx
from jpa.interchange.blind_file import read_question
from jpa.model.access import Action, Readership
from jpa.model.agreement import Way
from jpa.model.audit import AuditTag
from jpa.model.blind import BlindWay
from jpa.model.case import Agency
from jpa.model.post import Posted, PostKind
from jpa.services.agreements import binding_tx
from jpa.services.blind import NOT_ASKED, Told, TypedQuestion, ask_partners, keys_of, partners_tx, require_unspent_tx
from jpa.services.blind_files import answer_file, ask_by_file
from jpa.services.post_spool import Sending, has_place, put, put_tx, require_place
from jpa.services.stores import Ask, Event, Stores, read, require, write
from jpa.sharing.blind import ELEMENT
from jpa.sharing.pacing import Pace


@dataclass(frozen=True, slots=True)
class Answers:
    """What partners here answered, and the questions that are on their way to the others."""

    told: Sequence[Told]
    posted: Sequence[Posted]


def list_away(stores: Stores, ask: Ask) -> list[tuple[Agency, list[str]]]:
    """List the agencies of other installations that can be asked by post now, each with the purposes that its agreements name."""

    def work(tx: Tx, _: Readership) -> list[tuple[Agency, list[str]]]:
        return [line for line in partners_tx(tx, ask, Way.QUERY, here=False) if has_place(stores, line[0].id)]

    return read(stores, ask, Action.ASK_BLIND, Event(AuditTag.AGREEMENT_READ, "", {"way": Way.QUERY.value}), work)


def ask_everywhere(stores: Stores, ask: Ask, typed: TypedQuestion, pace: Pace | None = None) -> Answers:
    """Ask partners of this installation, who answer at once, and those of others by post; nobody is asked unless all can be."""
    keys_of(ask, typed)

    def work(tx: Tx, _: Readership, __: object) -> list[str]:
        away = [p for p in typed.partners if agencies.agency_tx(tx, p) and len(agencies.officers_tx(tx, p)) == 0]
        bound = [binding_tx(tx, ask, partner, typed.purpose, Way.QUERY) for partner in typed.partners]
        for partner in away:
            require_place(stores, partner, "partners")
        require_unspent_tx(tx, ask, [a.id for b in bound for a in b.agreements], len(bound))
        return away

    event = Event(AuditTag.BLIND_READ, "", {"partners": list(typed.partners)})
    away = write(stores, ask, Action.ASK_BLIND, event, work)
    here = tuple(p for p in typed.partners if p not in away)
    posted = [ask_by_post(stores, ask, replace(typed, partners=(partner,))) for partner in away]
    return Answers([] if here == () else ask_partners(stores, ask, replace(typed, partners=here), pace), posted)


def ask_by_post(stores: Stores, ask: Ask, typed: TypedQuestion) -> Posted:
    """Ask one partner of another installation; its answer comes into the log by itself."""
    require(ask, Action.ASK_BLIND)
    keys_of(ask, typed)
    if len(typed.partners) != 1:
        raise InvalidInputError(NOT_ASKED, {"partners": "Name one partner."})
    [partner] = typed.partners
    require_place(stores, partner, "partners")
    question, content = ask_by_file(stores, ask, typed, BlindWay.POSTED)
    return put(stores, ask, Sending(PostKind.QUESTION, question, question, partner, content))


def answer_by_post(stores: Stores, ask: Ask, content: bytes) -> str:
    """Answer a question that came by post: on a time step, once, by post; returns its number."""
    answer_file(stores, ask, content, leave=_ByPost(stores, ask))
    return read_question(content.partition(b"\n")[2], ELEMENT).id


@dataclass(frozen=True, slots=True)
class _ByPost:
    stores: Stores
    ask: Ask

    def has_left(self, asker: str, question: str) -> bool:
        return self.stores.post.is_known((self.ask.officer.agency, asker, PostKind.ANSWER, question))

    def put_tx(self, tx: Tx, asker: str, question: str, signed: bytes) -> None:
        put_tx(tx, self.stores, self.ask, Sending(PostKind.ANSWER, question, question, asker, signed))
