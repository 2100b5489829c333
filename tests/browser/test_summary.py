"""A liaison officer asks for a coded summary, a second one reads the table, signs, releases, and saves the offline page."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jpa.model.officer import Role
from jpa.services import agencies, cases, reports
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.browser.test_agreements import log_in_as
from tests.browser.test_evidence import confirm
from tests.conftest import NOW
from tests.integration.services.test_package_summary import migrant, victim
from tests.integration.services.test_packages import RECIPIENT, agreed, person, pin, report
from tests.web.conftest import PASSWORD, Login, asking

pytestmark = pytest.mark.browser


@pytest.mark.usefixtures("worker")
def test_a_summary_is_asked_for_read_signed_and_released(
    address: str,
    browser_page: Page,
    login: Login,
    installation: Installation,
    stores: Stores,
    wulan: Ask,
    tmp_path: Path,
) -> None:
    login(Role.LIAISON)
    login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    agencies.save_agency(stores, RECIPIENT, NOW)
    pin(stores, "tip", RECIPIENT)
    agreed(stores, asking(installation, "liaison.tip"), asking(installation, "supervisor.tip"))
    case = cases.open_case(stores, wulan, NewCase("T-1", "Boat", open_in_agency=True)).id
    aboard = [migrant(n) for n in range(1, 13)]
    victims = tuple(victim(n, exploitation="ForcedBegging" if n < 12 else "ForcedLabour") for n in range(24))
    reports.add_report(stores, wulan, report(case, person("0", "Karim Boatman"), *aboard, victims=victims))
    page, faults = browser_page, []
    page.on("pageerror", lambda error: faults.append(str(error)))
    rows = page.locator("#t-summary tbody tr")

    log_in_as(page, address, "liaison.tip")
    page.goto(f"{address}/packages/new/{case}")
    page.check("#f-summary")
    page.click("text=Show every record")
    page.wait_for_selector("text=Say it, in at most 300 characters.")
    page.fill("#f-summary_basis", "Trafficking Protocol art. 10")
    page.fill("#f-summary_purpose", "planning of shelters")
    page.click("text=Show every record")
    expect(rows.filter(has_text="Forced begging")).to_contain_text("12")
    seen = rows.all_inner_texts()
    page.click("text=Keep this as a draft")
    page.wait_for_selector("text=You asked for it. Another officer")
    package = page.url

    log_in_as(page, address, "supervisor.tip")
    page.click("#waiting-sharing >> text=Coded summary waits for a second officer")
    assert page.url == package
    expect(page.locator("text=The coded summary is signed first.")).to_be_visible()
    assert rows.all_inner_texts() == seen
    assert all(int(row.split("\t")[-1]) >= 11 for row in seen)
    page.fill("#f-password", PASSWORD)
    page.click("button:has-text('Sign the summary')")
    confirm(page, "You sign that exactly these counts")
    page.wait_for_selector("text=You signed the coded summary")
    page.fill("#f-password", PASSWORD)
    page.click("button.primary:has-text('Release')")
    confirm(page, "You release 1 records of T-1")
    page.wait_for_selector("text=The package is being signed and closed")
    page.wait_for_selector("text=Closed file")
    with page.expect_download() as saved:
        page.click("text=Offline page")
    saved.value.save_as(tmp_path / "page.html")
    assert re.fullmatch(r"package-[0-9a-f]{12}\.html", saved.value.suggested_filename)
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert ("Forced begging" in text, "Secretname" in text, "Begumjaan" in text) == (True, False, False)
    assert faults == []
