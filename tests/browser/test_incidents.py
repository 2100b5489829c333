"""An incident by keyboard alone: Enter goes on, a new place is asked back, the next one keeps the route; the trend draws its chart."""

import pytest
from playwright.sync_api import Page, expect

from jpa.model.officer import Role
from jpa.services import incidents
from jpa.services.installation import Installation
from jpa.services.stores import Stores
from jpa.statistics.incidents import IncidentQuestion
from tests.browser.conftest import shortcut
from tests.browser.test_outcomes import log_in
from tests.web.conftest import Login
from tests.web.test_entry import lead_of

pytestmark = pytest.mark.browser


def test_an_incident_is_entered_by_keyboard_and_the_trend_draws_it(
    address: str, browser_page: Page, login: Login, installation: Installation, stores: Stores
) -> None:
    login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    page, keys, faults = browser_page, browser_page.keyboard, []
    page.on("pageerror", lambda error: faults.append(str(error)))

    log_in(page, address)
    page.goto(f"{address}/incidents/")
    page.wait_for_selector("text=No incident yet")
    shortcut(page, "o")
    expect(page.locator("#f-date")).to_be_focused()
    for text in ("12.3.2024", "XA", "Jetty 4", "XE", "XB, XD", "XA"):
        keys.type(text)
        keys.press("Enter")
    keys.type("By sea")
    page.locator("#f-migrants").focus()
    keys.type("40")
    shortcut(page, "Control+Enter")
    page.wait_for_selector("text=Named for the first time")
    expect(page.locator("#f-confirmed")).to_be_focused()
    keys.press("Space")
    shortcut(page, "Control+Enter")
    page.wait_for_selector("text=Saved. It counts")
    expect(page.locator("#f-place")).to_have_value("Jetty 4")
    expect(page.locator("#f-migrants")).to_have_value("")
    page.goto(f"{address}/incidents/trends?measure=migrants&by=route")
    page.wait_for_selector("[data-chart][data-ready] svg")
    label = page.locator("[data-chart] svg, [data-chart] [aria-label]").first

    ask = lead_of(installation)
    assert incidents.list_incidents(stores, ask, IncidentQuestion("migrants", (), {"route": ("XE>XA",)})).figure == 40
    assert label.count() == 1
    assert "40" in (page.locator(".plot [aria-label], .plot[aria-label]").first.get_attribute("aria-label") or "")
    assert faults == []
