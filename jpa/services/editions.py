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
from jpa.model.job import Progress, no_progress
from jpa.model.release import Definition, Edition, Figure, Release, Status, edition_of
from jpa.services.stores import Stores
from jpa.statistics.dimensions import DIMENSIONS
from jpa.statistics.disclosure import LEAST_K, narrowest, protect, require_coarse
from jpa.statistics.editions import figures_of, items_of, outcomes_of, require_publishable, snapshot_hash
from jpa.statistics.facts import Facts
from jpa.statistics.frozen import freeze, packed, registry_hash, thaw, unpacked
from jpa.statistics.measures import measure_of
from jpa.statistics.memory import Told, family_of, system_of
from jpa.statistics.merkle import root_of
from jpa.statistics.publications import Item, Place, percentage, rounded, shown, suppressed
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
class Counting:
    """What a release is counted from."""

    facts: Facts
    whose: str
    agency: str
    day: str
    """ISO."""
    period: str = ""
    """Name and days of the joint period that it is about."""


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
    if definition.shares and definition.rounding > 1:
        problems["rounding"] = "Percentages are whole already; leave rounding empty."
    if not 1 <= definition.rounding <= MOST_ROUNDING:
        problems["rounding"] = f"A base from 2 to {MOST_ROUNDING}, or 1 for none."
    if len(problems) > 0:
        raise InvalidInputError("This table was not made.", problems)


def compose(
    definition: Definition,
    counted: Counting,
    earlier: Sequence[Told],
    progress: Progress = no_progress,
) -> Composed:
    """Make the release from what may be counted now; InvalidInputError in words where nothing can protect it."""
    question, measure = question_of(definition), measure_of(definition.measure)
    tabulate(counted.facts, question)  # refuses what there is not, by name
    rows = freeze(counted.facts, measure, [measure_of(m) for m in family_of(measure.name) if m != measure.name])
    own = thaw(rows)
    table = _told(definition, own, _items(own, definition), counted.agency)
    system = system_of(earlier, [table])
    *before, last = system.publications
    protected = protect(before, last, system.bonds, progress)
    edition = Edition(
        definition=definition,
        label=f"{measure.label}, percent of the total" if definition.shares else measure.label,
        rules=measure.definition,
        whose=counted.whose,
        axes=tuple(DIMENSIONS[d].label for d in definition.dimensions),
        figures=_figures(definition, protected.publication.items),
        snapshot=snapshot_hash(rows),
        root=root_of(outcomes_of(own, question)).hex(),
        code=f"jpa {version('jpa')} measures {registry_hash()}",
        counted=counted.day,
        period=counted.period,
    )
    return Composed(edition, protected.reasons, rows)


def size_of(definition: Definition, facts: Facts) -> int:
    """Return how many figures a release would have: what protecting it costs grows with them."""
    return len(figures_of(facts, question_of(definition)))


def open_release(stores: Stores, release: Release) -> Kept:
    """Read what is kept of a release; IntegrityError when it is not what was put in."""
    kept = json.loads(stores.releases.whole(release.id, release.edition_file))
    content = kept["edition"].encode()
    rows = unpacked(stores.releases.whole(release.id, release.rows_file))
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
    items = _items(kept.facts, definition)
    held = [suppressed(i.place, i.value) if i.place in kept.reasons else i for i in items]
    root = root_of(outcomes_of(kept.facts, question_of(definition))).hex()
    measure, *related = kept.facts.definitions.values()
    rows = freeze(kept.facts, measure, related)
    return replace(kept.edition, figures=_figures(definition, held), root=root, snapshot=snapshot_hash(rows))


def gives_away(kept: Kept, earlier: Sequence[Told], progress: Progress = no_progress) -> str:
    """Return in words what could be worked out once this release stands beside those published by now; empty: nothing."""
    table = replace(told_of(kept, kept.release.agency), name="")
    system = system_of(earlier, [table])
    *before, last = system.publications
    return narrowest(before, last, system.bonds, progress)


def told_of(kept: Kept, agency: str) -> Told:
    """Return a release as its readers have it, with the truth behind it, for one agency's next table."""
    definition, foreign = kept.edition.definition, kept.release.agency != agency
    items = [_item(kept, item.place, item.value) for item in _items(kept.facts, replace(definition, rounding=1))]
    by = f" by {kept.release.agency}" if foreign else ""
    name = f"“{definition.title}” of {kept.edition.counted}{by}"
    return replace(_told(definition, kept.facts, items, kept.release.agency), name=name, foreign=foreign)


def _told(definition: Definition, facts: Facts, items: Sequence[Item], agency: str) -> Told:
    return Told(facts, question_of(definition), items, definition.k, float(definition.width), agency=agency)


def _items(facts: Facts, definition: Definition) -> list[Item]:
    return items_of(facts, question_of(definition), definition.k, definition.rounding, shares=definition.shares)


def _item(kept: Kept, place: Place, value: float) -> Item:
    figure = next((f for f in kept.edition.figures if f.place == place), None)
    if figure is None or figure.status is Status.SUPPRESSED:
        return suppressed(place, value)
    if kept.edition.definition.shares:
        return percentage(place, value, float(figure.printed), kept.edition.definition.k)
    if figure.status is Status.ROUNDED:
        return rounded(place, value, float(figure.printed), kept.edition.definition.rounding, kept.edition.definition.k)
    return shown(place, float(figure.printed))


def _figures(definition: Definition, items: Sequence[Item]) -> tuple[Figure, ...]:
    base = definition.rounding
    found = []
    for item in items:
        if item.suppressed:
            found.append(Figure(item.place, "", Status.SUPPRESSED))
        elif item.share is not None:
            found.append(Figure(item.place, f"{_percent(item.share)}", Status.SHOWN))
        elif base > 1:
            found.append(Figure(item.place, f"{item.high - base + 1:g}", Status.ROUNDED))
        else:
            printed = f"{round(item.value, 2):g}" if item.value % 1 else f"{int(item.value)}"
            found.append(Figure(item.place, printed, Status.SHOWN))
    return tuple(sorted(found, key=lambda f: [(x is None, x == "", x or "") for x in f.place]))


def _percent(share: tuple[float, float]) -> int:
    """Return the whole percent that lies between two bounds half a percent to either side of it."""
    low, high = share
    return round(100 * high - 0.5) if high < 1 else round(100 * low + 0.5)
