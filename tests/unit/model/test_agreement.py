"""When an agreement binds, and what its ceiling keeps back, over every marking."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Final

import pytest

from jpa.errors import InvalidInputError
from jpa.model.agreement import (
    CEILING_RELEASES,
    Agreement,
    AgreementState,
    Ceiling,
    Partner,
    Purpose,
    Signature,
    Way,
    excess,
)
from jpa.model.case import Agency
from jpa.model.limits import HANDLING, Condition, limits_of
from jpa.model.marking import Marking, Pap, Release, Tlp

NOW: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
UCG: Final = Partner(Agency("ucg", "Utara Coast Guard", "XB"), frozenset({"1"}))
DRAFT: Final = Agreement(
    "a" * 32, "MoU 2024/7", "Memorandum 2024/7, article 4", ("tip", "ucg"), frozenset({Purpose.SMUGGLING}),
    frozenset({Way.GRANT}), (Ceiling("tip"), Ceiling("ucg")), "2026-01-01", "2026-12-31", 60,
    (Signature("tip", "perera", "Perera", NOW),),
)  # fmt: skip
SIGNED: Final = replace(DRAFT, signatures=(*DRAFT.signatures, Signature("ucg", "prasert", "Prasert", NOW)))


def under(**ceiling: object) -> Agreement:
    return replace(SIGNED, ceilings=(Ceiling("tip"), Ceiling("ucg", **ceiling)))  # type: ignore[arg-type]


def above(agreement: Agreement, marking: Marking) -> list[str]:
    return excess(agreement, UCG, limits_of(marking, agency="tip", state="XA", case="c"))


def every_marking() -> list[Marking]:
    made = []
    for tlp, pap, release, handling in product(Tlp, Pap, Release, HANDLING):
        for names in {Release.NAMED_STATES: [("XB",), ("XC",)], Release.JPA: [("1",), ("2",)]}.get(release, [()]):
            try:
                made.append(Marking(tlp, release, names, handling, pap))
            except InvalidInputError:
                continue
    return made


@pytest.mark.parametrize(
    ("agreement", "days", "state"),
    [
        (DRAFT, 0, AgreementState.DRAFT),
        (SIGNED, 0, AgreementState.IN_FORCE),
        (SIGNED, 37, AgreementState.IN_FORCE),
        (SIGNED, 38, AgreementState.EXPIRED),
        (SIGNED, -400, AgreementState.AHEAD),
        (replace(SIGNED, ended=NOW), 0, AgreementState.ENDED),
        (replace(SIGNED, ended=NOW), -1, AgreementState.IN_FORCE),
        (replace(DRAFT, signatures=(*DRAFT.signatures, Signature("ucg", "perera", "P", NOW))), 0, AgreementState.DRAFT),
    ],
)
def test_an_agreement_is_in_force_between_its_days_once_two_officers_signed(
    agreement: Agreement, days: int, state: AgreementState
) -> None:
    assert agreement.state(NOW + timedelta(days=days)) is state


def test_an_agreement_binds_only_the_parties_that_signed() -> None:
    assert (DRAFT.binds("tip"), DRAFT.binds("ucg"), SIGNED.binds("ucg"), SIGNED.binds("tcg")) == (
        True, False, True, False,
    )  # fmt: skip


@pytest.mark.parametrize(("days", "warned"), [(-24, False), (-23, True), (37, True), (97, True), (98, False)])
def test_the_parties_are_warned_before_and_after_the_end(days: int, *, warned: bool) -> None:
    assert SIGNED.is_expiring(NOW + timedelta(days=days)) is warned


def test_what_goes_under_any_ceiling_is_stricter_than_it_in_nothing_and_reaches_the_partner() -> None:
    markings = every_marking()
    gone = 0
    for tlp, pap, release in product(Tlp, Pap, CEILING_RELEASES):
        for conditions in (frozenset[Condition](), frozenset({Condition.NOT_ONWARD}), frozenset(Condition)):
            agreement = under(tlp=tlp, pap=pap, release=release, conditions=conditions)
            for marking in markings:
                if above(agreement, marking) != []:
                    continue
                gone += 1
                assert marking.tlp.strictness <= min(tlp.strictness, Tlp.AMBER.strictness)
                assert marking.pap.strictness <= pap.strictness
                assert HANDLING[marking.handling].conditions <= conditions
                assert HANDLING[marking.handling].widest is Release.ALL_MEMBERS
                assert marking.names in {("XB",), ("1",), ()}
                assert CEILING_RELEASES.index(marking.release) >= CEILING_RELEASES.index(release)
    assert gone > 0


def test_the_widest_ceiling_keeps_back_only_what_does_not_reach_the_partner() -> None:
    widest = under(tlp=Tlp.RED, pap=Pap.RED)

    for marking in every_marking():
        reaches = limits_of(marking, agency="tip", state="XA", case="c").permits(UCG.tokens)
        assert (above(widest, marking) == []) is reaches


def test_a_wider_ceiling_never_keeps_back_more() -> None:
    for marking in every_marking()[::7]:
        for a, b in product(Tlp, Tlp):
            if a.strictness <= b.strictness and above(under(tlp=a), marking) == []:
                assert above(under(tlp=b), marking) == []


@pytest.mark.parametrize(
    ("marking", "said"),
    [
        (
            Marking(Tlp.AMBER, Release.NAMED_STATES, ("XB",)),
            "TLP:AMBER; the ceiling for Utara Coast Guard is TLP:GREEN",
        ),
        (Marking(Tlp.GREEN, Release.ALL_MEMBERS, pap=Pap.RED), "PAP:RED; the ceiling"),
        (Marking(), "release set does not reach Utara Coast Guard"),
        (Marking(Tlp.GREEN, Release.ALL_MEMBERS, handling="H1"), "not in court without the provider's permission"),
    ],
)
def test_what_is_kept_back_is_told_part_by_part(marking: Marking, said: str) -> None:
    agreement = under(tlp=Tlp.GREEN, conditions=frozenset())

    assert said in " ".join(above(agreement, marking))
