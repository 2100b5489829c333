"""Three outcomes by keyboard alone: kind, persons, what is said; the next one keeps what stays."""

import pytest
from playwright.sync_api import Page, expect

from jpa.model.draft import TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.services import cases, outcomes, reports
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.browser.conftest import shortcut
from tests.conftest import NOW
from tests.web.conftest import PASSWORD, Login

pytestmark = pytest.mark.browser


def filed(installation: Installation, stores: Stores) -> tuple[Ask, str]:
    account = installation.accounts.find("lead.tip")
    assert account is not None
    ask = Ask(account.officer, NOW)
    case = cases.open_case(stores, ask, NewCase("T-2024-0117", "Selat crossing")).id
    people = [TypedRecord(str(n), "Person", {"name": [name]}) for n, name in enumerate(("RAHIM UDDIN", "Hla Myint"))]
    reports.add_report(
        stores, ask, TypedReport(case, "Log", "R", "2024", Grade("4x4", "A", "1"), Marking(), "", people)
    )
    return ask, case


def log_in(page: Page, address: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{address}/login")
    page.fill("#f-login", "lead.tip")
    page.fill("#f-password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Start')")


def type_date_ahead(page: Page) -> None:
    page.wait_for_load_state()
    page.keyboard.type("2.5.2099")
    page.keyboard.press("Enter")
    expect(page.locator("#o-date")).to_contain_text("lies in the future")


def test_three_outcomes_are_entered_by_keyboard(
    address: str, browser_page: Page, login: Login, installation: Installation, stores: Stores
) -> None:
    login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    ask, case = filed(installation, stores)
    page, keys, faults = browser_page, browser_page.keyboard, []
    page.on("pageerror", lambda error: faults.append(str(error)))

    log_in(page, address)
    page.goto(f"{address}/cases/{case}")
    shortcut(page, "o")
    page.wait_for_selector("text=No outcome in force")
    shortcut(page, "o")
    expect(page.locator("#f-kind")).to_be_focused()
    page.wait_for_load_state()
    keys.type("conv")
    keys.press("Enter")
    expect(page.locator(".find-person")).to_be_focused()
    page.wait_for_load_state()
    keys.type("rah")
    keys.press("Enter")
    keys.type("hla")
    keys.press("Enter")
    expect(page.locator("[data-chosen]")).to_have_text("chosen: Hla Myint, RAHIM UDDIN")
    page.locator("#f-date").focus()
    keys.type("1.5.2023")
    keys.press("Enter")
    expect(page.locator("#f-state")).to_be_focused()
    shortcut(page, "Control+Enter")
    page.wait_for_selector("text=an entry for each of 2 persons")
    expect(page.locator("#f-date")).to_have_value("1.5.2023")
    expect(page.locator(".find-person")).to_be_focused()
    page.wait_for_load_state()
    keys.type("hla")
    keys.press("Enter")
    shortcut(page, "Control+Enter")
    page.wait_for_selector("text=Saved: Conviction.")
    page.locator("#f-kind").fill("seiz")
    page.locator("#f-kind").press("Enter")
    page.wait_for_selector("text=Which of these?")
    page.locator("#f-kind").fill("seizure")
    keys.press("Enter")
    expect(page.locator("#f-date")).to_be_focused()
    type_date_ahead(page)
    page.locator("#f-date").fill("2.5.2023")
    shortcut(page, "Control+Enter")
    page.wait_for_selector("text=Saved: Seizure.")
    page.locator("h1").click()
    shortcut(page, "l")
    page.wait_for_selector("text=4 entries in force")

    ledger = outcomes.case_ledger(stores, ask, case)[1]
    assert sorted((line.outcome.kind, line.person) for line in ledger) == [
        ("convicted", "Hla Myint"),
        ("convicted", "Hla Myint"),
        ("convicted", "RAHIM UDDIN"),
        ("seizure", ""),
    ]
    assert faults == []
