"""Packages from other installations: verified before anything is read, kept closed, listed, adopted into a case, acknowledged."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from jpa.errors import ConflictError, IntegrityError, InvalidInputError
from jpa.graph import agencies, notices, packages
from jpa.graph.agencies import readership_tx
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag, Intent
from jpa.model.case import Agency
from jpa.model.package import Done, Package, PackageAct, PackageState
from jpa.operations.messages import look_at, open_message, sign_message
from jpa.services.agency_keys import opened_tx, trusted_tx
from jpa.services.package_facts import digest_of
from jpa.services.package_listing import Listing, listed_tx
from jpa.services.package_pages import keep_pages, paged, require_kept
from jpa.services.packages import fetch, working
from jpa.services.stores import Ask, Event, Stores, found, read, require, write
from jpa.sharing.admission import require_admissible, require_coherent
from jpa.sharing.closing import open_closed
from jpa.sharing.container import MOST_FILE, PIECE
from jpa.sharing.manifest import KIND, Manifest, Party, write_manifest
from jpa.sharing.package import Opened, open_package
from jpa.sharing.pages import PageWriter
from jpa.sharing.receipt import KIND as RECEIPT
from jpa.sharing.receipt import MOST_REFUSALS, ReceiptBody, Refusal, read_receipt, write_receipt
from jpa.sharing.refusal import refused
from jpa.sharing.shown import Shown, shown

_ACTS: Final = {PackageAct.ADOPTED: "adopted", PackageAct.DECLINED: "declined"}


@dataclass(frozen=True, slots=True)
class Arrived:
    """A received package with what is in it."""

    this: Package
    manifest: Manifest
    shown: Shown


def receive_package(stores: Stores, ask: Ask, content: BinaryIO) -> tuple[Package, bool]:
    """Verify a closed package and keep it closed, listed; the same one again changes nothing. Says whether it is new."""
    with stores.audit.act(AuditTag.PACKAGE_RECEIVED, ask.officer, at=ask.at) as act, working(stores) as folder:
        require(ask, Action.RECEIVE_PACKAGE)
        closed = folder / "closed"
        size, sha256 = _copied(content, closed)
        act.details |= {"bytes": size, "sha256": sha256}
        opened, fingerprint, agency = _verified(stores, ask, act.intent, closed, folder)
        manifest = digest_of(write_manifest(opened.manifest))
        act.details |= {"package": opened.manifest.id, "from": agency.id, "manifest": manifest}

        def look(tx: Tx) -> Package | None:
            known = packages.known_tx(tx, opened.manifest.id)
            if known is None:
                return None
            mine = packages.package_tx(tx, readership_tx(tx, ask.officer, ask.at), opened.manifest.id)
            if known != manifest or mine is None or not mine.received:
                raise refused("replay", "Another package of this number is here already. Ask the sender for a new one.")
            return mine

        standing = stores.graph.read(act.intent, look)
        if standing is not None:
            act.details["repeated"] = True
            return standing, False
        with PageWriter(folder / "pages") as writer:
            require_coherent(opened, writer.line)
            writer.finish(opened)
        pages = keep_pages(stores, opened.manifest.id, folder / "pages")
        listing = stores.graph.read(act.intent, lambda tx: listed_tx(tx, opened))
        with closed.open("rb") as stream:
            file = stores.releases.put(opened.manifest.id, stream).digest
        package = replace(_package_of(ask, opened.manifest, fingerprint, agency, file, listing), pages=pages)
        act.details |= {"new": package.new, "known": package.known, "refused": package.refused}
        own = (f"agency:{ask.officer.agency}",)
        held = listing.content([line.id for line in opened.reports()])

        def save(tx: Tx) -> None:
            packages.add_tx(tx, package, Reach(own, own))
            notices.keep_content_tx(tx, package.id, held)

        stores.graph.write(act.intent, save)
        return package, True


def read_arrived(stores: Stores, ask: Ask, this: str, *, skip: int = 0) -> Arrived:
    """Open a received package: one page of it, as it was written down when it was verified."""
    with stores.audit.act(AuditTag.PACKAGE_READ, ask.officer, object=this, at=ask.at) as act:
        require(ask, Action.READ_PACKAGE)
        package = stores.graph.read(act.intent, lambda tx: received_tx(tx, ask, this))
        with working(stores) as folder:
            pages = paged(stores, package, folder, lambda into: reopened(stores, package, into))
            return Arrived(package, pages.manifest, shown(pages, skip=skip))


def decline_package(stores: Stores, ask: Ask, this: str, reason: str) -> Package:
    """Take nothing of a package; the receipt says so."""
    said = reason.strip()
    if said == "" or len(said) > 500:
        raise InvalidInputError("Nothing was declined.", {"reason": "Say why, in at most 500 characters."})

    def work(tx: Tx, reader: Readership, _: Intent) -> Package:
        package = received_tx(tx, ask, this)
        if package.state is not PackageState.RECEIVED:
            raise ConflictError(f"This package is {package.state.value} already. Open the page again to see it.")
        packages.act_tx(tx, package, Done(PackageAct.DECLINED, ask.officer.id, ask.officer.name, ask.at, text=said))
        return found(packages.package_tx(tx, reader, this))

    return write(stores, ask, Action.RECEIVE_PACKAGE, Event(AuditTag.PACKAGE_DECLINED, this), work)


def write_receipt_file(stores: Stores, ask: Ask, this: str) -> tuple[str, bytes]:
    """Sign what became of a package, for its sender."""

    def work(tx: Tx, _: Readership) -> Package:
        return received_tx(tx, ask, this)

    package = read(stores, ask, Action.READ_PACKAGE, Event(AuditTag.RECEIPT_WRITTEN, this), work)
    body = write_receipt(
        ReceiptBody.model_validate(
            {
                "format": "1", "package": package.id, "manifest": package.manifest, "by": package.agency,
                "at": ask.at.isoformat(timespec="microseconds"), "state": _became(package),
                "new": str(package.new), "known": str(package.known), "refused": str(package.refused),
                "refusals": [Refusal(id=i, reason=reason[:500]) for i, reason in package.refusals],
            }
        )
    )  # fmt: skip
    line = sign_message(stores.agency_keys.signer(package.agency), RECEIPT, body)
    return f"receipt-{ask.officer.state}-{package.id[:12]}.jsonl", line.encode() + b"\n" + body


def receive_receipt(stores: Stores, ask: Ask, content: bytes) -> Package:
    """Take in what a recipient says about a package of the own agency."""

    def work(tx: Tx, reader: Readership, _: Intent) -> Package:
        message, agency = opened_tx(tx, stores, content, RECEIPT)
        body = read_receipt(message.body)
        package = packages.package_tx(tx, reader, body.package)
        if package is None or package.received or (package.partner, package.manifest) != (agency.id, body.manifest):
            raise InvalidInputError(
                "The receipt was refused.",
                {"file": "It is for no package that you sent to the agency that signed it."},
                cause="receipt",
            )
        text = f"{body.state}: {body.new} new, {body.known} known, {body.refused} refused"
        if any(a.kind is PackageAct.RECEIPT and a.code == message.fingerprint and a.text == text for a in package.acts):
            return package
        act = Done(PackageAct.RECEIPT, ask.officer.id, ask.officer.name, ask.at, message.fingerprint, text)
        packages.act_tx(tx, package, act)
        return found(packages.package_tx(tx, reader, body.package))

    look_at(content, RECEIPT)
    details = {"sha256": hashlib.sha256(content).hexdigest()}
    return write(stores, ask, Action.RECEIVE_PACKAGE, Event(AuditTag.RECEIPT_RECEIVED, "", details), work)


def received_tx(tx: Tx, ask: Ask, this: str) -> Package:
    """Return a package that was received by the officer's agency."""
    package = found(packages.package_tx(tx, readership_tx(tx, ask.officer, ask.at), this))
    return found(package if package.received else None)


def reopened(stores: Stores, package: Package, folder: Path) -> Opened:
    """Open a package that is kept here; IntegrityError when it is not what was received."""
    require_kept(package)
    with working(stores) as out:
        fetch(stores, package.id, package.file, out / "closed")
        open_closed(out / "closed", out / "plain", stores.agency_keys.opener(package.agency))

        def check(_: str, manifest: bytes) -> None:
            # Its signature was checked when it came; the hash of what was signed says that it is the same.
            if digest_of(manifest) != package.manifest:
                raise IntegrityError(
                    "What is kept of this package is not what was received. Bring it back from a backup."
                )

        return open_package(out / "plain", folder, check)


def _became(this: Package) -> str:
    return next((word for kind, word in _ACTS.items() if this.act(kind) is not None), "received")


def _copied(content: BinaryIO, to: Path) -> tuple[int, str]:
    size, sha256 = 0, hashlib.sha256()
    with to.open("xb") as out:
        while len(piece := content.read(PIECE)) > 0:
            size += len(piece)
            if size > MOST_FILE:
                raise refused("size", f"It has more than {MOST_FILE} bytes.")
            sha256.update(piece)
            out.write(piece)
    return size, sha256.hexdigest()


def _verified(stores: Stores, ask: Ask, intent: Intent, closed: Path, folder: Path) -> tuple[Opened, str, Agency]:
    def keys(tx: Tx) -> tuple[dict[str, tuple[str, Agency]], Agency]:
        return trusted_tx(tx, stores), found(agencies.agency_tx(tx, ask.officer.agency))

    trusted, own = stores.graph.read(intent, keys)
    open_closed(closed, folder / "plain", stores.agency_keys.opener(own.id))
    unpacked = folder / "unpacked"
    unpacked.mkdir()
    opened = open_package(folder / "plain", unpacked, _trusting({f: public for f, (public, _) in trusted.items()}))
    fingerprint = look_at(opened.signature.encode() + b"\n", KIND).key
    agency = trusted[fingerprint][1]
    if agency.id == own.id:
        raise refused("key", "It was sent by your own agency.")
    require_admissible(opened.manifest, _party(agency), _party(own), stores.agency_keys.closing(own.id), ask.at)
    return opened, fingerprint, agency


def _trusting(keys: dict[str, str]) -> Callable[[str, bytes], None]:
    def check(line: str, manifest: bytes) -> None:
        if look_at(line.encode() + b"\n", KIND).key not in keys:
            raise refused(
                "signature",
                "It was signed with a key that is not pinned here. Compare the sender's card by telephone, then let an administrator pin it.",
            )
        open_message(line.encode() + b"\n" + manifest, KIND, keys)

    return check


def _party(agency: Agency) -> Party:
    return Party(agency=agency.id, name=agency.name, state=agency.state)


def _package_of(ask: Ask, said: Manifest, fingerprint: str, agency: Agency, file: str, listing: Listing) -> Package:
    return Package(
        id=said.id,
        agency=ask.officer.agency,
        partner=agency.id,
        received=True,
        case="",
        agreement=said.agreement.id,
        agreement_title=said.agreement.title,
        purpose=said.purpose,
        reference=said.reference,
        tlp=said.marking.tlp,
        pap=said.marking.pap,
        manifest=digest_of(write_manifest(said)),
        file=file,
        reports=int(said.counts.reports),
        records=int(said.counts.records),
        links=int(said.counts.links),
        files=int(said.counts.evidence),
        withheld=tuple((w.reason, int(w.count)) for w in said.withheld),
        compare=said.compare == "yes",
        made_by="",
        made_name=agency.name,
        made=ask.at,
        fingerprint=fingerprint,
        new=listing.new,
        known=listing.known,
        refused=len(listing.refusals),
        refusals=tuple(islice(listing.refusals.items(), MOST_REFUSALS)),
    )
