"""Releases through the services: drafted by one, signed by two, the same for ever, compared, proved, remembered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jpa.errors import CancelledError, ConflictError, ForbiddenError, IntegrityError, InvalidInputError, NotFoundError
from jpa.graph import grants
from jpa.interchange.editions import about_edition, write_plain, write_xlsx
from jpa.interchange.sdmx import write_sdmx
from jpa.model.draft import TypedOutcome
from jpa.model.grant import Grant
from jpa.model.ids import new_id
from jpa.model.job import JobKind, JobState
from jpa.model.judgement import Verdict
from jpa.model.officer import Role
from jpa.model.release import Definition, Release, ReleaseState, Status, edition_of
from jpa.services import frames, outcomes, release_orders, releases, resolution, retractions
from jpa.services.keeping import _sources
from jpa.services.release_upkeep import sweep_releases
from jpa.services.stores import Ask, Stores
from jpa.statistics.comparison import Cause, Moved
from jpa.statistics.merkle import verify
from jpa.statistics.tables import Credit
from tests.conftest import officer
from tests.integration.services.test_outcomes import case_with, later, outcome

ARRESTS = Definition("Arrests by state", "persons_arrested", ("state",), {}, "all", "", 3, 3, 1)
STATES = ("XA",) * 12 + ("XB",) * 9 + ("XC",) * 2 + ("XD",) * 6


@pytest.fixture
def tran(stores: Stores) -> Ask:
    return officer(stores, "tran", "tip", "XA", Role.SUPERVISOR)


@pytest.fixture
def lim(stores: Stores) -> Ask:
    return officer(stores, "lim", "tip", "XA", Role.SUPERVISOR)


@pytest.fixture
def people(stores: Stores, wulan: Ask) -> tuple[str, list[str], list[str]]:
    """A case with its persons and an arrest of each."""
    case, persons = case_with(stores, wulan, *(f"Man {n}" for n in range(len(STATES))))
    made = outcomes.record_outcomes(stores, wulan, [arrest(case, p, s) for p, s in zip(persons, STATES, strict=True)])
    return case, persons, [o.id for o in made]


def arrest(case: str, person: str, state: str) -> TypedOutcome:
    return outcome("arrested", case, person, date="2021-06-11", state=state)


def at(ask: Ask, days: int) -> Ask:
    return replace(ask, at=ask.at + timedelta(days=days))


def published(stores: Stores, one: Ask, other: Ask, definition: Definition = ARRESTS) -> Release:
    made = releases.draft_release(stores, one, definition)
    releases.sign_release(stores, one, made.id)
    return releases.sign_release(stores, other, made.id)


@pytest.mark.usefixtures("people")
def test_a_release_takes_two_supervisors_and_is_then_closed(stores: Stores, tran: Ask, lim: Ask) -> None:
    made = releases.draft_release(stores, tran, ARRESTS)
    first = releases.sign_release(stores, tran, made.id)
    with pytest.raises(ForbiddenError):
        releases.sign_release(stores, tran, made.id)

    second = releases.sign_release(stores, at(lim, 1), made.id)

    assert (made.state, first.state, second.state) == (ReleaseState.DRAFT, ReleaseState.DRAFT, ReleaseState.SIGNED)
    assert [s.by for s in second.signatures] == ["tran", "lim"]
    third = officer(stores, "ann", "tip", "XA", Role.SUPERVISOR)
    with pytest.raises(ConflictError):
        releases.sign_release(stores, third, made.id)
    gone = releases.withdraw_release(stores, at(lim, 2), made.id, "Wrong period")
    assert (gone.state, gone.reason) == (ReleaseState.WITHDRAWN, "Wrong period")
    assert releases.read_release(stores, tran, made.id).edition.figures != ()
    with pytest.raises(ConflictError):
        releases.withdraw_release(stores, at(tran, 3), made.id, "Again")


@pytest.mark.usefixtures("people")
def test_small_figures_are_held_back_in_every_file_and_the_files_are_the_same_bytes(stores: Stores, tran: Ask) -> None:
    made = releases.draft_release(stores, tran, ARRESTS)

    kept = releases.read_release(stores, tran, made.id)

    status = {f.place: (f.printed, f.status) for f in kept.edition.figures}
    assert status["XC",] == ("", Status.SUPPRESSED)
    assert sum(s is Status.SUPPRESSED for _, s in status.values()) == 2
    assert status["XA",] == ("12", Status.SHOWN)
    assert kept.reasons["XC",] == "fewer than 3"
    assert "XC,suppressed,suppressed" in write_plain(kept.edition).decode()
    assert "(1.0.0),I,XC,,Q,C," in write_sdmx(kept.edition).decode()
    for write in (write_plain, write_sdmx, write_xlsx):
        assert write(kept.edition) == write(releases.preview_release(stores, tran, ARRESTS).edition)


def test_running_again_gives_the_same_bytes_whatever_has_changed_since(
    stores: Stores, wulan: Ask, tran: Ask, lim: Ask, people: tuple[str, list[str], list[str]]
) -> None:
    case, persons, made = people
    rounded = replace(ARRESTS, rounding=5)
    first, second = published(stores, tran, lim), published(stores, at(tran, 1), at(lim, 1), rounded)
    resolution.judge(stores, later(wulan), persons[0], persons[1], Verdict.SAME, "same man")
    retractions.retract_outcome(stores, later(wulan), made[2], "wrong file")
    outcomes.record_outcomes(stores, at(wulan, 2), [arrest(case, "", "XE")])

    again = [releases.repeat_release(stores, tran, r.id) for r in (first, second)]

    assert [(r.same, r.why) for r in again] == [(True, ""), (True, "")]


@pytest.mark.usefixtures("people")
def test_kept_rows_are_sealed_and_backed_up_and_noticed_when_altered(stores: Stores, tran: Ask, tmp_path: Path) -> None:
    made = releases.draft_release(stores, tran, ARRESTS)
    path = stores.settings.releases_dir / made.id / made.rows_file
    assert b"Man" not in path.read_bytes()
    assert f"releases/{made.id}/{made.rows_file}" in _sources(stores.settings, tmp_path)

    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises(IntegrityError):
        releases.repeat_release(stores, tran, made.id)


def test_a_comparison_names_the_outcomes_that_moved_each_cell_and_why(
    stores: Stores, wulan: Ask, tran: Ask, lim: Ask, people: tuple[str, list[str], list[str]]
) -> None:
    case, persons, made = people
    first = published(stores, tran, lim)
    resolution.judge(stores, later(wulan), persons[0], persons[1], Verdict.SAME, "same man")
    retractions.retract_outcome(stores, later(wulan), made[12], "wrong file")
    outcomes.correct_outcome(stores, later(wulan), made[13], arrest(case, persons[13], "XD"))
    [late] = outcomes.record_outcomes(stores, at(wulan, 1), [arrest(case, persons[0], "XE")])
    second = releases.draft_release(stores, at(tran, 2), ARRESTS)

    found = releases.compare_releases(stores, at(tran, 2), first.id, second.id)

    moved = {m.place: m for m in found.moved}
    assert (moved["XA",].before, moved["XA",].after) == (12, 11)
    assert causes(moved["XA",]) == {Cause.MERGED}
    assert (moved["XB",].before, moved["XB",].after) == (9, 7)
    assert causes(moved["XB",]) == {Cause.RETRACTED, Cause.CORRECTED}
    assert (moved["XD",].before, moved["XD",].after) == (6, 7)
    assert causes(moved["XD",]) == {Cause.ENTERED_LATER}
    assert moved["XE",].before == 0
    assert late.id not in {m.outcome for c in found.moved for m in c.movers}, (
        "a supervisor outside the team reads no ids"
    )
    assert {m.outcome for c in found.moved for m in c.movers} == {releases.HIDDEN}


def causes(moved: Moved) -> set[Cause]:
    return {m.cause for m in moved.movers}


def test_an_outcome_is_proved_to_be_counted_and_one_that_is_not_has_no_proof(
    stores: Stores, tran: Ask, people: tuple[str, list[str], list[str]]
) -> None:
    made = releases.draft_release(stores, tran, ARRESTS)

    proof = releases.prove_inclusion(stores, tran, made.id, people[2][5])

    assert verify(bytes.fromhex(made.root), people[2][5], proof.inclusion)
    for other in ("0" * 32, "nonsense"):
        with pytest.raises(InvalidInputError):
            releases.prove_inclusion(stores, tran, made.id, other)


@pytest.mark.usefixtures("people")
def test_a_second_signature_is_refused_when_another_release_made_the_draft_tell_too_much(
    stores: Stores, tran: Ask, lim: Ask
) -> None:
    whole = replace(ARRESTS, dimensions=())
    others = replace(whole, where={"state": ("XA", "XB", "XD")})
    one, two = releases.draft_release(stores, tran, whole), releases.draft_release(stores, at(tran, 1), others)
    for draft in (one, two):
        releases.sign_release(stores, tran, draft.id)
    releases.sign_release(stores, lim, one.id)

    with pytest.raises(ConflictError, match="state XC"):
        releases.sign_release(stores, lim, two.id)


@pytest.mark.usefixtures("people", "prasert")
def test_another_agency_and_other_roles_know_of_no_release(stores: Stores, wulan: Ask, tran: Ask) -> None:
    made = releases.draft_release(stores, tran, ARRESTS)
    foreign = officer(stores, "mai", "ucg", "XB", Role.SUPERVISOR)

    assert releases.list_releases(stores, foreign) == []
    with pytest.raises(NotFoundError):
        releases.read_release(stores, foreign, made.id)
    with pytest.raises(ForbiddenError):
        releases.read_release(stores, wulan, made.id)
    with pytest.raises(ForbiddenError):
        releases.draft_release(stores, wulan, ARRESTS)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(ARRESTS, title=""), "title"),
        (replace(ARRESTS, k=2), "k"),
        (replace(ARRESTS, width=2), "width"),
        (replace(ARRESTS, rounding=0), "rounding"),
        (replace(ARRESTS, dimensions=("case",)), "dimensions"),
        (replace(ARRESTS, measure="victims_rescued", dimensions=("month",)), "dimensions"),
        (replace(ARRESTS, where={"place": ("Jetty",)}), "dimensions"),
        (replace(ARRESTS, measure="nonsense"), "measure"),
        (replace(ARRESTS, credit="in the period", jpa="nothing"), "jpa"),
    ],
)
def test_a_definition_that_cannot_be_is_refused_by_its_field(
    stores: Stores, tran: Ask, wrong: Definition, field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        releases.draft_release(stores, tran, wrong)

    assert field in refused.value.fields
    assert releases.list_releases(stores, tran) == []


@pytest.mark.usefixtures("people")
def test_a_table_left_to_the_worker_becomes_one_draft_and_what_lies_about_afterwards_is_swept(
    stores: Stores, tran: Ask
) -> None:
    sweep_releases(stores, datetime.now(UTC), timedelta(0))
    job = release_orders.order_release(stores, tran, ARRESTS)
    seen: list[tuple[int, int]] = []

    def ended(done: int, total: int) -> None:
        raise CancelledError(f"{done} of {total}")

    with pytest.raises(CancelledError):
        release_orders.do_order(stores, tran, job, ended)
    assert releases.list_releases(stores, tran) == []
    assert sweep_releases(stores, datetime.now(UTC), timedelta(0)) == 0, "an open job keeps its order"
    made = release_orders.do_order(stores, tran, job, lambda done, total: seen.append((done, total)))
    again = release_orders.do_order(stores, tran, job, lambda _, __: None)

    assert (made.id, again.id, len(releases.list_releases(stores, tran))) == (job.id, job.id, 1)
    assert (job.kind, len(seen) > 0) == (JobKind.RELEASE, True)
    assert releases.repeat_release(stores, tran, made.id).same
    stores.jobs.end(job.id, JobState.DONE, "", tran.at)
    (stores.settings.releases_dir / "f00").mkdir()
    (stores.settings.releases_dir / "f00" / "ba4").write_bytes(b"left by a crash")
    assert sweep_releases(stores, datetime.now(UTC)) == 0, "young files are left"
    assert sweep_releases(stores, datetime.now(UTC) + timedelta(days=2)) == 2
    assert releases.repeat_release(stores, tran, made.id).same, "what a release was made from is never swept"


def test_another_agency_s_release_of_the_same_outcomes_is_remembered(
    stores: Stores, tran: Ask, lim: Ask, people: tuple[str, list[str], list[str]]
) -> None:
    theirs = officer(stores, "mai", "ucg", "XB", Role.SUPERVISOR), officer(stores, "chai", "ucg", "XB", Role.SUPERVISOR)
    given = Grant(
        new_id(tran.at), people[0], "ucg", tuple(a.officer.id for a in theirs), tran.at, tran.at + timedelta(days=99), "figures", "g-1", True
    )  # fmt: skip
    stores.graph.upkeep(lambda tx: grants.save_tx(tx, given))
    published(stores, tran, lim, replace(ARRESTS, dimensions=()))
    others = replace(ARRESTS, title="All but one", dimensions=(), where={"state": ("XA", "XB", "XD")})

    with pytest.raises(InvalidInputError) as refused:
        releases.preview_release(stores, theirs[0], others)

    assert releases.list_releases(stores, theirs[0]) == []
    assert "XC" not in refused.value.fields["table"]
    assert releases.preview_release(stores, theirs[0], ARRESTS).reasons.keys() >= {("XC",)}


@pytest.mark.usefixtures("people")
def test_percentages_are_released_and_run_again_to_the_byte(stores: Stores, tran: Ask) -> None:
    made = releases.draft_release(stores, tran, replace(ARRESTS, shares=True))

    kept = releases.read_release(stores, tran, made.id)

    shown = {f.place: f.printed for f in kept.edition.figures}
    assert (shown["XA",], shown["XC",], shown[None,]) == ("41", "", "100")
    assert kept.edition.label == "Persons arrested, percent of the total"
    assert releases.repeat_release(stores, tran, made.id).same


@pytest.mark.usefixtures("people")
def test_a_release_about_a_joint_period_names_it_in_every_file(stores: Stores, tran: Ask) -> None:
    registrar = officer(stores, "reg", "tip", "XA", Role.ADMINISTRATOR)
    jpa = frames.create_jpa(
        stores, registrar, frames.TypedJpa("8", "JPA 8, 2021", "2021-06-01", "2021-07-31", ("XA", "XB"))
    )

    made = releases.draft_release(stores, tran, replace(ARRESTS, credit=Credit.IN_PERIOD.value, jpa=jpa.id))

    edition = releases.read_release(stores, tran, made.id).edition
    assert ("Joint period", "JPA 8, 2021 (2021-06-01 to 2021-07-31)") in about_edition(edition)
    assert jpa.id not in dict(about_edition(edition)).values()
    of_all = replace(edition, definition=replace(edition.definition, credit=Credit.ALL.value))
    assert "Credited" not in dict(about_edition(of_all)), (
        "a period that nothing is credited to is no part of what a table says"
    )
    assert edition_of(edition.content()) == edition
    assert releases.repeat_release(stores, tran, made.id).same
