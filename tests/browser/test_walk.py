"""The main road through the pages, in a real browser: log in, enter a report by keyboard, find, chart, merge."""

import pytest
from playwright.sync_api import Page, expect

from jpa.model.officer import Role
from tests.browser.conftest import shortcut
from tests.web.conftest import PASSWORD, Login

pytestmark = pytest.mark.browser


def test_an_officer_enters_a_report_by_keyboard_finds_it_and_opens_the_chart(
    address: str,
    browser_page: Page,
    login: Login,
) -> None:
    login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    page, faults = browser_page, []
    page.on("pageerror", lambda error: faults.append(str(error)))

    page.goto(address)
    page.fill("#f-login", "lead.tip")
    page.fill("#f-password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Start')")
    shortcut(page, "c")
    expect(page.locator("#f-number")).to_be_focused()
    page.keyboard.type("T-2024-0117")
    page.keyboard.press("Tab")
    page.keyboard.type("Selat crossing")
    shortcut(page, "Control+Enter")
    page.wait_for_selector("h1:has-text('Selat crossing')")
    shortcut(page, "r")
    expect(page.locator("#f-title")).to_be_focused()
    page.keyboard.type("Boarding report")
    for text in ("CG-118/24", "12.03.2024"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.select_option("#f-gs", "B")
    page.select_option("#f-gi", "2")
    page.focus("#next")
    for number, line in enumerate(
        (
            "person RAHIM UDDIN, born 1987",
            "phone 0812 3456 7890",
            "vessel KM Bahari Jaya, blue wood 14 m",
            "account 4471-22O-9",
        ),
        start=1,
    ):
        page.keyboard.type(line)
        page.keyboard.press("Enter")
        page.wait_for_selector(f"tbody.said tr:nth-child({number})")
    expect(page.locator("tbody.said tr:nth-child(4)")).to_contain_text("kept as typed")
    shortcut(page, "Control+Enter")
    page.wait_for_selector("text=Saved: 4 records, 3 ties.")

    page.keyboard.press("/")
    page.keyboard.type("rohim udin")
    page.keyboard.press("Enter")
    page.click("main table a:has-text('RAHIM UDDIN')")
    expect(page.locator("main")).to_contain_text("crew of")
    page.click("text=Selat crossing")
    page.wait_for_selector("[data-key=g]")
    shortcut(page, "g")
    page.wait_for_selector("#chart[data-ready]")
    expect(page.locator("#chart-status")).to_have_text("4 things, 3 ties")
    assert faults == []
