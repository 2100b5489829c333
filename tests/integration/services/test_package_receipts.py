"""Packages that come in: refused by name or taken once, acknowledged once; cards of keys pinned as whom they name."""

import io
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from jpa.errors import ConflictError, InvalidInputError
from jpa.graph.cypher import upkeep
from jpa.model.audit import AuditTag
from jpa.model.case import Agency
from jpa.model.officer import Role
from jpa.model.package import PackageState
from jpa.model.record import Link
from jpa.operations.messages import sign_message
from jpa.services import (
    agency_keys,
    cases,
    package_adoption,
    package_inbox,
    reports,
)
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from jpa.sharing.closing import close
from jpa.sharing.receipt import ReceiptBody, write_receipt
from tests.conftest import NOW, officer
from tests.integration.services.test_packages import (
    RECIPIENT,
    Desk,
    abroad,
    audited,
    desk,
    ordered,
    person,
    phone,
    pin,
    released,
    report,
)
from tests.proofs.package_worlds import Content, content_of, head_of, packed

__all__ = ["abroad", "desk"]


def test_what_does_not_hold_is_refused_by_name_and_logged_and_what_holds_is_listed(
    installation: Installation, stores: Stores, desk: Desk, abroad: Callable[[], tuple[Ask, str]]
) -> None:
    reports.add_report(stores, desk.lead, report(desk.case, person("1", "Rahim Uddin"), phone("2", "+66812345678")))
    _, closed = released(installation, desk, ordered(desk))
    _, older = released(installation, desk, replace(ordered(desk, types=("Person",)), compare=False))
    dao, case = abroad()
    keys = stores.agency_keys
    own = Agency("sfi", "Selat Financial Intelligence", "XC")

    def refused(content: bytes, ask: Ask = dao) -> str:
        with pytest.raises(InvalidInputError) as error:
            package_inbox.receive_package(stores, ask, io.BytesIO(content))
        outcome, cause = audited(stores, AuditTag.PACKAGE_RECEIVED)[0]
        assert (outcome, cause) == ("refused", error.value.cause)
        return cause

    assert refused(b"") == "closed"
    assert refused(closed[: len(closed) // 2]) == "closed"
    assert refused(closed[:-1] + bytes([closed[-1] ^ 1])) == "closed"
    assert refused(closed, replace(dao, at=dao.at + timedelta(days=800))) == "agreement"
    assert refused(closed, replace(dao, at=dao.at - timedelta(hours=1))) == "clock"
    other = officer(stores, "lin", "tip", "XA", Role.LIAISON)
    assert refused(closed, other) == "closed"
    stores.graph.upkeep(lambda tx: tx.run(upkeep("MATCH (o:Officer {id: 'lin'}) DELETE o")).consume())
    chief = officer(stores, "chief-sfi", "sfi", "XC", Role.ADMINISTRATOR)
    pinned = agency_keys.read_keys(stores, chief).pinned[0][0]
    agency_keys.withdraw_key(stores, chief, pinned.fingerprint)
    assert refused(closed) == "signature"
    stores.graph.upkeep(lambda tx: tx.run(upkeep("MATCH (k:AgencyKey) DELETE k")).consume())
    pin(stores, "sfi", Agency("tip", "", "XA"))

    first, _ = package_inbox.receive_package(stores, dao, io.BytesIO(older))
    package_adoption.adopt_package(stores, dao, first.id, case, compare=True)
    second, _ = package_inbox.receive_package(stores, dao, io.BytesIO(closed))
    assert (first.new, second.new, second.known, second.refused) == (1, 1, 1, 0)
    assert set(second.acts) == set()
    apart = stores.graph.upkeep(
        lambda tx: tx.run(upkeep("MATCH (r:Record) WHERE r.apart RETURN count(r) AS n")).single()
    )
    assert apart is not None
    assert apart["n"] == 1, "the sender does not allow that it is compared"
    lead_elsewhere = cases.open_case(stores, dao, NewCase("S-2", "Second", open_in_agency=True)).id
    with pytest.raises(ConflictError, match="in another case"):
        package_adoption.adopt_package(stores, dao, second.id, lead_elsewhere, compare=True)
    with pytest.raises(InvalidInputError, match="Nothing was declined"):
        package_inbox.decline_package(stores, dao, second.id, " ")
    declined = package_inbox.decline_package(stores, dao, second.id, "not ours")
    assert declined.state is PackageState.DECLINED
    assert b'"state":"declined"' in package_inbox.write_receipt_file(stores, dao, second.id)[1]
    with pytest.raises(ConflictError, match="declined already"):
        package_adoption.adopt_package(stores, dao, second.id, case, compare=True)
    assert keys.closing(own.id).startswith("age1")


def test_a_number_is_taken_once_and_what_is_not_understood_is_refused_alone(
    stores: Stores, abroad: Callable[[], tuple[Ask, str]], tmp_path: Path
) -> None:
    dao, case = abroad()
    key, signer = stores.agency_keys.closing("sfi"), stores.agency_keys.signer("tip")
    good = content_of(random.Random(3), 6)
    strange = replace(good.records[0], id="e" * 32, type="Spaceship")
    tie = Link("f" * 32, "RELATED_TO", strange.id, good.records[1].id, strange.report, "tip", "o1", NOW)
    head = replace(head_of(random.Random(4), key=key, made=NOW), recipients=[(RECIPIENT, key)])

    def sent(name: str, content: Content) -> bytes:
        (tmp_path / name).mkdir()
        close(packed(content, head, tmp_path / name, signer), tmp_path / name / "closed", [key])
        return (tmp_path / name / "closed").read_bytes()

    whole = replace(good, records=(*good.records, strange), links=(tie,), files=())
    kept, _ = package_inbox.receive_package(stores, dao, io.BytesIO(sent("first", whole)))
    with pytest.raises(InvalidInputError) as replayed:
        package_inbox.receive_package(stores, dao, io.BytesIO(sent("second", good)))
    adopted = package_adoption.adopt_package(stores, dao, kept.id, case, compare=False)

    assert replayed.value.cause == "replay"
    assert (kept.new, kept.refused, adopted.state) == (6, 2, PackageState.ADOPTED)
    assert dict(kept.refusals) == {
        "e" * 32: "Spaceship is no kind of thing or tie that is known here",
        "f" * 32: "it ties something that is refused",
    }
    there = {r.content_hash for p in good.reports for r in reports.read_report(stores, dao, p.id).records}
    assert there == {r.content_hash for r in good.records}


def test_a_receipt_counts_once_and_only_from_whom_the_package_went_to(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    reports.add_report(stores, desk.lead, report(desk.case, person("1", "Rahim Uddin")))
    package, _ = released(installation, desk, ordered(desk))
    body = write_receipt(
        ReceiptBody(
            format="1", package=package.id, manifest=package.manifest, by="sfi", at="2026-11-24T10:00:00.000000+00:00",
            state="adopted", new="1", known="0", refused="0", refusals=[],
        )
    )  # fmt: skip

    def signed(agency: str, content: bytes) -> bytes:
        return sign_message(stores.agency_keys.signer(agency), "receipt", content).encode() + b"\n" + content

    for flawed in (
        signed("tip", body),
        signed("sfi", body.replace(b'"format":"1"', b'"format":"2"')),
        signed("sfi", body)[:-3],
    ):
        with pytest.raises(InvalidInputError):
            package_inbox.receive_receipt(stores, desk.maker, flawed)
    once = package_inbox.receive_receipt(stores, desk.maker, signed("sfi", body))
    again = package_inbox.receive_receipt(stores, desk.maker, signed("sfi", body))

    assert (once.state, once.acts[-1].text) == (PackageState.ACKNOWLEDGED, "adopted: 1 new, 0 known, 0 refused")
    assert len(again.acts) == len(once.acts) == 2


def test_a_card_is_pinned_only_as_whom_it_names_and_completes_a_key_that_signs(stores: Stores) -> None:
    chief = officer(stores, "chief", "tip", "XA", Role.ADMINISTRATOR)
    card = agency_keys.own_key(stores, "ucg", "XB").card

    with pytest.raises(InvalidInputError, match="No key was pinned"):
        agency_keys.pin_key(stores, chief, "tip", card.text)
    agency_keys.pin_key(stores, chief, "ucg", card.public)
    agency_keys.pin_key(stores, chief, "ucg", card.text)
    with pytest.raises(ConflictError):
        agency_keys.pin_key(stores, chief, "ucg", card.text)

    ((key, agency),) = agency_keys.read_keys(stores, chief).pinned
    assert (agency.id, key.closing, key.card) == ("ucg", card.closing, card.fingerprint)
