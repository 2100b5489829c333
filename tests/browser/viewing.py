"""The viewer's page in a browser without network, with everything that it asks for and complains about."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.proofs.viewing import case_package, viewer_of

SCREENS = ("Overview", "Chart", "Things", "Ties", "Reports", "Evidence", "Proposals")


@dataclass
class Watched:
    """A page with everything that it asked for and complained about."""

    page: Page
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def require_silent(self, file: Path, loads: int = 1) -> None:
        """Nothing but the file itself was asked for, and nothing was complained about."""
        outside = [address for address in self.asked if not address.startswith(("data:", "blob:"))]
        assert outside == [file.as_uri()] * loads
        assert self.said == []


Open = Callable[..., Watched]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def opening(browser: Browser) -> Iterator[Open]:
    contexts: list[BrowserContext] = []

    def opened(file: Path, *, scheme: str = "light", bypass: bool = False) -> Watched:
        context = browser.new_context(
            viewport={"width": 1366, "height": 900}, offline=True, bypass_csp=bypass,
            color_scheme="dark" if scheme == "dark" else "light",
        )  # fmt: skip
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.set_default_timeout(10_000)
        watched.page.on("request", lambda request: watched.asked.append(request.url))
        watched.page.on("console", lambda message: watched.said.append(message.text))
        watched.page.on("pageerror", lambda error: watched.said.append(str(error)))
        watched.page.goto(file.as_uri())
        watched.page.wait_for_selector("#viewer[data-ready]")
        return watched

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("case")
    viewer_of(case_package(folder), folder)
    return folder


def every_screen(page: Page) -> Iterator[str]:
    for number, name in enumerate(SCREENS, start=1):
        page.keyboard.press(str(number))
        expect(page.locator("nav [aria-current]")).to_contain_text(name)
        if name == "Chart":
            page.wait_for_selector("#chart[data-ready]")
        yield name
