"""A file through the pages: read into a draft, committed by the worker, compared, handed out again."""

import json

import pytest
from playwright.sync_api import Page, expect

from jpa.model.officer import Role
from jpa.services import cases
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.browser.conftest import shortcut
from tests.conftest import NOW
from tests.web.conftest import PASSWORD, Login

pytestmark = pytest.mark.browser

TABLE = "id,name,born,country\n1,Rahim Uddin,1987,bd\n2,Rohim Uddin,1987,bd\n3,Hla Myint,1991,mm\n,Nobody,1990,mm\n"


@pytest.mark.usefixtures("worker")
def test_a_table_is_read_committed_compared_and_exported_through_the_pages(
    address: str, browser_page: Page, login: Login, installation: Installation, stores: Stores
) -> None:
    login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE, Role.ANALYST)
    account = installation.accounts.find("lead.tip")
    assert account is not None
    case = cases.open_case(stores, Ask(account.officer, NOW), NewCase("T-2024-0117", "Selat crossing")).id
    page = browser_page
    page.context.clear_cookies()

    page.goto(f"{address}/login")
    page.fill("#f-login", "lead.tip")
    page.fill("#f-password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Start')")
    page.goto(f"{address}/cases/{case}")
    shortcut(page, "i")
    page.wait_for_selector("#f-file")
    page.set_input_files("#f-file", {"name": "people.csv", "mimeType": "text/csv", "buffer": TABLE.encode()})
    page.fill("#f-title", "Subscriber list")
    page.fill("#f-source_reference", "SUB-1")
    page.fill("#f-date", "2024")
    page.select_option("#f-gs", "B")
    page.select_option("#f-gi", "2")
    shortcut(page, "Control+Enter")
    expect(page.locator("main")).to_contain_text("has no id")
    expect(page.locator("main")).to_contain_text("row 3 of this file")
    expect(page.locator("main")).to_contain_text("draft, nothing written yet")
    shortcut(page, "Control+Enter")
    expect(page.locator("#confirm")).to_contain_text("3 rows will be created and 0 corrected in T-2024-0117")
    page.click("#confirm button[value=yes]")
    expect(page.locator("main")).to_contain_text("The rows stand in the case as one report")
    page.click("button:has-text('Compare everything')")
    expect(page.locator("main table").first).to_contain_text("Rahim Uddin")
    page.goto(f"{address}/cases/{case}/export")
    page.fill("#f-purpose", "check")
    with page.expect_download() as handed:
        page.click("button:has-text('Download')")

    assert handed.value.suggested_filename.startswith("T-2024-0117_TLP-AMBER-STRICT")
    lines = handed.value.path().read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["id"] for line in lines} == {"1", "2", "3"}
