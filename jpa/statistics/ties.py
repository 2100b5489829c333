"""What the own ledger shares with returns: outcomes that may have been returned as well, and whom joint cases make one."""

import numpy as np

from jpa.statistics.books import Books
from jpa.statistics.dimensions import WHERE
from jpa.statistics.disclosure import VICTIM_KINDS
from jpa.statistics.facts import KIND_CODES, Facts
from jpa.statistics.outgoing import roots_of
from jpa.statistics.pseudonyms import Secrets
from jpa.statistics.returned import Tied

_VICTIMS = [KIND_CODES[kind] for kind in VICTIM_KINDS]


def ties_of(books: Books, facts: Facts, secrets: Secrets) -> Tied:
    """Make the pseudonyms that own rows would leave under; nothing of it is kept."""
    roots = roots_of(books) if len(secrets.own) > 0 else {}
    agency = facts.columns["agency"]
    outcomes: dict[str, int] = {}
    for name in secrets.own:
        for row in np.flatnonzero(agency.codes == agency.code(name)):
            outcome = facts.ids[row].decode()
            outcomes[secrets.own_key(name, "outcome", roots.get(outcome, outcome))] = int(row)
    return _joint(books, facts, secrets, Tied(outcomes))


def _joint(books: Books, facts: Facts, secrets: Secrets, tied: Tied) -> Tied:
    case, state, article, number = (*(facts.columns[n] for n in ("case", WHERE, "article")), books.columns["charge"])
    codes = [n for n, label in enumerate(case.labels) if label in secrets.joint]
    person, charge, cases = [], [], []
    for row in np.flatnonzero(np.isin(case.codes, codes) & ~np.isin(facts.kind, _VICTIMS)):
        outcome, of = facts.ids[row].decode(), case.labels[case.codes[row]]
        charged = secrets.joint_charge(
            of, outcome, state=state.labels[state.codes[row]],
            number=number.labels[number.codes[books.places[outcome]]], article=article.labels[article.codes[row]],
        )  # fmt: skip
        person += [(int(row), key) for key in secrets.joint_person(of, outcome)]
        charge += [(int(row), key) for key in charged]
        cases += [(int(row), key) for key in secrets.joint_case(of)]
    return Tied(tied.outcomes, person, charge, cases)
