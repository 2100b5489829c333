"""A request by keyboard alone: asked from a case, sent, acknowledged and answered at the other desk, counted on the start page."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from jpa.model.officer import Role
from jpa.services import cases
from jpa.services.cases import NewCase
from jpa.services.stores import Ask, Stores
from tests.browser.conftest import shortcut
from tests.web.conftest import PASSWORD, Login
from tests.web.test_requests import agreed

pytestmark = pytest.mark.browser


def log_in_as(page: Page, address: str, name: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{address}/login")
    page.fill("#f-login", name)
    page.fill("#f-password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Start')")


def test_a_request_is_asked_and_answered_by_keyboard(
    address: str, browser_page: Page, login: Login, stores: Stores, wulan: Ask
) -> None:
    login(Role.LIAISON)
    login(Role.LIAISON, "ucg", "XB")
    case = cases.open_case(stores, wulan, NewCase("T-2024-0117", "Selat crossing", open_in_agency=True)).id
    agreed(stores)
    page, keys, faults = browser_page, browser_page.keyboard, []
    page.on("pageerror", lambda error: faults.append(str(error)))

    log_in_as(page, address, "liaison.tip")
    page.goto(f"{address}/cases/{case}")
    shortcut(page, "q")
    expect(page.locator("#f-under")).to_be_focused()
    page.locator("#f-text").focus()
    keys.type("Who owns the boat?")
    keys.press("Tab")
    keys.type("MoU 2024/7, article 4")
    keys.press("Tab")
    keys.type((datetime.now(UTC) + timedelta(days=5)).strftime("%d.%m.%Y"))
    shortcut(page, "Control+Enter")
    page.wait_for_selector("text=The draft is kept")
    shortcut(page, "s")
    page.locator("#confirm button[value=yes]").focus()
    keys.press("Enter")
    page.wait_for_selector("text=lies in the other desk")
    sent = page.url

    log_in_as(page, address, "liaison.ucg")
    expect(page.locator("#waiting-requests")).to_contain_text("1 to acknowledge")
    page.locator("#t-owed a").first.focus()
    keys.press("Enter")
    page.wait_for_selector("text=Who owns the boat?")
    assert page.locator("text=T-2024-0117").count() == 0
    shortcut(page, "a")
    page.wait_for_selector("text=sees that you are working on it")
    page.locator("#f-text").focus()
    keys.type("A company in Ban Sai.")
    shortcut(page, "Control+Enter")
    page.locator("#confirm button[value=yes]").focus()
    keys.press("Enter")
    page.wait_for_selector("text=The answer lies with the asking desk")

    log_in_as(page, address, "liaison.tip")
    page.goto(sent)
    expect(page.locator("#t-moves")).to_contain_text("A company in Ban Sai.")
    page.goto(f"{address}/requests/figures")
    page.wait_for_selector("[data-chart][data-ready] svg")
    assert faults == []
