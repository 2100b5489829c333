"""A blind question from the keyboard: asked by a liaison officer, found by the desk that was asked; two plans that meet."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from jpa.model.officer import Role
from jpa.services.stores import Ask, Stores
from tests.browser.conftest import shortcut
from tests.browser.test_outcomes import log_in
from tests.partners import PURPOSE, agreed, person, said
from tests.web.conftest import Login

pytestmark = pytest.mark.browser


def test_a_hit_points_to_the_desk_and_a_plan_is_posted_and_withdrawn(
    address: str, browser_page: Page, login: Login, stores: Stores, prasert: Ask
) -> None:
    agreed(stores, end=f"{datetime.now(UTC).year + 1}-12-31")
    said(stores, prasert, "U-1", person("Rahim Uddin"))
    login(Role.LEAD, "tip", "XA", Role.LIAISON)
    page, keys, faults = browser_page, browser_page.keyboard, []
    page.on("pageerror", lambda error: faults.append(str(error)))

    log_in(page, address)
    page.goto(f"{address}/blind/")
    page.wait_for_selector("text=Nothing was asked yet")
    shortcut(page, "n")
    expect(page.locator("#f-name")).to_be_focused()
    keys.type("Rohim Uddin")
    page.get_by_label("Born").fill("1986")
    page.get_by_label("Utara Coast Guard").check()
    page.get_by_label("Purpose").select_option(PURPOSE)
    page.get_by_label("Your own reference").fill("T-17")
    shortcut(page, "Control+Enter")
    page.wait_for_selector("text=1 hit: ask the desk.")
    expect(page.locator("main")).to_contain_text("ask Utara Coast Guard")
    expect(page.locator("main")).not_to_contain_text("Rahim")

    page.goto(f"{address}/planned/")
    page.wait_for_selector("text=No planned action posted")
    shortcut(page, "n")
    page.get_by_label("Your own reference").fill("Op North")
    page.get_by_label("First day").fill((datetime.now(UTC) + timedelta(days=3)).date().isoformat())
    page.get_by_label("Person").fill("Rahim Uddin")
    page.get_by_label("Born").fill("1987")
    page.get_by_role("button", name="Post").click()
    page.wait_for_selector("text=It meets no other plan here now")
    page.get_by_role("button", name="Withdraw Op North").click()
    page.locator("#confirm button[value=yes]").click()
    page.wait_for_selector("text=Withdrawn. It meets nothing")
    assert faults == []
