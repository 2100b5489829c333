"""The offline viewer as a partner's officer opens it: from disk, without network, whatever the package says."""

import hashlib
import json
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, expect

from jpa.config import PROJECT
from jpa.model.catalogue import ENTITY_TYPES
from jpa.sharing.manifest import write_manifest
from jpa.sharing.proposals import misfit, read_proposals, require_answer_to
from tests.browser.viewing import Open, browser, case, every_screen, opening
from tests.proofs.viewing import PIXEL, case_package, hostile_package, large_package, opened_of, viewer_of

__all__ = ["browser", "case", "opening"]

pytestmark = pytest.mark.browser

KINDS = [t.label for t in ENTITY_TYPES.values()]


def test_every_screen_opens_from_disk_by_keyboard_asks_for_nothing_and_bears_the_marking(
    opening: Open, case: Path
) -> None:
    watched = opening(case / "page.html")
    page = watched.page

    for _ in every_screen(page):
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        bar = page.locator(".marking")
        assert bar.inner_text().split() == ["TLP:AMBER", "H1,", "H2", "PAP:RED"]
        assert bar.evaluate("bar => bar.getBoundingClientRect().top") == 0

    page.keyboard.press("1")
    for words in ("not onward without the provider", "marked for others than the recipient", "whole, signed and sound"):
        expect(page.locator("main")).to_contain_text(words)
    summary = page.locator(".card", has_text="Coded summary of protected persons").locator("tbody tr")
    assert [row.split("\t") for row in summary.all_inner_texts()] == [
        ["migrants", "All", "everybody counted", "41"],
        ["migrants", "Citizenship", "unknown", "12"],
        ["migrants", "Citizenship", "Bangladesh", "29"],
    ]
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Proposals")
    watched.require_silent(case / "page.html")


def test_things_are_filtered_sorted_and_told_with_who_says_so(opening: Open, case: Path) -> None:
    watched = opening(case / "page.html")
    page = watched.page
    page.keyboard.press("3")
    names = page.locator("tbody tr:visible > td:first-child")
    kinds = page.locator("tbody tr:visible > td:nth-child(2)").all_inner_texts()
    assert (kinds[0], sorted(kinds, key=KINDS.index)) == ("Person", kinds)
    people = names.all_inner_texts()[: kinds.count("Person")]
    assert people == sorted(people, key=str.casefold)

    page.click("th button:text-is('Name')")
    ascending = names.all_inner_texts()
    page.click("th button:text-is('Name')")
    assert names.all_inner_texts() == ascending[::-1]
    page.keyboard.press("/")
    page.keyboard.type("abang")
    expect(names).to_have_count(1)
    page.click("button:has-text('RAHIM UDDIN')")

    panel = page.locator("#why")
    expect(panel.locator("h2").first).to_be_focused()
    for words in ("Rohim Udin", "as typed: BD", "kept as typed", "CG-118/24 B2", "TLP:GREEN, all Bali Process members"):
        expect(panel).to_contain_text(words)
    panel.locator("button:has-text('INT-7/24')").first.click()
    expect(panel).to_contain_text("The text stays with the sender")
    expect(panel).to_contain_text("source mostly unreliable")
    page.keyboard.press("x")
    expect(panel).to_be_hidden()
    watched.require_silent(case / "page.html")


def test_nothing_that_is_placed_on_the_chart_moves(opening: Open, case: Path) -> None:
    watched = opening(case / "page.html")
    page = watched.page
    page.keyboard.press("2")
    page.wait_for_selector("#chart[data-ready]")
    expect(page.locator("#chart-status")).to_have_text("6 things, 6 ties")
    before = page.evaluate("document.querySelector('#chart').positions()")

    page.keyboard.press("3")
    page.click("button:has-text('KM Bahari Jaya')")
    page.click("button:text-is('Show on the chart')")
    page.keyboard.press("h")
    expect(page.locator("#chart-status")).to_have_text("5 things, 5 ties")
    page.keyboard.press("Control+z")
    page.keyboard.press("e")

    expect(page.locator("#chart-status")).to_have_text("6 things, 6 ties")
    assert page.evaluate("document.querySelector('#chart').positions()") == before
    watched.require_silent(case / "page.html")


def test_files_are_saved_as_they_were_and_pictures_looked_at(opening: Open, case: Path, tmp_path: Path) -> None:
    watched = opening(case / "page.html")
    page = watched.page
    page.keyboard.press("6")

    page.click("button:text-is('Look') >> nth=0")
    expect(page.locator("img.evidence")).to_have_js_property("naturalWidth", 1)
    page.click("button:text-is('Look') >> nth=1")
    expect(page.locator("main")).to_contain_text("Spoke of a man called Abang Besar.")
    with page.expect_download() as waiting:
        page.click("button:text-is('Save') >> nth=0")
    waiting.value.save_as(tmp_path / "saved")

    assert waiting.value.suggested_filename == "deck.png"
    assert (tmp_path / "saved").read_bytes() == PIXEL
    expect(page.locator("main")).to_contain_text("in the package, not in this page")
    watched.require_silent(case / "page.html")


def test_proposals_survive_a_reload_and_come_back_as_a_file_that_the_sender_reads(
    opening: Open, tmp_path: Path
) -> None:
    package = case_package(tmp_path)
    viewer_of(package, tmp_path)
    watched = opening(tmp_path / "page.html")
    page = watched.page
    page.keyboard.press("3")
    page.click("button:has-text('RAHIM UDDIN')")

    page.fill("#p-reference", "UCG-77")
    page.fill("#p-text", "Boarded by us “in May”\n\u202e<b>\U0001f6a2")
    page.click("#p-note")
    page.select_option("#p-kind", "another value")
    page.click("#p-note")
    expect(page.locator("#why [role=alert]")).to_have_text("Write the other value.")
    page.select_option("#p-against", label="Born: 1987")
    page.fill("#p-value", "1986-05-01")
    page.click("#p-note")
    page.select_option("#p-kind", label="not the same person")
    page.click("#p-note")
    page.keyboard.press("4")
    page.click("button:text-is('crew of')")
    page.click("#p-note")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.wait_for_selector("#viewer[data-ready]")
    page.keyboard.press("7")
    expect(page.locator("nav [aria-current]")).to_contain_text("4")
    expect(page.locator("main")).to_contain_text("not saved as a file yet")
    page.fill("#contact", "Duty desk")
    with page.expect_download() as waiting:
        page.click("#save")
    waiting.value.save_as(tmp_path / "proposals.json")

    this = read_proposals((tmp_path / "proposals.json").read_bytes())
    (tmp_path / "sender").mkdir()
    opened = opened_of(package, tmp_path / "sender")
    require_answer_to(this, opened.manifest)
    hashes = {line.id: line.jpa.hash for line in opened.entities()}
    assert [(i.kind, i.what, misfit(i, hashes)) for i in this.items] == [
        ("seen here too", "record", None), ("another value", "record", None), ("not the same", "record", None), ("seen here too", "link", None),
    ]  # fmt: skip
    assert (this.items[1].property, this.items[1].stated, this.items[1].value) == ("birthDate", "1987", "1986-05-01")
    assert this.items[0].text == "Boarded by us “in May”\n\u202e<b>\U0001f6a2"
    assert this.items[2].other in hashes
    assert (this.contact, this.by.agency, this.by.state) == ("Duty desk", "ucg", "XB")
    assert this.manifest == hashlib.sha256(write_manifest(opened.manifest)).hexdigest()
    expect(page.locator("main")).to_contain_text("saved as a file")
    watched.require_silent(tmp_path / "page.html", loads=2)

    again = opening(tmp_path / "page.html").page
    again.keyboard.press("7")
    again.set_input_files("#reopen", tmp_path / "proposals.json")
    expect(again.locator("nav [aria-current]")).to_contain_text("4")
    again.locator("main button:text-is('Take away')").first.click()
    expect(again.locator("nav [aria-current]")).to_contain_text("3")


def test_leaving_with_unsaved_proposals_asks_first(opening: Open, case: Path) -> None:
    page = opening(case / "page.html").page
    page.keyboard.press("3")
    page.click("button:has-text('KM Bahari Jaya')")
    page.click("#p-note")
    asked: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", dismiss)

    page.close(run_before_unload=True)
    page.wait_for_timeout(500)

    assert asked == ["beforeunload"]


def test_a_hostile_package_is_shown_as_text_and_nothing_of_it_runs(opening: Open, tmp_path: Path) -> None:
    viewer_of(hostile_package(tmp_path), tmp_path)
    watched = opening(tmp_path / "page.html")
    page = watched.page

    for name in every_screen(page):
        if name in {"Things", "Ties", "Reports"}:
            rows = page.locator(".viewer-page tbody tr:visible")
            for place in range(rows.count()):
                rows.nth(place).locator("button").first.click()
    page.keyboard.press("3")
    page.fill("input[type=search]:visible", "gnp.exe")
    page.locator(".viewer-page tbody button:has-text('[U+202E]evil[U+2066]gnp.exe')").first.click()
    page.keyboard.press("6")
    page.click("button:text-is('Look') >> nth=0")
    with page.expect_download() as waiting:
        page.click("button:text-is('Save') >> nth=0")

    assert waiting.value.suggested_filename.endswith(".html.file")
    assert page.evaluate("window.ran") is None
    for element in ("iframe", "main a[href]", "object", "embed", "link[rel=stylesheet]"):
        assert page.locator(element).count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "a long value stretches the page"
    watched.require_silent(tmp_path / "page.html")


def test_what_is_long_is_paged_and_the_chart_says_what_it_leaves_out(opening: Open, tmp_path: Path) -> None:
    viewer_of(large_package(tmp_path, 3_000), tmp_path)
    watched = opening(tmp_path / "page.html")
    page = watched.page

    page.keyboard.press("3")
    expect(page.locator(".pager:visible")).to_contain_text("1–100 of 3,000")
    assert page.locator("tbody tr:visible").count() == 100
    page.click("button:text-is('Next')")
    expect(page.locator(".pager:visible")).to_contain_text("101–200 of 3,000")
    page.keyboard.press("2")
    page.wait_for_selector("#chart[data-ready]")
    expect(page.locator("main")).to_contain_text("The chart begins with the 500 things that have the most ties")
    page.keyboard.press("3")
    page.fill("input[type=search]:visible", "person 1400 of")
    page.click("button:has-text('Person 1400 of the list')")
    page.click("button:text-is('Show on the chart')")
    expect(page.locator("#chart-status")).to_have_text("502 things, 251 ties")
    watched.require_silent(tmp_path / "page.html")


@pytest.mark.parametrize(("scheme", "direction"), [("light", "ltr"), ("dark", "ltr"), ("light", "rtl")])
def test_screens_have_no_fault_that_a_machine_finds(opening: Open, case: Path, scheme: str, direction: str) -> None:
    page = opening(case / "page.html", scheme=scheme, bypass=True).page
    axe = (PROJECT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
    page.keyboard.press("3")
    page.click("button:has-text('RAHIM UDDIN')")
    page.evaluate(axe)

    for name in every_screen(page):
        found = page.evaluate(
            "axe.run().then((r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 200))]))"
        )
        assert found == [], f"{name}: {json.dumps(found)}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the window"


def test_print_leaves_tools_out_and_keeps_the_marking_on_every_page(opening: Open, case: Path) -> None:
    page = opening(case / "page.html").page
    page.keyboard.press("3")
    page.click("button:has-text('RAHIM UDDIN')")

    page.emulate_media(media="print")

    assert page.locator(".marking").evaluate("bar => getComputedStyle(bar).display") == "table-header-group"
    assert page.locator(".marking").evaluate("bar => getComputedStyle(bar).breakInside") == "avoid"
    for tool in (".rail", ".top", ".propose", "#why .shut", "main [role=search]"):
        expect(page.locator(tool)).to_be_hidden()
    expect(page.locator(".crumbs")).to_contain_text("of Tenggara Immigration Police, case T-1")
