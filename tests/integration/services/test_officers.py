"""Officers: log-in and place in the graph change together; agencies and joint periods are checked before they are kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jpa.errors import AuthenticationError, ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from jpa.graph import agencies as graph_agencies
from jpa.graph.cypher import upkeep
from jpa.graph.session import Tx
from jpa.model.account import Account
from jpa.model.audit import AuditTag, Outcome
from jpa.model.case import Agency, CaseState, Jpa, TeamRole
from jpa.model.ids import new_id
from jpa.model.officer import Role
from jpa.operations.tables import accounts
from jpa.services import agencies, case_entries, cases, frames, officers, starts, teams
from jpa.services.cases import NewCase
from jpa.services.frames import TypedJpa, TypedPlan
from jpa.services.installation import Installation
from jpa.services.officers import LoginState, NewOfficer, Owner
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW, officer
from tests.web.conftest import empty_accounts

OWNER = Owner(NOW)
GONE = upkeep("MATCH (o:Officer {id: $id}) DETACH DELETE o")
TYPED = NewOfficer("Dewi.TIP", "Insp. Dewi", "tip", frozenset({Role.CONTRIBUTE}))
PERIOD = TypedJpa("7", "JPA 7, 2027", "2027-01-01", "31.12.2027", ("XB", "XA"), "smuggling by sea")


@pytest.fixture
def here(installation: Installation, stores: Stores) -> Installation:
    assert stores is installation.stores
    empty_accounts(installation)
    return installation


@pytest.fixture
def admin(here: Installation) -> Ask:
    return administrator(here, "lim.tip")


def administrator(here: Installation, login: str) -> Ask:
    made, _ = officers.create_officer(here, OWNER, NewOfficer(login, "K. Lim", "tip", frozenset({Role.ADMINISTRATOR})))
    return Ask(made.officer, NOW)


def place(here: Installation, account: str) -> graph_agencies.Place | None:
    return here.stores.graph.upkeep(lambda tx: graph_agencies.places_tx(tx, account)).get(account)


def lose_place(here: Installation, account: Account, *, active: bool | None = None) -> None:
    """Leave the graph as a crash after the operations store leaves it."""

    def work(tx: Tx) -> None:
        if active is None:
            tx.run(GONE, id=account.id)
        else:
            graph_agencies.save_officer_tx(tx, account.officer, active=active)

    here.stores.graph.upkeep(work)


def test_a_new_officer_has_a_log_in_and_a_place_and_logs_in_with_the_password_shown_once(
    here: Installation, admin: Ask
) -> None:
    account, password = officers.create_officer(here, admin, TYPED)

    entered = here.accounts.authenticate("dewi.tip", password, "", NOW)

    assert (entered.id, entered.state, entered.must_change) == (account.id, "XA", True)
    assert place(here, account.id) == graph_agencies.Place("Insp. Dewi", "tip", ("contribute",), active=True)
    event = here.stores.audit.events(actor=admin.officer.id, tag=AuditTag.OFFICER_CREATED, limit=1)[0]
    assert (event.outcome, event.details["officer"]) == (Outcome.DONE, account.id)
    with here.operations.reading() as connection:
        stored = "".join(str(row) for row in connection.execute(accounts.select()))
    assert password not in stored
    assert password not in str(here.stores.audit.events(limit=500))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (replace(TYPED, login="x"), "login"),
        (replace(TYPED, login="two words"), "login"),
        (replace(TYPED, login="d" * 81), "login"),
        (replace(TYPED, name=" "), "name"),
        (replace(TYPED, name="n" * 201), "name"),
        (replace(TYPED, agency="nowhere"), "agency"),
        (replace(TYPED, roles=frozenset()), "roles"),
        (replace(TYPED, login="LIM.tip"), "login"),
    ],
)
def test_a_new_officer_is_refused_by_field_and_nothing_is_kept(
    here: Installation, admin: Ask, typed: NewOfficer, field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        officers.create_officer(here, admin, typed)

    assert set(refused.value.fields) == {field}
    assert [a.login for a in here.accounts.listed()] == ["lim.tip"]


def test_a_creation_cut_short_before_the_graph_is_finished_by_doing_it_again(here: Installation, admin: Ask) -> None:
    first, old = officers.create_officer(here, admin, TYPED)
    lose_place(here, first)

    again, new = officers.create_officer(here, admin, TYPED)

    assert again.id == first.id
    assert place(here, first.id) is not None
    assert here.accounts.authenticate("dewi.tip", new, "", NOW).id == first.id
    with pytest.raises(AuthenticationError):
        here.accounts.authenticate("dewi.tip", old, "", NOW)
    with pytest.raises(InvalidInputError, match="not created"):
        officers.create_officer(here, admin, TYPED)


@pytest.mark.parametrize("active", [None, False])
def test_a_place_that_a_crash_left_behind_is_named_and_mended_by_save_log_in_or_start(
    here: Installation, admin: Ask, active: bool | None
) -> None:
    account, _ = officers.create_officer(here, admin, TYPED)
    wanted = place(here, account.id)
    mended = []

    for mend in (
        lambda: officers.change_officer(here, admin, account.id, name=account.name, roles=account.roles),
        lambda: officers.sign_in(here, account, NOW),
        lambda: officers.bring_in_step(here, NOW),
    ):
        lose_place(here, account, active=active)
        assert not officers.read_officer(here, admin, account.id).row.in_step
        mend()
        mended.append(place(here, account.id))

    assert mended == [wanted] * 3
    assert officers.bring_in_step(here, NOW) == 0


def test_disabling_ends_sessions_and_tokens_and_enabling_brings_neither_back(here: Installation, admin: Ask) -> None:
    account, password = officers.create_officer(here, admin, TYPED)
    session = here.sessions.create(account.id, {}, "browser", NOW)
    token = here.tokens.create(new_id(NOW), account.id, "script", NOW + timedelta(days=1), NOW)
    before = officers.read_officer(here, admin, account.id)

    officers.disable_officer(here, admin, account.id)
    disabled = place(here, account.id)
    with pytest.raises(AuthenticationError):
        here.accounts.authenticate("dewi.tip", password, "", NOW)
    officers.enable_officer(here, admin, account.id)

    assert (before.sessions, before.tokens) == (1, 1)
    assert disabled is not None
    assert not disabled.active
    assert here.sessions.load(session, NOW) is None
    assert here.tokens.find(token, NOW) is None
    assert here.accounts.authenticate("dewi.tip", password, "", NOW).id == account.id
    assert officers.read_officer(here, admin, account.id).row.in_step


def test_a_reset_ends_sessions_releases_the_lock_and_must_be_changed(here: Installation, admin: Ask) -> None:
    account, old = officers.create_officer(here, admin, TYPED)
    here.accounts.set_password(account.id, old, "four quite unrelated words")
    session = here.sessions.create(account.id, {}, "browser", NOW)
    for _ in range(5):
        with pytest.raises(AuthenticationError):
            here.accounts.authenticate("dewi.tip", "wrong", "", NOW)
    locked = officers.list_officers(here, admin, state=LoginState.LOCKED)

    new = officers.reset_password(here, admin, account.id)

    assert [r.account.id for r in locked] == [account.id]
    assert here.accounts.authenticate("dewi.tip", new, "", NOW).must_change
    assert here.sessions.load(session, NOW) is None
    assert len({old, new, officers.reset_password(here, admin, account.id)}) == 3


def test_no_administrator_locks_themself_out_and_the_last_one_stays(here: Installation, admin: Ask) -> None:
    me = admin.officer.id

    with pytest.raises(ConflictError, match="yourself"):
        officers.disable_officer(here, admin, me)
    with pytest.raises(InvalidInputError) as demoted:
        officers.change_officer(here, admin, me, name="K. Lim", roles=frozenset({Role.READ}))
    with pytest.raises(ConflictError, match="account page"):
        officers.reset_password(here, admin, me)
    with pytest.raises(ConflictError, match="last active administrator"):
        officers.disable_officer(here, OWNER, me)
    with pytest.raises(ConflictError, match="last active administrator"):
        officers.change_officer(here, OWNER, me, name="K. Lim", roles=frozenset({Role.READ}))
    second = administrator(here, "tan.tip")
    officers.disable_officer(here, second, me)

    assert "roles" in demoted.value.fields
    assert here.accounts.known(me).disabled
    assert not here.accounts.known(second.officer.id).disabled


def test_only_an_administrator_looks_after_officers_agencies_and_joint_periods(here: Installation, wulan: Ask) -> None:
    acts = (
        lambda: officers.list_officers(here, wulan),
        lambda: officers.create_officer(here, wulan, TYPED),
        lambda: officers.disable_officer(here, wulan, wulan.officer.id),
        lambda: officers.reset_password(here, wulan, wulan.officer.id),
        lambda: agencies.create_agency(here.stores, wulan, Agency("new", "New", "XA")),
        lambda: agencies.change_agency(here.stores, wulan, "tip", name="Other", desk=""),
        lambda: frames.create_jpa(here.stores, wulan, PERIOD),
    )

    for act in acts:
        with pytest.raises(ForbiddenError):
            act()


def test_an_officer_that_is_not_there_is_not_found(here: Installation, admin: Ask) -> None:
    for act in (officers.read_officer, officers.disable_officer, officers.reset_password, officers.release_officer):
        with pytest.raises(NotFoundError):
            act(here, admin, "0" * 32)


def test_officers_are_found_by_words_agency_and_state(here: Installation, admin: Ask) -> None:
    officers.create_officer(here, admin, TYPED)
    officers.create_officer(here, admin, NewOfficer("budi.ucg", "Lt. Budi", "ucg", frozenset({Role.READ})))

    def logins(**asked: str) -> list[str]:
        return [r.account.login for r in officers.list_officers(here, admin, **asked)]  # type: ignore[arg-type]

    assert logins() == ["budi.ucg", "dewi.tip", "lim.tip"]
    assert logins(words="insp dewi") == ["dewi.tip"]
    assert logins(agency="ucg") == ["budi.ucg"]
    assert logins(words="nobody") == []
    assert officers.list_officers(here, admin, state=LoginState.DISABLED) == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (Agency("x", "New", "XA"), "id"),
        (Agency("New Agency", "New", "XA"), "id"),
        (Agency("tip", "New", "XA"), "id"),
        (Agency("new", "", "XA"), "name"),
        (Agency("new", "New", "DE"), "state"),
        (Agency("new", "New", "XA", "d" * 201), "desk"),
    ],
)
def test_a_new_agency_is_refused_by_field(here: Installation, admin: Ask, typed: Agency, field: str) -> None:
    before = agencies.list_agencies(here.stores, admin)

    with pytest.raises(InvalidInputError) as refused:
        agencies.create_agency(here.stores, admin, typed)

    assert set(refused.value.fields) == {field}
    assert agencies.list_agencies(here.stores, admin) == before


def test_states_list_the_members_with_their_agencies(here: Installation, admin: Ask) -> None:
    agencies.create_agency(here.stores, admin, Agency("rtp", " Royal Police ", "TH", "desk 4"))
    agencies.change_agency(here.stores, admin, "rtp", name="Royal Police Bureau", desk="desk 5")

    rows = {row.code: row for row in agencies.list_states(here.stores, admin)}

    assert rows["TH"].agencies == [Agency("rtp", "Royal Police Bureau", "TH", "desk 5")]
    assert [a.id for a in rows["XA"].agencies] == ["tip"]
    assert "XD" not in rows
    assert len(rows) == 45 + 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (replace(PERIOD, number="seven"), "number"),
        (replace(PERIOD, number="0"), "number"),
        (replace(PERIOD, name=""), "name"),
        (replace(PERIOD, start="2027"), "start"),
        (replace(PERIOD, end="31.13.2027"), "end"),
        (replace(PERIOD, end="2026-12-31"), "end"),
        (replace(PERIOD, end=PERIOD.start), "end"),
        (replace(PERIOD, states=("XA", "ZZ")), "states"),
        (replace(PERIOD, focus="f" * 501), "focus"),
    ],
)
def test_a_joint_period_is_refused_by_field(here: Installation, admin: Ask, typed: TypedJpa, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        frames.create_jpa(here.stores, admin, typed)

    assert set(refused.value.fields) == {field}
    assert frames.list_frames(here.stores, admin) == []


def test_a_joint_period_keeps_its_number_to_itself_and_the_parties_of_its_plans(here: Installation, admin: Ask) -> None:
    stores = here.stores
    made = frames.create_jpa(stores, admin, PERIOD)
    plan = frames.create_plan(stores, admin, made.id, TypedPlan("Plan Selat", ("XB", "XA", "TH")))

    with pytest.raises(InvalidInputError) as twice:
        frames.create_jpa(stores, admin, PERIOD)
    with pytest.raises(InvalidInputError) as without:
        frames.change_jpa(stores, admin, made.id, replace(PERIOD, states=("XA", "TH")))
    with pytest.raises(InvalidInputError) as lonely:
        frames.change_plan(stores, admin, made.id, plan.id, TypedPlan("Plan Selat", ("XA", "TH")))
    with pytest.raises(InvalidInputError) as named:
        frames.create_plan(stores, admin, made.id, TypedPlan("plan selat", ("XA", "XB")))
    with pytest.raises(NotFoundError):
        frames.change_plan(stores, admin, made.id, "0" * 32, TypedPlan("Plan", ("XA", "XB")))
    changed = frames.change_jpa(stores, admin, made.id, replace(PERIOD, states=("XA", "XB", "XC"), focus=""))

    assert (set(twice.value.fields), set(named.value.fields)) == ({"number"}, {"name"})
    assert "Utara" in without.value.fields["states"]
    assert "states" in lonely.value.fields
    assert changed == Jpa(made.id, 7, "JPA 7, 2027", "2027-01-01", "2027-12-31", changed.states)
    assert set(changed.states) == {"XA", "XB", "XC"}
    assert plan.states == tuple(s for s in made.states if s in {"XA", "XB"})


def test_a_reader_sees_the_joint_periods_and_plans_of_the_own_state_alone(
    here: Installation, admin: Ask, wulan: Ask, prasert: Ask
) -> None:
    made = frames.create_jpa(here.stores, admin, replace(PERIOD, states=("XA", "XC", "TH")))
    frames.create_plan(here.stores, admin, made.id, TypedPlan("Plan Timur", ("XC", "TH")))

    mine = frames.list_frames(here.stores, wulan)

    assert [(f.jpa.id, f.plans) for f in mine] == [(made.id, [])]
    assert frames.list_frames(here.stores, prasert) == []
    with pytest.raises(NotFoundError):
        frames.read_frame(here.stores, prasert, made.id)


def test_a_lead_hands_a_case_over_and_a_case_never_loses_its_last_lead(stores: Stores, wulan: Ask) -> None:
    case = cases.open_case(stores, wulan, NewCase("T-1", "Selat")).id
    able = officer(stores, "rahman", "tip", "XA", Role.LEAD)
    unable = officer(stores, "dewi", "tip", "XA", Role.CONTRIBUTE)
    teams.join_team(stores, wulan, case, unable.officer.id, TeamRole.MEMBER)

    with pytest.raises(ConflictError, match="needs a lead"):
        teams.join_team(stores, wulan, case, wulan.officer.id, TeamRole.MEMBER)
    for who in (unable.officer.id, "nobody"):
        with pytest.raises(InvalidInputError):
            teams.hand_over(stores, wulan, case, who)
    with pytest.raises(InvalidInputError):
        teams.join_team(stores, wulan, case, unable.officer.id, TeamRole.LEAD)
    teams.hand_over(stores, wulan, case, able.officer.id)
    with pytest.raises(ForbiddenError):
        teams.hand_over(stores, wulan, case, wulan.officer.id)

    roles = {m.officer: m.role for m in cases.read_case(stores, able, case).team}
    assert roles == {"rahman": TeamRole.LEAD, "wulan": TeamRole.MEMBER, "dewi": TeamRole.MEMBER}
    assert teams.list_teams(stores, wulan).rows[0].role is TeamRole.MEMBER


def test_teams_show_only_cases_that_may_be_read(stores: Stores, wulan: Ask, prasert: Ask) -> None:
    wide = cases.open_case(stores, wulan, NewCase("T-1", "Wide", open_in_agency=True)).id
    cases.open_case(stores, wulan, NewCase("T-2", "Narrow"))
    tran = officer(stores, "tran", "tip", "XA", Role.SUPERVISOR)

    seen = starts.for_supervisor(stores, tran)
    foreign = starts.for_supervisor(stores, prasert)

    assert [(r.case.id, r.leads, r.size, r.role) for r in seen.teams.rows] == [(wide, ("Wulan",), 1, None)]
    assert seen.figures is None
    assert (foreign.teams.total, foreign.figures, foreign.changes) == (0, None, [])
    assert {r.case.number for r in teams.list_teams(stores, wulan).rows} == {"T-1", "T-2"}


def test_a_closed_case_takes_nothing_until_its_lead_opens_it_again(stores: Stores, wulan: Ask) -> None:
    case = cases.open_case(stores, wulan, NewCase("T-1", "Selat", "Kept summary")).id

    cases.change_case(stores, wulan, case, status=CaseState.CLOSED)
    with pytest.raises(ConflictError, match="closed"):
        case_entries.record_decision(stores, wulan, case, decision="Go on", reason="Because", alternative="")
    opened = cases.change_case(stores, wulan, case, status=CaseState.OPEN)
    with pytest.raises(InvalidInputError):
        cases.change_case(stores, wulan, case, summary="s" * 4001)

    assert (opened.status, opened.summary, opened.open_in_agency) == (CaseState.OPEN, "Kept summary", False)


def test_a_start_page_tells_what_changed_since_yesterday_and_not_before(stores: Stores, wulan: Ask) -> None:
    case = cases.open_case(stores, wulan, NewCase("T-1", "Selat")).id
    for days in (2, 0):
        at = replace(wulan, at=wulan.at - timedelta(days=days))
        case_entries.record_decision(stores, at, case, decision=f"{days} days ago", reason="Because", alternative="")

    changes = starts.for_investigator(stores, wulan).changes

    assert [(c.what, c.number, c.by) for c in changes] == [("0 days ago", "T-1", "Wulan")]


def test_an_officer_who_lost_the_role_of_lead_is_not_handed_a_case(here: Installation, wulan: Ask) -> None:
    stores = here.stores
    case = cases.open_case(stores, wulan, NewCase("T-1", "Selat")).id
    made, _ = officers.create_officer(here, OWNER, replace(TYPED, roles=frozenset({Role.LEAD})))
    teams.join_team(stores, wulan, case, made.id, TeamRole.MEMBER)

    officers.change_officer(here, OWNER, made.id, name=made.name, roles=frozenset({Role.READ}))

    with pytest.raises(InvalidInputError):
        teams.hand_over(stores, wulan, case, made.id)
