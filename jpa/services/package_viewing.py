"""A package opened for the one page that shows it offline: what its recipient sees, by whoever may open it here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jpa.errors import ConflictError
from jpa.graph import packages
from jpa.graph.agencies import readership_tx
from jpa.graph.session import Tx
from jpa.model.access import Action
from jpa.model.audit import AuditTag
from jpa.model.package import Package, PackageAct
from jpa.services.agency_keys import own_key
from jpa.services.package_inbox import reopened
from jpa.services.packages import opened_of, working
from jpa.services.stores import Ask, Stores, found, require
from jpa.sharing.manifest import Party
from jpa.sharing.package import Opened
from jpa.sharing.viewed import Checked


@dataclass(frozen=True, slots=True)
class ForViewer:
    """What the page is made from."""

    opened: Opened
    checked: Checked
    work: Path
    """An empty folder, gone afterwards."""


@contextmanager
def open_for_viewer(stores: Stores, ask: Ask, this: str) -> Iterator[ForViewer]:
    """Open a received or released package for as long as its page is written; the act ends when the page stands."""
    with stores.audit.act(
        AuditTag.PACKAGE_PAGE_WRITTEN, ask.officer, object=this, at=ask.at
    ) as act, working(stores) as folder, working(stores) as work:  # fmt: skip
        require(ask, Action.READ_PACKAGE)

        def look(tx: Tx) -> Package:
            return found(packages.package_tx(tx, readership_tx(tx, ask.officer, ask.at), this))

        package = stores.graph.read(act.intent, look)
        act.details |= {"partner": package.partner, "manifest": package.manifest}
        if package.received:
            opened = reopened(stores, package, folder)
            fingerprint, card = package.fingerprint, False
            own = next(r for r in opened.manifest.recipients if r.agency == package.agency)
        else:
            if package.act(PackageAct.RELEASED) is None:
                raise ConflictError("A draft has no page to take along. Let a second officer release it first.")
            opened = opened_of(stores, package, folder)
            fingerprint, card = own_key(stores, package.agency, ask.officer.state).card.fingerprint, True
            own = opened.manifest.recipients[0]
        party = Party(agency=own.agency, name=own.name, state=own.state)
        yield ForViewer(opened, Checked(ask.at, fingerprint, card, party), work)
