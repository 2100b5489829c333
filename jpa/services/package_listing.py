"""What of a received package is new here, known already, or refused with the reason."""

from dataclasses import dataclass, field
from typing import Final

from jpa.errors import InvalidInputError
from jpa.graph import packages
from jpa.graph.notices import Content
from jpa.graph.session import Tx
from jpa.model.record import Link
from jpa.sharing.lines import EntityLine, said_of

BATCH: Final = 2_000
"""Records looked up together."""


@dataclass(slots=True)
class Listing:
    """What of a package is new, known or refused."""

    new: int = 0
    known: int = 0
    refusals: list[tuple[str, str]] = field(default_factory=list)
    _records: dict[str, str] = field(default_factory=dict)
    _links: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def see(self, line: EntityLine) -> None:
        """Take a line in; one that is not understood is refused alone."""
        try:
            said = said_of(line)
        except InvalidInputError as error:
            self.refusals.append((line.id, str(error)))
            return
        if isinstance(said, Link):
            self._links[said.id] = (said.source, said.target, said.content_hash)
        else:
            self._records[said.id] = said.content_hash

    def settle_tx(self, tx: Tx) -> None:
        """Compare with what is here already."""
        refused_ids = {i for i, _ in self.refusals}
        for page in _pages(list(self._records)):
            self._count(packages.standing_records_tx(tx, page), {i: self._records[i] for i in page})
        for page in _pages(
            [i for i, (a, b, _) in self._links.items() if a not in refused_ids and b not in refused_ids]
        ):
            ties = [(i, *self._links[i][:2]) for i in page]
            self._count(packages.standing_links_tx(tx, ties), {i: self._links[i][2] for i in page})
        lost = [i for i, (a, b, _) in self._links.items() if a in refused_ids or b in refused_ids]
        self.refusals += [(i, "it ties something that is refused") for i in lost]

    def content(self, reports: list[str]) -> Content:
        """List what the package holds, by ids."""
        return Content(
            reports, list(self._records), list(self._links), [source for source, _, _ in self._links.values()]
        )

    def _count(self, standing: dict[str, str], said: dict[str, str]) -> None:
        for i, content in said.items():
            if i not in standing:
                self.new += 1
            elif standing[i] == content:
                self.known += 1
            else:
                self.refusals.append((i, "it is here already with other content"))


def _pages(ids: list[str]) -> list[list[str]]:
    return [ids[n : n + BATCH] for n in range(0, len(ids), BATCH)]
