"""One search box: names in any script, phones, plates, IMO, documents, case numbers, words of reports."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jpa.entity_resolution.normalise import search_forms
from jpa.entity_resolution.similarity import name_similarity
from jpa.graph import entities, search
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.catalogue import ENTITY_TYPES
from jpa.model.entity import Glance
from jpa.model.record import Record
from jpa.model.value_types import Context
from jpa.services.stores import Ask, Event, Stores, read

MOST_HITS: Final = 50
GOOD_NAME: Final = 0.82
"""Below this two spellings share little more than letters; measured on the romanised variants in `tests/data/names`."""

LONGEST_SLIP: Final = 24
"""Longer words are looked for as they are: an expression grows with the square of its word."""

_LUCENE: Final = re.compile(r'([+\-!(){}\[\]^"~*?:\\/&|])')
_WORD: Final = re.compile(r"\w+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Hit:
    """An entity that was found, with the reason."""

    glance: Glance
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brings, best first, and how many more there are."""

    hits: Sequence[Hit]
    more: int
    cases: Sequence[dict[str, str]]
    reports: Sequence[dict[str, str]]


def search_all(stores: Stores, ask: Ask, words: str) -> Found:
    """Search everything that the officer may read; the words themselves are logged as HMAC only."""
    text = words.strip()[:400]

    def work(tx: Tx, reader: Readership) -> Found:
        if len(_WORD.findall(text)) == 0:
            return Found((), 0, (), ())
        keyed = {r.id: r for r in search.by_keys_tx(tx, reader, keys_in(text, ask))}
        worded = {r.id: r for r in search.by_words_tx(tx, reader, lucene(text), words_of(text)) if r.id not in keyed}
        scored = [(r, 1.0, f"same {ENTITY_TYPES[r.type].label.lower()}") for r in keyed.values()]
        scored += [(r, *_score(text, r)) for r in worded.values()]
        ranked = _rank(tx, reader, scored)
        return Found(
            hits=ranked[:MOST_HITS],
            more=max(0, len(ranked) - MOST_HITS),
            cases=search.cases_tx(tx, reader, text),
            reports=search.reports_tx(tx, reader, lucene(text)),
        )

    event = Event(AuditTag.ENTITY_SEARCHED, details={"words": stores.audit.hmac(text.casefold())})
    return read(stores, ask, Action.SEARCH, event, work)


def keys_in(text: str, ask: Ask) -> list[str]:
    """Return the identity keys that the text could be: a phone number in the officer's own form, an account and so on."""
    context = Context(state=ask.officer.state)
    keys = []
    for declared in ENTITY_TYPES.values():
        for alternative in declared.keys:
            if len(alternative) != 1:
                continue
            clean = declared.property(alternative[0]).type.clean(text, context).clean
            if clean is not None:
                keys.append(f"{declared.name}|{clean.casefold()}")
    return keys


def lucene(text: str) -> str:
    """Write a query of escaped words: exact, prefix and one slip each, in the typed and in the folded form."""
    parts = []
    for word in words_of(text):
        escaped = _LUCENE.sub(r"\\\1", word)
        parts.append(escaped)
        if len(word) > 2:
            parts.append(f"{escaped}*")
        if 3 < len(word) <= LONGEST_SLIP and not word.isdigit():
            parts.append(one_slip(word))
    return " OR ".join(parts)


def words_of(text: str) -> list[str]:
    """Return the words to look for, as typed and folded."""
    return sorted({w for form in (text, *search_forms(text)) for w in _WORD.findall(form.casefold())})[:40]


def one_slip(word: str) -> str:
    """Write a Lucene expression for a word with one letter more, less, other, or two swapped.

    Lucene's own `word~1` tries the 50 nearest words of the whole index: words of hidden records could crowd readable ones out.
    """
    cuts = range(len(word))
    forms = [f"{word[:i]}.?{word[i + 1 :]}" for i in cuts]
    forms += [f"{word[:i]}.{word[i:]}" for i in (*cuts, len(word))]
    forms += [f"{word[:i]}{word[i + 1]}{word[i]}{word[i + 2 :]}" for i in cuts[:-1]]
    return f"/{'|'.join(forms)}/"


def _rank(tx: Tx, reader: Readership, scored: Sequence[tuple[Record, float, str]]) -> list[Hit]:
    near = sorted((s for s in scored if s[1] > 0), key=lambda s: (-s[1], s[0].id))[: MOST_HITS * 4]
    glances = entities.glances_tx(tx, reader, [record.id for record, _, _ in near])
    best: dict[str, Hit] = {}
    for record, score, reason in near:
        glance = glances[record.id]
        if glance.id not in best:
            best[glance.id] = Hit(glance, score, reason)
    return list(best.values())


def _score(text: str, record: Record) -> tuple[float, str]:
    """Score a record against the words by its own values alone: nothing hidden can move it."""
    best, reason = 0.0, ""
    folded = _squash(text)
    for declared in ENTITY_TYPES[record.type].properties:
        if not declared.search:
            continue
        for value in record.properties.get(declared.name, ()):
            if folded != "" and folded in (_squash(value.best), _squash(value.typed)):
                score = 1.0
            elif declared.type.name == "name":
                score = name_similarity(text, value.best)
            elif len(folded) >= 4 and folded in _squash(value.best):
                score = 0.9
            else:
                score = 0.0
            if score > best and score >= GOOD_NAME:
                best, reason = score, f"{declared.label}: {value.typed}"
    return best, reason


def _squash(text: str) -> str:
    return "".join(_WORD.findall(text.casefold()))
