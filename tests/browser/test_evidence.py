"""Entry with details, evidence, retraction and break-glass as officers walk them, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jpa.model.case import TeamRole
from jpa.model.officer import Role
from jpa.services import cases, teams
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.browser.conftest import shortcut
from tests.conftest import NOW
from tests.web.conftest import PASSWORD, Login

pytestmark = pytest.mark.browser


@pytest.fixture
def faults(browser_page: Page) -> Iterator[list[str]]:
    found: list[str] = []
    browser_page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)  # a shared machine may be slow; nothing here is about speed
    browser_page.on("pageerror", lambda error: found.append(str(error)))
    browser_page.on("console", lambda m: found.append(m.text) if "Content Security Policy" in m.text else None)
    yield found
    browser_page.context.clear_cookies()


def enter(page: Page, where: str, name: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{where}/login")
    page.fill("#f-login", name)
    page.fill("#f-password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Start')")


def confirm(page: Page, consequence: str) -> None:
    expect(page.locator("#confirm p").first).to_contain_text(consequence)
    page.click("#confirm button[value=yes]")


def type_boarding(page: Page, pictures: Path) -> None:
    expect(page.locator("#f-title")).to_be_focused()  # keys before the focus is there are lost
    page.keyboard.type("Boarding report")
    for text in ("CG-118/24", "12.03.2024"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.select_option("#f-gs", "B")
    page.select_option("#f-gi", "2")
    page.select_option("#f-tlp", "TLP:AMBER")
    expect(page.locator("#f-states")).to_be_hidden()
    page.select_option("#f-release", "named states")
    page.fill("#f-states", "Malaysia")
    page.focus("#next")
    for line in ("person RAHIM UDDIN, born 1987", "vessel KM Bahari Jaya", "phone 0812 3456 7890"):
        page.keyboard.type(line)
        page.keyboard.press("Enter")
        expect(page.locator("#next")).to_have_value("")
    page.keyboard.type("1 owns 2, percentage: 50, from: 9.3.2024")
    page.keyboard.press("Enter")
    expect(page.locator("tbody.tied tr")).to_contain_text("9 March 2024")
    page.locator("tbody.said tr").nth(1).locator(".details").fill("helmsman")
    (pictures / "boat.txt").write_bytes(b"KM Bahari Jaya at the jetty")
    (pictures / "crew.txt").write_bytes(b"three men on deck")
    page.focus("#f-text")
    page.keyboard.press("Tab")
    expect(page.locator("#f-files")).to_be_focused()
    page.set_input_files("#f-files", [pictures / "boat.txt", pictures / "crew.txt"])
    page.keyboard.press("Tab")
    expect(page.locator("#f-files_why")).to_be_focused()
    page.keyboard.type("taken on board")
    page.fill("[name=victim_name]", "Zarinah Canarywala")
    page.select_option("[name=victim_ageBand]", "18–20")
    page.click("#another-victim")
    expect(page.locator(".victim")).to_have_count(2)
    page.screenshot(path=pictures / "entry.png", full_page=True)
    shortcut(page, "Control+Enter")
    page.wait_for_selector("text=Saved: 3 records, 3 ties.")
    expect(page.locator("main")).to_contain_text("helmsman")
    expect(page.locator("main")).to_contain_text("boat.txt")
    expect(page.locator("main")).to_contain_text("taken on board")


def test_a_lead_enters_ties_with_details_attaches_evidence_retracts_and_undoes(
    address: str, browser_page: Page, login: Login, installation: Installation, stores: Stores, faults: list[str],
    tmp_path: Path,
) -> None:  # fmt: skip
    login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    lead = Ask(next(a for a in installation.accounts.listed() if a.login == "lead.tip").officer, NOW)
    case = cases.open_case(stores, lead, NewCase("T-2024-0117", "Selat crossing")).id
    page, photo = browser_page, tmp_path / "phone.jpg"
    photo.write_bytes(b"not really a photograph" * 99)

    enter(page, address, "lead.tip")
    page.goto(f"{address}/cases/{case}/reports/new")
    type_boarding(page, tmp_path)
    page.click("summary:has-text('Add a file')")
    page.set_input_files("#f-file", photo)
    page.fill("#f-why", "the skipper's phone")
    page.click("button:has-text('Add the file')")
    page.click("a:has-text('phone.jpg')")
    page.fill("#f-purpose", "to read the calls")
    with page.expect_download() as download:
        page.click("button:has-text('Download')")
    saved = tmp_path / "saved"
    download.value.save_as(saved)
    page.reload()
    expect(page.locator("main")).to_contain_text("to read the calls")
    assert saved.read_bytes() == photo.read_bytes()
    assert download.value.suggested_filename.endswith(".jpg")

    page.click("a:has-text('Boarding report')")
    page.click("summary:has-text('Retract this report')")
    page.fill("details[open] [name=reason]", "its source withdrew it")
    page.keyboard.press("Enter")
    confirm(page, "with its 3 records and 3 ties leaves search")
    expect(page.locator(".alert.bad")).to_contain_text("Lead")
    expect(page.locator(".alert.bad")).to_contain_text("its source withdrew it")
    page.click("a:has-text('RAHIM UDDIN')")
    expect(page.locator("main")).to_contain_text("Nothing said about it is in force")
    page.go_back()
    page.click("summary:has-text('Undo the retraction')")
    page.fill("details[open] [name=reason]", "it was right")
    page.keyboard.press("Enter")
    confirm(page, "in force again")
    page.wait_for_selector("text=exactly as before")
    page.click("a:has-text('RAHIM UDDIN')")
    expect(page.locator("main")).to_contain_text("crew of")
    assert faults == []


def test_a_known_person_is_tied_to_without_entering_him_again(
    address: str, browser_page: Page, login: Login, installation: Installation, stores: Stores, faults: list[str]
) -> None:
    login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    lead = Ask(next(a for a in installation.accounts.listed() if a.login == "lead.tip").officer, NOW)
    case = cases.open_case(stores, lead, NewCase("T-2024-0117", "Selat crossing")).id
    page = browser_page
    enter(page, address, "lead.tip")
    for reference, lines in (
        ("CG-1", ["person RAHIM UDDIN"]),
        ("CG-2", ["person rahim uddin", "phone 0812 3456 7890"]),
    ):
        page.goto(f"{address}/cases/{case}/reports/new")
        page.fill("#f-title", "Boarding report")
        page.fill("#f-source_reference", reference)
        page.fill("#f-date", "2024")
        page.select_option("#f-gs", "B")
        page.select_option("#f-gi", "2")
        for line in lines:
            page.fill("#next", line)
            page.press("#next", "Enter")
            expect(page.locator("#next")).to_have_value("")
        if reference == "CG-2":
            page.wait_for_selector(".tie-known")
            page.locator("tbody.said .remove").first.click()
            page.locator(".tie-known").first.click()
            expect(page.locator("tbody.said select.to")).to_have_value("k1")
        shortcut(page, "Control+Enter")
        page.wait_for_selector("text=Saved:")

    expect(page.locator("main")).to_contain_text("1 ties")
    page.click("a:has-text('RAHIM UDDIN')")
    expect(page.locator("main")).to_contain_text("uses")
    assert faults == []


def test_two_officers_open_a_victims_identity_and_the_auditor_reviews_it(
    address: str, browser_page: Page, login: Login, installation: Installation, stores: Stores, faults: list[str]
) -> None:
    for role in (Role.LEAD, Role.SUPERVISOR, Role.AUDITOR):
        login(role, "tip", "XA", *([Role.CONTRIBUTE] if role is Role.LEAD else []))
    accounts = {a.login: a for a in installation.accounts.listed()}
    lead = Ask(accounts["lead.tip"].officer, NOW)
    case = cases.open_case(stores, lead, NewCase("T-2024-0117", "Selat crossing")).id
    teams.join_team(stores, lead, case, accounts["supervisor.tip"].id, TeamRole.MEMBER)
    page = browser_page

    enter(page, address, "lead.tip")
    page.goto(f"{address}/cases/{case}/reports/new")
    for field, text in (("title", "Interview"), ("source_reference", "I-1"), ("date", "2024")):
        page.fill(f"#f-{field}", text)
    page.select_option("#f-gs", "B")
    page.select_option("#f-gi", "2")
    page.fill("[name=victim_name]", "Zarinah Canarywala")
    shortcut(page, "Control+Enter")
    page.wait_for_selector("text=Saved:")
    page.goto(f"{address}/cases/{case}")
    page.click("summary:has-text('Ask to open the identity')")
    page.fill("details[open] [name=reason]", "she is in danger")
    page.fill("details[open] [name=basis]", "s. 12")
    page.click("button:has-text('Ask')")
    confirm(page, "A second officer must approve")
    expect(page.locator("main")).to_contain_text("waits for a second officer")
    enter(page, address, "supervisor.tip")
    page.click("button:has-text('Approve')")
    confirm(page, "60 minutes")
    page.wait_for_selector("text=Approved.")
    enter(page, address, "lead.tip")
    page.click("button:has-text('Open the identity')")
    confirm(page, "logged and reviewed")
    expect(page.locator("h1")).to_contain_text("V-1")
    expect(page.locator("main")).to_contain_text("Zarinah Canarywala")
    enter(page, address, "auditor.tip")

    expect(page.locator("[role=alert]")).to_contain_text("The vault was asked for")
    expect(page.locator("main")).to_contain_text("1×")
    expect(page.locator("main")).not_to_contain_text("Canarywala")
    assert faults == []
