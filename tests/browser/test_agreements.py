"""A liaison officer drafts an agreement, the other agency signs, a person is ticked and granted, read there, and revoked."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from jpa.model.draft import TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Role
from jpa.services import cases, reports
from jpa.services.cases import NewCase
from jpa.services.stores import Ask, Stores
from tests.browser.conftest import shortcut
from tests.browser.test_evidence import confirm
from tests.web.conftest import PASSWORD, Login

pytestmark = pytest.mark.browser
TODAY = datetime.now(UTC).date()
SOON = (TODAY + timedelta(days=30)).isoformat()


def log_in_as(page: Page, address: str, login: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{address}/login")
    page.fill("#f-login", login)
    page.fill("#f-password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Start')")


def open_on_a_slow_line(page: Page, link: str, button: str) -> None:
    """Open a page whose script is long in coming: what the script asks back for cannot be pressed before it is there."""
    on_its_way: list[Route] = []
    page.route("**/app.*.js", lambda route: on_its_way.append(route))  # noqa: PLW0108 -- Playwright cannot mark a bound method
    page.click(link, no_wait_after=True)
    page.wait_for_url("**/agreements/*", wait_until="commit")
    page.wait_for_timeout(1500)
    assert page.locator(button).count() == 0
    on_its_way.pop().continue_()
    page.unroute("**/app.*.js")


def test_an_agreement_is_signed_by_two_and_a_person_granted_under_it_and_revoked(
    address: str, browser_page: Page, login: Login, stores: Stores, wulan: Ask
) -> None:
    login(Role.LIAISON)
    login(Role.SUPERVISOR, "ucg", "XB")
    case = cases.open_case(stores, wulan, NewCase("T-2024-0117", "Selat crossing", open_in_agency=True)).id
    people = (
        TypedRecord("1", "Person", {"name": ["Rahim Uddin"]}),
        TypedRecord("2", "Person", {"name": ["Hla Myint"]}),
    )
    marking = Marking(Tlp.AMBER, Release.NAMED_STATES, ("XB",))
    said = TypedReport(case, "Boarding report", "CG-1", "2024", Grade("4x4", "B", "2"), marking, "", people)
    rahim = reports.add_report(stores, wulan, said).records[0].id
    page, faults = browser_page, []
    page.on("pageerror", lambda error: faults.append(str(error)))

    log_in_as(page, address, "liaison.tip")
    page.goto(f"{address}/agreements/")
    page.click("text=Draft the first one")
    page.check("label:has-text('Utara Coast Guard')")
    page.click("text=Go on")
    for name, text in (("title", "MoU 2024/7"), ("basis", "Article 4"), ("start", TODAY.isoformat()), ("end", SOON)):
        page.fill(f"#f-{name}", text)
    page.check("label:has-text('migrant smuggling')")
    page.check("label[for='f-ways-grants']")
    shortcut(page, "Control+Enter")
    page.wait_for_selector("text=It binds once the other party has signed")

    log_in_as(page, address, "supervisor.ucg")
    open_on_a_slow_line(page, "text=MoU 2024/7", "button:has-text('Sign')")
    page.click("button:has-text('Sign')")
    confirm(page, "You sign MoU 2024/7 for Utara Coast Guard")
    page.wait_for_selector("text=You signed this agreement")

    log_in_as(page, address, "liaison.tip")
    page.goto(f"{address}/cases/{case}")
    page.click(".actions a:has-text('Grant')")
    page.click("summary:has-text('2 records')")
    page.check(f"#c-{rahim}")
    page.fill("#f-end", SOON)
    shortcut(page, "Control+Enter")
    confirm(page, "The other agency reads what you choose")
    page.wait_for_selector("text=The other agency reads it from now on")
    grant = page.url

    log_in_as(page, address, "supervisor.ucg")
    page.goto(grant)
    page.click("text=Rahim Uddin")
    expect(page.locator("h1")).to_contain_text("Rahim Uddin")

    log_in_as(page, address, "liaison.tip")
    page.goto(grant)
    expect(page.locator("main")).to_contain_text("by 1 officer")
    page.fill("#f-reason", "a slip")
    page.click("button:has-text('Revoke')")
    confirm(page, "reads this no more from the next request")
    page.wait_for_selector("text=finds nothing there")
    assert faults == []
