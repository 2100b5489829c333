"""Agreements as officers keep them: drafted by one, signed by another, ended; and what each refusal says and leaves in the log."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from jpa.model.agreement import Agreement, AgreementState, Purpose, Way
from jpa.model.audit import AuditTag, Outcome
from jpa.model.case import Agency
from jpa.model.limits import limits_of
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Role
from jpa.services import agencies, agreement_drafts, agreements
from jpa.services.agreement_drafts import TypedAgreement, TypedCeiling
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW, officer

TYPED = TypedAgreement(
    "MoU 2024/7", "Memorandum 2024/7, article 4", ("ucg",), (Purpose.SMUGGLING.value,), (Way.GRANT.value, Way.QUERY.value),
    "2026-01-01", "31.12.2026", "60", {"ucg": TypedCeiling(tlp="TLP:GREEN")},
)  # fmt: skip
SMUGGLING = Purpose.SMUGGLING.value


@pytest.fixture
def perera(stores: Stores) -> Ask:
    return officer(stores, "perera", "tip", "XA", Role.LIAISON)


@pytest.fixture
def somchai(stores: Stores) -> Ask:
    return officer(stores, "somchai", "ucg", "XB", Role.SUPERVISOR)


@pytest.fixture
def signed(stores: Stores, perera: Ask, somchai: Ask) -> Agreement:
    return in_force(stores, perera, somchai)


def in_force(stores: Stores, drafter: Ask, other: Ask, typed: TypedAgreement = TYPED) -> Agreement:
    """Draft and sign, as two officers do."""
    drafted = agreement_drafts.draft_agreement(stores, drafter, typed)
    return agreement_drafts.sign_agreement(stores, other, drafted.id)


def later(ask: Ask, days: int) -> Ask:
    return replace(ask, at=ask.at + timedelta(days=days))


def test_a_draft_binds_once_another_party_signed_and_until_it_is_ended(
    stores: Stores, perera: Ask, somchai: Ask
) -> None:
    drafted = agreement_drafts.draft_agreement(stores, perera, TYPED)
    before = agreements.read_agreement(stores, somchai, drafted.id)
    with pytest.raises(InvalidInputError, match="Nothing was shared") as waiting:
        agreements.binding(stores, perera, "ucg", SMUGGLING, Way.GRANT)
    agreement_drafts.sign_agreement(stores, somchai, drafted.id)

    for asked, other in ((perera, "ucg"), (somchai, "tip")):
        bound = agreements.binding(stores, asked, other, SMUGGLING, Way.GRANT)
        assert [a.title for a in bound.agreements] == ["MoU 2024/7"]
    agreement_drafts.end_agreement(stores, somchai, drafted.id, "renegotiated")
    with pytest.raises(InvalidInputError) as ended:
        agreements.binding(stores, perera, "ucg", SMUGGLING, Way.GRANT)

    assert before.state is AgreementState.DRAFT
    assert "waits for a signature" in waiting.value.fields["agreement"]
    assert "was ended" in ended.value.fields["agreement"]
    assert agreements.read_agreement(stores, perera, drafted.id).this.reason == "renegotiated"
    with pytest.raises(ConflictError, match="ended already"):
        agreement_drafts.end_agreement(stores, perera, drafted.id, "again")


def test_what_is_typed_is_kept_whole(stores: Stores, perera: Ask) -> None:
    drafted = agreement_drafts.draft_agreement(stores, perera, TYPED)

    [read] = agreements.list_agreements(stores, perera)
    assert read.this == drafted
    assert read.this.ceiling("ucg").tlp is Tlp.GREEN
    assert [p.name for p in read.parties] == ["Tenggara Immigration Police", "Utara Coast Guard"]


@pytest.mark.parametrize(
    ("days", "partner", "purpose", "way", "cause", "said"),
    [
        (0, "nobody", SMUGGLING, Way.GRANT, "partner", "No agency of that name"),
        (0, "tip", SMUGGLING, Way.GRANT, "partner", "needs no agreement"),
        (0, "sfi", SMUGGLING, Way.GRANT, "none", "There is no agreement with Selatan FIU"),
        (0, "ucg", Purpose.MONEY.value, Way.GRANT, "purpose", "choose one of: migrant smuggling"),
        (0, "ucg", "anything", Way.GRANT, "purpose", "choose one of: migrant smuggling"),
        (0, "ucg", SMUGGLING, Way.PACKAGE, "way", "allowed: blind queries, grants"),
        (40, "ucg", SMUGGLING, Way.GRANT, "expired", "expired on 31 December 2026"),
        (-400, "ucg", SMUGGLING, Way.GRANT, "ahead", "comes into force on 1 January 2026"),
    ],
)
@pytest.mark.usefixtures("signed")
def test_each_reason_for_refusing_has_its_own_words_and_its_own_cause_in_the_log(
    stores: Stores, perera: Ask, days: int, partner: str, purpose: str, way: Way, cause: str, said: str
) -> None:
    agencies.save_agency(stores, Agency("sfi", "Selatan FIU", "XC"), NOW)
    asked = later(perera, days)

    with pytest.raises(InvalidInputError) as refused:
        agreements.binding(stores, asked, partner, purpose, way)

    assert said in " ".join(refused.value.fields.values())
    latest = stores.audit.events(actor="perera", tag=AuditTag.AGREEMENT_READ.value, limit=1)[0]
    assert (latest.outcome, latest.details["cause"]) == (Outcome.REFUSED, cause)


def test_a_marking_above_the_ceiling_is_refused_part_by_part(stores: Stores, perera: Ask, signed: Agreement) -> None:
    bound = agreements.binding(stores, perera, "ucg", SMUGGLING, Way.GRANT)

    def asked(marking: Marking) -> None:
        agreements.within(signed, bound.partner, limits_of(marking, agency="tip", state="XA", case="c"))

    asked(Marking(Tlp.GREEN, Release.NAMED_STATES, ("XB",)))
    with pytest.raises(InvalidInputError) as above:
        asked(Marking(Tlp.AMBER, Release.NAMED_STATES, ("XB",)))
    assert "the ceiling for Utara Coast Guard is TLP:GREEN" in above.value.fields["marking"]
    with pytest.raises(InvalidInputError, match="shared"):
        asked(Marking())


def test_nobody_signs_twice_nor_for_an_agency_that_has_officers_here(stores: Stores, perera: Ask, somchai: Ask) -> None:
    colleague = officer(stores, "chief", "tip", "XA", Role.SUPERVISOR)
    drafted = agreement_drafts.draft_agreement(stores, perera, TYPED)

    with pytest.raises(ConflictError, match="signed already"):
        agreement_drafts.sign_agreement(stores, colleague, drafted.id)
    for asked in (perera, colleague):
        with pytest.raises(ForbiddenError):
            agreement_drafts.sign_agreement(stores, asked, drafted.id, "ucg")
    agreement_drafts.sign_agreement(stores, somchai, drafted.id)
    with pytest.raises(ConflictError):
        agreement_drafts.sign_agreement(stores, somchai, drafted.id)


def test_for_a_party_without_officers_here_a_second_officer_attests(stores: Stores, perera: Ask) -> None:
    agencies.save_agency(stores, Agency("far", "Far Police", "XD"), NOW)
    colleague = officer(stores, "chief", "tip", "XA", Role.SUPERVISOR)
    drafted = agreement_drafts.draft_agreement(stores, perera, replace(TYPED, partners=("far",), ceilings={}))

    with pytest.raises(ForbiddenError, match="signed this agreement already"):
        agreement_drafts.sign_agreement(stores, perera, drafted.id, "far")
    made = agreement_drafts.sign_agreement(stores, later(colleague, 1), drafted.id, "far")

    assert [(s.agency, s.officer, s.on_paper) for s in made.signatures] == [
        ("tip", "perera", False),
        ("far", "chief", True),
    ]
    assert len(agreements.binding(stores, perera, "far", SMUGGLING, Way.QUERY).agreements) == 1


def test_only_parties_know_of_it_and_only_who_speaks_for_the_agency_reads_the_register(
    stores: Stores, signed: Agreement, wulan: Ask, prasert: Ask
) -> None:
    agencies.save_agency(stores, Agency("sfi", "Selatan FIU", "XC"), NOW)
    outsider = officer(stores, "outsider", "sfi", "XC", Role.LIAISON)
    analyst = officer(stores, "analyst", "tip", "XA", Role.ANALYST)

    assert agreements.list_agreements(stores, outsider) == []
    assert [r.this.id for r in agreements.list_agreements(stores, prasert)] == [signed.id]
    for act in (agreements.read_agreement, agreement_drafts.sign_agreement):
        with pytest.raises(NotFoundError):
            act(stores, outsider, signed.id)
    with pytest.raises(NotFoundError):
        agreement_drafts.end_agreement(stores, outsider, signed.id, "mine")
    with pytest.raises(ForbiddenError):
        agreements.list_agreements(stores, analyst)
    with pytest.raises(ForbiddenError):
        agreement_drafts.draft_agreement(stores, analyst, TYPED)
    assert agreements.list_to_heed(stores, later(wulan, 10)) != []
    assert agreements.list_to_heed(stores, later(wulan, -40)) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"basis": "x" * 301}, "basis"),
        ({"partners": ()}, "partners"),
        ({"partners": ("tip",)}, "partners"),
        ({"partners": ("nobody",)}, "partners"),
        ({"purposes": ()}, "purposes"),
        ({"purposes": ("fun",)}, "purposes"),
        ({"ways": ("pigeon",)}, "ways"),
        ({"start": "soon"}, "start"),
        ({"end": "2026-02"}, "end"),
        ({"end": "2026-06-30"}, "end"),
        ({"warning_days": "-1"}, "warning_days"),
        ({"warning_days": "²"}, "warning_days"),
        ({"ceilings": {"ucg": TypedCeiling(tlp="TLP:PINK")}}, "ceiling ucg"),
        ({"ceilings": {"ucg": TypedCeiling(release="own agency")}}, "ceiling ucg"),
        ({"ceilings": {"ucg": TypedCeiling(conditions=("none",))}}, "ceiling ucg"),
    ],
)
def test_a_draft_that_makes_no_sense_is_refused_by_field_and_leaves_nothing(
    stores: Stores, perera: Ask, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInputError) as error:
        agreement_drafts.draft_agreement(stores, perera, replace(TYPED, **wrong))  # type: ignore[arg-type]

    assert field in error.value.fields
    assert agreements.list_agreements(stores, perera) == []
