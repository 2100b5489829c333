"""Whose evidence about a pair a reader may see: what it rests on, by the rule in Python and over the world, not over the store."""

from collections.abc import Iterator
from typing import Final

from jpa.model.entity import key_of
from jpa.model.officer import Officer
from jpa.model.record import Link, Record
from tests.proofs.worlds import Marked, World

_WIDEST_FIRST: Final = ("*", "state", "jpa", "agency", "team")


def may_see_evidence(world: World, judge: Officer, reader: Officer, pair: tuple[str, str]) -> bool:
    """Say whether the reader holds one of the judge's compartments and the widest token of everything that was reached."""
    own, tokens = world.compartments_of(judge), world.tokens_of(judge)
    marks = {(m.compartments, m.audience) for m in _reached(world, judge, pair)}
    needed: set[str] = set()
    audience: set[str] = set()
    for compartments, permitted in sorted(marks, key=lambda mark: (len(mark[0]), mark)):
        if needed.isdisjoint(compartments):
            needed.add(min(own.intersection(compartments)))
        audience.add(min(tokens.intersection(permitted), key=_width))
    return needed <= world.compartments_of(reader) and audience <= world.tokens_of(reader)


def _reached(world: World, judge: Officer, pair: tuple[str, str]) -> Iterator[Marked]:
    readable = world.readable_by(judge)
    records = {m.id: m for m in world.records if m.id in readable}
    ties = [
        (m, m.thing)
        for m in world.links
        if m.id in readable and isinstance(m.thing, Link) and {m.thing.source, m.thing.target} <= set(records)
    ]
    yield from (records[i] for i in pair)
    keys = set()
    for mark, link in ties:
        if link.source in pair or link.target in pair:
            yield from (mark, records[link.source], records[link.target])
            ends = [
                end for end in (link.source, link.target) if end not in pair or {link.source, link.target} <= set(pair)
            ]
            keys |= {_key(records[end]) for end in ends}
    for mark, link in ties:
        if {_key(records[link.source]), _key(records[link.target])} & (keys - {None}):
            yield from (mark, records[link.source], records[link.target])


def _key(marked: Marked) -> str | None:
    return key_of(marked.thing) if isinstance(marked.thing, Record) else None


def _width(token: str) -> tuple[int, str]:
    return _WIDEST_FIRST.index(token.partition(":")[0]), token
