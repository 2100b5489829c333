"""A supervisor's walk: the dashboard, the records of a cell, a table built, saved and opened again; in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jpa.model.officer import Role
from jpa.services.stores import Ask, Stores
from tests.web.conftest import PASSWORD, Login
from tests.web.ledger import set_ledger

pytestmark = pytest.mark.browser


@pytest.fixture
def supervisor(address: str, browser_page: Page, login: Login, stores: Stores, wulan: Ask) -> tuple[Page, list[str]]:
    """Log a supervisor in; the list takes what the browser complains about."""
    set_ledger(stores, wulan)
    login(Role.SUPERVISOR)
    page, faults = browser_page, []
    page.context.clear_cookies()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(address)
    page.fill("#f-login", "supervisor.tip")
    page.fill("#f-password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Start')")
    return page, faults


def test_a_supervisor_opens_a_cell_s_records_and_builds_and_saves_a_table(supervisor: tuple[Page, list[str]]) -> None:
    page, faults = supervisor

    page.click("nav.rail a:has-text('Figures')")
    page.wait_for_selector("h1:has-text('JPA 3, 2024')")
    expect(page.locator("[data-chart][data-ready]")).to_have_count(3)
    expect(page.locator("[data-chart=curve] svg path").first).to_be_attached()
    expect(page.locator("[data-chart=curve] [aria-label*='months since the opening']")).to_have_count(1)
    page.click("#t-state tr[data-label='Tenggara'] td:nth-child(2) a")
    page.wait_for_selector("h1:has-text('Persons arrested: 1')")
    expect(page.locator("#t-records tbody tr")).to_have_count(1)

    page.goto(page.url.split("/figures/")[0] + "/figures/table")
    page.select_option("#f-measure", "persons_charged")
    page.select_option("#f-by0", "year")
    page.select_option("#f-by1", "state")
    page.click("text=Only some of them")
    page.select_option("#f-where-state", ["state:XA", "state:"])
    page.click("button:has-text('Count')")
    page.wait_for_selector("h1:has-text('Persons charged')")
    expect(page.locator("#t-table thead")).to_contain_text("Tenggara")
    expect(page.locator("#t-table tbody")).to_contain_text("unknown")
    page.fill("#f-name", "For the minister")
    page.click("button:has-text('Save'):not([type=button])")
    page.wait_for_selector("text=The table was saved as For the minister.")
    page.click("#t-views a:has-text('For the minister')")
    page.wait_for_selector("h1:has-text('Persons charged')")
    expect(page.locator("#f-by1")).to_have_value("state")

    assert faults == []


def test_the_map_is_drawn_without_any_other_site_and_a_chart_is_saved_as_a_picture(
    supervisor: tuple[Page, list[str]], tmp_path: Path
) -> None:
    page, faults = supervisor
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page.url + "figures/table?measure=persons_arrested&by=state")
    page.wait_for_selector("#map[data-ready]")

    saved = {}
    for name, first in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as download:
            page.click(f"button:has-text('Save as {name}')")
        path = tmp_path / name
        download.value.save_as(path)
        saved[name] = path.read_bytes().startswith(first)

    expect(page.locator("#map path.step-1, #map path.step-5").first).to_be_attached()
    expect(page.locator("#map-boxes")).to_contain_text("Tenggara")
    expect(page.locator("#map-boxes")).to_contain_text("unknown")
    assert saved == {"SVG": True, "PNG": True}
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {page.url.split("/")[2]}
    assert faults == []
