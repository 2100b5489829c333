"""Attribution in the pages: dates fill a form and claim nothing, a colleague signs from the start page, history stays."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import pytest
from flask.testing import FlaskClient

from jpa.graph.cases import save_jpa_tx
from jpa.model.case import Jpa
from jpa.model.draft import TypedOutcome
from jpa.model.officer import Role
from jpa.services import attribution, cases, claims, outcomes
from jpa.services.cases import NewCase
from jpa.services.claims import TypedClaim
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW
from tests.web.conftest import Login, post

ONE = Jpa("1" * 32, 1, "JPA 1, 2021", "2021-03-01", "2021-06-30", ("XA", "XB"))
REASON = "Utara answered the request made under it."


@dataclass(frozen=True, slots=True)
class Desk:
    """A lead with an old case, a supervisor, and somebody of another agency."""

    lead: FlaskClient
    supervisor: FlaskClient
    foreign: FlaskClient
    ask: Ask
    case: str

    @property
    def page(self) -> str:
        """Address of the attribution of the case."""
        return f"/cases/{self.case}/attribution"

    def claim(self, stores: Stores, **said: str) -> str:
        """Claim as the lead would and return the claim's id."""
        typed = {
            "basis": "advanced under",
            "share": "1/2",
            "reason": REASON,
            "evidence": "R3",
            "target": self.case,
            **said,
        }
        return claims.make_claim(stores, self.ask, self.case, TypedClaim(jpa=ONE.id, **typed)).id


@pytest.fixture
def desk(login: Login, installation: Installation, stores: Stores) -> Desk:
    stores.graph.upkeep(partial(save_jpa_tx, jpa=ONE))
    lead = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    account = installation.accounts.find("lead.tip")
    assert account is not None
    ask = Ask(account.officer, NOW)
    opened = datetime(2020, 11, 19, 9, tzinfo=UTC)
    case = cases.open_case(stores, ask, NewCase("T-1", "Camp", jpa=ONE.id, open_in_agency=True, opened=opened)).id
    verdict = {"date": ["2023-04-28"], "state": ["XA"], "reference": ["D-1"], "charge": ["1"]}
    outcomes.record_outcomes(stores, ask, [TypedOutcome("convicted", verdict, case)])
    return Desk(lead, login(Role.SUPERVISOR), login(Role.SUPERVISOR, "ucg", "XB"), ask, case)


def test_what_dates_suggest_fills_the_form_and_claims_nothing(desk: Desk, stores: Stores) -> None:
    page = desk.lead.get(desk.page).text
    address = (
        page.split("What dates alone would suggest")[1]
        .split('<a class="btn" href="')[1]
        .split('"')[0]
        .replace("&amp;", "&")
    )

    filled = desk.lead.get(address).text

    assert f'href="{desk.page}"' in desk.lead.get(f"/cases/{desk.case}").text
    assert "the case stands under the period, and was opened on 19 November 2020, before the period" in page
    assert f'<option value="{ONE.id}" selected>' in filled
    assert "<option selected>advanced under</option>" in filled
    assert "Conviction, D-1, 1, 2023-04-28" in filled
    assert attribution.read_attribution(stores, desk.ask, desk.case).lines == []


def test_a_claim_is_made_signed_by_the_supervisor_from_the_start_page_and_withdrawn(desk: Desk) -> None:
    refused = post(desk.lead, desk.page, jpa=ONE.id, basis="advanced under", share="2", reason=REASON, evidence="R3")
    made = post(desk.lead, desk.page, jpa=ONE.id, basis="advanced under", share="1/2", reason=REASON, evidence="R3")
    waiting = desk.lead.get(desk.page).text
    start, queue = desk.supervisor.get("/").text, desk.supervisor.get("/claims").text
    address = start.split('action="/claims/')[1].split('"')[0]
    signed = post(desk.supervisor, f"/claims/{address}")
    counted = desk.lead.get(desk.page).text
    gone = post(desk.lead, f"/claims/{address.split('/')[0]}/withdraw", reason="It was another request.")
    after = desk.lead.get(desk.page).text

    assert refused.status_code == 422
    assert REASON in refused.text  # what was typed is still there
    assert made.status_code == signed.status_code == gone.status_code == 302
    assert "waits for a second signature" in waiting
    assert "1/2 missing" in waiting
    assert "of T-1 Camp is credited to no joint period" in waiting
    for page in (start, queue):
        assert "T-1 Camp" in page
        assert "You sign that 1/2 of T-1 Camp is credited to JPA 1, 2021" in page
        assert REASON in page
    assert "Claims for your second signature" not in desk.supervisor.get("/").text
    assert "signed by Supervisor" in counted
    assert "The claim that credits 1/2 of T-1 Camp to JPA 1, 2021 is withdrawn." in counted
    assert "withdrawn by Lead" in after
    assert "It was another request." in after


def test_the_author_has_no_button_to_sign_and_another_agency_no_page(desk: Desk, stores: Stores) -> None:
    claim = desk.claim(stores)

    assert "/sign" not in desk.lead.get(desk.page).text
    assert "/sign" not in desk.lead.get("/").text
    assert post(desk.lead, f"/claims/{claim}/sign").status_code == 403
    assert desk.foreign.get(desk.page).status_code == 404
    assert post(desk.foreign, f"/claims/{claim}/sign").status_code == 404
    assert post(desk.foreign, f"/claims/{claim}/withdraw", reason="why").status_code == 404
    assert "No claim waits for you" in desk.foreign.get("/claims").text
    assert "/sign" in desk.supervisor.get(desk.page).text


def test_what_was_done_without_a_case_is_claimed_from_its_ledger_and_signed_from_the_queue(
    desk: Desk, stores: Stores
) -> None:
    said = TypedOutcome("training session", {"date": ["2021-03-10"]}, jpa=ONE.id)
    outcomes.record_outcomes(stores, desk.ask, [said])
    page = f"/jpas/{ONE.id}/outcomes/attribution"
    ledger, before = desk.lead.get(f"/jpas/{ONE.id}/outcomes").text, desk.lead.get(page).text
    address = before.split('<a class="btn" href="')[1].split('"')[0].replace("&amp;", "&")

    filled = desk.lead.get(address).text
    made = post(desk.lead, page, jpa=ONE.id, basis="opened under", share="1", reason=REASON, evidence="minutes")
    queue = desk.supervisor.get("/claims").text
    claim = queue.split('action="/claims/')[1].split("/")[0]
    signed = post(desk.supervisor, f"/claims/{claim}/sign")

    assert f'href="{page}"' in ledger
    assert "reported under the period; 1 of 1 are dated inside it" in before
    assert "<option selected>opened under</option>" in filled
    assert "Training session, 2021-03-10" in filled
    assert made.status_code == signed.status_code == 302
    assert made.location.endswith(page)
    assert signed.location.endswith(page)
    assert f'<a href="{page}">What was done under JPA 1, 2021 without a case</a>' in queue
    assert "signed by Supervisor" in desk.lead.get(page).text
    assert "Nothing is credited to a joint period" in desk.foreign.get(page).text
    assert post(desk.foreign, f"/claims/{claim}/withdraw", reason="why").status_code == 404
