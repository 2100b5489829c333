"""Composing a release: counted now, protected against all that the agency published before, and kept with what it was made from."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Final

from jpa.errors import IntegrityError, InvalidInputError
from jpa.model.canonical import Plain, canonical
from jpa.model.release import Definition, Edition, Figure, Release, Status, edition_of
from jpa.services.stores import Stores
from jpa.statistics.dimensions import DIMENSIONS
from jpa.statistics.disclosure import LEAST_K, Protected, narrowest, protect, require_coarse
from jpa.statistics.editions import (
    inside,
    items_of,
    outcomes_of,
    require_publishable,
    snapshot_hash,
    snapshot_of,
    where_of,
)
from jpa.statistics.facts import Facts
from jpa.statistics.frozen import freeze, packed, registry_hash, thaw, unpacked
from jpa.statistics.measures import measure_of
from jpa.statistics.merkle import root_of
from jpa.statistics.publications import FAR, Item, Place, Publication, rounded, shown, suppressed
from jpa.statistics.tables import MOST_DIMENSIONS, Credit, Question, tabulate

MOST_TITLE: Final = 200
MOST_ROUNDING: Final = 100


@dataclass(frozen=True, slots=True)
class Composed:
    """A release that could be made: what is published, why the rest is not, and the rows it was made from."""

    edition: Edition
    reasons: Mapping[Place, str]
    rows: bytes

    @property
    def held(self) -> bytes:
        """The edition with the reasons, as it is kept; the reasons would tell small figures from others and never leave."""
        reasons: list[Plain] = [{"place": list(place), "reason": reason} for place, reason in self.reasons.items()]
        return canonical({"edition": self.edition.content().decode(), "held": reasons})


@dataclass(frozen=True, slots=True)
class Kept:
    """A release with all that is kept of it."""

    release: Release
    edition: Edition
    reasons: Mapping[Place, str]
    facts: Facts


def question_of(definition: Definition) -> Question:
    """Return what a release asks, as everything that counts is asked."""
    return Question(
        definition.measure, definition.dimensions, definition.where, Credit(definition.credit), definition.jpa
    )


def check_definition(definition: Definition) -> None:
    """Refuse a definition by its field, before anything is read."""
    require_publishable(question_of(definition))
    require_coarse(definition.measure, (*definition.dimensions, *definition.where))
    problems: dict[str, str] = {}
    if not 0 < len(definition.title) <= MOST_TITLE:
        problems["title"] = f"Give it a title of up to {MOST_TITLE} characters."
    unknown = [d for d in (*definition.dimensions, *definition.where) if d not in DIMENSIONS]
    if len(unknown) > 0 or len(definition.dimensions) > MOST_DIMENSIONS:
        problems["dimensions"] = f"Choose up to {MOST_DIMENSIONS} of the list, each once."
    if definition.k < LEAST_K:
        problems["k"] = f"At least {LEAST_K}: with less, one of two persons could tell the other."
    if definition.width < definition.k:
        problems["width"] = "At least k: a reader must not tell a held-back figure from one that would be shown."
    if not 1 <= definition.rounding <= MOST_ROUNDING:
        problems["rounding"] = f"A base from 2 to {MOST_ROUNDING}, or 1 for none."
    if len(problems) > 0:
        raise InvalidInputError("This table was not made.", problems)


def compose(definition: Definition, facts: Facts, whose: str, counted: str, earlier: Sequence[Kept]) -> Composed:
    """Make the release from what may be counted now; InvalidInputError in words where nothing can protect it."""
    question, measure = question_of(definition), measure_of(definition.measure)
    tabulate(facts, question)  # refuses what there is not, by name
    rows = freeze(facts, measure)
    own = thaw(rows)
    *before, table = _publications(definition, own, items_of(own, question, definition.k, definition.rounding), earlier)
    protected = protect(before, table)
    edition = Edition(
        definition=definition,
        label=measure.label,
        rules=measure.definition,
        whose=whose,
        axes=tuple(DIMENSIONS[d].label for d in definition.dimensions),
        figures=_figures(definition, protected),
        snapshot=snapshot_hash(rows),
        root=root_of(outcomes_of(own, question)).hex(),
        code=f"jpa {version('jpa')} measures {registry_hash()}",
        counted=counted,
    )
    return Composed(edition, protected.reasons, rows)


def open_release(stores: Stores, release: Release) -> Kept:
    """Read what is kept of a release; IntegrityError when it is not what was put in."""
    kept = json.loads(_file(stores, release.id, release.edition_file))
    content = kept["edition"].encode()
    rows = unpacked(_file(stores, release.id, release.rows_file))
    if hashlib.sha256(content).hexdigest() != release.edition or snapshot_hash(rows) != release.snapshot:
        raise IntegrityError("What is kept of this release is not what was signed. Bring it back from a backup.")
    reasons = {tuple(h["place"]): h["reason"] for h in kept["held"]}
    return Kept(release, edition_of(content), reasons, thaw(rows))


def keep(stores: Stores, release: str, composed: Composed) -> tuple[str, str]:
    """Keep rows and edition, encrypted under a key of their own; returns the names of both files."""
    rows = stores.releases.put(release, io.BytesIO(packed(composed.rows)))
    return rows.digest, stores.releases.put(release, io.BytesIO(composed.held)).digest


def repeated(kept: Kept) -> Edition:
    """Count a release again from the rows it was made from, held back as it was decided then."""
    definition = kept.edition.definition
    question = question_of(definition)
    items = items_of(kept.facts, question, definition.k, definition.rounding)
    held = [suppressed(i.place, i.value) if i.place in kept.reasons else i for i in items]
    table = Publication(
        snapshot_of(kept.facts, question, (), ()), definition.dimensions, held, definition.k, float(definition.width)
    )
    root = root_of(outcomes_of(kept.facts, question)).hex()
    rows = freeze(kept.facts, kept.facts.measure(definition.measure))
    figures = _figures(definition, Protected(table, kept.reasons))
    return replace(kept.edition, figures=figures, root=root, snapshot=snapshot_hash(rows))


def gives_away(kept: Kept, earlier: Sequence[Kept]) -> str:
    """Return in words what could be worked out once this release stands beside those published by now; empty: nothing."""
    own = [_item(kept, place, value) for place, value in _truth(kept).items()]
    *before, table = _publications(kept.edition.definition, kept.facts, own, earlier)
    return narrowest(before, table)


def _publications(
    definition: Definition, facts: Facts, items: Sequence[Item], earlier: Sequence[Kept]
) -> list[Publication]:
    """Put a table behind those published before it, all in the finest cells that any of them tells apart."""
    question = question_of(definition)
    related = [kept for kept in earlier if _series(kept.edition.definition) == _series(definition)]
    questions = [*(question_of(kept.edition.definition) for kept in related), question]
    dimensions = list(dict.fromkeys(d for q in questions for d in (*q.dimensions, *q.where)))
    periods = sorted({q.jpa for q in questions if q.credit is Credit.IN_PERIOD})
    everything = [
        (replace(kept.facts, periods={**facts.periods, **kept.facts.periods}), kept.edition.definition,
         [_item(kept, place, value) for place, value in _truth(kept).items()], f"{kept.edition.definition.title} of {kept.edition.counted}")
        for kept in related
    ]  # fmt: skip
    everything.append((facts, definition, list(items), ""))
    return [
        Publication(
            snapshot=snapshot_of(own, q, dimensions, periods),
            dimensions=d.dimensions,
            items=figures,
            k=d.k,
            width=float(d.width),
            where=where_of(q),
            name=name,
        )
        for (own, d, figures, name), q in zip(everything, questions, strict=True)
    ]


def _series(definition: Definition) -> tuple[str, str]:
    # Shares of a period are figures of another kind: no sum of persons.
    because = Credit(definition.credit) is Credit.BECAUSE
    return definition.measure, inside(definition.jpa) if because else ""


def _truth(kept: Kept) -> dict[Place, float]:
    question = question_of(kept.edition.definition)
    return {i.place: i.value for i in items_of(kept.facts, question, kept.edition.definition.k, 1)}


def _item(kept: Kept, place: Place, value: float) -> Item:
    figure = next((f for f in kept.edition.figures if f.place == place), None)
    if figure is None or figure.status is Status.SUPPRESSED:
        return suppressed(place, value)
    if figure.status is Status.ROUNDED:
        return rounded(place, value, float(figure.printed), kept.edition.definition.rounding, kept.edition.definition.k)
    return shown(place, float(figure.printed))


def _figures(definition: Definition, protected: Protected) -> tuple[Figure, ...]:
    base = definition.rounding
    found = []
    for item in protected.publication.items:
        if item.high == FAR:
            found.append(Figure(item.place, "", Status.SUPPRESSED))
        elif base > 1:
            found.append(Figure(item.place, f"{item.high - base + 1:g}", Status.ROUNDED))
        else:
            found.append(
                Figure(
                    item.place, f"{round(item.value, 2):g}" if item.value % 1 else f"{int(item.value)}", Status.SHOWN
                )
            )
    return tuple(sorted(found, key=lambda f: [(x is None, x == "", x or "") for x in f.place]))


def _file(stores: Stores, release: str, name: str) -> bytes:
    stores.releases.verify(release, name)
    return b"".join(stores.releases.pieces(release, name))
