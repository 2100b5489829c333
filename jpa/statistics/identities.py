"""Telling persons and charges apart: as merged for one count, and however an article is spelt."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from jpa.model.article import folded
from jpa.statistics.facts import NOBODY, Codes, Column, Keys, Mask


def persons_of(column: Column, people: Mapping[str, int], same: Sequence[tuple[str, str]]) -> Keys:
    """Number persons so that those tied by `same` share a number; through records that no outcome speaks of, too.

    `people` gives the code of each label of the column.
    """
    others: dict[str, int] = {}
    known = len(column.labels)

    def number(record: str) -> int:
        found = people.get(record)
        return others.setdefault(record, known + len(others)) if found is None else found

    ends = np.array([(number(a), number(b)) for a, b in same], dtype=np.int64).reshape(-1, 2)
    size = known + len(others)
    ties = coo_array((np.ones(len(ends), dtype=np.int8), (ends[:, 0], ends[:, 1])), shape=(size, size))
    _, component = connected_components(ties, directed=False)
    return np.where(column.codes == 0, NOBODY, component[column.codes])


def charges_of(taken: Mapping[str, Column], person: Keys) -> Keys:
    """Tell charges apart by person, case and number; an article alone finds the one number it was charged under."""
    case, number, article = taken["case"], taken["charge"], _folded(taken["article"])
    told = person != NOBODY
    whose = _dense(person[told], case.codes[told])
    found = _number_of_article(whose, number.codes[told], article.codes[told])
    name = np.where(found > 0, found.astype(np.int64) + len(article.labels), article.codes[told].astype(np.int64))
    charge = np.full(len(person), NOBODY, dtype=np.int64)
    charge[told] = _dense(whose, name)
    return charge


def told_of(taken: Mapping[str, Column]) -> Mask:
    """Say which outcomes name a charge at all, by number or article."""
    return (taken["charge"].codes > 0) | (taken["article"].codes > 0)


def _folded(articles: Column) -> Column:
    """Give one code to all spellings of an article."""
    labels: dict[str, int] = {"": 0}
    each = np.array([labels.setdefault(folded(label), len(labels)) for label in articles.labels], dtype=np.int32)
    return Column(each[articles.codes], tuple(labels))


def _number_of_article(whose: Keys, number: Codes, article: Codes) -> Codes:
    """Fill in the number where only the article is given and that person's case has it under one number alone."""
    filled = number.copy()
    both, alone = np.flatnonzero((number > 0) & (article > 0)), np.flatnonzero((number == 0) & (article > 0))
    if len(both) == 0 or len(alone) == 0:
        return filled
    most = int(article.max()) + 1
    what = whose * most + article
    known, first, times = np.unique(_pairs(what[both], number[both])[0], return_index=True, return_counts=True)
    under = _pairs(what[both], number[both])[1][first]
    place = np.minimum(np.searchsorted(known, what[alone]), len(known) - 1)
    sure = (known[place] == what[alone]) & (times[place] == 1)
    filled[alone[sure]] = under[place[sure]]
    return filled


def _pairs(left: Keys, right: Codes) -> tuple[Keys, Codes]:
    """Return each distinct pair once, in order."""
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    new = np.append([True], (np.diff(left) != 0) | (np.diff(right) != 0))
    return left[new], right[new]


def _dense(left: NDArray[np.integer], right: NDArray[np.integer]) -> Keys:
    if len(left) == 0:
        return np.zeros(0, dtype=np.int64)
    pair = left.astype(np.int64) * (int(right.max()) + 1) + right
    return np.unique(pair, return_inverse=True)[1].astype(np.int64)
