"""Packages of the own agency: previewed, drafted by one officer, released by another who logs in again, handed over, acknowledged."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jpa.errors import ConflictError, ForbiddenError, IntegrityError
from jpa.graph import notices, packages
from jpa.graph.agencies import readership_tx
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.ids import new_id
from jpa.model.job import Job, Progress, no_progress
from jpa.model.package import Done, Package, PackageAct, PackageState
from jpa.operations.messages import sign_message
from jpa.services import account, package_summary
from jpa.services.installation import Installation
from jpa.services.package_facts import (
    CHANGED,
    Bench,
    Made,
    content_of,
    digest_of,
    order_of,
    package_of,
    require_unchanged,
)
from jpa.services.package_making import make_tx
from jpa.services.package_pages import keep_pages, paged, require_kept
from jpa.services.package_setting import Order, head_of, setting_tx
from jpa.services.stores import Ask, Event, Stores, found, read, require, write
from jpa.sharing.closing import close
from jpa.sharing.manifest import KIND, Manifest, read_manifest, write_manifest
from jpa.sharing.package import Opened, open_draft, pack
from jpa.sharing.pages import pages_in
from jpa.sharing.shown import Shown, shown


@dataclass(frozen=True, slots=True)
class OpenedPackage:
    """A package with what its recipient will see."""

    this: Package
    manifest: Manifest
    shown: Shown


def preview_package(stores: Stores, ask: Ask, order: Order, *, skip: int = 0) -> tuple[Manifest, Shown]:
    """Show what the recipient would see, read back from what would be sent; nothing is kept."""
    with stores.audit.act(
        AuditTag.PACKAGE_PREVIEWED, ask.officer, object=order.case, purpose=order.purpose, at=ask.at
    ) as act, working(stores) as folder:  # fmt: skip
        require(ask, Action.MAKE_PACKAGE)
        this, bench = (new_id(ask.at), ask.at), Bench(folder)
        made = stores.graph.read(act.intent, lambda tx: made_tx(tx, stores, ask, order, this, bench))
        manifest = read_manifest(made.manifest)
        act.details |= {"records": int(manifest.counts.records), "partner": order.partner}
        return manifest, shown(pages_in(bench.pages), skip=skip)


def draft_package(
    stores: Stores, ask: Ask, order: Order, job: Job | None = None, progress: Progress = no_progress
) -> Package:
    """Keep a draft; first the bytes, then the graph, so that a crash in between leaves nothing that points nowhere.

    One that a job makes bears the job's id and its moment: made again after a crash it is the same, byte for byte.
    """
    this, moment = (new_id(ask.at), ask.at) if job is None else (job.id, job.asked)
    with stores.audit.act(
        AuditTag.PACKAGE_DRAFTED, ask.officer, object=order.case, purpose=order.purpose, at=ask.at
    ) as act, working(stores, this) as folder:  # fmt: skip
        require(ask, Action.MAKE_PACKAGE)
        bench = Bench(folder, progress)
        made = stores.graph.read(act.intent, lambda tx: made_tx(tx, stores, ask, order, (this, moment), bench))
        pack(folder / "draft", made.manifest, "", folder)
        with (folder / "draft").open("rb") as stream:
            file = stores.releases.put(this, stream).digest
        package = package_of(ask, order, made.manifest, file, keep_pages(stores, this, bench.pages))
        if order.selection.summary is not None:
            stores.audit.note(AuditTag.SUMMARY_ASKED, ask.officer, at=ask.at, object=this, details={"case": order.case})
        act.details |= {
            "package": this,
            "partner": order.partner,
            "records": package.records,
            "manifest": package.manifest,
        }
        reach = Reach((order.case,), (f"agency:{ask.officer.agency}",))

        def save(tx: Tx) -> None:
            setting_tx(tx, readership_tx(tx, ask.officer, ask.at), ask, order)
            packages.add_tx(tx, package, reach)
            notices.keep_content_tx(tx, this, content_of(made))

        stores.graph.write(act.intent, save)
        return package


def release_package(here: Installation, ask: Ask, this: str, password: str, code: str) -> Package:
    """Sign and close a draft as the second officer, who proves anew who they are; from now on it never changes."""
    return release_proven(here.stores, ask, this, lambda _: account.step_up(here, ask, password, code))


def release_proven(
    stores: Stores,
    ask: Ask,
    this: str,
    prove: Callable[[Package], None],
    job: str = "",
    progress: Progress = no_progress,
) -> Package:
    """Release a draft once `prove` has found who asks proven; what a job leaves behind when it is killed, its next try removes."""
    with (
        stores.audit.act(AuditTag.PACKAGE_RELEASED, ask.officer, object=this, at=ask.at) as act,
        working(stores, job) as folder,
    ):
        package = stores.graph.read(act.intent, lambda tx: releasable_tx(tx, ask, this))
        prove(package)
        draft, anew = folder / "draft", folder / "anew"
        for part in (draft, anew):
            part.mkdir(mode=0o700)
        opened = opened_of(stores, package, draft)
        order, bench = order_of(package), Bench(anew, progress)
        made, earlier = stores.graph.read(act.intent, lambda tx: again_tx(tx, stores, ask, package, bench))
        require_unchanged(opened.manifest, read_manifest(made.manifest))
        manifest = write_manifest(opened.manifest)
        signature = sign_message(stores.agency_keys.signer(package.agency), KIND, manifest)
        pack(folder / "signed", manifest, signature, draft)
        close(folder / "signed", folder / "closed", [r.key for r in opened.manifest.recipients])
        progress(package.records + package.links, package.records + package.links)
        with (folder / "closed").open("rb") as stream:
            file = stores.releases.put(package.id, stream).digest
        act.details |= {"partner": package.partner, "manifest": package.manifest, "agreement": package.agreement}

        def save(tx: Tx) -> Package:
            now = releasable_tx(tx, ask, this)
            setting_tx(tx, readership_tx(tx, ask.officer, ask.at), ask, order)
            if order.selection.summary is not None and packages.summaries_tx(tx, order.case, lock=True) != earlier:
                raise ConflictError(CHANGED)
            packages.act_tx(tx, now, Done(PackageAct.RELEASED, ask.officer.id, ask.officer.name, ask.at, file))
            return found(packages.package_tx(tx, readership_tx(tx, ask.officer, ask.at), this))

        return stores.graph.write(act.intent, save)


def releasable_tx(tx: Tx, ask: Ask, this: str) -> Package:
    """Return a draft that the officer may release, or say why not."""
    require(ask, Action.RELEASE_PACKAGE)
    package = found(packages.package_tx(tx, readership_tx(tx, ask.officer, ask.at), this))
    if package.received or package.state is not PackageState.DRAFT:
        raise ConflictError(f"This package is {package.state.value} already. Open the page again to see it.")
    if package.made_by == ask.officer.id:
        raise ForbiddenError("You made this draft; another officer of your agency releases it.")
    package_summary.require_signed(package)
    require_kept(package)
    return package


def discard_package(stores: Stores, ask: Ask, this: str, reason: str) -> None:
    """Throw a draft away; what was released is gone out, and is recalled, not discarded."""

    def work(tx: Tx, reader: Readership, _: object) -> None:
        package = found(packages.package_tx(tx, reader, this))
        if package.state is not PackageState.DRAFT or package.received:
            raise ConflictError(f"This package is {package.state.value} already. Open the page again to see it.")
        act = Done(PackageAct.DISCARDED, ask.officer.id, ask.officer.name, ask.at, text=reason.strip()[:500])
        packages.act_tx(tx, package, act)

    write(stores, ask, Action.RELEASE_PACKAGE, Event(AuditTag.PACKAGE_DISCARDED, this), work)


def list_packages(stores: Stores, ask: Ask) -> list[Package]:
    """List the packages that the officer may know of, newest first."""
    return read(
        stores,
        ask,
        Action.READ_PACKAGE,
        Event(AuditTag.PACKAGE_READ),
        packages.packages_tx,
    )


def find_package(stores: Stores, ask: Ask, this: str) -> Package:
    """Return a package of either side, without opening it."""

    def work(tx: Tx, reader: Readership) -> Package:
        return found(packages.package_tx(tx, reader, this))

    return read(stores, ask, Action.READ_PACKAGE, Event(AuditTag.PACKAGE_READ, this), work)


def find_draft(stores: Stores, ask: Ask, this: str) -> Package | None:
    """Return the draft that a job has made already, if it has."""

    def work(tx: Tx, _: Readership) -> Package | None:
        return None if packages.known_tx(tx, this) is None else _own_tx(tx, ask, this)

    return read(stores, ask, Action.MAKE_PACKAGE, Event(AuditTag.PACKAGE_READ, this), work)


def read_release(stores: Stores, ask: Ask, this: str) -> OpenedPackage:
    """Open a package that was released, for the record of its release."""
    opened = read_package(stores, ask, this)
    if opened.this.act(PackageAct.RELEASED) is None:
        raise ConflictError("A draft has no record of release. Let a second officer release it first.")
    return opened


def read_package(stores: Stores, ask: Ask, this: str, *, skip: int = 0) -> OpenedPackage:
    """Open a package of the own agency as its recipient sees it."""
    with stores.audit.act(AuditTag.PACKAGE_READ, ask.officer, object=this, at=ask.at) as act:
        require(ask, Action.READ_PACKAGE)
        package = stores.graph.read(act.intent, lambda tx: _own_tx(tx, ask, this))
        with working(stores) as folder:
            pages = paged(stores, package, folder, lambda into: opened_of(stores, package, into))
            return OpenedPackage(package, pages.manifest, shown(pages, skip=skip))


def write_package_file(stores: Stores, ask: Ask, this: str) -> tuple[str, Iterator[bytes]]:
    """Hand a released package out as its closed file."""

    def work(tx: Tx, reader: Readership) -> Package:
        package = found(packages.package_tx(tx, reader, this))
        if package.act(PackageAct.RELEASED) is None:
            raise ConflictError("A draft is not handed out. Let a second officer release it first.")
        if package.state is PackageState.RECALLED or package.file == "":
            raise ConflictError("This package was recalled. Make a new one of what may still go.")
        return package

    package = read(stores, ask, Action.RELEASE_PACKAGE, Event(AuditTag.PACKAGE_WRITTEN, this), work)
    file = found(package.act(PackageAct.RELEASED)).code
    stores.releases.verify(package.id, file)
    return f"package-{ask.officer.state}-{package.id[:12]}.age", stores.releases.pieces(package.id, file)


@contextmanager
def working(stores: Stores, name: str = "") -> Iterator[Path]:
    """Open an empty folder that only the owner reads, and remove it with all that is in it; a name finds what a crash left in it, which goes first."""
    home = stores.settings.work_dir
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = home / (name or secrets.token_hex(16))
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def fetch(stores: Stores, package: str, file: str, to: Path) -> None:
    """Write kept bytes into a working folder; IntegrityError when they are not what was put in."""
    stores.releases.verify(package, file)
    with to.open("xb") as out:
        for piece in stores.releases.pieces(package, file):
            out.write(piece)


def made_tx(tx: Tx, stores: Stores, ask: Ask, order: Order, this: tuple[str, datetime], bench: Bench) -> Made:
    """Make a package in an empty folder, with what the officer may read and send now; `this` is its id and the moment it is made."""
    for left in bench.folder.iterdir():  # the transaction is tried again after a lost connection
        left.unlink()
    reader = readership_tx(tx, ask.officer, ask.at)
    setting = setting_tx(tx, reader, ask, order)
    return make_tx(tx, reader, stores, order, head_of(this, setting, order), setting, bench)


def again_tx(tx: Tx, stores: Stores, ask: Ask, drafted: Package, bench: Bench) -> tuple[Made, list[tuple[str, str]]]:
    """Make a draft again as another officer, and say which summaries of its case had left before."""
    earlier = packages.summaries_tx(tx, drafted.case)
    this = drafted.id, drafted.made
    return made_tx(tx, stores, ask, order_of(drafted), this, bench), earlier


def _own_tx(tx: Tx, ask: Ask, this: str) -> Package:
    package = found(packages.package_tx(tx, readership_tx(tx, ask.officer, ask.at), this))
    return found(None if package.received else package)


def opened_of(stores: Stores, package: Package, folder: Path) -> Opened:
    """Open what is kept of an own package; IntegrityError when it is not what was drafted."""
    require_kept(package)
    with working(stores) as out:
        fetch(stores, package.id, package.file, out / "draft")
        opened = open_draft(out / "draft", folder)
    if digest_of(write_manifest(opened.manifest)) != package.manifest:
        raise IntegrityError("What is kept of this package is not what was drafted. Bring it back from a backup.")
    return opened
