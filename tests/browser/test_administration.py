"""An administrator makes an agency and an officer in a real browser; the officer logs in with the password shown."""

import pytest
from playwright.sync_api import Page, expect

from jpa.model.officer import Role
from tests.browser.conftest import shortcut
from tests.web.conftest import PASSWORD, Login

pytestmark = pytest.mark.browser


def log_in(page: Page, address: str, name: str, password: str) -> None:
    page.goto(address)
    page.fill("#f-login", name)
    page.fill("#f-password", password)
    page.keyboard.press("Enter")


def arrive(page: Page, selector: str) -> None:
    """Wait until a page shows it and its script listens to keys."""
    page.wait_for_selector(selector)
    page.wait_for_load_state()


def type_first(page: Page, text: str) -> None:
    """Type into the field that has the focus, once it is there: keys before that are lost."""
    expect(page.locator("main input:focus")).to_have_count(1)
    page.keyboard.type(text)


def test_an_administrator_makes_an_agency_and_an_officer_who_logs_in_and_is_disabled(
    address: str, browser_page: Page, login: Login
) -> None:
    login(Role.ADMINISTRATOR)
    page, faults = browser_page, []
    page.on("pageerror", lambda error: faults.append(str(error)))

    log_in(page, address, "administrator.tip", PASSWORD)
    arrive(page, "h1:has-text('Start')")
    shortcut(page, "a")
    arrive(page, "#f-id")
    type_first(page, "Royal Police")
    page.keyboard.press("Tab")
    page.keyboard.type("rtp")
    page.select_option("#f-state", "TH")
    page.fill("#f-desk", "desk 4")
    shortcut(page, "Control+Enter")
    expect(page.locator("main table")).to_contain_text("Royal Police")
    page.click("nav.rail a:has-text('Officers')")
    arrive(page, "h1:has-text('Officers')")
    shortcut(page, "o")
    arrive(page, "#f-login")
    type_first(page, "Insp. Dewi")
    page.keyboard.press("Tab")
    page.keyboard.type("dewi.rtp")
    page.select_option("#f-agency", "rtp")
    page.check("#f-roles-contribute")
    shortcut(page, "Control+Enter")
    password = page.locator("#password").inner_text()
    page.click("text=I have noted it")
    expect(page.locator("main")).not_to_contain_text(password)
    page.click("button:has-text('log out')")

    log_in(page, address, "dewi.rtp", password)
    arrive(page, "h1:has-text('Account')")
    page.fill("#f-old", password)
    page.fill("#f-password", "four quite unrelated words")
    page.click("main button:has-text('Change the password')")
    arrive(page, "text=The password was changed")
    page.click("nav.rail a:has-text('Start')")
    expect(page.locator("main")).to_contain_text("You are on no team")
    page.click("button:has-text('log out')")

    log_in(page, address, "administrator.tip", PASSWORD)
    page.click("nav.rail a:has-text('Officers')")
    page.fill("#f-words", "dewi")
    page.keyboard.press("Enter")
    page.click("main table a:has-text('dewi.rtp')")
    page.click("button:has-text('Disable')")
    expect(page.locator("#confirm p").first).to_contain_text("Insp. Dewi can no longer log in")
    page.click("#confirm button[value=yes]")
    arrive(page, "text=Insp. Dewi is disabled")
    page.click("button:has-text('log out')")
    log_in(page, address, "dewi.rtp", "four quite unrelated words")
    expect(page.locator("[role=alert]")).to_contain_text("did not succeed")
    assert faults == []
