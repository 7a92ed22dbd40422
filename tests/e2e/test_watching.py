"""The watch over pages: it stays silent on our own pages, and speaks when a page reaches for anything else."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.e2e.conftest import Watch


@pytest.mark.django_db(transaction=True)
def test_the_sign_in_page_is_clean(page: Page, live_server: LiveServer, assert_axe_clean: Callable[[Page], None]):
    page.goto(f"{live_server.url}/accounts/login/")
    assert page.get_by_role("heading", level=1).count() == 1
    assert_axe_clean(page)


@pytest.mark.django_db(transaction=True)
def test_a_request_to_another_place_is_seen(page: Page, live_server: LiveServer, watch: Watch):
    page.goto(f"{live_server.url}/healthz")
    page.route("**/elsewhere.png", lambda route: route.abort())
    with page.expect_request("**/elsewhere.png"):
        page.evaluate("new Image().src = 'http://127.0.0.1:9/elsewhere.png'")
    assert watch.requested_elsewhere == ["http://127.0.0.1:9/elsewhere.png"]
    watch.requested_elsewhere.clear()
    watch.csp_reports.clear()


@pytest.mark.django_db(transaction=True)
def test_a_breach_of_the_content_security_policy_is_seen(page: Page, live_server: LiveServer, watch: Watch):
    page.goto(f"{live_server.url}/accounts/login/")
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">inline</p>')")
    assert watch.csp_reports
    watch.csp_reports.clear()
