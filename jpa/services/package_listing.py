"""What of a received package is new here, known already, or refused with the reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import packages
from jpa.graph.session import Tx
from jpa.model.record import Link, Record
from jpa.sharing.lines import EntityLine, said_of
from jpa.sharing.package import Opened

BATCH: Final = 2_000
"""Lines looked up together: memory holds no more of a package than that."""


@dataclass(slots=True)
class Listing:
    """Numbers of what is new and known, and every refusal."""

    new: int = 0
    known: int = 0
    refusals: dict[str, str] = field(default_factory=dict)
    """Reason by the id of a record or link."""

    def take_tx(self, tx: Tx, lines: Sequence[EntityLine]) -> None:
        """Compare some lines with what is here already; one that is not understood is refused alone."""
        said = [s for line in lines if (s := self._understood(line)) is not None]
        records = {s.id: s.content_hash for s in said if isinstance(s, Record)}
        links = {s.id: s for s in said if isinstance(s, Link)}
        self._count(packages.standing_records_tx(tx, list(records)), records)
        ties = [(link.id, link.source, link.target) for link in links.values()]
        self._count(packages.standing_links_tx(tx, ties), {i: link.content_hash for i, link in links.items()})

    def _understood(self, line: EntityLine) -> Record | Link | None:
        try:
            said = said_of(line)
        except InvalidInputError as error:
            self.refusals[line.id] = str(error)
            return None
        if isinstance(said, Link) and not self.refusals.keys().isdisjoint({said.source, said.target}):
            self.refusals[line.id] = "it ties something that is refused"
            return None
        return said

    def _count(self, standing: dict[str, str], said: dict[str, str]) -> None:
        for i, content in said.items():
            if i not in standing:
                self.new += 1
            elif standing[i] == content:
                self.known += 1
            else:
                self.refusals[i] = "it is here already with other content"


def listed_tx(tx: Tx, opened: Opened) -> Listing:
    """List a whole package: records come before the links that need them."""
    found = Listing()
    lines: Iterator[EntityLine] = opened.entities()
    while len(page := list(islice(lines, BATCH))) > 0:
        found.take_tx(tx, page)
    return found
