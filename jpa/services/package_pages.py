"""The pages of a package as they are kept: written when it is drafted or comes in, read one by one, gone with its bytes."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from jpa.errors import ConflictError, IntegrityError
from jpa.model.package import Package
from jpa.operations.evidence import MOST_BYTES
from jpa.services.package_facts import digest_of
from jpa.services.stores import Stores
from jpa.sharing.manifest import write_manifest
from jpa.sharing.package import Opened
from jpa.sharing.pages import Pages, pages_in, write_pages


def keep_pages(stores: Stores, package: str, pages: Path) -> str:
    """Keep the pages of a package encrypted beside its bytes; returns their name, empty where they are more than is kept of a file."""
    if pages.stat().st_size > MOST_BYTES:
        return ""
    with pages.open("rb") as stream:
        return stores.releases.put(package, stream).digest


def paged(stores: Stores, package: Package, folder: Path, opened: Callable[[Path], Opened]) -> Pages:
    """Return the kept pages of a package, or those made of it here and now in an empty folder; IntegrityError when they are another's."""
    require_kept(package)
    if package.pages == "":
        write_pages(opened(folder), folder / "pages")
        pages = pages_in(folder / "pages")
    else:
        read = partial(stores.releases.part, package.id, package.pages)
        pages = Pages(stores.releases.size(package.id, package.pages), read)
    if digest_of(write_manifest(pages.manifest)) != package.manifest:
        raise IntegrityError("What is kept of this package is not what was drafted or received. Restore a backup.")
    return pages


def require_kept(package: Package) -> None:
    """Refuse to open a package whose bytes a recall took away."""
    if package.file == "":
        raise ConflictError("This package was recalled: what it said is not kept any more. Its notices say why.")
