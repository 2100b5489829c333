"""The coded summary of victims and migrants: asked for with a basis, signed by a second officer, sent as counts alone, remembered."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from threading import Barrier, Thread

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, JpaError
from jpa.model.audit import AuditTag
from jpa.model.draft import TypedRecord, TypedVictim
from jpa.model.judgement import Verdict
from jpa.model.marking import Marking, Tlp
from jpa.model.officer import Role
from jpa.model.package import Package, PackageAct, PackageState
from jpa.model.summary import SummaryAsk
from jpa.services import package_adoption, package_inbox, package_signing, packages, reports, resolution, retractions
from jpa.services.installation import Installation
from jpa.services.package_setting import Order
from jpa.services.stores import Ask, Stores
from tests.integration.services.test_packages import (
    Desk,
    abroad,
    asking,
    audited,
    desk,
    ordered,
    person,
    plain_of,
    report,
)
from tests.web.conftest import PASSWORD, account_of

__all__ = ["abroad", "desk"]
ASKED = SummaryAsk("Trafficking Protocol art. 10", "joint planning of shelters")


def victim(n: int, **coded: str) -> TypedVictim:
    codes = {"ageBand": "18–20", "gender": "Feminine", "exploitation": "ForcedLabour", "citizenship": "MM"} | coded
    return TypedVictim({"name": [f"Siti Secretname{n}"]}, {name: [code] for name, code in codes.items()})


def migrant(n: int, born: str = "1990", state: str = "BD") -> TypedRecord:
    said = {"birthDate": [born], "gender": ["male"], "nationality": [state]}
    return person(str(n), f"Nasima Begumjaan{n}", "smuggled migrant", **said)


def aboard(stores: Stores, desk: Desk) -> None:
    """State 30 victims and 13 migrants, of whom one is stated twice, and a suspect."""
    girls = [victim(n) for n in range(12)]
    boys = [victim(n, gender="Masculine", exploitation="ForcedBegging", ageBand="9–17") for n in range(12, 26)]
    others = [victim(26, gender="NonConforming", citizenship="LA"), victim(27, citizenship=""), victim(28, ageBand="")]
    nobody = victim(29, status="NotAVictimOfTrafficking")
    people = [migrant(n) for n in range(1, 13)] + [migrant(13, "2010", "NP")]
    made = reports.add_report(
        stores,
        desk.lead,
        report(desk.case, person("0", "Rahim Uddin"), *people, victims=(*girls, *boys, *others, nobody)),
    )
    again = reports.add_report(stores, desk.lead, report(desk.case, person("1", "N. Begumjaan", "smuggled migrant")))
    resolution.judge(stores, desk.lead, made.records[1].id, again.records[0].id, Verdict.SAME, "same scar")


def asked_for(desk: Desk) -> Order:
    return ordered(desk, summary=ASKED)


def signed(here: Installation, desk: Desk) -> Package:
    draft = packages.draft_package(here.stores, desk.maker, asked_for(desk))
    return package_signing.sign_summary(here, desk.second, draft.id, PASSWORD, "")


def sent(here: Installation, desk: Desk) -> Package:
    return packages.release_package(here, desk.second, signed(here, desk).id, PASSWORD, "")


def counts(stores: Stores, desk: Desk, this: str) -> dict[tuple[str, str, str], int]:
    rows = packages.read_package(stores, desk.maker, this).shown.summary
    return {(r.of, r.by, r.code): int(r.count) for r in rows}


def test_counts_go_once_a_second_officer_has_signed_and_nothing_else_of_them_does(
    installation: Installation, stores: Stores, desk: Desk, abroad: Callable[[], tuple[Ask, str]]
) -> None:
    aboard(stores, desk)
    _, seen = packages.preview_package(stores, desk.maker, asked_for(desk))
    draft = packages.draft_package(stores, desk.maker, asked_for(desk))

    with pytest.raises(ConflictError, match="waits for a signature"):
        packages.release_package(installation, desk.second, draft.id, PASSWORD, "")
    with pytest.raises(ForbiddenError, match="You asked for this summary"):
        package_signing.sign_summary(installation, desk.maker, draft.id, PASSWORD, "")
    with pytest.raises(InvalidInputError, match="Nothing was done"):
        package_signing.sign_summary(installation, desk.second, draft.id, "wrong", "")
    package_signing.sign_summary(installation, desk.second, draft.id, PASSWORD, "")
    with pytest.raises(ConflictError, match="signed already"):
        package_signing.sign_summary(installation, desk.lead, draft.id, PASSWORD, "")
    package = packages.release_package(installation, desk.second, draft.id, PASSWORD, "")
    file = b"".join(packages.write_package_file(stores, desk.maker, draft.id)[1])

    told = counts(stores, desk, package.id)
    assert [(r.of, r.by, r.code, int(r.count)) for r in seen.summary] == [(*key, n) for key, n in told.items()]
    assert told["victims", "All", "everybody counted"] == 29
    assert told["migrants", "All", "everybody counted"] == 13
    assert min(told.values()) >= 11
    assert {r.of for r in seen.summary} == {"victims", "migrants"}
    assert (package.records, package.act(PackageAct.SUMMARY_SIGNED) is not None) == (1, True)
    assert [o for o, _ in audited(stores, AuditTag.SUMMARY_SIGNED)[:4]] == ["refused", "done", "refused", "refused"]
    assert audited(stores, AuditTag.SUMMARY_ASKED)[0] == ("done", "")

    content = plain_of(stores, replace(package, acts=[a for a in package.acts if a.kind is PackageAct.RELEASED]))
    for name in (b"Secretname", b"Begumjaan", b"Trafficking Protocol", b"shelters", b'"LA"', b'"NP"'):
        assert name not in content, name
    lines = [json.loads(line) for line in re.findall(rb'\{"by":.*\}', content)]
    assert Counter(key for line in lines for key in line) == dict.fromkeys(("of", "by", "least", "figures"), len(lines))

    dao, case = abroad()
    arrived, _ = package_inbox.receive_package(stores, dao, BytesIO(file))
    there = package_inbox.read_arrived(stores, dao, arrived.id).shown.summary
    assert list(there) == list(seen.summary)
    adopted = package_adoption.adopt_package(stores, dao, arrived.id, case, compare=True)
    assert adopted.state is PackageState.ADOPTED


def test_of_signatures_at_once_one_stands_and_nobody_signs_their_own(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    aboard(stores, desk)
    draft = packages.draft_package(stores, desk.maker, asked_for(desk))
    third = asking(account_of(installation, stores, Role.LEAD, "tip", "XA", Role.LIAISON))
    all_at_once, ended = Barrier(3), dict[str, str]()

    def sign(ask: Ask) -> None:
        all_at_once.wait()
        try:
            package_signing.sign_summary(installation, ask, draft.id, PASSWORD, "")
            ended[ask.officer.id] = "signed"
        except JpaError as error:
            ended[ask.officer.id] = type(error).__name__

    threads = [Thread(target=sign, args=(ask,)) for ask in (desk.second, third, desk.maker)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ended[desk.maker.officer.id] == "ForbiddenError"
    assert sorted([ended[desk.second.officer.id], ended[third.officer.id]]) == ["ConflictError", "signed"]
    acts = packages.find_package(stores, desk.maker, draft.id).acts
    assert [a.kind.value for a in acts] == ["summary signed"]


def test_a_later_summary_does_not_tell_of_a_few_who_came_since(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    aboard(stores, desk)
    first = sent(installation, desk)
    early = signed(installation, desk)

    reports.add_report(stores, desk.lead, report(desk.case, victims=(victim(50), victim(51))))
    with pytest.raises(ConflictError, match="not what was drafted"):
        packages.release_package(installation, desk.second, early.id, PASSWORD, "")
    second = sent(installation, desk)

    before, after = counts(stores, desk, first.id), counts(stores, desk, second.id)
    assert {of for of, _, _ in before} == {"victims", "migrants"}
    assert {key: n for key, n in before.items() if key[0] == "migrants"} == after


def test_nobody_is_counted_whom_the_marking_keeps_and_too_few_are_not_counted_at_all(
    stores: Stores, desk: Desk
) -> None:
    own = replace(report(desk.case, victims=tuple(victim(n) for n in range(20))), marking=Marking(Tlp.AMBER_STRICT))
    reports.add_report(stores, desk.lead, own)
    wrong = reports.add_report(stores, desk.lead, report(desk.case, victims=tuple(victim(n) for n in range(20, 40))))
    retractions.retract_report(stores, desk.lead, wrong.report.id, "another case")
    reports.add_report(stores, desk.lead, report(desk.case, person("1", "Rahim Uddin"), migrant(2), migrant(3)))

    with pytest.raises(InvalidInputError) as small:
        packages.draft_package(stores, desk.maker, asked_for(desk))
    assert list(small.value.fields) == ["summary"]
    naming = SummaryAsk("as Nasima Begumjaan2 asked", "for SITI secretname4")
    with pytest.raises(InvalidInputError) as named:
        packages.draft_package(stores, desk.maker, ordered(desk, summary=naming))
    assert sorted(named.value.fields) == ["summary_basis", "summary_purpose"]
    assert packages.list_packages(stores, desk.maker) == []

    people = [migrant(n) for n in range(4, 15)]
    reports.add_report(
        stores,
        desk.lead,
        report(desk.case, *people, marking=replace(report(desk.case).marking, tlp=Tlp.AMBER, handling="H1")),
    )
    alone = ordered(desk, types=("Vessel",), summary=ASKED)
    manifest, seen = packages.preview_package(stores, desk.maker, alone)
    assert manifest.counts.records == "0"
    assert next((r.of, r.by, r.count) for r in seen.summary) == ("migrants", "All", "13")
    assert "not in court without the provider's permission" in manifest.marking.conditions
