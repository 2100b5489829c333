"""What a package's page is read from: pages written down once, one of them at a time; the package itself stays closed."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jpa.errors import ConflictError, IntegrityError
from jpa.graph import notices
from jpa.graph.cypher import upkeep
from jpa.model.draft import TypedReport
from jpa.model.package import Package
from jpa.operations.evidence import PIECE, Evidence
from jpa.services import package_inbox, packages, reports
from jpa.services.installation import Installation
from jpa.services.release_upkeep import sweep_releases
from jpa.services.stores import Ask, Stores
from jpa.sharing.pages import PAGE
from tests.integration.jobs.test_package_orders import many
from tests.integration.services.test_packages import Desk, abroad, ordered, released, set_desk

__all__ = ["abroad"]


@pytest.fixture
def desk(installation: Installation, stores: Stores) -> Desk:
    return set_desk(installation, stores)


def files_of(stores: Stores, package: Package) -> dict[str, Path]:
    folder = stores.releases._folder / package.id
    return {p.name: p for p in folder.iterdir()}


def test_part_of_a_file_is_read_from_the_pieces_that_hold_it(installation: Installation, tmp_path: Path) -> None:
    evidence = Evidence(installation.operations, installation.keys, tmp_path / "evidence")
    content = bytes(range(256)) * (2 * PIECE // 256) + b"the end"
    kept = evidence.put("c1", io.BytesIO(content))
    path = tmp_path / "evidence" / "c1" / kept.digest

    places = [(0, 1), (PIECE - 3, 6), (PIECE, PIECE), (2 * PIECE, 7), (len(content) - 1, 1), (5, 0), (0, len(content))]
    assert [evidence.part("c1", kept.digest, *p) for p in places] == [content[s : s + n] for s, n in places]
    assert evidence.size("c1", kept.digest) == len(content)
    sealed = bytearray(path.read_bytes())
    sealed[100] ^= 1
    path.write_bytes(bytes(sealed))
    assert evidence.part("c1", kept.digest, 2 * PIECE, 7) == b"the end"
    with pytest.raises(IntegrityError):
        evidence.part("c1", kept.digest, 0, 1)


def test_a_page_is_shown_without_opening_the_package_and_equals_what_the_package_says(
    stores: Stores, desk: Desk
) -> None:
    stated: TypedReport = many(desk.case, PAGE + 5)
    reports.add_report(stores, desk.lead, replace(stated, text="Said at the harbour."))
    draft = packages.draft_package(stores, desk.maker, ordered(desk, texts=True))
    first, second = (packages.read_package(stores, desk.maker, draft.id, skip=n) for n in (0, PAGE))
    stores.graph.upkeep(lambda tx: tx.run(upkeep("MATCH (p:Package) SET p.pages = ''")).consume())
    unwritten = [packages.read_package(stores, desk.maker, draft.id, skip=n).shown for n in (0, PAGE)]
    named = upkeep("MATCH (p:Package) SET p.pages = $pages")
    stores.graph.upkeep(lambda tx: tx.run(named, pages=draft.pages).consume())
    kept = files_of(stores, draft)

    kept[draft.file].unlink()

    assert packages.read_package(stores, desk.maker, draft.id).shown == first.shown
    assert [first.shown, second.shown] == unwritten
    assert [len(first.shown.things), len(second.shown.things), len(second.shown.ties)] == [PAGE, PAGE, 5]
    assert [r.text for r in second.shown.reports] == ["Said at the harbour."]
    assert int(first.manifest.counts.records) == draft.records == 2 * (PAGE + 5)
    kept[draft.pages].write_bytes(kept[draft.pages].read_bytes()[:-1])
    with pytest.raises(IntegrityError):
        packages.read_package(stores, desk.maker, draft.id)


def test_pages_come_in_with_a_package_stay_at_the_sweep_and_go_with_its_bytes(
    installation: Installation, stores: Stores, desk: Desk, abroad: Callable[[], tuple[Ask, str]]
) -> None:
    reports.add_report(stores, desk.lead, many(desk.case, 3))
    _, closed = released(installation, desk, ordered(desk))
    dao, _ = abroad()
    kept, _ = package_inbox.receive_package(stores, dao, io.BytesIO(closed))

    sweep_releases(stores, datetime.now(UTC) + timedelta(minutes=5), timedelta())
    files_of(stores, kept)[kept.file].unlink()
    arrived = package_inbox.read_arrived(stores, dao, kept.id)
    stores.graph.upkeep(lambda tx: notices.close_file_tx(tx, kept.id))
    sweep_releases(stores, datetime.now(UTC) + timedelta(minutes=5), timedelta())

    assert {"Rahim Uddin 0", "Rahim Uddin 2"} <= {t.caption for t in arrived.shown.things}
    assert stores.releases.names(kept.id) == []
    with pytest.raises(ConflictError, match="was recalled"):
        package_inbox.read_arrived(stores, dao, kept.id)
