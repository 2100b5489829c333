"""National articles: keep a state's table of what its law is in the ICCS, and list what no table maps [T6]."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph import articles
from jpa.graph.session import Tx
from jpa.model import codes
from jpa.model.access import Action, Readership
from jpa.model.article import Article, Confidence, overlapping
from jpa.model.audit import AuditTag
from jpa.model.ids import new_id
from jpa.model.value_types import DATE, Context
from jpa.services.ledger import counted_tx
from jpa.services.stores import Ask, Event, Stores, found, read, write
from jpa.statistics.dimensions import WHERE

COLUMNS: Final = ("article", "offence", "confidence", "valid_from", "valid_to", "source")
"""Columns of a table as a file, in order."""
MOST_ENTRIES: Final = 5000
_DAY: Final = 10


@dataclass(frozen=True, slots=True)
class Unmapped:
    """An article that outcomes cite and that no entry maps."""

    state: str
    article: str
    outcomes: int


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """A state's table with what is missing from it."""

    state: str
    entries: Sequence[Article]
    unmapped: Sequence[Unmapped] = field(default=())


def read_table(stores: Stores, ask: Ask) -> ArticlePage:
    """Read the table of the officer's own state, and the articles that counted outcomes cite without an entry."""

    def work(tx: Tx, reader: Readership) -> ArticlePage:
        facts = counted_tx(tx, stores, reader, ask).facts
        article, offence, where = (facts.columns[name] for name in ("article", "offence", WHERE))
        open_rows = ((article.codes > 0) & (offence.codes == 0)).nonzero()[0]
        cited = Counter((where.labels[where.codes[r]], article.labels[article.codes[r]]) for r in open_rows)
        unmapped = [Unmapped(state, name, n) for (state, name), n in sorted(cited.items(), key=lambda c: (-c[1], c[0]))]
        return ArticlePage(ask.officer.state, articles.articles_tx(tx, ask.officer.state), unmapped)

    return read(stores, ask, Action.READ_STATISTICS, Event(AuditTag.ARTICLE_READ, ask.officer.state), work)


def add_entry(stores: Stores, ask: Ask, typed: Mapping[str, str]) -> Article:
    """Add one entry to the table of the officer's own state."""
    return add_entries(stores, ask, [typed])[0]


def add_entries(stores: Stores, ask: Ask, typed: Sequence[Mapping[str, str]]) -> list[Article]:
    """Add entries; a problem in any of them adds none. What stands there already, word for word, is left as it is."""
    made = _understood(ask, typed)

    def work(tx: Tx, _: Readership, __: object) -> list[Article]:
        standing = articles.articles_tx(tx, ask.officer.state)
        for row, entry in enumerate(made, start=1):
            other = overlapping(standing, entry)
            if other is not None:
                at = f"row {row}: offence" if len(made) > 1 else "offence"
                words = f"{other.article} is {other.offence} in the same years; withdraw that entry or end it before."
                raise InvalidInputError("Nothing was added.", {at: words})
            if not any(_says_the_same(entry, s) for s in standing):
                articles.add_tx(tx, entry, by=ask.officer.id, at=ask.at)
                standing.append(entry)
        return made

    details = {"entries": len(made)}
    return write(stores, ask, Action.KEEP_ARTICLES, Event(AuditTag.ARTICLE_ADDED, ask.officer.state, details), work)


def withdraw_entry(stores: Stores, ask: Ask, article: str) -> None:
    """Withdraw an entry of the own state's table; figures made before keep what they were made from."""

    def work(tx: Tx, _: Readership, __: object) -> None:
        found(next((a for a in articles.articles_tx(tx, ask.officer.state) if a.id == article), None))
        if not articles.withdraw_tx(tx, article, state=ask.officer.state, by=ask.officer.id, at=ask.at):
            raise ConflictError("This entry was withdrawn already. Open the page again to see it.")

    write(stores, ask, Action.KEEP_ARTICLES, Event(AuditTag.ARTICLE_WITHDRAWN, article), work)


def read_file(content: bytes) -> list[dict[str, str]]:
    """Read a table of articles from CSV; InvalidInputError that names what is wrong with the file."""
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInputError(
            "Nothing was added.", {"file": "This is no CSV in UTF-8; save it as CSV UTF-8."}
        ) from error
    missing = [c for c in COLUMNS[:2] if len(rows) == 0 or c not in rows[0]]
    if len(missing) > 0:
        words = f"The file needs the columns {', '.join(COLUMNS)}, and at least one row; {missing[0]!r} is not there."
        raise InvalidInputError("Nothing was added.", {"file": words})
    if len(rows) > MOST_ENTRIES:
        raise InvalidInputError("Nothing was added.", {"file": f"More than {MOST_ENTRIES} rows; split the file."})
    return [{c: (row.get(c) or "").strip() for c in COLUMNS} for row in rows]


def _understood(ask: Ask, typed: Sequence[Mapping[str, str]]) -> list[Article]:
    context = Context(state=ask.officer.state, today=ask.at.date())
    known, problems, made = dict(codes.load("iccs").marked), {}, []
    for row, one in enumerate(typed, start=1):
        at = f"row {row}: " if len(typed) > 1 else ""
        said = {c: one.get(c, "").strip() for c in COLUMNS}
        days = {c: DATE.clean(said[c], context).clean if said[c] else "" for c in ("valid_from", "valid_to")}
        if said["article"] == "":
            problems[at + "article"] = (
                "Cite the article as the law does, for example Anti-Trafficking Act 2008 s. 6(1)."
            )
        if said["offence"] not in known:
            problems[at + "offence"] = f"{said['offence']!r} is no code of the ICCS; choose one of the list."
        if said["confidence"] and said["confidence"] not in set(Confidence):
            problems[at + "confidence"] = f"{said['confidence']!r} is none; choose one of {', '.join(Confidence)}."
        problems |= {
            at + c: f"{said[c]!r} is no day; enter it as 2024-03-12."
            for c, day in days.items()
            if day is None or 0 < len(day) < _DAY
        }
        if days["valid_from"] and days["valid_to"] and days["valid_to"] < days["valid_from"]:
            problems[at + "valid_to"] = "It ends before it begins."
        if len(problems) == 0:
            confidence = Confidence(said["confidence"] or Confidence.PROBABLE)
            made.append(
                Article(
                    new_id(ask.at), ask.officer.state, said["article"], said["offence"], confidence,
                    days["valid_from"] or "", days["valid_to"] or "", said["source"],
                )
            )  # fmt: skip
    if len(problems) > 0:
        raise InvalidInputError("Nothing was added; what you typed is still here.", problems)
    return made


def _says_the_same(one: Article, other: Article) -> bool:
    return (one.article, one.offence, one.valid_from, one.valid_to) == (
        other.article, other.offence, other.valid_from, other.valid_to,
    )  # fmt: skip
