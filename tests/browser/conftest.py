"""A running server and a browser for the walks through the pages."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from jpa.operations.tables import jobs
from jpa.services.installation import Installation
from tests.web.conftest import app, login

__all__ = ["app", "login"]

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)
        yield page
        browser.close()


def shortcut(page: Page, keys: str) -> None:
    """Press keys that a script of the page answers, once it has run."""
    page.wait_for_load_state()
    page.keyboard.press(keys)


@pytest.fixture
def worker(installation: Installation) -> Iterator[None]:
    """The worker in a process of its own, as `jpa run` starts it."""
    with installation.operations.writing() as connection:
        connection.execute(jobs.delete())
    environment = {**os.environ, "JPA_HOME": str(installation.settings.home)}  # noqa: TID251 -- handed on to the process
    process = subprocess.Popen([sys.executable, "-m", "jpa.jobs.worker"], env=environment)
    yield
    process.terminate()
    assert process.wait(10) == 0
