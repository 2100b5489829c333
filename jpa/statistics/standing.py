"""Which verdicts stand, and when the others fell: the last word of the courts on each charge."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from jpa.statistics.facts import KIND_CODES, NEVER, NO_DAY, NOBODY, Column, Days, Keys, Kinds
from jpa.statistics.identities import told_of

_CONVICTED: Final = KIND_CODES["convicted"]
_ACQUITTED: Final = KIND_CODES["acquitted"]
_APPEAL: Final = KIND_CODES["appeal decided"]
_AGAINST_CONVICTION: Final = ("overturned", "retrial")
_AGAINST_ACQUITTAL: Final = ("acquittal overturned",)


def fallen_of(taken: Mapping[str, Column], kind: Kinds, person: Keys, charge: Keys, days: tuple[Days, Days]) -> Days:
    """Say of each outcome on which day it fell, `NEVER` where it stands.

    A conviction falls by a later appeal on the same charge that set it aside or ordered a retrial, an acquittal by one that
    set it aside, and what an appeal made falls by a later one. An appeal that names no charge speaks of every charge of the
    person in its case. "Later" is by date; by the order of the ledger where the dates, perhaps partial (first and last of `days`), do not say.
    """
    result, case, told = taken["result"], taken["case"].codes, told_of(taken)
    fallen = np.full(len(kind), NEVER, dtype=np.int32)
    appeals = np.flatnonzero((kind == _APPEAL) & (person != NOBODY))
    verdicts = np.flatnonzero(np.isin(kind, [_CONVICTED, _ACQUITTED, _APPEAL]) & np.isin(person, person[appeals]))
    of_person: dict[int, list[int]] = {}
    for row in verdicts.tolist():
        of_person.setdefault(int(person[row]), []).append(row)
    words = [result.labels[code] for code in result.codes[verdicts]]
    said = dict(zip(verdicts.tolist(), words, strict=True))
    for appeal in appeals.tolist():
        for row in of_person[int(person[appeal])]:
            same = charge[row] == charge[appeal] if told[appeal] else case[row] == case[appeal]
            if row != appeal and same and _after(days, appeal, row) and _falls(int(kind[row]), said[row], said[appeal]):
                fallen[row] = min(fallen[row], days[1][appeal])
    return fallen


def _after(days: tuple[Days, Days], later: int, earlier: int) -> bool:
    first, last = days
    if NO_DAY not in (first[later], first[earlier]):
        if first[later] > last[earlier]:
            return True
        if last[later] < first[earlier]:
            return False
    return later > earlier


def _falls(kind: int, made: str, said: str) -> bool:
    if kind == _ACQUITTED:
        return said in _AGAINST_ACQUITTAL
    if kind == _CONVICTED or made == "acquittal overturned":
        return said in _AGAINST_CONVICTION
    return False
