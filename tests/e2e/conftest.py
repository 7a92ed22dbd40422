"""Fixtures for journeys in a real browser: Chromium, our own server only, no CSP report, axe clean."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, expect
from pytest_django.live_server_helper import LiveServer

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-gpu",
]
expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong


def find_chromium() -> str:
    """Return the browser's path, or empty text where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder; without a browser they are skipped, unless E2E=1 says that this is a failure."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if not find_chromium() and os.environ.get("E2E") != "1":
                item.add_marker(pytest.mark.skip(reason="no Chromium here; E2E=1 makes that a failure"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start Debian's own Chromium, with nothing that talks to anybody by itself."""
    path = find_chromium()
    assert path, "E2E=1, and there is no Chromium: install it"
    return {**browser_type_launch_args, "executable_path": path, "args": FLAGS}


class Watch:
    """What went wrong behind a page: requests to others, CSP reports, errors on the console, dialogs."""

    def __init__(self, page: Page, own: str) -> None:
        self.own = urlsplit(own).netloc
        self.requested_elsewhere: list[str] = []
        self.csp_reports: list[str] = []
        self.script_errors: list[str] = []
        self.dialogs: list[str] = []
        page.on("request", self._see_request)
        page.on("console", self._see_console)
        page.on("pageerror", lambda error: self.script_errors.append(str(error)))
        page.on("dialog", self._see_dialog)

    def _see_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.netloc != self.own:
            self.requested_elsewhere.append(request.url)

    def _see_console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            self.csp_reports.append(message.text)
        elif message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.script_errors.append(message.text)  # an answer of 409 or 422 is "failed" too, and meant

    def _see_dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def assert_clean(self) -> None:
        """Fail with whatever was seen."""
        assert self.requested_elsewhere == []
        assert self.csp_reports == []
        assert self.script_errors == []
        assert self.dialogs == []


@pytest.fixture
def watch(page: Page, live_server: LiveServer) -> Iterator[Watch]:
    """Watch the page from its first request; the test fails at its end for whatever was seen."""
    seen = Watch(page, live_server.url)
    yield seen
    seen.assert_clean()


@pytest.fixture(autouse=True)
def _watched(request: pytest.FixtureRequest) -> None:
    """Watch every test that opens a page on our server."""
    if {"page", "live_server"} <= set(request.fixturenames):
        request.getfixturevalue("watch")


@pytest.fixture
def open_window(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Return what opens one more browser, of another person, watched as `page` is; options are of its context."""
    windows: list[tuple[Page, Watch]] = []

    def open_one(**options: Any) -> Page:
        page = browser.new_context(**options).new_page()
        windows.append((page, Watch(page, live_server.url)))
        return page

    yield open_one
    for page, seen in windows:
        page.context.close()
        seen.assert_clean()


@pytest.fixture
def assert_axe_clean() -> Callable[[Page], None]:
    """Return a check that fails with what axe finds on a page."""

    def check(page: Page) -> None:
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()

    return check
